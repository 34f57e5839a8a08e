// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Rosters: what a directory says is taken over, and what it may not do. */

#include "core/person/roster.h"

#include "base/scope.h"
#include "core/person/badge.h"
#include "core/test-world.h"

static struct core_world world;
static struct id method;

static const struct outside_policy policy = { .creates = true, .trusts_email = true, .links_by_email = true };

static struct roster_person somebody(const char *subject, const char *email, const char *card, bool disabled)
{
        return (struct roster_person){ .subject = text_from(subject),
                                       .claims = { .email = text_from(email),
                                                   .email_verified = true,
                                                   .name = TEXT_OF("Ada"),
                                                   .has_groups = true },
                                       .card = text_from(card),
                                       .disabled = disabled };
}

struct row {
        const char *name;
        const char *subject, *email, *card;
        bool disabled;
        unsigned int changes;
        bool is_ours; /* a person of ours afterwards */
};

/* One after the other: each finds what the ones before it left. */
static const struct row rows[] = {
        { "somebody new", "s1", "ada@demo.example", "04a1b2c3", false, ROSTER_MADE | ROSTER_BADGE, true },
        { "the same again", "s1", "ada@demo.example", "04a1b2c3", false, 0, true },
        { "another card", "s1", "ada@demo.example", "04a1b2c4", false, ROSTER_BADGE | ROSTER_BADGE_GONE,
          true },
        { "another's card", "s2", "bob@demo.example", "04a1b2c4", false, ROSTER_MADE | ROSTER_BADGE_TAKEN,
          true },
        { "a card that is none", "s2", "bob@demo.example", "*", false, 0, true },
        { "no card any more", "s1", "ada@demo.example", "", false, ROSTER_BADGE_GONE, true },
        { "another address", "s1", "ada.l@demo.example", "", false, ROSTER_CHANGED, true },
        { "switched off", "s1", "ada.l@demo.example", "", true, ROSTER_DISABLED, true },
        { "still switched off", "s1", "ada.l@demo.example", "", true, 0, true },
        { "back again", "s1", "ada.l@demo.example", "", false, ROSTER_ENABLED, true },
        { "never seen, and switched off", "s3", "eve@demo.example", "", true, 0, false },
        { "of another organisation", "s4", "eve@evil.example", "", false, ROSTER_REFUSED, false },
        { "no address", "s5", "", "", false, ROSTER_REFUSED, false },
        { "no subject", "", "eve@demo.example", "", false, ROSTER_REFUSED, false },
        { "an address that is somebody's of this directory", "s6", "bob@demo.example", "", false,
          ROSTER_REFUSED, false },
        { "the administrator's account is linked", "s7", "admin@demo.example", "", false, ROSTER_MADE, true },
        { "and is never disabled, being the last", "s7", "admin@demo.example", "", true, 0, true },
};

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                const struct row *row = &rows[i];
                struct roster_person person = somebody(row->subject, row->email, row->card, row->disabled);
                struct roster_result tried, result;

                printf("%s\n", row->name);
                /* Trying says the same, and leaves nothing. */
                assert(roster_take(world.core, world.tenant.id, method, &policy, &person, 1, true, &tried) ==
                       0);
                assert(roster_take(world.core, world.tenant.id, method, &policy, &person, 1, false,
                                   &result) == 0);
                if (result.changes != row->changes || tried.changes != row->changes) {
                        fprintf(stderr, "%s: %u, tried %u, instead of %u\n", row->name, result.changes,
                                tried.changes, row->changes);
                        abort();
                }
                assert(id_is_zero(result.person) == !row->is_ours);
        }
}

static struct person find(const char *email)
{
        struct person person;

        assert(person_find_by_email(world.core, &world.admin, text_from(email), &person) == 0);
        return person;
}

static void test_whom_an_administrator_disabled(void)
{
        struct person_change change = { .disabled = &(bool){ true } };
        struct roster_person entry = somebody("s2", "bob@demo.example", "", false);
        struct person bob = find("bob@demo.example");
        struct roster_result result;

        assert(person_change(world.core, &world.admin, bob.id, &change, &bob) == 0);
        assert(roster_take(world.core, world.tenant.id, method, &policy, &entry, 1, false, &result) == 0);
        assert(find("bob@demo.example").disabled && !(result.changes & ROSTER_ENABLED));
}

static void test_who_is_gone(void)
{
        struct roster_known known[8];
        struct roster_result result;
        struct person ada = find("ada.l@demo.example");
        int64_t seen_ms;
        size_t count;

        assert(roster_list(world.core, world.tenant.id, method, TEXT_OF(""), known, 8, &count) == 0);
        assert(count == 3 && strcmp(known[0].subject, "s1") == 0 && !known[0].disabled && known[1].disabled);
        assert(roster_list(world.core, world.tenant.id, method, TEXT_OF("s1"), known, 8, &count) == 0);
        assert(count == 2 && strcmp(known[0].subject, "s2") == 0);
        assert(roster_seen(world.core, world.tenant.id, method, ada.id, &seen_ms) == 0 && seen_ms > 0);

        assert(roster_disable(world.core, world.tenant.id, method, &ada.id, 1, true, &result) == 0);
        assert(result.changes == ROSTER_DISABLED && !find("ada.l@demo.example").disabled);
        assert(roster_disable(world.core, world.tenant.id, method, &ada.id, 1, false, &result) == 0);
        assert(result.changes == ROSTER_DISABLED && find("ada.l@demo.example").disabled);
        assert(roster_disable(world.core, world.tenant.id, method, &world.admin.id, 1, false, &result) == 0);
        assert(result.changes == 0 && !find("admin@demo.example").disabled);
}

static void test_runs(void)
{
        static struct roster_run run, again, found;
        int64_t last_ms;

        assert(roster_run_last(world.core, world.tenant.id, method, &last_ms) == 0 && last_ms == 0);
        assert(roster_run_begin(world.core, world.tenant.id, &world.admin, method, false, &run) == 0);
        assert(roster_run_begin(world.core, world.tenant.id, &world.admin, method, true, &again) ==
               CORE_BUSY);
        strcpy(run.outcome, "braked");
        run.seen = 7;
        assert(roster_run_end(world.core, world.tenant.id, &run) == 0);
        assert(roster_run_find(world.core, &world.admin, run.id, &found) == 0);
        assert(strcmp(found.outcome, "braked") == 0 && found.seen == 7 && found.ended_ms > 0);
        assert(roster_run_last(world.core, world.tenant.id, method, &last_ms) == 0 &&
               last_ms == run.started_ms);

        /* A process that ended in the middle blocks nobody. */
        assert(roster_run_begin(world.core, world.tenant.id, NULL, method, false, &run) == 0);
        assert(roster_runs_abandon(world.core) == 0);
        assert(roster_run_begin(world.core, world.tenant.id, NULL, method, false, &run) == 0);
}

int main(void)
{
        core_world_open(&world);
        method = id_new();
        test_rows();
        test_whom_an_administrator_disabled();
        test_who_is_gone();
        test_runs();
        core_world_close(&world);
        return 0;
}
