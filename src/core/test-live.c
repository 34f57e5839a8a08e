// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/live.h"

#include "base/scope.h"
#include "core/trail/event.h"
#include "core/sign-in/session.h"
#include "core/test-world.h"
#include "core/sign-in/token.h"

static struct core_world world;

static struct {
        struct live_event events[64];
        size_t count;
} told;

static void tell(void *context, const struct live_event *event)
{
        (void)context;
        if (told.count < ARRAY_LENGTH(told.events))
                told.events[told.count++] = *event;
}

/* ---- who is told ---- */

static const struct {
        const char *name;
        enum role role;
        enum right right;
        bool is_owner, is_delegate, is_at_site, has_site, is_restricted, is_guest, is_public, prints_only;
        bool is_told, is_nameless;
} rows[] = {
        { "own job", ROLE_PERSON, RIGHT_JOBS_READ, .is_owner = true, .is_told = true },
        { "another's job", ROLE_PERSON, RIGHT_JOBS_READ },
        { "a delegate", ROLE_PERSON, RIGHT_JOBS_READ, .is_delegate = true, .is_told = true },
        { "a delegate's device", ROLE_PERSON, RIGHT_JOBS_READ, .is_delegate = true, .prints_only = true },
        { "a device", ROLE_PERSON, RIGHT_JOBS_READ, .is_owner = true, .prints_only = true, .is_told = true },
        { "a delegate, of no job", ROLE_PERSON, RIGHT_BADGES_READ, .is_delegate = true },
        { "administrator", ROLE_ADMINISTRATOR, RIGHT_JOBS_READ, .is_told = true },
        { "help desk", ROLE_HELP_DESK, RIGHT_JOBS_READ, .is_told = true },
        { "operator", ROLE_OPERATOR, RIGHT_JOBS_READ },
        { "analyst", ROLE_ANALYST, RIGHT_AGENTS_READ, .has_site = true },
        { "his site", ROLE_SITE_ADMINISTRATOR, RIGHT_AGENTS_READ, .has_site = true, .is_at_site = true,
          .is_told = true },
        { "another site", ROLE_SITE_ADMINISTRATOR, RIGHT_AGENTS_READ, .has_site = true },
        { "no place", ROLE_SITE_ADMINISTRATOR, RIGHT_AGENTS_READ },
        { "a printer", ROLE_PERSON, RIGHT_PRINTERS_READ, .has_site = true, .is_told = true },
        { "a few people's", ROLE_PERSON, RIGHT_PRINTERS_READ, .has_site = true, .is_restricted = true,
          .is_told = true, .is_nameless = true },
        { "likewise, its administrator", ROLE_ADMINISTRATOR, RIGHT_PRINTERS_READ, .has_site = true,
          .is_restricted = true, .is_told = true },
        { "likewise, his site", ROLE_SITE_ADMINISTRATOR, RIGHT_PRINTERS_READ, .has_site = true,
          .is_restricted = true, .is_at_site = true, .is_told = true },
        { "likewise, not his site", ROLE_SITE_ADMINISTRATOR, RIGHT_PRINTERS_READ, .has_site = true,
          .is_restricted = true, .is_told = true, .is_nameless = true },
        { "a guest", ROLE_PERSON, RIGHT_PRINTERS_READ, .has_site = true, .is_guest = true, .is_told = true,
          .is_nameless = true },
        { "a guest, in public", ROLE_PERSON, RIGHT_PRINTERS_READ, .has_site = true, .is_guest = true,
          .is_public = true, .is_told = true },
};

static void who_is_told(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct id tenant = id_new(), site = id_new(), me = id_new();
                struct live_listener listener = { .actor = { .kind = ACTOR_PERSON,
                                                             .tenant = tenant,
                                                             .id = me,
                                                             .role = rows[i].role,
                                                             .prints_only = rows[i].prints_only },
                                                  .is_guest = rows[i].is_guest,
                                                  .sites = &site,
                                                  .site_count = 1 };
                struct live_event event = { .tenant = tenant,
                                            .kind = "x",
                                            .right = rows[i].right,
                                            .owner = rows[i].is_owner ? me : id_new(),
                                            .has_site = rows[i].has_site,
                                            .site = rows[i].is_at_site ? site : id_new(),
                                            .is_restricted = rows[i].is_restricted,
                                            .is_public = rows[i].is_public };
                bool nameless;

                if (rows[i].is_delegate)
                        event.delegates[event.delegate_count++] = me;
                if (live_is_for(&event, &listener, &nameless) != rows[i].is_told ||
                    nameless != rows[i].is_nameless) {
                        fprintf(stderr, "%s\n", rows[i].name);
                        abort();
                }
                event.tenant = id_new();
                assert(!live_is_for(&event, &listener, &nameless));
        }
}

static void what_ends(void)
{
        struct live_listener l = { .actor = { .kind = ACTOR_PERSON,
                                              .tenant = id_new(),
                                              .id = id_new(),
                                              .session = id_new(),
                                              .token = id_new(),
                                              .grant = id_new() } };
        const struct {
                enum live_end end;
                struct id id;
                bool ends;
        } cases[] = {
                { LIVE_GOES_ON, l.actor.id, false },         { LIVE_ENDS_SESSION, l.actor.session, true },
                { LIVE_ENDS_SESSION, id_new(), false },      { LIVE_ENDS_TOKEN, l.actor.token, true },
                { LIVE_ENDS_TOKEN, l.actor.session, false }, { LIVE_ENDS_GRANT, l.actor.grant, true },
                { LIVE_ENDS_PERSON, l.actor.id, true },      { LIVE_ENDS_PERSON, id_new(), false },
                { LIVE_ENDS_PERSON, { { 0 } }, true },       { LIVE_ENDS_TENANT, id_new(), true },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
                struct live_event event = { .tenant = l.actor.tenant,
                                            .end = cases[i].end,
                                            .id = cases[i].id };

                assert(live_ends(&event, &l) == cases[i].ends);
                event.tenant = id_new();
                assert(!live_ends(&event, &l));
        }
}

/* ---- what is told ---- */

static const struct live_event *find(const char *kind, const char *what)
{
        for (size_t i = 0; i < told.count; i++)
                if (strcmp(told.events[i].kind, kind) == 0 && strcmp(told.events[i].what, what) == 0)
                        return &told.events[i];
        return NULL;
}

static int note_and_fail(struct db_tx *tx, void *context)
{
        const struct actor *actor = context;

        assert(event_add(tx, actor->tenant, actor, "person-changed", actor->id, "") == 0);
        return CORE_BUSY;
}

static void nothing_is_told_that_was_not(void)
{
        struct actor ada = core_world_make_actor(&world, "never@demo.example", ROLE_PERSON);

        told.count = 0;
        assert(db_write(world.db, note_and_fail, &ada) == CORE_BUSY && told.count == 0);
        assert(event_note(world.core, ada.tenant, &ada, "no-such-kind", ada.id, "") == 0 && told.count == 0);
        assert(event_note(world.core, ada.tenant, &ada, "person-changed", ada.id, "") == 0);
        assert(told.count == 1 && told.events[0].end == LIVE_ENDS_PERSON);
        assert(id_equal(told.events[0].owner, ada.id) && id_equal(told.events[0].id, ada.id));
}

static void what_somebody_came_with_is_looked_at(void)
{
        struct actor ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        char secret[TOKEN_STRING];
        struct live_listener listener;
        struct token token;
        bool good;

        assert(live_listener_init(world.core, &(struct actor){ .kind = ACTOR_AGENT }, &listener) ==
               CORE_FORBIDDEN);
        assert(token_make(world.core, &ada, TOKEN_API, NULL, TEXT_OF("x"), 0, &token, secret) == 0);
        assert(find("token", "token-made") && id_equal(find("token", "token-made")->owner, ada.id));
        assert(live_listener_init(world.core, &ada, &listener) == 0);
        assert(live_check(world.core, &listener, &good) == 0 && good);
        listener.actor.token = token.id;
        assert(live_check(world.core, &listener, &good) == 0 && good);
        assert(token_delete(world.core, &ada, token.id) == 0);
        assert(find("token", "token-deleted")->end == LIVE_ENDS_TOKEN);
        assert(live_ends(find("token", "token-deleted"), &listener));
        assert(live_check(world.core, &listener, &good) == 0 && !good);
        listener.actor.token = (struct id){ 0 };
        listener.actor.session = id_new();
        assert(live_check(world.core, &listener, &good) == 0 && !good);
        /* A role is another's rights. */
        listener.actor.session = (struct id){ 0 };
        listener.actor.role = ROLE_ADMINISTRATOR;
        assert(live_check(world.core, &listener, &good) == 0 && !good);
        live_listener_done(&listener);
}

int main(void)
{
        who_is_told();
        what_ends();
        world.live_tell = tell;
        core_world_open(&world);
        nothing_is_told_that_was_not();
        what_somebody_came_with_is_looked_at();
        core_world_close(&world);
        return 0;
}
