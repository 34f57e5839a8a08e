// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Reports by mail: one a period, whoever falls over, and none to whom it is not for. */
#include "core/report/report-schedule.h"

#include "core/notice/mail.h"
#include "core/test-printing.h"

#define DAY_MS 86400000LL

static int64_t mails(struct world *world)
{
        return core_world_number(&world->base, "SELECT count(*) FROM mail_out WHERE tenant_id = ?1");
}

/* All that is due by then; how many mails more there are. */
static int64_t run(struct world *world, int64_t now_ms)
{
        int64_t before = mails(world);
        bool more = true;

        for (int i = 0; i < 10 && more; i++) {
                more = false;
                assert(report_schedules_step(world->base.core, now_ms, &more) == 0);
        }
        assert(!more);
        return mails(world) - before;
}

static void once_a_period(struct world *world)
{
        struct report_schedule daily = { .by = REPORT_BY_PRINTER, .period = REPORT_DAILY };
        struct report_schedule monthly = { .by = REPORT_BY_DAY,
                                           .period = REPORT_MONTHLY,
                                           .language = LANGUAGE_GERMAN };
        struct report_schedule listed[4];
        int64_t now = clock_unix_ms();
        size_t count;

        assert(report_schedule_make(world->base.core, &world->base.admin, TEXT_OF(""), &daily) == 0);
        assert(report_schedule_make(world->base.core, &world->ada, TEXT_OF(""), &monthly) == 0);
        assert(daily.due_ms > now && daily.due_ms <= now + 2 * DAY_MS);
        assert(monthly.due_ms > now && monthly.due_ms <= now + 33 * DAY_MS);
        assert(run(world, daily.due_ms - 1) == 0);
        assert(run(world, daily.due_ms) == 1);
        assert(run(world, daily.due_ms) == 0);
        core_world_restart(&world->base);
        assert(run(world, daily.due_ms + 1000) == 0);
        assert(run(world, daily.due_ms + DAY_MS) == 1);
        /* After a time in which nobody ran, one of each. */
        assert(run(world, monthly.due_ms + 3 * DAY_MS) == 2);
        assert(report_schedule_list(world->base.core, &world->ada, (struct id){ 0 }, listed, 4, &count) == 0);
        assert(count == 1 && id_equal(listed[0].id, monthly.id) && strcmp(listed[0].outcome, "sent") == 0);
        assert(listed[0].due_ms > monthly.due_ms + 3 * DAY_MS);
        assert(report_schedule_delete(world->base.core, &world->grace, daily.id) == CORE_NOT_FOUND);
        assert(report_schedule_delete(world->base.core, &world->base.admin, daily.id) == 0);
        assert(report_schedule_delete(world->base.core, &world->base.admin, daily.id) == CORE_NOT_FOUND);
}

static void who_may_not_gets_none(struct world *world)
{
        struct report_schedule wrong = { .by = REPORT_BY_PRINTER }, weekly = { .period = REPORT_WEEKLY };
        struct report_schedule listed[4];
        struct person person;
        const bool yes = true;
        size_t count;

        assert(report_schedule_make(world->base.core, &world->grace, TEXT_OF(""), &wrong) == CORE_FORBIDDEN);
        assert(report_schedule_make(world->base.core, &world->grace, TEXT_OF(""), &weekly) == 0);
        assert(person_change(world->base.core, &world->base.admin, world->grace.id,
                             &(struct person_change){ .disabled = &yes }, &person) == 0);
        assert(run(world, weekly.due_ms) == 0);
        assert(report_schedule_list(world->base.core, &world->grace, (struct id){ 0 }, listed, 4, &count) ==
               0);
        assert(count == 1 && strcmp(listed[0].outcome, "forbidden") == 0);
        assert(person_delete(world->base.core, &world->base.admin, world->grace.id) == 0);
        for (int i = 0; i < REPORT_SCHEDULES_MAX; i++)
                assert(report_schedule_make(world->base.core, &world->base.admin, TEXT_OF(""), &wrong) == 0);
        assert(report_schedule_make(world->base.core, &world->base.admin, TEXT_OF(""), &wrong) ==
               CORE_LIMIT_REACHED);
        world->base.settings.has_mail = false;
        core_world_restart(&world->base);
        assert(report_schedule_make(world->base.core, &world->ada, TEXT_OF(""), &weekly) == CORE_NO_MAIL);
}

int main(void)
{
        static struct world world;

        log_init("test-report-schedule", LOG_ERROR);
        make_world(&world);
        world.base.settings.has_mail = true;
        core_world_restart(&world.base);
        once_a_period(&world);
        who_may_not_gets_none(&world);
        core_world_close(&world.base);
        return 0;
}
