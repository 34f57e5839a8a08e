// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/agent.h"
#include "core/listing.h"
#include "core/printer.h"
#include "core/state.h"

static const char *const model_names[] = {
        [READER_TCPCONV] = "tcpconv",
        [READER_TCPCONV2] = "tcpconv2",
        [READER_ETHERNET241] = "ethernet241",
};

const char *reader_model_name(enum reader_model model)
{
        return model_names[model];
}

bool reader_model_parse(struct text name, enum reader_model *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(model_names); i++) {
                if (text_equal_string(name, model_names[i])) {
                        *ret = (enum reader_model)i;
                        return true;
                }
        }
        return false;
}

struct context {
        const struct actor *actor;
        struct reader reader;
};

/* A reader belongs where its printer stands. */
static int right_to_printer(struct db_tx *tx, const struct actor *actor, struct id id)
{
        struct printer printer;
        int r = printer_find_in(tx, actor->tenant, id, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, actor, RIGHT_READERS_CHANGE, printer.site);
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct reader *r_ = &c->reader;
        int r;

        r = right_to_printer(tx, c->actor, r_->printer);
        if (r == 0)
                r = right_to_agent(tx, c->actor, RIGHT_READERS_CHANGE, r_->agent);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO reader (tenant_id, id, name, agent_id, model, address, printer_id, newest_only, created_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                DB_VALUES(db_id(&r_->id), db_string(r_->name), db_id(&r_->agent), db_integer(r_->model),
                          db_string(r_->address), db_id(&r_->printer), db_integer(r_->newest_only),
                          db_integer(r_->created_ms)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, c->actor->tenant, c->actor, "reader-made", r_->id, r_->name);
}

int reader_make(struct core *core, const struct actor *actor, struct reader *reader)
{
        struct context c = { .actor = actor, .reader = *reader };
        int r;

        if (actor_reach(actor, RIGHT_READERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (!text_is_name(text_from(reader->name)) || !text_is_printable(text_from(reader->address)) ||
            id_is_zero(reader->agent) || id_is_zero(reader->printer))
                return CORE_BAD_VALUE;
        c.reader.id = id_new();
        c.reader.created_ms = clock_unix_ms();
        r = db_write(core->db, make_in, &c);
        if (r)
                return r;
        *reader = c.reader;
        wake_agent(core, actor->tenant, reader->agent, "configuration");
        return 0;
}

static void read_reader(struct db_rows *rows, void *item)
{
        struct reader *reader = item;

        reader->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, reader->name, sizeof(reader->name));
        reader->agent = db_rows_id(rows, 2);
        reader->model = (enum reader_model)db_rows_integer(rows, 3);
        db_rows_string(rows, 4, reader->address, sizeof(reader->address));
        reader->printer = db_rows_id(rows, 5);
        reader->newest_only = db_rows_integer(rows, 6);
        reader->created_ms = db_rows_integer(rows, 7);
}

int reader_list(struct core *core, const struct actor *actor, struct id after, struct reader *ret, size_t max,
                size_t *ret_count)
{
        bool is_agent = actor->kind == ACTOR_AGENT;
        bool is_of_sites = !is_agent && !actor_may(actor, RIGHT_READERS_READ, whose_tenant());
        struct listing readers = {
                .tenant = actor->tenant,
                .sql = "SELECT id, name, agent_id, model, address, printer_id, newest_only, created_ms FROM reader"
                       " WHERE tenant_id = ?1 AND id > ?2 AND (?4 IS NULL OR agent_id = ?4)"
                       " AND (?5 IS NULL OR printer_id IN (SELECT p.id FROM site_administrator a JOIN printer p"
                       " ON p.tenant_id = a.tenant_id AND p.site_id = a.site_id"
                       " WHERE a.tenant_id = ?1 AND a.person_id = ?5)) ORDER BY id LIMIT ?3",
                .values = DB_VALUES(is_agent ? db_id(&actor->id) : db_null(),
                                    is_of_sites ? db_id(&actor->id) : db_null()),
                .after = after,
                .read = read_reader,
                LISTING_INTO(ret, max)
        };

        if (actor_reach(actor, RIGHT_READERS_READ) < (is_agent ? REACH_OWN : REACH_SITE))
                return CORE_FORBIDDEN;
        return listing_find(core, &readers, ret_count);
}

static int find_printer_of(struct db_tx *tx, const struct context *c, struct id *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, "SELECT printer_id FROM reader WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->reader.id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        *ret = db_rows_id(&rows, 0);
        return 0;
}

static int delete_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = find_printer_of(tx, c, &c->reader.printer);
        if (r == 0)
                r = right_to_printer(tx, c->actor, c->reader.printer);
        if (r)
                return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r; /* he cannot see it */
        r = db_one(tx, c->actor->tenant,
                   "DELETE FROM reader WHERE tenant_id = ?1 AND id = ?2 RETURNING agent_id",
                   DB_VALUES(db_id(&c->reader.id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        c->reader.agent = db_rows_id(&rows, 0);
        return event_add(tx, c->actor->tenant, c->actor, "reader-deleted", c->reader.id, "");
}

int reader_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .reader.id = id };
        int r;

        if (actor_reach(actor, RIGHT_READERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, delete_in, &c);
        if (r)
                return r;
        wake_agent(core, actor->tenant, c.reader.agent, "configuration");
        return 0;
}
