// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/notice/alarm.h"
#include "core/trail/event.h"
#include "core/sign-in/guess.h"
#include "core/listing.h"
#include "core/printer/printer.h"
#include "core/printer/reader.h"
#include "core/state.h"

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

static const char *feedback_of(const struct reader *reader)
{
        return reader->has_feedback ? reader_feedback_name(reader->feedback) : "";
}

static bool is_good(const struct reader *reader)
{
        struct card_profile profile;

        return text_is_name(text_from(reader->name)) && text_is_printable(text_from(reader->address)) &&
               (reader->dial_port == 0 || reader->address[0]) && !id_is_zero(reader->agent) &&
               !id_is_zero(reader->printer) && profile_parse(text_from(reader->profile), &profile) == 0;
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
                "INSERT INTO reader (tenant_id, id, name, agent_id, model, address, printer_id, newest_only, created_ms,"
                " dial_port, feedback, profile, wants_pin, opens_panel)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                DB_VALUES(db_id(&r_->id), db_string(r_->name), db_id(&r_->agent), db_integer(r_->model),
                          db_string(r_->address), db_id(&r_->printer), db_integer(r_->newest_only),
                          db_integer(r_->created_ms), db_integer(r_->dial_port), db_string(feedback_of(r_)),
                          db_string(r_->profile), db_integer(r_->wants_pin), db_integer(r_->opens_panel)),
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
        if (!is_good(reader))
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

#define SELECT_READER                                                                                \
        "SELECT id, name, agent_id, model, address, printer_id, newest_only, created_ms, dial_port," \
        " feedback, profile, wants_pin, opens_panel FROM reader"

static void read_reader(struct db_rows *rows, void *item)
{
        struct reader *reader = item;
        char feedback[16];

        reader->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, reader->name, sizeof(reader->name));
        reader->agent = db_rows_id(rows, 2);
        reader->model = (enum reader_model)db_rows_integer(rows, 3);
        db_rows_string(rows, 4, reader->address, sizeof(reader->address));
        reader->printer = db_rows_id(rows, 5);
        reader->newest_only = db_rows_integer(rows, 6);
        reader->created_ms = db_rows_integer(rows, 7);
        reader->dial_port = (uint16_t)db_rows_integer(rows, 8);
        db_rows_string(rows, 9, feedback, sizeof(feedback));
        reader->has_feedback = reader_feedback_parse(text_from(feedback), &reader->feedback);
        db_rows_string(rows, 10, reader->profile, sizeof(reader->profile));
        reader->wants_pin = db_rows_integer(rows, 11);
        reader->opens_panel = db_rows_integer(rows, 12);
}

int reader_list(struct core *core, const struct actor *actor, struct id after, struct reader *ret, size_t max,
                size_t *ret_count)
{
        bool is_agent = actor->kind == ACTOR_AGENT;
        bool is_of_sites = !is_agent && !actor_may(actor, RIGHT_READERS_READ, whose_tenant());
        struct listing readers = {
                .tenant = actor->tenant,
                .sql = SELECT_READER
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

/* Of whoever may not change it there is none. */
static int find_to_change(struct db_tx *tx, const struct context *c, struct reader *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant, SELECT_READER " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->reader.id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_reader(&rows, ret);
        r = right_to_printer(tx, c->actor, ret->printer);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return find_to_change(tx, c, &c->reader);
}

int reader_find(struct core *core, const struct actor *actor, struct id id, struct reader *ret)
{
        struct context c = { .actor = actor, .reader.id = id };
        int r;

        if (actor_reach(actor, RIGHT_READERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.reader;
        return r;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct reader *r_ = &c->reader;
        struct reader before;
        int r;

        r = find_to_change(tx, c, &before);
        if (r == 0)
                r = right_to_printer(tx, c->actor, r_->printer);
        if (r)
                return r;
        r = db_run(
                tx, c->actor->tenant,
                "UPDATE reader SET name = ?3, model = ?4, address = ?5, printer_id = ?6, newest_only = ?7,"
                " dial_port = ?8, feedback = ?9, profile = ?10, wants_pin = ?11, opens_panel = ?12 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&r_->id), db_string(r_->name), db_integer(r_->model), db_string(r_->address),
                          db_id(&r_->printer), db_integer(r_->newest_only), db_integer(r_->dial_port),
                          db_string(feedback_of(r_)), db_string(r_->profile), db_integer(r_->wants_pin),
                          db_integer(r_->opens_panel)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        return r ? fold(r) : event_add(tx, c->actor->tenant, c->actor, "reader-changed", r_->id, r_->name);
}

int reader_change(struct core *core, const struct actor *actor, const struct reader *reader)
{
        struct context c = { .actor = actor, .reader = *reader };
        int r;

        if (actor_reach(actor, RIGHT_READERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (!is_good(reader))
                return CORE_BAD_VALUE;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, reader->agent, "configuration");
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct reader found;
        int r;

        r = find_to_change(tx, c, &found);
        if (r)
                return r;
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

static int raise_unknown(struct core *core, const struct actor *agent, enum reader_model model,
                         struct text address)
{
        struct alarm alarm = { .agent = agent->id,
                               .severity = ALERT_WARNING,
                               .concerns = "badgeReader",
                               .code = "unknown-appliance" };
        char description[CORE_TITLE];

        snprintf(description, sizeof(description), "A badge reader calls that nobody has bound: %s at %.*s",
                 reader_model_name(model), TEXT_ARGS(address));
        alarm.description = description;
        return alarm_raise(core, agent->tenant, &alarm);
}

int reader_unknown(struct core *core, const struct actor *agent, enum reader_model model, struct text address)
{
        char detail[CORE_WORDS];
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (!text_is_printable(address) || memchr(address.at, ' ', address.len))
                return CORE_BAD_VALUE;
        r = guess_begin(core, GUESS_APPLIANCE, text_from_octets(agent->id.octets, ID_OCTETS));
        if (r)
                return r == CORE_LOCKED ? 0 : r;
        snprintf(detail, sizeof(detail), "model=%s address=%.*s", reader_model_name(model),
                 TEXT_ARGS(address));
        r = event_note(core, agent->tenant, agent, "reader-unknown", agent->id, detail);
        return r ? r : raise_unknown(core, agent, model, address);
}
