// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Totals: after any history they are what somebody has counted beside them. */
#include "core/report/report-pages.h"
#include "core/site/site.h"
#include "core/test-printing.h"

#define STEPS 150

struct counted {
        struct report_sums all, people[2], printers[2], queues[2];
};

static uint32_t dice_state = 20261121;

static uint32_t dice(uint32_t sides)
{
        dice_state = dice_state * 1664525 + 1013904223;
        return (dice_state >> 8) % sides;
}

static void count(struct counted *to, int person, int printer, int queue, const struct report_sums *sums)
{
        struct report_sums *all[] = { &to->all, &to->people[person], &to->queues[queue],
                                      printer < 0 ? NULL : &to->printers[printer] };

        for (size_t i = 0; i < ARRAY_LENGTH(all); i++) {
                if (!all[i])
                        continue;
                all[i]->jobs += sums->jobs;
                all[i]->pages += sums->pages;
                all[i]->two_sided_pages += sums->two_sided_pages;
                all[i]->sheets += sums->sheets;
                all[i]->priced_jobs += sums->priced_jobs;
                all[i]->cost += sums->cost;
                all[i]->unknown_jobs += sums->unknown_jobs;
                all[i]->saved_jobs += sums->saved_jobs;
                all[i]->saved_pages += sums->saved_pages;
                all[i]->saved_sheets += sums->saved_sheets;
        }
}

static bool is_same(const struct report_sums *a, const struct report_sums *b)
{
        return memcmp(a, b, sizeof(*a)) == 0;
}

static struct report_order order_by(struct world *world, enum report_by by)
{
        struct report_order order = { .by = by };

        assert(report_today(world->base.core, &world->base.admin, &order.until_day) == 0);
        /* A test may run around midnight. */
        order.until_day += 2;
        order.since_day = order.until_day - 30;
        return order;
}

static struct report_pages *ask(struct world *world, const struct actor *actor, enum report_by by)
{
        static struct report_pages pages;
        struct report_order order = order_by(world, by);

        assert(report_pages(world->base.core, actor, &order, &pages) == 0);
        return &pages;
}

static void compare(struct world *world, const struct counted *counted)
{
        struct id people[] = { world->ada.id, world->grace.id };
        struct id printers[] = { world->lobby.id, world->lab.id };
        struct id queues[] = { world->pull.id, world->direct.id };
        const struct {
                enum report_by by;
                const struct id *ids;
                const struct report_sums *sums;
        } parts[] = { { REPORT_BY_PERSON, people, counted->people },
                      { REPORT_BY_PRINTER, printers, counted->printers },
                      { REPORT_BY_QUEUE, queues, counted->queues } };

        for (enum report_by by = REPORT_BY_DAY; by <= REPORT_BY_MONTH; by++) {
                struct report_pages *pages = ask(world, &world->base.admin, by);
                struct counted again = { 0 };

                for (size_t i = 0; i < pages->count; i++)
                        count(&again, 0, -1, 0, &pages->rows[i].sums);
                assert(is_same(&again.all, &counted->all) && is_same(&pages->total, &counted->all));
        }
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
                struct report_pages *pages = ask(world, &world->base.admin, parts[i].by);

                assert(is_same(&pages->total, &counted->all));
                for (size_t row = 0; row < pages->count; row++)
                        for (size_t k = 0; k < 2; k++)
                                if (id_equal(pages->rows[row].id, parts[i].ids[k]))
                                        assert(is_same(&pages->rows[row].sums, &parts[i].sums[k]));
        }
}

/* As the renderer's look into it would have left it. */
static void inspect(struct world *world, struct id job, uint32_t pages)
{
        static char statements[STEPS][256]; /* they are kept by their address */
        static size_t used;
        char *sql = statements[used++], id[ID_STRING], hex[33];
        size_t at = 0;

        id_format(job, id);
        for (const char *c = id; *c; c++)
                if (*c != '-')
                        hex[at++] = *c;
        hex[at] = 0;
        snprintf(
                sql, sizeof(statements[0]),
                "INSERT INTO inspection (tenant_id, job_id, state, reason, secret, base, pages, colour_pages)"
                " VALUES (?1, x'%s', 'done', '', 0, 0, %u, 0)",
                hex, pages);
        core_world_run(&world->base, sql);
}

static void finish(struct world *world, const struct delivery_offer *offer, enum delivery_state outcome,
                   uint32_t pages)
{
        struct delivery_report told = { .delivery = offer->delivery,
                                        .epoch = offer->epoch,
                                        .incarnation = 1,
                                        .outcome = outcome,
                                        .pages = pages,
                                        .reason = TEXT_OF("tested") };

        assert(delivery_report(world->base.core, &world->agent, &told) == 0);
        /* Told once more, as after an answer that got lost. */
        if (outcome != DELIVERY_NOT_PRINTED)
                assert(delivery_report(world->base.core, &world->agent, &told) == 0);
}

static struct report_sums printed(uint32_t pages, uint32_t sheets, bool two_sided)
{
        return (struct report_sums){ .jobs = 1,
                                     .pages = pages,
                                     .sheets = sheets,
                                     .two_sided_pages = two_sided && pages > 1 ? pages : 0,
                                     .priced_jobs = pages != 0,
                                     .cost = pages * 50LL + sheets * 10LL,
                                     .unknown_jobs = pages == 0 };
}

static void step(struct world *world, struct counted *counted)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
        int person = (int)dice(2);
        const struct actor *actor = person ? &world->grace : &world->ada;
        uint32_t pages = dice(6), told = dice(2) ? 1 + dice(9) : 0, seen = told ? told : pages;
        bool two_sided = dice(2);
        struct ticket ticket = { .sides = "one-sided" };
        struct job job = submit_as(world, actor, &world->pull, 10);
        struct report_sums saved = { .saved_jobs = 1,
                                     .saved_pages = pages,
                                     .saved_sheets = two_sided ? (pages + 1) / 2 : pages };
        struct delivery_offer offer;
        struct report_sums sums;
        struct release done;

        if (two_sided)
                strcpy(ticket.sides, "two-sided-long-edge");
        assert(job_set_ticket(world->base.core, actor, job.id, &ticket) == 0);
        inspect(world, job.id, pages);
        switch (dice(5)) {
        case 0:
                assert(job_delete(world->base.core, dice(2) ? actor : &world->base.admin, job.id) == 0);
                count(counted, person, -1, 0, &saved);
                return;
        case 1:
                sweep_aged(world, &job);
                count(counted, person, -1, 0, &saved);
                return;
        case 2: /* nobody will ever know */
                assert(release_all(world, actor, world->lobby.id, arena, &done) == 0);
                assert(lease(world, arena, &offer) == 1);
                print(world, &offer);
                finish(world, &offer, DELIVERY_UNCERTAIN, told);
                if (dice(2)) { /* it does, later */
                        finish(world, &offer, DELIVERY_PRINTED, told);
                        break;
                }
                assert(job_settle(world->base.core, actor, job.id) == 0);
                return;
        case 3: /* the first time nothing arrived */
                assert(release_all(world, actor, world->lobby.id, arena, &done) == 0);
                assert(lease(world, arena, &offer) == 1);
                print(world, &offer);
                finish(world, &offer, DELIVERY_NOT_PRINTED, 0);
                __attribute__((fallthrough));
        default:
                assert(release_all(world, actor, world->lobby.id, arena, &done) == 0);
                assert(lease(world, arena, &offer) == 1);
                print(world, &offer);
                finish(world, &offer, dice(2) ? DELIVERY_PRINTED : DELIVERY_SENT, told);
        }
        sums = printed(seen, two_sided ? (seen + 1) / 2 : seen, two_sided);
        count(counted, person, 0, 0, &sums);
}

/* Prices in Kathmandu, where days begin at a quarter past six in the evening of Greenwich. */
static void any_history_is_added_up(struct world *world, struct counted *counted)
{
        struct report_setting setting = report_setting_default();

        strcpy(setting.time_zone, "Asia/Kathmandu");
        strcpy(setting.prices.currency, "NPR");
        setting.prices.grey = 50;
        setting.prices.sheet = 10;
        setting.names = true;
        assert(report_setting_change(world->base.core, &world->ada, &setting) == CORE_FORBIDDEN);
        assert(report_setting_change(world->base.core, &world->base.admin, &setting) == 0);
        world->lobby.duplex = true;
        assert(printer_change(world->base.core, &world->base.admin, &world->lobby) == 0);
        for (int i = 0; i < STEPS; i++)
                step(world, counted);
        compare(world, counted);
        core_world_restart(&world->base);
        compare(world, counted);
}

static void wrong_settings(struct world *world)
{
        struct report_setting good = report_setting_default(), bad[6];

        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
                bad[i] = good;
        strcpy(bad[0].time_zone, "../../etc/passwd");
        strcpy(bad[1].prices.currency, "eu");
        bad[2].job_days = REPORT_DAYS_MAX + 1;
        bad[3].total_days = 0;
        bad[4].job_days = 30, bad[4].total_days = 29;
        bad[5].prices.sheet = PRICE_MAX + 1;
        for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
                assert(report_setting_change(world->base.core, &world->base.admin, &bad[i]) ==
                       CORE_BAD_VALUE);
}

static bool names(const struct report_pages *pages, const char *label)
{
        for (size_t i = 0; i < pages->count; i++)
                if (strcmp(pages->rows[i].label, label) == 0)
                        return true;
        return false;
}

static void who_sees_what(struct world *world, const struct counted *counted)
{
        struct actor analyst = core_world_make_actor(&world->base, "analyst@demo.example", ROLE_ANALYST);
        struct report_order order = order_by(world, REPORT_BY_DAY);
        static struct report_pages pages;
        struct report_setting setting;
        char was[REPORT_LABEL];

        assert(names(ask(world, &world->base.admin, REPORT_BY_PERSON), "ada@demo.example"));
        /* Whoever may not list people learns no names, nor by whose id to ask. */
        assert(!names(ask(world, &analyst, REPORT_BY_PERSON), "ada@demo.example"));
        order.of = REPORT_PERSON, order.subject = world->ada.id;
        assert(report_pages(world->base.core, &analyst, &order, &pages) == CORE_FORBIDDEN);

        /* One's own, and nothing else. */
        assert(is_same(&ask(world, &world->ada, REPORT_BY_DAY)->total, &counted->people[0]));
        assert(report_pages(world->base.core, &world->ada, &order, &pages) == 0);
        order.subject = world->grace.id;
        assert(report_pages(world->base.core, &world->ada, &order, &pages) == CORE_FORBIDDEN);
        order = order_by(world, REPORT_BY_PRINTER);
        assert(report_pages(world->base.core, &world->ada, &order, &pages) == CORE_FORBIDDEN);

        assert(report_setting_get(world->base.core, &world->ada, &setting) == 0 && setting.names);
        setting.names = false;
        assert(report_setting_change(world->base.core, &world->base.admin, &setting) == 0);
        order = order_by(world, REPORT_BY_PERSON);
        assert(report_pages(world->base.core, &world->base.admin, &order, &pages) == 0 && pages.count == 2);
        assert(!names(&pages, "ada@demo.example") && id_is_zero(pages.rows[0].id));
        strcpy(was, pages.rows[0].label);
        assert(strlen(was) == 12);
        order.since_day++;
        assert(report_pages(world->base.core, &world->base.admin, &order, &pages) == 0);
        /* The same person from the first of another month on is somebody else. */
        order.since_day -= 60;
        order.until_day = order.since_day + REPORT_DAYS_MAX;
        assert(report_pages(world->base.core, &world->base.admin, &order, &pages) == 0);
        assert(pages.count == 2 && !names(&pages, was));
        order.until_day = order.since_day;
        assert(report_pages(world->base.core, &world->base.admin, &order, &pages) == CORE_BAD_VALUE);
}

static void a_site_is_its_administrators(struct world *world, const struct counted *counted)
{
        struct actor minder = core_world_make_actor(&world->base, "minder@demo.example", ROLE_PERSON);
        struct site site = { .name = "north" };

        assert(site_make(world->base.core, &world->base.admin, &site) == 0);
        assert(site_appoint(world->base.core, &world->base.admin, site.id, minder.id) == 0);
        minder.role = ROLE_SITE_ADMINISTRATOR;
        assert(ask(world, &minder, REPORT_BY_PRINTER)->count == 0);
        world->lobby.site = site.id;
        assert(printer_change(world->base.core, &world->base.admin, &world->lobby) == 0);
        {
                SCOPED(arena_freep) struct arena *arena = arena_new(1 << 20);
                struct job job = submit_as(world, &world->ada, &world->pull, 10);
                struct delivery_offer offer;
                struct release done;

                assert(release_all(world, &world->ada, world->lobby.id, arena, &done) == 0);
                assert(lease(world, arena, &offer) == 1 && id_equal(offer.job, job.id));
                print(world, &offer);
                finish(world, &offer, DELIVERY_PRINTED, 3);
        }
        assert(ask(world, &minder, REPORT_BY_PRINTER)->total.pages == 3);
        assert(ask(world, &minder, REPORT_BY_SITE)->count == 1);
        assert(ask(world, &world->base.admin, REPORT_BY_SITE)->count == 2);
        assert(ask(world, &world->base.admin, REPORT_BY_SITE)->total.pages == counted->all.pages + 3);
}

static void what_is_kept_no_longer(struct world *world)
{
        struct report_setting setting;
        int64_t all =
                core_world_number(&world->base, "SELECT count(*) FROM report_total WHERE tenant_id = ?1");
        int64_t jobs = core_world_number(&world->base, "SELECT count(*) FROM job WHERE tenant_id = ?1");

        assert(person_delete(world->base.core, &world->base.admin, world->grace.id) == 0);
        assert(core_world_number(&world->base, "SELECT count(*) FROM report_total WHERE tenant_id = ?1") <
               all);
        assert(ask(world, &world->base.admin, REPORT_BY_PERSON)->count == 1);

        assert(report_setting_get(world->base.core, &world->base.admin, &setting) == 0);
        setting.job_days = 10;
        setting.total_days = 20;
        assert(report_setting_change(world->base.core, &world->base.admin, &setting) == 0);
        core_world_run(&world->base, "UPDATE report_total SET day = day - 15 WHERE tenant_id = ?1");
        core_world_run(&world->base,
                       "UPDATE job SET done_ms = done_ms - 1296000000 WHERE tenant_id = ?1 AND done_ms > 0");
        core_world_restart(&world->base);
        assert(core_sweep(world->base.core) == 0);
        assert(core_world_number(&world->base, "SELECT count(*) FROM job WHERE tenant_id = ?1") < jobs);
        assert(core_world_number(&world->base,
                                 "SELECT count(*) FROM report_total WHERE tenant_id = ?1 AND kind = 1") == 0);
        assert(core_world_number(&world->base,
                                 "SELECT count(*) FROM report_total WHERE tenant_id = ?1 AND kind = 2") > 0);
        core_world_run(&world->base, "UPDATE report_total SET day = day - 15 WHERE tenant_id = ?1");
        core_world_restart(&world->base);
        assert(core_sweep(world->base.core) == 0);
        assert(core_world_number(&world->base, "SELECT count(*) FROM report_total WHERE tenant_id = ?1") ==
               0);
}

int main(void)
{
        static struct world world;
        static struct counted counted;

        log_init("test-report", LOG_ERROR);
        make_world(&world);
        wrong_settings(&world);
        any_history_is_added_up(&world, &counted);
        who_sees_what(&world, &counted);
        a_site_is_its_administrators(&world, &counted);
        what_is_kept_no_longer(&world);
        core_world_close(&world.base);
        return 0;
}
