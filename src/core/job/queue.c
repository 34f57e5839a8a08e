// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/queue.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/listing.h"
#include "core/printer/printer-people.h"
#include "core/job/recipe.h"
#include "core/job/policy.h"
#include "core/state.h"
#include "core/job/ticket-default.h"

#define COLUMNS                                                                                  \
        "SELECT q.id, t.name, q.name, q.title, q.kind, q.printer_id, q.accepting, q.created_ms," \
        " q.tenant_id, q.takes_raw,"                                                             \
        " (SELECT a.needs FROM accounting a WHERE a.tenant_id = ?1 AND a.subject_id = q.id),"    \
        " q.documents"                                                                           \
        " FROM queue q JOIN tenant t ON t.id = q.tenant_id WHERE q.tenant_id = ?1"

const char *const queue_kind_names[] = {
        [QUEUE_PULL] = "pull", [QUEUE_DIRECT] = "direct", [QUEUE_SECURE] = "secure", NULL
};

const char *const queue_documents_names[] = {
        [DOCUMENTS_SERVICE] = "service", [DOCUMENTS_SITE] = "site", NULL
};

bool queue_takes(const struct queue *queue, const struct printer *printer, struct text media_type)
{
        enum format format = format_from_media_type(media_type);

        if (format_is_raw(format))
                return queue->takes_raw && (!printer || printer_takes(printer, media_type));
        /* A PDF may also go as it is, where nobody is there who could make something else of it. */
        if (!printer)
                return format == FORMAT_PDF || format_is_source(format);
        return printer_takes(printer, media_type) || recipe_is_possible(printer, media_type, NULL);
}

struct context {
        const struct actor *actor;
        struct id tenant;
        struct id id;
        const char *name;
        struct queue queue;
};

static void read_queue(struct db_rows *rows, void *item)
{
        struct queue *ret = item;

        *ret = (struct queue){ .id = db_rows_id(rows, 0), .tenant = db_rows_id(rows, 8) };
        db_rows_string(rows, 1, ret->tenant_name, sizeof(ret->tenant_name));
        db_rows_string(rows, 2, ret->name, sizeof(ret->name));
        db_rows_string(rows, 3, ret->title, sizeof(ret->title));
        ret->kind = (enum queue_kind)db_rows_integer(rows, 4);
        ret->printer = db_rows_id(rows, 5);
        ret->accepting = db_rows_integer(rows, 6);
        ret->created_ms = db_rows_integer(rows, 7);
        ret->takes_raw = db_rows_integer(rows, 9);
        ret->accounting = (enum accounting_needs)db_rows_integer(rows, 10);
        ret->documents = (enum queue_documents)db_rows_integer(rows, 11);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        if (c->name)
                r = db_one(tx, c->tenant, COLUMNS " AND q.name = ?2", DB_VALUES(db_string(c->name)), &rows);
        else
                r = db_one(tx, c->tenant, COLUMNS " AND q.id = ?2", DB_VALUES(db_id(&c->id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_queue(&rows, &c->queue);
        return 0;
}

static int find(struct core *core, struct context *c, struct queue *ret)
{
        int r;

        r = db_read(core->db, find_in, c);
        if (r == 0)
                *ret = c->queue;
        return r;
}

int queue_find(struct core *core, struct text tenant_name, struct text name, struct queue *ret)
{
        struct context c = { 0 };
        char string[CORE_NAME];
        struct tenant tenant;
        int r;

        if (!text_is_name(name) || !text_copy(name, string, sizeof(string)))
                return CORE_NOT_FOUND;
        r = tenant_find(core, tenant_name, &tenant);
        if (r)
                return r;
        c.tenant = tenant.id;
        c.name = string;
        return find(core, &c, ret);
}

int queue_find_by_id(struct core *core, struct id tenant, struct id id, struct queue *ret)
{
        struct context c = { .tenant = tenant, .id = id };

        return find(core, &c, ret);
}

int queue_list(struct core *core, const struct actor *actor, struct id after, struct queue *ret, size_t max,
               size_t *ret_count)
{
        struct listing queues = {
                .tenant = actor->tenant,
                .sql = COLUMNS " AND q.id > ?2 AND (q.printer_id IS NULL OR EXISTS (SELECT 1 FROM printer p"
                               " WHERE p.tenant_id = ?1 AND p.id = q.printer_id" PRINTER_SEEN(
                                       "p") ")) ORDER BY q.id LIMIT ?3",
                .values = DB_VALUES(PRINTER_SEEN_VALUES(actor)),
                .after = after,
                .read = read_queue,
                LISTING_INTO(ret, max)
        };

        return listing_find(core, &queues, ret_count);
}

struct names {
        struct id tenant;
        char (*ret)[CORE_NAME];
        size_t max, count;
};

static int names_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct names *names = context;
        int r;

        names->count = 0;
        r = db_find(tx, names->tenant,
                    "SELECT name FROM queue WHERE tenant_id = ?1 AND documents = ?2 ORDER BY name LIMIT ?3",
                    DB_VALUES(db_integer(DOCUMENTS_SITE), db_integer((int64_t)names->max)), &rows);
        if (r)
                return fold(r);
        while (names->count < names->max && db_rows_next(&rows, &r))
                db_rows_string(&rows, 0, names->ret[names->count++], CORE_NAME);
        return fold(r);
}

int queue_names_of_sites(struct core *core, struct id tenant, char (*ret)[CORE_NAME], size_t max,
                         size_t *ret_count)
{
        struct names names = { tenant, ret, max, 0 };
        int r = db_read(core->db, names_in, &names);

        *ret_count = names.count;
        return r;
}

/* A queue of a printer belongs where that stands, a pull queue to the tenant. */
static int check_place(struct db_tx *tx, const struct context *c, struct id printer_id)
{
        struct printer printer = { 0 };
        int r = 0;

        if (c->actor && !id_is_zero(printer_id))
                r = printer_find_in(tx, c->tenant, printer_id, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, RIGHT_QUEUES_CHANGE, printer.site);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct queue *q = &c->queue;
        int r;

        r = check_place(tx, c, q->printer);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "INSERT INTO queue (tenant_id, id, name, title, kind, printer_id, accepting, jobs_waiting, created_ms, takes_raw, documents)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10)",
                DB_VALUES(db_id(&q->id), db_string(q->name), db_string(q->title), db_integer(q->kind),
                          db_id(&q->printer), db_integer(q->accepting), db_integer(q->created_ms),
                          db_integer(q->takes_raw), db_integer(q->documents)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "queue-made", q->id, q->name);
}

int queue_make(struct core *core, const struct actor *actor, struct id tenant, struct queue *queue)
{
        struct context c = { .actor = actor, .tenant = tenant, .queue = *queue };
        int r;

        if (actor && actor_reach(actor, RIGHT_QUEUES_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (!text_is_name(text_from(queue->name)) || !text_is_printable(text_from(queue->title)) ||
            (queue->kind != QUEUE_PULL) == id_is_zero(queue->printer))
                return CORE_BAD_VALUE;
        c.queue.id = id_new();
        c.queue.tenant = tenant;
        c.queue.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r)
                return r;
        if (c.queue.documents != DOCUMENTS_SERVICE)
                wake_agent(core, tenant, (struct id){ 0 }, "configuration");
        return fold(queue_find_by_id(core, tenant, c.queue.id, queue));
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct queue changed = c->queue;
        char detail[CORE_WORDS];
        int r;

        r = find_in(tx, c);
        if (r == 0)
                r = check_place(tx, c, c->queue.printer);
        if (r)
                return r;
        if ((changed.kind == QUEUE_PULL) != (c->queue.kind == QUEUE_PULL))
                return CORE_BAD_VALUE;
        r = db_run(tx, c->tenant,
                   "UPDATE queue SET title = ?3, kind = ?4, accepting = ?5, takes_raw = ?6, documents = ?7"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id), db_string(changed.title), db_integer(changed.kind),
                             db_integer(changed.accepting), db_integer(changed.takes_raw),
                             db_integer(changed.documents)),
                   NULL);
        c->queue = changed;
        snprintf(detail, sizeof(detail), "%s%s", queue_kind_names[changed.kind],
                 changed.documents == DOCUMENTS_SITE ? " documents=site" : "");
        return r ? fold(r) : event_add(tx, c->tenant, c->actor, "queue-changed", c->id, detail);
}

int queue_change(struct core *core, const struct actor *actor, const struct queue *queue)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .id = queue->id, .queue = *queue };
        int r;

        if (actor_reach(actor, RIGHT_QUEUES_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (!text_is_printable(text_from(queue->title)))
                return CORE_BAD_VALUE;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                wake_agent(core, c.tenant, (struct id){ 0 }, "configuration");
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = find_in(tx, c);
        if (r == 0)
                r = check_place(tx, c, c->queue.printer);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM machine_queue WHERE tenant_id = ?1 AND queue_id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r == 0)
                r = db_run(tx, c->tenant, "DELETE FROM home_queue WHERE tenant_id = ?1 AND queue_id = ?2",
                           DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        r = db_run(tx, c->tenant, "DELETE FROM token WHERE tenant_id = ?1 AND queue_id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        r = ticket_default_forget(tx, c->tenant, TICKET_DEFAULT_QUEUE, c->id);
        if (r == 0)
                r = policies_forget(tx, c->tenant, c->id);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM queue WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = accounting_row_delete(tx, c->tenant, c->id);
        return r ? r : event_add(tx, c->tenant, c->actor, "queue-deleted", c->id, "");
}

/* Jobs that came through it stay: they belong to their owners. */
int queue_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .id = id };
        int r;

        if (actor_reach(actor, RIGHT_QUEUES_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, delete_in, &c);
        if (r == 0)
                wake_agent(core, c.tenant, (struct id){ 0 }, "configuration");
        return r;
}
