// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/panel/panel.h"

#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/printer/printer.h"
#include "core/state.h"
#include "crypt/hash.h"

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct panel panel;
        struct panel_place place;
        uint8_t code_hash[HASH_OCTETS], hash[HASH_OCTETS];
        struct text source, words;
        int64_t now;
};

/* Whether the actor may change that printer, whose panel it is. */
static int check_printer(struct db_tx *tx, const struct context *c, struct id id)
{
        struct printer printer;
        int r = printer_find_in(tx, c->tenant, id, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, printer.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->tenant, "SELECT count(*) FROM panel WHERE tenant_id = ?1 AND printer_id = ?2",
                       DB_VALUES(db_id(&c->panel.printer)), &rows);

        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < PANELS_MAX ? 0 : CORE_LIMIT_REACHED;
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct panel *p = &c->panel;
        int r = check_printer(tx, c, p->printer);

        if (r == 0 && !p->name[0])
                r = CORE_BAD_VALUE;
        if (r == 0)
                r = has_room(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "INSERT INTO panel (tenant_id, id, printer_id, name, code_hash, code_expires_ms, hash,"
                   " session_id, created_ms, bound_ms, seen_ms, words, notice, notice_tail, notice_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL, ?7, 0, 0, '', 0, '', 0)",
                   DB_VALUES(db_id(&p->id), db_id(&p->printer), db_string(p->name),
                             db_octets(c->code_hash, HASH_OCTETS), db_integer(p->expires_ms),
                             db_integer(p->created_ms)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        return event_add(tx, c->tenant, c->actor, "panel-made", p->id, p->name);
}

int panel_make(struct core *core, const struct actor *actor, struct id printer, struct text name,
               struct panel *ret, char ret_code[OUTPOST_CODE])
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        /* A name that is none is told to whom the printer is told, in there. */
        if (!text_is_name(name) || !text_copy(name, c.panel.name, sizeof(c.panel.name)))
                c.panel.name[0] = 0;
        outpost_code_make(ret_code, c.code_hash);
        c.panel.id = id_new();
        c.panel.printer = printer;
        c.panel.created_ms = clock_unix_ms();
        c.panel.expires_ms = c.panel.created_ms + core->settings.enrolment_ms;
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.panel;
        return r;
}

#define COLUMNS                                                                                          \
        "SELECT id, printer_id, name, hash IS NOT NULL, created_ms, code_expires_ms, bound_ms, seen_ms," \
        " words"                                                                                         \
        " FROM panel WHERE tenant_id = ?1"

static void read_panel(struct db_rows *rows, void *item)
{
        struct panel *ret = item;

        *ret = (struct panel){ .id = db_rows_id(rows, 0), .printer = db_rows_id(rows, 1) };
        db_rows_string(rows, 2, ret->name, sizeof(ret->name));
        ret->is_bound = db_rows_integer(rows, 3);
        ret->created_ms = db_rows_integer(rows, 4);
        ret->expires_ms = db_rows_integer(rows, 5);
        ret->bound_ms = db_rows_integer(rows, 6);
        ret->seen_ms = db_rows_integer(rows, 7);
        db_rows_string(rows, 8, ret->words, sizeof(ret->words));
}

static int check_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return check_printer(tx, c, c->panel.printer);
}

int panel_list(struct core *core, const struct actor *actor, struct id printer, struct id after,
               struct panel *ret, size_t max, size_t *ret_count)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .panel.printer = printer };
        struct listing panels = { .tenant = actor->tenant,
                                  .sql = COLUMNS " AND printer_id = ?4 AND id > ?2 ORDER BY id LIMIT ?3",
                                  .values = DB_VALUES(db_id(&printer)),
                                  .after = after,
                                  .read = read_panel,
                                  LISTING_INTO(ret, max) };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, check_in, &c);
        return r ? r : listing_find(core, &panels, ret_count);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct id id = c->panel.id;
        int r = db_one(tx, c->tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_panel(&rows, &c->panel);
        return check_printer(tx, c, c->panel.printer);
}

int panel_find(struct core *core, const struct actor *actor, struct id id, struct panel *ret)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .panel.id = id };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.panel;
        return r;
}

static int say_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_in(tx, c);

        if (r)
                return r;
        text_copy(c->words, c->panel.words, sizeof(c->panel.words));
        r = fold(db_run(tx, c->tenant, "UPDATE panel SET words = ?3 WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->panel.id), db_string(c->panel.words)), NULL));
        return r ? r : event_add(tx, c->tenant, c->actor, "panel-changed", c->panel.id, c->panel.name);
}

int panel_say_words(struct core *core, const struct actor *actor, struct id id, struct text words,
                    struct panel *ret)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .panel.id = id, .words = words };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (words.len >= PANEL_WORDS || !text_is_printable(words))
                return CORE_BAD_VALUE;
        r = db_write(core->db, say_in, &c);
        if (r == 0)
                *ret = c.panel;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        static const char *const statements[] = {
                ("DELETE FROM session WHERE tenant_id = ?1 AND id ="
                 " (SELECT session_id FROM panel WHERE tenant_id = ?1 AND id = ?2)"),
                "DELETE FROM panel_guest WHERE tenant_id = ?1 AND panel_id = ?2",
                "DELETE FROM panel WHERE tenant_id = ?1 AND id = ?2",
        };
        struct context *c = context;
        int r = find_in(tx, c);

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = fold(db_run(tx, c->tenant, statements[i], DB_VALUES(db_id(&c->panel.id)), NULL));
        return r ? r : event_add(tx, c->tenant, c->actor, "panel-deleted", c->panel.id, c->panel.name);
}

int panel_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .panel.id = id };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

int panels_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        static const char *const statements[] = {
                ("DELETE FROM session WHERE tenant_id = ?1 AND id IN"
                 " (SELECT session_id FROM panel WHERE tenant_id = ?1 AND printer_id = ?2)"),
                ("DELETE FROM panel_guest WHERE tenant_id = ?1 AND panel_id IN"
                 " (SELECT id FROM panel WHERE tenant_id = ?1 AND printer_id = ?2)"),
                "DELETE FROM panel WHERE tenant_id = ?1 AND printer_id = ?2",
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = fold(db_run(tx, tenant, statements[i], DB_VALUES(db_id(&printer)), NULL));
        return r;
}

/* ---- its browser ---- */

static int find_by_code(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one_all(
                tx,
                "SELECT tenant_id, id, printer_id FROM panel WHERE code_hash = ?1 AND code_expires_ms > ?2",
                DB_VALUES(db_octets(c->code_hash, HASH_OCTETS), db_integer(c->now)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->place.tenant = db_rows_id(&rows, 0);
        c->place.panel = db_rows_id(&rows, 1);
        c->place.printer = db_rows_id(&rows, 2);
        return 0;
}

static int bind_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct actor nobody = { .kind = ACTOR_NOBODY };
        int r = find_by_code(tx, c);

        if (r)
                return r;
        r = fold(
                db_run(tx, c->place.tenant,
                       "UPDATE panel SET code_hash = NULL, hash = ?3, bound_ms = ?4, seen_ms = ?4"
                       " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&c->place.panel), db_octets(c->hash, HASH_OCTETS), db_integer(c->now)),
                       NULL));
        actor_came(&nobody, VIA_PANEL, c->source);
        return r ? r : event_add(tx, c->place.tenant, &nobody, "panel-bound", c->place.panel, "");
}

int panel_bind(struct core *core, struct text code, struct text source, struct panel_place *ret,
               char ret_secret[CREDENTIAL_STRING])
{
        struct context c = { .core = core, .source = source, .now = clock_unix_ms() };
        int r = guess_check(core, GUESS_CODE, source);

        if (r)
                return r;
        outpost_code_hash(code, c.code_hash);
        credential_make(CREDENTIAL_PANEL, ret_secret);
        hash_sha256(text_from(ret_secret), c.hash);
        r = db_write(core->db, bind_in, &c);
        if (r)
                explicit_bzero(ret_secret, CREDENTIAL_STRING);
        if (r == CORE_WRONG_CREDENTIALS) {
                r = guess_count_wrong(core, GUESS_CODE, source);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        if (r == 0)
                *ret = c.place;
        return r;
}

static int recognise_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one_all(tx, "SELECT tenant_id, id, printer_id FROM panel WHERE hash = ?1",
                           DB_VALUES(db_octets(c->hash, HASH_OCTETS)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->place.tenant = db_rows_id(&rows, 0);
        c->place.panel = db_rows_id(&rows, 1);
        c->place.printer = db_rows_id(&rows, 2);
        return 0;
}

static int seen_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;

        return fold(db_run(tx, c->place.tenant,
                           "UPDATE panel SET seen_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->place.panel), db_integer(c->now)), NULL));
}

int panel_recognise(struct core *core, struct text secret, struct panel_place *ret)
{
        struct context c = { .core = core, .now = clock_unix_ms() };
        int r;

        if (!credential_is(secret, CREDENTIAL_PANEL))
                return CORE_WRONG_CREDENTIALS;
        hash_sha256(secret, c.hash);
        r = db_read(core->db, recognise_in, &c);
        if (r == 0 && outpost_seen_is_due(core, c.place.panel, c.now))
                r = db_write(core->db, seen_in, &c);
        if (r == 0)
                *ret = c.place;
        return r;
}

static int unbound_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one_all(tx,
                           "SELECT y.tenant_id FROM panel_policy y CROSS JOIN printer p ON"
                           " p.tenant_id = y.tenant_id AND p.id = ?1 WHERE y.unbound = 1",
                           DB_VALUES(db_id(&c->place.printer)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->place.tenant = db_rows_id(&rows, 0);
        return 0;
}

int panel_place_unbound(struct core *core, struct id printer, struct panel_place *ret)
{
        struct context c = { .core = core, .place.printer = printer };
        int r = db_read(core->db, unbound_in, &c);

        if (r == 0)
                *ret = c.place;
        return r;
}

/* ---- what the tenant wants ---- */
