// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Panels and their codes, over a real keeper and database: which minute a code is good in, whose it is, and
 * how often somebody may be wrong. */

#include "base/clock.h"
#include "core/panel/panel-code.h"
#include "core/test-printing.h"

static struct world world;
static struct panel_place here, there;

static struct panel_place bind_panel(const struct printer *printer, const char *name)
{
        char code[OUTPOST_CODE], secret[CREDENTIAL_STRING];
        struct panel_place place, again;
        struct panel panel;

        assert(panel_make(world.base.core, &world.base.admin, printer->id, text_from(name), &panel, code) ==
               0);
        assert(panel_make(world.base.core, &world.base.admin, printer->id, text_from(name), &panel, code) ==
               CORE_TAKEN);
        assert(panel_make(world.base.core, &world.ada, printer->id, TEXT_OF("hers"), &panel, code) ==
               CORE_FORBIDDEN);
        core_world_run(&world.base, "DELETE FROM panel WHERE tenant_id = ?1 AND hash IS NULL");
        assert(panel_make(world.base.core, &world.base.admin, printer->id, text_from(name), &panel, code) ==
               0);
        assert(panel_bind(world.base.core, text_from(code), TEXT_OF("192.0.2.1"), &place, secret) == 0);
        assert(id_equal(place.printer, printer->id) && id_equal(place.panel, panel.id));
        assert(panel_bind(world.base.core, text_from(code), TEXT_OF("192.0.2.1"), &again, secret) ==
               CORE_WRONG_CREDENTIALS);
        return place;
}

static void code_of(const struct panel_place *place, int minutes_ago, char ret[PANEL_CODE],
                    int64_t *ret_left_ms)
{
        assert(panel_code_make(world.base.core, place, clock_unix_ms() - minutes_ago * PANEL_CODE_MS, ret,
                               ret_left_ms) == 0);
}

static int see(const struct actor *actor, const struct panel_place *place, int minutes_ago)
{
        struct panel_place found;
        char code[PANEL_CODE];
        int64_t left_ms;
        int r;

        code_of(place, minutes_ago, code, &left_ms);
        assert(left_ms > 0 && left_ms <= PANEL_CODE_MS && code[4] == '-');
        r = panel_code_look(world.base.core, actor, text_from(code), &found);
        assert(r || id_equal(found.panel, place->panel));
        return r;
}

static void test_minutes(void)
{
        assert(see(&world.ada, &here, 0) == 0 && see(&world.ada, &there, 0) == 0);
        /* Three rather than two: the minute may end while this is tried. */
        assert(see(&world.ada, &here, 3) == CORE_CODE_OLD && see(&world.ada, &here, 8) == CORE_CODE_OLD);
        assert(see(&world.ada, &here, 11) == CORE_NOT_FOUND);
        assert(see(&world.ada, &here, -2) == CORE_NOT_FOUND); /* nobody has it yet */
        /* One whose browser is away shows no code. */
        core_world_run(&world.base, "UPDATE panel SET seen_ms = seen_ms - 200000 WHERE tenant_id = ?1");
        assert(see(&world.ada, &here, 0) == CORE_NOT_FOUND);
        core_world_run(&world.base, "UPDATE panel SET seen_ms = seen_ms + 200000 WHERE tenant_id = ?1");
}

static void test_presence(void)
{
        struct panel_policy policy = { .presence = true };
        char code[PANEL_CODE];
        int64_t left_ms;

        code_of(&there, 0, code, &left_ms);
        assert(panel_presence_check(world.base.core, &world.ada, here.printer, TEXT_OF("")) == 0);
        assert(panel_policy_set(world.base.core, &world.ada, &policy) == CORE_FORBIDDEN);
        assert(panel_policy_set(world.base.core, &world.base.admin, &policy) == 0);
        assert(panel_presence_check(world.base.core, &world.ada, here.printer, TEXT_OF("")) ==
               CORE_PRESENCE_NEEDED);
        assert(panel_presence_check(world.base.core, &world.ada, here.printer, text_from(code)) ==
               CORE_CODE_ELSEWHERE);
        assert(panel_presence_check(world.base.core, &world.ada, there.printer, text_from(code)) == 0);
        code_of(&here, 4, code, &left_ms);
        assert(panel_presence_check(world.base.core, &world.ada, here.printer, text_from(code)) ==
               CORE_CODE_OLD);
}

static void test_guests(void)
{
        struct actor person;
        struct panel_place found;
        char code[PANEL_CODE], method[PANEL_GUEST_WAY], token[CREDENTIAL_STRING];
        int64_t left_ms;

        assert(panel_take_guest(world.base.core, &here, TEXT_OF(""), &person, method) == CORE_NOTHING_HELD);
        code_of(&here, 0, code, &left_ms);
        assert(panel_invite(world.base.core, &world.ada, text_from(code), &found) == 0);
        assert(panel_take_guest(world.base.core, &there, TEXT_OF(""), &person, method) == CORE_NOTHING_HELD);
        assert(panel_take_guest(world.base.core, &here, TEXT_OF(""), &person, method) == 0);
        assert(id_equal(person.id, world.ada.id) && strcmp(method, "phone") == 0);
        assert(panel_take_guest(world.base.core, &here, TEXT_OF(""), &person, method) == CORE_NOTHING_HELD);
        /* An adapter's comes by his token alone, and half a minute later not at all. */
        assert(panel_hand_over(world.base.core, &here, &world.grace, token) == 0);
        assert(panel_take_guest(world.base.core, &here, TEXT_OF(""), &person, method) == CORE_NOTHING_HELD);
        assert(panel_take_guest(world.base.core, &here, TEXT_OF("pgs_x"), &person, method) ==
               CORE_NOTHING_HELD);
        core_world_run(&world.base,
                       "UPDATE panel_guest SET expires_ms = expires_ms - 30001 WHERE tenant_id = ?1");
        assert(panel_take_guest(world.base.core, &here, text_from(token), &person, method) ==
               CORE_NOTHING_HELD);
        assert(panel_hand_over(world.base.core, &here, &world.grace, token) == 0);
        assert(panel_take_guest(world.base.core, &here, text_from(token), &person, method) == 0);
        assert(id_equal(person.id, world.grace.id));
}

static void test_guesses(void)
{
        struct panel_place found;

        for (int i = 0; i < 20; i++)
                assert(panel_code_look(world.base.core, &world.grace, TEXT_OF("ZZZZ-ZZZZ"), &found) ==
                       CORE_NOT_FOUND);
        assert(see(&world.grace, &here, 0) == CORE_LOCKED);
        assert(see(&world.ada, &here, 0) == 0);
}

static void test_end(void)
{
        assert(panel_delete(world.base.core, &world.ada, here.panel) == CORE_FORBIDDEN);
        assert(panel_delete(world.base.core, &world.base.admin, here.panel) == 0);
        assert(see(&world.ada, &here, 0) == CORE_NOT_FOUND);
        assert(panel_delete(world.base.core, &world.base.admin, here.panel) == CORE_NOT_FOUND);
}

int main(void)
{
        make_world(&world);
        here = bind_panel(&world.lobby, "here");
        there = bind_panel(&world.lab, "there");
        test_minutes();
        test_presence();
        test_guests();
        test_guesses();
        test_end();
        core_world_close(&world.base);
        return 0;
}
