// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/accounting.h"

#include "base/scope.h"
#include "core/job/intake.h"
#include "core/printer/printer.h"
#include "core/release/release.h"
#include "core/test-world.h"

static struct {
        struct core_world world;
        struct actor ada, grace;
        struct printer printer;
        struct queue pull, direct;
} all;

static struct accounting names(const char *account, const char *user)
{
        struct accounting accounting = { .account = "" };

        assert(text_copy(text_from(account), accounting.account, ACCOUNTING_NAME));
        assert(text_copy(text_from(user), accounting.user, ACCOUNTING_NAME));
        return accounting;
}

static bool same(const struct accounting *one, const struct accounting *other)
{
        return strcmp(one->account, other->account) == 0 && strcmp(one->user, other->user) == 0;
}

static int submit(const struct queue *queue, const struct accounting *accounting, struct job *ret)
{
        struct intake_order order = { .queue = queue,
                                      .actor = &all.ada,
                                      .title = TEXT_OF("a letter"),
                                      .format = TEXT_OF("application/pdf"),
                                      .accounting = accounting };
        struct intake *intake;

        assert(intake_open(all.world.core, &order, &intake) == 0);
        assert(intake_write(intake, TEXT_OF("%PDF-")) == 0);
        return intake_commit(intake, ret);
}

static int release_it(const struct job *job, const struct accounting *accounting)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        struct release_order order = { .printer = all.printer.id,
                                       .method = RELEASE_API,
                                       .selection = RELEASE_LISTED,
                                       .jobs = &job->id,
                                       .job_count = 1,
                                       .accounting = accounting };
        struct release made;

        return release(all.world.core, &all.ada, &order, arena, &made);
}

static bool pays(const struct actor *looker, const struct job *job, const char *account, const char *user)
{
        struct accounting found, wanted = names(account, user);

        assert(accounting_of_job(all.world.core, looker, job->id, &found) == 0);
        return same(&found, &wanted);
}

static void drop(const struct job *job)
{
        assert(job_delete(all.world.core, &all.ada, job->id) == 0);
}

static void rule(enum accounting_place place, enum accounting_needs needs, bool may_save, const char *account,
                 const char *user)
{
        struct id subject = place == ACCOUNTING_OF_QUEUE ? all.pull.id : all.printer.id;
        struct accounting_rule wanted = { needs, may_save, names(account, user) }, found;

        assert(accounting_rule_set(all.world.core, &all.world.admin, place, subject, &wanted) == 0);
        assert(accounting_rule_find(all.world.core, &all.world.admin, place, subject, &found) == 0);
        /* Member by member: what lies between them and behind them is nobody's. */
        assert(found.needs == needs && found.may_save == may_save && same(&found.usual, &wanted.usual));
}

static void forget_rules(void)
{
        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, false, "", "");
        rule(ACCOUNTING_OF_PRINTER, ACCOUNTING_NONE, false, "", "");
        rule(ACCOUNTING_OF_QUEUE, ACCOUNTING_NONE, false, "", "");
}

static void where_nothing_is_asked_what_is_said_is_passed_on(void)
{
        struct accounting said = names("4711", "ada"), at_release = names("0815", "");
        struct job job;

        assert(submit(&all.pull, NULL, &job) == 0);
        assert(release_it(&job, NULL) == 0 && pays(&all.ada, &job, "", ""));
        drop(&job);
        assert(submit(&all.pull, &said, &job) == 0 && pays(&all.ada, &job, "4711", "ada"));
        assert(release_it(&job, &at_release) == 0 && pays(&all.ada, &job, "0815", "ada"));
        assert(pays(&all.world.admin, &job, "0815", "ada") && pays(&all.grace, &job, "", ""));
        drop(&job);
        /* A default is for who is asked. */
        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, false, "everybody", "");
        assert(submit(&all.pull, NULL, &job) == 0);
        assert(release_it(&job, NULL) == 0 && pays(&all.ada, &job, "", ""));
        drop(&job);
        forget_rules();
}

static const struct {
        const char *name;
        enum accounting_needs of_printer, of_queue;
        const char *chosen, *sent, *saved, *of_the_printer, *of_the_tenant; /* "account/user" */
        const char *wanted;                                                 /* NULL: refused */
} rows[] = {
        { "nobody says it", ACCOUNTING_ACCOUNT, ACCOUNTING_NONE, "", "", "", "", "", NULL },
        { "a queue asks", ACCOUNTING_NONE, ACCOUNTING_ACCOUNT, "", "", "", "", "", NULL },
        { "no user", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "a/", "", "", "", "", NULL },
        { "no account", ACCOUNTING_ACCOUNT, ACCOUNTING_NONE, "/u", "", "", "", "", NULL },
        { "the stricter counts", ACCOUNTING_ACCOUNT, ACCOUNTING_ACCOUNT_AND_USER, "a/", "", "", "", "",
          NULL },
        { "at the release", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "a/u", "b/v", "c/w", "d/x", "e/y",
          "a/u" },
        { "with the job", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "", "b/v", "c/w", "d/x", "e/y",
          "b/v" },
        { "saved", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "", "", "c/w", "d/x", "e/y", "c/w" },
        { "of the printer", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "", "", "", "d/x", "e/y", "d/x" },
        { "of the tenant", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "", "", "", "", "e/y", "e/y" },
        { "each from the first that has it", ACCOUNTING_ACCOUNT_AND_USER, ACCOUNTING_NONE, "a/", "", "/w",
          "d/x", "", "a/w" },
        { "no more than is asked for", ACCOUNTING_ACCOUNT, ACCOUNTING_NONE, "a/", "", "c/w", "", "", "a/" },
};

static struct accounting read_names(const char *string)
{
        struct accounting accounting = { .account = "" };
        struct text account, user;

        text_cut(text_from(string), '/', &account, &user);
        assert(text_copy(account, accounting.account, ACCOUNTING_NAME));
        assert(text_copy(user, accounting.user, ACCOUNTING_NAME));
        return accounting;
}

static void names_come_from_the_first_that_has_them(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct accounting chosen = read_names(rows[i].chosen), sent = read_names(rows[i].sent);
                struct accounting saved = read_names(rows[i].saved), wanted;
                struct accounting of_printer = read_names(rows[i].of_the_printer);
                struct accounting of_tenant = read_names(rows[i].of_the_tenant);
                struct job job;

                printf("%s\n", rows[i].name);
                rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, true, of_tenant.account, of_tenant.user);
                rule(ACCOUNTING_OF_PRINTER, rows[i].of_printer, false, of_printer.account, of_printer.user);
                rule(ACCOUNTING_OF_QUEUE, rows[i].of_queue, false, "", "");
                assert(accounting_save(all.world.core, &all.ada, &saved) == 0);
                assert(submit(&all.pull, &sent, &job) == 0);
                if (!rows[i].wanted) {
                        assert(release_it(&job, &chosen) == CORE_ACCOUNTING_NEEDED);
                } else {
                        wanted = read_names(rows[i].wanted);
                        assert(release_it(&job, &chosen) == 0);
                        assert(pays(&all.ada, &job, wanted.account, wanted.user));
                }
                drop(&job);
                forget_rules();
        }
}

static void people_save_where_they_may(void)
{
        struct accounting names_of_hers = names("4711", "ada"), found;
        bool may_save;
        struct job job;

        assert(accounting_save(all.world.core, &all.ada, &names_of_hers) == CORE_FORBIDDEN);
        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, true, "", "");
        rule(ACCOUNTING_OF_PRINTER, ACCOUNTING_ACCOUNT, false, "", "");
        assert(accounting_save(all.world.core, &all.ada, &names_of_hers) == 0);
        assert(accounting_saved_find(all.world.core, &all.ada, &found, &may_save) == 0);
        assert(may_save && same(&found, &names_of_hers));
        assert(accounting_saved_find(all.world.core, &all.grace, &found, &may_save) == 0);
        assert(may_save && accounting_is_empty(&found));
        /* What people saved goes when they may not any more. */
        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, false, "", "");
        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, true, "", "");
        assert(accounting_saved_find(all.world.core, &all.ada, &found, &may_save) == 0);
        assert(accounting_is_empty(&found));
        assert(submit(&all.pull, NULL, &job) == 0);
        assert(release_it(&job, NULL) == CORE_ACCOUNTING_NEEDED);
        /* Her badge needs no more than this. */
        assert(accounting_give(all.world.core, &all.grace, job.id, &names_of_hers) == CORE_NOT_FOUND);
        assert(accounting_give(all.world.core, &all.ada, job.id, &names_of_hers) == 0);
        assert(release_it(&job, NULL) == 0 && pays(&all.ada, &job, "4711", "ada"));
        assert(accounting_give(all.world.core, &all.ada, job.id, &names_of_hers) == CORE_NOT_HELD);
        drop(&job);
        forget_rules();
}

static void who_prints_at_once_is_asked_at_once(void)
{
        struct accounting said = names("4711", "");
        struct job job;

        assert(accounting_check(all.world.core, &all.ada, &all.direct, NULL) == 0);
        rule(ACCOUNTING_OF_PRINTER, ACCOUNTING_ACCOUNT, false, "", "");
        assert(accounting_check(all.world.core, &all.ada, &all.pull, NULL) == 0);
        assert(accounting_check(all.world.core, &all.ada, &all.direct, NULL) == CORE_ACCOUNTING_NEEDED);
        assert(accounting_check(all.world.core, &all.ada, &all.direct, &said) == 0);
        assert(submit(&all.direct, NULL, &job) == CORE_ACCOUNTING_NEEDED);
        assert(core_world_number(&all.world, "SELECT count(*) FROM document WHERE tenant_id = ?1") == 0);
        assert(submit(&all.direct, &said, &job) == 0 && pays(&all.ada, &job, "4711", ""));
        drop(&job);
        forget_rules();
}

static void only_administrators_say_what_is_asked_for(void)
{
        struct accounting_rule wanted = { ACCOUNTING_ACCOUNT, false, { .account = "" } };
        struct core *core = all.world.core;
        struct id nobody = id_new();

        assert(accounting_rule_set(core, &all.ada, ACCOUNTING_OF_PRINTER, all.printer.id, &wanted) ==
               CORE_FORBIDDEN);
        assert(accounting_rule_find(core, &all.ada, ACCOUNTING_OF_TENANT, nobody, &wanted) == CORE_FORBIDDEN);
        assert(accounting_rule_set(core, &all.world.admin, ACCOUNTING_OF_PRINTER, nobody, &wanted) ==
               CORE_NOT_FOUND);
        assert(accounting_rule_set(core, &all.world.admin, ACCOUNTING_OF_QUEUE, nobody, &wanted) ==
               CORE_NOT_FOUND);
        assert(accounting_rule_find(core, &all.world.admin, ACCOUNTING_OF_QUEUE, nobody, &wanted) ==
               CORE_NOT_FOUND);
        assert(accounting_rule_set(core, &all.world.admin, ACCOUNTING_OF_TENANT, nobody, &wanted) ==
               CORE_BAD_VALUE);
        wanted.may_save = true;
        assert(accounting_rule_set(core, &all.world.admin, ACCOUNTING_OF_PRINTER, all.printer.id, &wanted) ==
               CORE_BAD_VALUE);
        wanted = (struct accounting_rule){ .usual = names("one\001two", "") };
        assert(accounting_rule_set(core, &all.world.admin, ACCOUNTING_OF_PRINTER, all.printer.id, &wanted) ==
               CORE_BAD_VALUE);
}

static void it_goes_with_the_person(void)
{
        struct accounting said = names("4711", "ada");
        struct job job;

        rule(ACCOUNTING_OF_TENANT, ACCOUNTING_NONE, true, "", "");
        assert(accounting_save(all.world.core, &all.ada, &said) == 0);
        assert(submit(&all.pull, &said, &job) == 0 && release_it(&job, NULL) == 0);
        assert(core_world_number(&all.world,
                                 "SELECT count(*) FROM accounting WHERE tenant_id = ?1 AND owner_id > 0") >=
               3);
        drop(&job);
        assert(person_delete(all.world.core, &all.world.admin, all.ada.id) == 0);
        assert(core_world_number(&all.world,
                                 "SELECT count(*) FROM accounting WHERE tenant_id = ?1 AND owner_id > 0") ==
               0);
}

int main(void)
{
        struct printer printer = {
                .name = "lab", .title = "Lab", .accepting = true, .format_count = 1, .address_count = 1
        };
        struct queue pull = { .name = "pull", .title = "Pull", .kind = QUEUE_PULL, .accepting = true };
        struct queue direct = {
                .name = "direct", .title = "Direct", .kind = QUEUE_DIRECT, .accepting = true
        };

        core_world_open(&all.world);
        all.ada = core_world_make_actor(&all.world, "ada@demo.example", ROLE_PERSON);
        all.grace = core_world_make_actor(&all.world, "grace@demo.example", ROLE_PERSON);
        text_copy(TEXT_OF("ipp://localhost:1/ipp/print"), printer.addresses[0], sizeof(printer.addresses[0]));
        text_copy(TEXT_OF("application/pdf"), printer.formats[0], sizeof(printer.formats[0]));
        assert(printer_make(all.world.core, &all.world.admin, &printer) == 0);
        direct.printer = printer.id;
        assert(queue_make(all.world.core, &all.world.admin, all.world.tenant.id, &pull) == 0);
        assert(queue_make(all.world.core, &all.world.admin, all.world.tenant.id, &direct) == 0);
        all.printer = printer;
        all.pull = pull;
        all.direct = direct;

        where_nothing_is_asked_what_is_said_is_passed_on();
        names_come_from_the_first_that_has_them();
        people_save_where_they_may();
        who_prints_at_once_is_asked_at_once();
        only_administrators_say_what_is_asked_for();
        it_goes_with_the_person();
        core_world_close(&all.world);
        return 0;
}
