// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/refused-deposit.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/site/agent.h"
#include "core/test-world.h"

static struct core_world world;
static struct actor ada, grace, agent, other;

static struct refused_deposit brought(const char *reason, const char *claimed)
{
        struct refused_deposit d = { .id = id_new(), .octets = 4711, .made_ms = clock_unix_ms() };

        snprintf(d.door, sizeof(d.door), "ipp");
        snprintf(d.reason, sizeof(d.reason), "%s", reason);
        snprintf(d.claimed_email, sizeof(d.claimed_email), "%s", claimed);
        d.until_ms = d.made_ms + 60000;
        return d;
}

static size_t listed(struct refused_deposit *ret)
{
        struct refused_deposit found[8];
        size_t count;

        assert(refused_deposit_list(world.core, &world.admin, (struct id){ 0 }, found, 8, &count) == 0);
        if (ret && count)
                *ret = found[0];
        return count;
}

static int64_t events(const char *kind)
{
        char sql[256];

        snprintf(sql, sizeof(sql), "SELECT count(*) FROM event WHERE tenant_id = ?1 AND kind = '%s'", kind);
        return core_world_number(&world, sql);
}

static void one_that_was_refused_is_seen_once_with_its_reason(void)
{
        struct refused_deposit d = brought("credentials-wrong", "ADA@demo.example"), found;
        size_t count;

        assert(refused_deposit_find(world.core, &agent, d.id, &found) == CORE_NOT_FOUND);
        for (int i = 0; i < 3; i++)
                assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(listed(&found) == 1 && id_equal(found.id, d.id) && id_equal(found.agent, agent.id));
        assert(strcmp(found.reason, "credentials-wrong") == 0 && id_equal(found.claimed, ada.id));
        assert(events("deposit-refused") == 1);
        assert(refused_deposit_find(world.core, &other, d.id, &found) == CORE_NOT_FOUND);
        snprintf(d.reason, sizeof(d.reason), "not-accepting");
        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(events("deposit-refused") == 2);
        assert(refused_deposit_list(world.core, &ada, (struct id){ 0 }, &found, 1, &count) == CORE_FORBIDDEN);
        /* Another agent neither changes nor ends it. */
        assert(refused_deposit_note(world.core, &other, &d) == 0);
        assert(refused_deposit_settle(world.core, &other, d.id) == 0);
        assert(listed(&found) == 1 && id_equal(found.agent, agent.id));
        assert(refused_deposit_settle(world.core, &agent, d.id) == 0);
        assert(listed(NULL) == 0);
}

static void whose_it_is_an_administrator_says_but_not_that_it_is_his(void)
{
        struct refused_deposit d = brought("credentials-wrong", "nobody@demo.example"), found;
        struct actor owner;

        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(listed(&found) == 1 && id_is_zero(found.claimed));
        assert(refused_deposit_give(world.core, &ada, d.id, ada.id, &found) == CORE_FORBIDDEN);
        assert(refused_deposit_give(world.core, &world.admin, d.id, world.admin.id, &found) ==
               CORE_FORBIDDEN);
        assert(refused_deposit_give(world.core, &world.admin, d.id, id_new(), &found) == CORE_NOT_FOUND);
        assert(refused_deposit_give(world.core, &world.admin, id_new(), ada.id, &found) == CORE_NOT_FOUND);
        assert(refused_deposit_give(world.core, &world.admin, d.id, ada.id, &found) == 0);
        assert(strcmp(found.person_email, "ada@demo.example") == 0 && events("deposit-given") == 1);
        assert(refused_deposit_find(world.core, &agent, d.id, &found) == 0);
        assert(refused_deposit_owner(world.core, &agent, &found, &owner) == 0 && id_equal(owner.id, ada.id));
        assert(owner.kind == ACTOR_PERSON && id_equal(owner.tenant, agent.tenant));
        /* What its agent had begun to bring before that is refused: the decision stays. */
        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(refused_deposit_find(world.core, &agent, d.id, &found) == 0 && id_equal(found.person, ada.id));
        /* Refused all the same, it waits for another decision. */
        assert(refused_deposit_note(world.core, &agent, &found) == 0);
        assert(listed(&found) == 1 && id_is_zero(found.person));
        assert(refused_deposit_settle(world.core, &agent, d.id) == 0);

        d = brought("credentials-wrong", world.admin.name);
        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(refused_deposit_give(world.core, &world.admin, d.id, world.admin.id, &found) == 0);
        assert(refused_deposit_settle(world.core, &agent, d.id) == 0);
}

static void what_is_discarded_is_not_listed_and_its_agent_hears_of_it(void)
{
        struct refused_deposit d = brought("format", ""), found;

        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(refused_deposit_discard(world.core, &ada, d.id) == CORE_FORBIDDEN);
        assert(refused_deposit_discard(world.core, &world.admin, d.id) == 0);
        assert(refused_deposit_discard(world.core, &world.admin, d.id) == CORE_NOT_FOUND);
        assert(refused_deposit_give(world.core, &world.admin, d.id, ada.id, &found) == CORE_NOT_FOUND);
        assert(listed(NULL) == 0 && events("deposit-discarded") == 1);
        assert(refused_deposit_find(world.core, &agent, d.id, &found) == 0 && found.is_discarded);
        assert(refused_deposit_settle(world.core, &agent, d.id) == 0);
}

static void what_nobody_decides_in_time_ends_and_the_trail_tells(void)
{
        struct refused_deposit d = brought("credentials-wrong", ""), later = d;

        d.until_ms = clock_unix_ms() - 1;
        later.id = id_new();
        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(refused_deposit_note(world.core, &agent, &later) == 0);
        assert(core_sweep(world.core) == 0);
        assert(listed(&d) == 1 && id_equal(d.id, later.id));
        assert(events("deposit-expired") == 1);
}

static void who_is_deleted_is_no_owner_any_more(void)
{
        struct refused_deposit d = brought("credentials-wrong", "grace@demo.example"), found;
        struct actor owner;

        assert(refused_deposit_note(world.core, &agent, &d) == 0);
        assert(refused_deposit_give(world.core, &world.admin, d.id, grace.id, &found) == 0);
        assert(person_delete(world.core, &world.admin, grace.id) == 0);
        assert(refused_deposit_owner(world.core, &agent, &found, &owner) == CORE_NOT_FOUND);
        assert(refused_deposit_find(world.core, &agent, d.id, &found) == 0);
        assert(id_is_zero(found.person) && id_is_zero(found.claimed));
}

int main(void)
{
        uint8_t one[32] = { 5 }, two[32] = { 6 };
        char code[OUTPOST_CODE];
        struct agent row;

        core_world_open(&world);
        ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(&world, "grace@demo.example", ROLE_PERSON);
        assert(agent_make(world.core, &world.admin, world.tenant.id, TEXT_OF("a"), (struct id){ 0 }, &row,
                          code) == 0);
        assert(agent_enrol(world.core, text_from(code), one, TEXT_OF("::1"), &agent) == 0);
        assert(agent_make(world.core, &world.admin, world.tenant.id, TEXT_OF("b"), (struct id){ 0 }, &row,
                          code) == 0);
        assert(agent_enrol(world.core, text_from(code), two, TEXT_OF("::1"), &other) == 0);

        one_that_was_refused_is_seen_once_with_its_reason();
        whose_it_is_an_administrator_says_but_not_that_it_is_his();
        what_is_discarded_is_not_listed_and_its_agent_hears_of_it();
        what_nobody_decides_in_time_ends_and_the_trail_tells();
        who_is_deleted_is_no_owner_any_more();
        core_world_close(&world);
        return 0;
}
