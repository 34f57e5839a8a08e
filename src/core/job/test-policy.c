// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/policy.h"

#include <stdlib.h>

#include "base/scope.h"
#include "core/person/group.h"
#include "core/printer/printer.h"
#include "core/printer/printer-people.h"
#include "core/job/queue.h"
#include "core/release/settle-trial.h"
#include "core/site/site.h"
#include "core/test-world.h"

static struct actor ada, grace;
static struct group interns;
static struct site hall;
static struct printer lobby;
static struct queue pull;

static void make_things(struct core_world *world)
{
        ada = core_world_make_actor(world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(world, "grace@demo.example", ROLE_PERSON);
        assert(group_make(world->core, &world->admin, TEXT_OF("Interns"), &interns) == 0);
        assert(group_add(world->core, &world->admin, interns.id, grace.id) == 0);
        strcpy(hall.name, "hall");
        assert(site_make(world->core, &world->admin, &hall) == 0);
        lobby = (struct printer){ .name = "lobby",
                                  .site = hall.id,
                                  .accepting = true,
                                  .addresses = { "socket://localhost:9" },
                                  .address_count = 1,
                                  .formats = { "application/pdf" },
                                  .format_count = 1 };
        assert(printer_make(world->core, &world->admin, &lobby) == 0);
        pull = (struct queue){ .name = "pull", .accepting = true };
        assert(queue_make(world->core, &world->admin, world->tenant.id, &pull) == 0);
}

static void administrators_make_them(struct core_world *world)
{
        struct policy policy = { .title = "No colour", .monochrome = true }, found, changed;
        size_t count;

        assert(policy_make(world->core, &ada, &policy) == CORE_FORBIDDEN);
        assert(policy_make(world->core, &world->admin, &policy) == 0);
        assert(policy_find(world->core, &ada, policy.id, &found) == CORE_FORBIDDEN);
        assert(policy_find(world->core, &world->admin, policy.id, &found) == 0);
        assert(found.monochrome && strcmp(found.title, "No colour") == 0 && id_is_zero(found.group));
        changed = found;
        changed.copies_max = 5;
        changed.job_password = true;
        changed.group = interns.id;
        assert(policy_change(world->core, &world->admin, &changed) == 0);
        assert(policy_list(world->core, &world->admin, (struct id){ 0 }, &found, 1, &count) == 0 &&
               count == 1);
        assert(found.copies_max == 5 && found.job_password && id_equal(found.group, interns.id));
        changed.printer = id_new();
        assert(policy_change(world->core, &world->admin, &changed) == CORE_NOT_FOUND);
        assert(policy_delete(world->core, &ada, policy.id) == CORE_FORBIDDEN);
        assert(policy_delete(world->core, &world->admin, policy.id) == 0);
        assert(policy_delete(world->core, &world->admin, policy.id) == CORE_NOT_FOUND);
}

static void bad_ones_are_refused(struct core_world *world)
{
        static const struct policy bad[] = {
                { .title = "", .monochrome = true },          { .title = " a", .monochrome = true },
                { .title = "a\nb", .monochrome = true },      { .title = "Nothing" },
                { .title = "Sides", .sides = "three-sided" }, { .title = "Copies", .copies_max = 1000 },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
                struct policy policy = bad[i];

                assert(policy_make(world->core, &world->admin, &policy) == CORE_BAD_VALUE);
        }
}

struct asked {
        struct id tenant;
        struct policy_case about;
        struct policy policies[POLICIES_MAX];
        size_t count;
};

static int ask_in(struct db_tx *tx, void *context)
{
        struct asked *asked = context;

        return policies_for(tx, asked->tenant, &asked->about, asked->policies, &asked->count);
}

static int compare(const void *a, const void *b)
{
        return *(const char *)a - *(const char *)b;
}

/* As the first letters of their titles, sorted: two may be made within a millisecond. */
static const char *ask(struct core_world *world, const struct actor *person, struct id queue,
                       struct id printer, struct id site)
{
        static char letters[POLICIES_MAX + 1];
        static struct asked asked;

        asked = (struct asked){
                world->tenant.id, { person->id, queue, printer, site }, { { { { 0 } } } }, 0
        };
        assert(db_read(world->db, ask_in, &asked) == 0);
        for (size_t i = 0; i < asked.count; i++)
                letters[i] = asked.policies[i].title[0];
        letters[asked.count] = 0;
        qsort(letters, asked.count, 1, compare);
        return letters;
}

static void they_hold_for_some(struct core_world *world)
{
        const struct id none = { 0 };
        struct policy made[] = {
                { .title = "Everybody", .monochrome = true },
                { .title = "Interns", .monochrome = true, .group = interns.id },
                { .title = "Pull", .copies_max = 1, .queue = pull.id },
                { .title = "Lobby", .pages_max = 1, .printer = lobby.id },
                { .title = "Hall", .sides = "one-sided", .site = hall.id },
                { .title = "Both", .monochrome = true, .group = interns.id, .printer = lobby.id },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(made); i++)
                assert(policy_make(world->core, &world->admin, &made[i]) == 0);
        assert(strcmp(ask(world, &ada, none, none, none), "E") == 0);
        assert(strcmp(ask(world, &grace, none, none, none), "EI") == 0);
        assert(strcmp(ask(world, &ada, pull.id, lobby.id, hall.id), "EHLP") == 0);
        assert(strcmp(ask(world, &grace, pull.id, lobby.id, none), "BEILP") == 0);
        assert(strcmp(ask(world, &grace, id_new(), id_new(), id_new()), "EI") == 0);

        /* What was only for somebody is for nobody when they are gone, and not for all. */
        assert(group_delete(world->core, &world->admin, interns.id) == 0);
        assert(strcmp(ask(world, &grace, pull.id, lobby.id, hall.id), "EHLP") == 0);
        assert(queue_delete(world->core, &world->admin, pull.id) == 0);
        assert(site_delete(world->core, &world->admin, hall.id) == 0);
        assert(printer_delete(world->core, &world->admin, lobby.id) == 0);
        assert(strcmp(ask(world, &grace, none, none, none), "E") == 0);
        assert(core_world_number(world, "SELECT count(*) FROM policy WHERE tenant_id = ?1") == 1);
}

static void there_is_an_end_of_them(struct core_world *world)
{
        struct policy policy = { .title = "One more", .monochrome = true };
        int made = 1;

        while (made < POLICIES_MAX && policy_make(world->core, &world->admin, &policy) == 0)
                made++;
        assert(made == POLICIES_MAX && policy_make(world->core, &world->admin, &policy) == CORE_BAD_VALUE);
}

/* What would happen is what the policies and the doors say, to each person another thing. */
static void one_is_tried_without_a_print(struct core_world *world)
{
        SCOPED(freep) struct settle_trial_outcome *outcome = calloc(1, sizeof(*outcome));
        struct policy few = { .title = "Few", .copies_max = 2, .pages_max = 50 };
        struct settle_trial trial = {
                .person = grace.id, .printer = lobby.id, .queue = pull.id, .sent.copies = 3, .pages = 10
        };
        const struct text closed = TEXT_OF("Testers");
        struct group testers;

        assert(group_make(world->core, &world->admin, closed, &testers) == 0);
        assert(group_add(world->core, &world->admin, testers.id, grace.id) == 0);
        few.group = testers.id;
        assert(outcome && policy_make(world->core, &world->admin, &few) == 0);
        assert(settle_try(world->core, &ada, &trial, outcome) == CORE_FORBIDDEN);
        assert(settle_try(world->core, &world->admin, &trial, outcome) == 0);
        assert(outcome->may_print && outcome->policy_count == 1 && id_equal(outcome->policies[0].id, few.id));
        assert(outcome->settled.ticket.copies == 2 && !settled_refuses(&outcome->settled));
        trial.pages = 26;
        assert(settle_try(world->core, &world->admin, &trial, outcome) == 0);
        assert(settled_refuses(&outcome->settled));
        assert(printer_allow(world->core, &world->admin, lobby.id, &closed, 1) == 0);
        assert(settle_try(world->core, &world->admin, &trial, outcome) == 0 && outcome->may_print);
        trial.person = ada.id;
        assert(settle_try(world->core, &world->admin, &trial, outcome) == 0);
        assert(!outcome->may_print && outcome->policy_count == 0 && outcome->settled.ticket.copies == 3);
        /* Nor is an administrator's own right to change it one to print there. */
        trial.person = world->admin.id;
        assert(settle_try(world->core, &world->admin, &trial, outcome) == 0 && !outcome->may_print);
        trial.person = id_new();
        assert(settle_try(world->core, &world->admin, &trial, outcome) == CORE_NOT_FOUND);
        trial.person = ada.id;
        trial.sent.copies = 1000;
        assert(settle_try(world->core, &world->admin, &trial, outcome) == CORE_BAD_VALUE);
        assert(printer_allow(world->core, &world->admin, lobby.id, NULL, 0) == 0);
        assert(policy_delete(world->core, &world->admin, few.id) == 0);
}

int main(void)
{
        struct core_world world = { 0 };

        core_world_open(&world);
        make_things(&world);
        administrators_make_them(&world);
        bad_ones_are_refused(&world);
        one_is_tried_without_a_print(&world);
        they_hold_for_some(&world);
        there_is_an_end_of_them(&world);
        core_world_close(&world);
        return 0;
}
