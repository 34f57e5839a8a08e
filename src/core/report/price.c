// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/price.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/job.h"
#include "core/printer/printer.h"
#include "core/report/report-paper.h"
#include "core/release/settle.h"
#include "core/state.h"

static bool is_currency(const char *word)
{
        if (!word[0])
                return true;
        for (size_t i = 0; i < PRICE_CURRENCY - 1; i++)
                if (word[i] < 'A' || word[i] > 'Z')
                        return false;
        return !word[PRICE_CURRENCY - 1];
}

bool price_list_is_valid(const struct price_list *list)
{
        return is_currency(list->currency) && list->grey <= PRICE_MAX && list->colour <= PRICE_MAX &&
               list->sheet <= PRICE_MAX;
}

struct cost price_use(const struct price_list *list, const struct report_use *use)
{
        struct cost cost = { .currency = "" };

        if (!list->currency[0] || use->is_unknown)
                return cost;
        memcpy(cost.currency, list->currency, sizeof(cost.currency));
        cost.amount = (int64_t)(use->pages - use->colour_pages) * list->grey +
                      (int64_t)use->colour_pages * list->colour + (int64_t)use->sheets * list->sheet;
        return cost;
}

/* ---- found ---- */

static int find_list(struct db_tx *tx, struct id tenant, struct id printer, struct price_list *ret,
                     bool *ret_own)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, tenant,
                "SELECT s.currency, coalesce(p.grey, s.price_grey), coalesce(p.colour, s.price_colour),"
                " coalesce(p.sheet, s.price_sheet), p.grey FROM report_setting s"
                " LEFT JOIN printer_price p ON p.tenant_id = s.tenant_id AND p.printer_id = ?2"
                " WHERE s.tenant_id = ?1",
                DB_VALUES(db_octets(printer.octets, ID_OCTETS)), &rows);

        *ret = (struct price_list){ .currency = "" };
        *ret_own = false;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        db_rows_string(&rows, 0, ret->currency, sizeof(ret->currency));
        ret->grey = (uint32_t)db_rows_integer(&rows, 1);
        ret->colour = (uint32_t)db_rows_integer(&rows, 2);
        ret->sheet = (uint32_t)db_rows_integer(&rows, 3);
        *ret_own = !db_rows_is_null(&rows, 4);
        return 0;
}

int price_list_find(struct db_tx *tx, struct id tenant, struct id printer, struct price_list *ret)
{
        bool is_own;

        return find_list(tx, tenant, printer, ret, &is_own);
}

int prices_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        return fold(db_run(tx, tenant, "DELETE FROM printer_price WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&printer)), NULL));
}

/* ---- estimated ---- */

/* Where nobody has said at which printer: none says no. */
static const struct printer any_printer = { .colour = true, .duplex = true };

static int estimate(struct db_tx *tx, struct id tenant, const struct price_list *usual, struct job *job)
{
        struct id where = job->state == JOB_RELEASING && job->has_delivery ? job->printer : job->only_printer;
        struct price_list own = *usual;
        struct printer printer = any_printer;
        struct settled settled;
        struct report_use use;
        struct report_paper paper = { .ticket = &settled.ticket,
                                      .document_pages = job->document_pages,
                                      .has_colour_pages = job->has_colour_pages,
                                      .colour_pages = job->colour_pages };
        int r = 0;

        if (!id_is_zero(where)) {
                r = printer_find_in(tx, tenant, where, &printer);
                if (r == 0)
                        r = price_list_find(tx, tenant, printer.id, &own);
        }
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        r = settle_estimate(tx, tenant, job, &printer, &settled);
        if (r)
                return r;
        paper.has_colour = printer.colour;
        report_measure(&paper, &use);
        job->cost = price_use(&own, &use);
        job->cost.is_estimate = true;
        return 0;
}

int prices_estimate(struct db_tx *tx, struct id tenant, struct job *jobs, size_t count)
{
        struct price_list usual;
        int r = count ? price_list_find(tx, tenant, (struct id){ 0 }, &usual) : 0;

        if (r || !count || !usual.currency[0])
                return r;
        for (size_t i = 0; r == 0 && i < count; i++)
                if ((jobs[i].state == JOB_HELD || jobs[i].state == JOB_RELEASING) && jobs[i].document_pages)
                        r = estimate(tx, tenant, &usual, &jobs[i]);
        return r;
}

/* ---- of a printer ---- */

struct context {
        const struct actor *actor;
        struct id printer;
        const struct price_list *own;
        struct price_list found;
        bool is_own;
};

static int check_printer(struct db_tx *tx, const struct context *c, enum right right)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, right, printer.site);
}

static int get_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = check_printer(tx, c, RIGHT_PRINTERS_CHANGE);

        return r ? r : find_list(tx, c->actor->tenant, c->printer, &c->found, &c->is_own);
}

int printer_prices_get(struct core *core, const struct actor *actor, struct id printer,
                       struct price_list *ret, bool *ret_own)
{
        struct context c = { .actor = actor, .printer = printer };
        int r = db_read(core->db, get_in, &c);

        if (r == 0) {
                *ret = c.found;
                *ret_own = c.is_own;
        }
        return r;
}

static int set_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        char detail[CORE_WORDS] = "prices=usual";
        int r = check_printer(tx, c, RIGHT_PRINTERS_CHANGE);

        if (r)
                return r;
        r = prices_forget(tx, c->actor->tenant, c->printer);
        if (r == 0 && c->own) {
                snprintf(detail, sizeof(detail), "grey=%u colour=%u sheet=%u", c->own->grey, c->own->colour,
                         c->own->sheet);
                r = fold(db_run(tx, c->actor->tenant,
                                "INSERT INTO printer_price (tenant_id, printer_id, grey, colour, sheet)"
                                " VALUES (?1, ?2, ?3, ?4, ?5)",
                                DB_VALUES(db_id(&c->printer), db_integer(c->own->grey),
                                          db_integer(c->own->colour), db_integer(c->own->sheet)),
                                NULL));
        }
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "printer-prices-changed", c->printer, detail);
}

int printer_prices_set(struct core *core, const struct actor *actor, struct id printer,
                       const struct price_list *own)
{
        struct context c = { .actor = actor, .printer = printer, .own = own };

        if (own && !price_list_is_valid(own))
                return CORE_BAD_VALUE;
        return db_write(core->db, set_in, &c);
}
