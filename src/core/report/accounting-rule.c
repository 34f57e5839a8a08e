// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What administrators say about accounting, of a printer, a queue or the whole tenant. */

#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/printer/printer.h"
#include "core/job/queue.h"

struct context {
        struct core *core;
        const struct actor *actor;
        enum accounting_place place;
        struct id subject;
        struct accounting_rule rule;
};

static enum right right_for(enum accounting_place place)
{
        static const enum right rights[] = {
                [ACCOUNTING_OF_TENANT] = RIGHT_TENANT_CHANGE,
                [ACCOUNTING_OF_PRINTER] = RIGHT_PRINTERS_CHANGE,
                [ACCOUNTING_OF_QUEUE] = RIGHT_QUEUES_CHANGE,
        };

        return rights[place];
}

/* The site of a printer, or of the printer of a direct queue. */
static int check_printer(struct db_tx *tx, const struct context *c, struct id id)
{
        struct printer printer = { .name = "" };
        int r = id_is_zero(id) ? 0 : printer_find_in(tx, c->actor->tenant, id, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, right_for(c->place), printer.site);
}

static int check_queue(struct db_tx *tx, const struct context *c)
{
        struct id printer;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->actor->tenant,
                           "SELECT printer_id FROM queue WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->subject)), &rows);
                if (r)
                        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
                printer = db_rows_id(&rows, 0);
        }
        return check_printer(tx, c, printer);
}

static int check(struct db_tx *tx, const struct context *c)
{
        switch (c->place) {
        case ACCOUNTING_OF_PRINTER: return check_printer(tx, c, c->subject);
        case ACCOUNTING_OF_QUEUE: return check_queue(tx, c);
        default: return 0;
        }
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct accounting_row row = { 0 };
        int r = check(tx, c);

        if (r)
                return r;
        r = accounting_row_find(c->core, tx, c->actor->tenant, c->subject, &row);
        c->rule = (struct accounting_rule){ row.needs, row.may_save, row.values };
        return r == DB_NO_ROW ? 0 : r;
}

static int begin(struct context *c)
{
        enum reach least = c->place == ACCOUNTING_OF_TENANT ? REACH_TENANT : REACH_SITE;

        if (c->place == ACCOUNTING_OF_TENANT)
                c->subject = c->actor->tenant;
        return actor_reach(c->actor, right_for(c->place)) < least ? CORE_FORBIDDEN : 0;
}

int accounting_rule_find(struct core *core, const struct actor *actor, enum accounting_place place,
                         struct id subject, struct accounting_rule *ret)
{
        struct context c = { .core = core, .actor = actor, .place = place, .subject = subject };
        int r = begin(&c);

        if (r == 0)
                r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.rule;
        return r;
}

/* What people saved while they could. */
static int forget_saved(struct db_tx *tx, const struct context *c)
{
        if (c->place != ACCOUNTING_OF_TENANT || c->rule.may_save)
                return 0;
        return fold(db_run(tx, c->actor->tenant,
                           "DELETE FROM accounting WHERE tenant_id = ?1 AND subject_id = owner_id", DB_NONE,
                           NULL));
}

static int set_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct accounting_row row = { .needs = c->rule.needs,
                                      .may_save = c->rule.may_save,
                                      .values = c->rule.usual };
        int r = check(tx, c);

        if (r == 0)
                r = accounting_row_put(c->core, tx, c->actor->tenant, c->subject, &row);
        if (r == 0)
                r = forget_saved(tx, c);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "accounting-changed", c->subject, "");
}

int accounting_rule_set(struct core *core, const struct actor *actor, enum accounting_place place,
                        struct id subject, const struct accounting_rule *rule)
{
        struct context c = {
                .core = core, .actor = actor, .place = place, .subject = subject, .rule = *rule
        };
        int r = begin(&c);

        if (r)
                return r;
        if (!accounting_is_valid(&rule->usual) || rule->needs > ACCOUNTING_ACCOUNT_AND_USER ||
            (place == ACCOUNTING_OF_TENANT && rule->needs) ||
            (place == ACCOUNTING_OF_QUEUE && !accounting_is_empty(&rule->usual)) ||
            (place != ACCOUNTING_OF_TENANT && rule->may_save))
                return CORE_BAD_VALUE;
        return db_write(core->db, set_in, &c);
}
