// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/terms.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting.h"
#include "core/job/queue.h"
#include "core/job/recipe.h"
#include "core/release/settle.h"
#include "core/site/site-offline.h"
#include "core/state.h"
#include "core/job/ticket-default.h"

#define PRINTERS_MAX 16

const char *const terms_sides[3] = { "one-sided", "two-sided-long-edge", "two-sided-short-edge" };
const char *const terms_colours[3] = { "auto", "color", "monochrome" };

struct finding {
        struct core *core;
        const struct actor *agent;
        struct id site;
        struct terms *ret;
        struct id printers[PRINTERS_MAX];
        size_t printer_count;
};

/* What the queue and the printer have in common, while one pair is judged. */
struct pair {
        struct id queue;
        const struct printer *printer;
        struct ticket defaults[TICKET_DEFAULTS];
        size_t default_count;
};

/* As it would come out, in every language that the printer takes, without anything being made of it. */
static bool is_granted(const struct pair *pair, const struct ticket *sent, struct settled *ret)
{
        const struct settle_question question = { .sent = sent,
                                                  .defaults = pair->defaults,
                                                  .default_count = pair->default_count,
                                                  .printer = pair->printer,
                                                  .pages_come = true };

        settle(&question, ret);
        if (settled_conflicts(ret) || settled_refuses(ret) || ret->needs_job_password)
                return false;
        for (size_t i = 0; i < pair->printer->format_count; i++)
                if (recipe_is_needed(pair->printer, &ret->ticket, text_from(pair->printer->formats[i])))
                        return false;
        return true;
}

static bool word_is_granted(const struct pair *pair, const char *name, const char *word)
{
        struct ticket sent = { .copies = 0 };
        struct settled unused;

        return ticket_set(&sent, ticket_member_find(text_from(name)), text_from(word)) == 0 &&
               is_granted(pair, &sent, &unused);
}

static struct terms_can find_wishes(const struct pair *pair)
{
        struct terms_can can = { .copies = word_is_granted(pair, "copies", "2") };

        for (uint32_t i = 0; i < ARRAY_LENGTH(terms_sides); i++) {
                can.sides |= (uint32_t)word_is_granted(pair, "sides", terms_sides[i]) << i;
                can.colours |= (uint32_t)word_is_granted(pair, "print-color-mode", terms_colours[i]) << i;
        }
        for (uint32_t i = 3; i <= 5; i++)
                can.qualities |=
                        (uint32_t)word_is_granted(pair, "print-quality", (char[]){ (char)('0' + i), 0 }) << i;
        for (uint32_t i = 0; i < pair->printer->media_count && i < 32; i++)
                can.media |= (uint32_t)word_is_granted(pair, "media", pair->printer->media[i]) << i;
        return can;
}

/* Whether a policy could hold for anybody's job there. */
static int has_policy(struct db_tx *tx, struct id tenant, const struct pair *pair, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, tenant,
                "SELECT EXISTS (SELECT 1 FROM policy p WHERE p.tenant_id = ?1"
                " AND (p.queue_id IS NULL OR p.queue_id = ?2) AND (p.printer_id IS NULL OR p.printer_id = ?3)"
                " AND (p.site_id IS NULL OR p.site_id = ?4)"
                " AND (p.printer_group_id IS NULL OR EXISTS (SELECT 1 FROM printer_grouping i"
                " WHERE i.tenant_id = ?1 AND i.group_id = p.printer_group_id AND i.printer_id = ?3)))",
                DB_VALUES(db_id(&pair->queue), db_id(&pair->printer->id), db_id(&pair->printer->site)),
                &rows);
        if (r == 0)
                *ret = db_rows_integer(&rows, 0);
        return fold(r);
}

/* *ret_is_in: whether the pair can be judged without a line at all. */
static int judge(struct finding *f, struct db_tx *tx, struct pair *pair, struct terms_pair *ret,
                 bool *ret_is_in)
{
        struct id tenant = f->agent->tenant;
        const struct ticket_default_case c = { .queue = pair->queue,
                                               .printer = pair->printer->id,
                                               .site = pair->printer->site };
        const struct job_row nobodys = { .queue = pair->queue };
        const struct ticket none = { .copies = 0 };
        struct settled settled;
        bool has = false;
        int r;

        *ret_is_in = false;
        if (!pair->printer->accepting || pair->printer->forward_user[0])
                return 0;
        r = has_policy(tx, tenant, pair, &has);
        if (r || has)
                return r;
        r = accounting_settle(f->core, tx, tenant, &nobodys, pair->printer, NULL, &ret->offer.accounting);
        if (r)
                return r > 0 ? 0 : r;
        r = ticket_defaults_for(tx, tenant, &c, pair->defaults, &pair->default_count);
        if (r || !is_granted(pair, &none, &settled))
                return r;
        ret->offer.epoch = 1;
        ret->offer.printer = *pair->printer;
        ret->offer.ticket = settled.ticket;
        /* Of no document; an offer says how long its own is. */
        ret->offer.sealed_octets = 1;
        ret->offer.lease_ms = f->core->settings.lease_ms;
        ret->can = find_wishes(pair);
        *ret_is_in = true;
        return 0;
}

static int find_printers(struct finding *f, struct db_tx *tx)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, f->agent->tenant,
                    "SELECT p.id FROM printer p WHERE p.tenant_id = ?1 AND (p.agent_id = ?2"
                    " OR (p.agent_id IS NULL AND p.site_id = ?3)) ORDER BY p.id LIMIT ?4",
                    DB_VALUES(db_id(&f->agent->id), db_id(&f->site), db_integer(PRINTERS_MAX)), &rows);
        if (r)
                return fold(r);
        while (f->printer_count < PRINTERS_MAX && db_rows_next(&rows, &r))
                f->printers[f->printer_count++] = db_rows_id(&rows, 0);
        return fold(r);
}

static int find_pairs(struct finding *f, struct db_tx *tx, struct id queue, const char *name,
                      struct id secure_at)
{
        struct terms *to = f->ret;
        int r = 0;

        for (size_t i = 0; r == 0 && i < f->printer_count && to->pair_count < TERMS_PAIRS_MAX; i++) {
                struct terms_pair *row = &to->pairs[to->pair_count];
                struct pair pair = { .queue = queue };
                struct printer printer;
                bool is_in = false;

                if (!id_is_zero(secure_at) && !id_equal(secure_at, f->printers[i]))
                        continue;
                memset(row, 0, sizeof(*row));
                pair.printer = &printer;
                r = printer_find_in(tx, f->agent->tenant, f->printers[i], &printer);
                if (r == 0)
                        r = judge(f, tx, &pair, row, &is_in);
                else if (r == DB_NO_ROW)
                        r = 0;
                text_copy(text_from(name), row->queue, sizeof(row->queue));
                to->pair_count += r == 0 && is_in;
        }
        return fold(r);
}

/* Direct queues print at once or not at all; what is sent there waits for the line. */
static int find_queues(struct finding *f, struct db_tx *tx)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id printer;
        char name[CORE_NAME];
        int r;

        r = db_find(tx, f->agent->tenant,
                    "SELECT q.id, q.name, q.printer_id FROM home_queue h JOIN queue q ON q.tenant_id = ?1"
                    " AND q.id = h.queue_id WHERE h.tenant_id = ?1 AND h.site_id = ?2 AND q.kind <> ?3"
                    " AND q.accepting = 1 ORDER BY q.id",
                    DB_VALUES(db_id(&f->site), db_integer(QUEUE_DIRECT)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                struct id queue = db_rows_id(&rows, 0);

                printer = db_rows_id(&rows, 2);
                db_rows_string(&rows, 1, name, sizeof(name));
                r = find_pairs(f, tx, queue, name, printer);
                if (r)
                        return r;
        }
        return fold(r);
}

static int find_people(struct finding *f, struct db_tx *tx)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct terms *to = f->ret;
        int r;

        r = db_find(
                tx, f->agent->tenant,
                "SELECT owner_id FROM ticket_default WHERE tenant_id = ?1 AND kind = ?2 ORDER BY owner_id LIMIT ?3",
                DB_VALUES(db_integer(TICKET_DEFAULT_PERSON), db_integer(TERMS_PEOPLE_MAX + 1)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                /* Too many to be told: nobody is. */
                if (to->person_count == TERMS_PEOPLE_MAX) {
                        to->pair_count = to->person_count = 0;
                        break;
                }
                to->people[to->person_count++] = db_rows_id(&rows, 0);
        }
        return fold(r);
}

static int find_in(struct db_tx *tx, void *context)
{
        struct finding *f = context;
        int r;

        f->printer_count = f->ret->pair_count = f->ret->person_count = 0;
        r = find_printers(f, tx);
        if (r == 0)
                r = find_queues(f, tx);
        return r ? r : find_people(f, tx);
}

int terms_find(struct core *core, const struct actor *agent, struct terms *ret)
{
        struct finding f = { .core = core, .agent = agent, .ret = ret };
        struct site_offline offline;
        int r;

        ret->pair_count = ret->person_count = 0;
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = site_offline_of_agent(core, agent->tenant, agent->id, &f.site, &offline);
        if (r)
                return fold(r);
        return offline.enabled ? db_read(core->db, find_in, &f) : 0;
}
