// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report-setting.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct report_setting report_setting_default(void)
{
        return (struct report_setting){ .total_days = REPORT_DAYS_MAX, .time_zone = "UTC" };
}

int report_setting_find(struct db_tx *tx, struct id tenant, struct report_setting *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant,
                       "SELECT names, job_days, total_days, time_zone, currency, price_grey, price_colour,"
                       " price_sheet FROM report_setting WHERE tenant_id = ?1",
                       DB_NONE, &rows);

        *ret = report_setting_default();
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->names = db_rows_integer(&rows, 0);
        ret->job_days = (uint32_t)db_rows_integer(&rows, 1);
        ret->total_days = (uint32_t)db_rows_integer(&rows, 2);
        db_rows_string(&rows, 3, ret->time_zone, sizeof(ret->time_zone));
        db_rows_string(&rows, 4, ret->prices.currency, sizeof(ret->prices.currency));
        ret->prices.grey = (uint32_t)db_rows_integer(&rows, 5);
        ret->prices.colour = (uint32_t)db_rows_integer(&rows, 6);
        ret->prices.sheet = (uint32_t)db_rows_integer(&rows, 7);
        return 0;
}

int report_setting_zone(const struct report_setting *setting, const struct time_zone **ret)
{
        int r = time_zone_find(text_from(setting->time_zone), ret);

        return r > 0 ? fold(time_zone_find(TEXT_OF("UTC"), ret)) : r;
}

struct context {
        const struct actor *actor;
        struct report_setting setting;
};

static int get_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return report_setting_find(tx, c->actor->tenant, &c->setting);
}

int report_setting_get(struct core *core, const struct actor *actor, struct report_setting *ret)
{
        struct context c = { .actor = actor };
        int r;

        if (!actor_may(actor, RIGHT_PAGE_REPORTS, whose_some()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, get_in, &c);
        if (r == 0)
                *ret = c.setting;
        return r;
}

static int check(const struct report_setting *s)
{
        const struct time_zone *zone;
        int r;

        if (s->job_days > REPORT_DAYS_MAX || s->total_days < 1 || s->total_days > REPORT_DAYS_MAX ||
            s->total_days < s->job_days || !price_list_is_valid(&s->prices))
                return CORE_BAD_VALUE;
        r = time_zone_find(text_from(s->time_zone), &zone);
        return r > 0 ? CORE_BAD_VALUE : r;
}

static int change_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        const struct report_setting *s = &c->setting;
        char detail[CORE_WORDS];
        int r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO report_setting (tenant_id, names, job_days, total_days, time_zone, currency,"
                " price_grey, price_colour, price_sheet) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                " ON CONFLICT (tenant_id) DO UPDATE SET names = ?2, job_days = ?3, total_days = ?4,"
                " time_zone = ?5, currency = ?6, price_grey = ?7, price_colour = ?8, price_sheet = ?9",
                DB_VALUES(db_integer(s->names), db_integer(s->job_days), db_integer(s->total_days),
                          db_string(s->time_zone), db_string(s->prices.currency), db_integer(s->prices.grey),
                          db_integer(s->prices.colour), db_integer(s->prices.sheet)),
                NULL);

        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "names=%s job_days=%u total_days=%u time_zone=%s%s%s",
                 s->names ? "yes" : "no", s->job_days, s->total_days, s->time_zone,
                 s->prices.currency[0] ? " currency=" : "", s->prices.currency);
        return event_add(tx, c->actor->tenant, c->actor, "report-settings-changed", c->actor->tenant, detail);
}

int report_setting_change(struct core *core, const struct actor *actor, const struct report_setting *setting)
{
        struct context c = { actor, *setting };
        int r;

        if (!actor_may(actor, RIGHT_TENANT_CHANGE, whose_tenant()))
                return CORE_FORBIDDEN;
        r = check(setting);
        return r ? r : db_write(core->db, change_in, &c);
}
