// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer.h"

#include <errno.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/printer/device-configure.h"
#include "core/person/favourite.h"
#include "core/site/certificate.h"
#include "core/printer/printer-columns.h"
#include "core/printer/printer-forward.h"
#include "core/printer/printer-group.h"
#include "core/printer/printer-host.h"
#include "core/printer/printer-people.h"
#include "core/printer/printer-row.h"
#include "core/printer/printer-wire.h"
#include "core/job/policy.h"
#include "core/report/price.h"
#include "core/printer/sighting-row.h"
#include "core/state.h"
#include "core/job/ticket-default.h"

void printer_row_read(struct db_rows *rows, void *item)
{
        struct printer *ret = item;

        *ret = (struct printer){ .id = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        db_rows_string(rows, 2, ret->title, sizeof(ret->title));
        db_rows_string(rows, 3, ret->location, sizeof(ret->location));
        db_rows_string(rows, 4, ret->make_and_model, sizeof(ret->make_and_model));
        ret->agent = db_rows_id(rows, 5);
        ret->accepting = db_rows_integer(rows, 6);
        ret->colour = db_rows_integer(rows, 7);
        ret->duplex = db_rows_integer(rows, 8);
        ret->resolution_dpi = (uint32_t)db_rows_integer(rows, 9);
        ret->pages_per_minute = (uint32_t)db_rows_integer(rows, 10);
        printer_column_read(PRINTER_LIST_ADDRESSES, db_rows_text(rows, 11), ret);
        printer_column_read(PRINTER_LIST_FORMATS, db_rows_text(rows, 12), ret);
        printer_column_read(PRINTER_LIST_MEDIA, db_rows_text(rows, 13), ret);
        ret->trays = (uint32_t)db_rows_integer(rows, 14);
        db_rows_string(rows, 15, ret->identity_uuid, sizeof(ret->identity_uuid));
        db_rows_string(rows, 16, ret->identity_spki, sizeof(ret->identity_spki));
        db_rows_string(rows, 17, ret->identity_serial, sizeof(ret->identity_serial));
        ret->created_ms = db_rows_integer(rows, 18);
        ret->site = db_rows_id(rows, 19);
        ret->is_public = db_rows_integer(rows, 20);
        printer_column_read(PRINTER_LIST_BINS, db_rows_text(rows, 21), ret);
        printer_column_read(PRINTER_LIST_TYPES, db_rows_text(rows, 22), ret);
        printer_column_read(PRINTER_LIST_SOURCES, db_rows_text(rows, 23), ret);
        printer_column_read(PRINTER_LIST_FINISHINGS, db_rows_text(rows, 24), ret);
        db_rows_string(rows, 25, ret->sheet_back, sizeof(ret->sheet_back));
        ret->password_digits = (uint32_t)db_rows_integer(rows, 26);
        ret->substitution = (enum substitution)db_rows_integer(rows, 27);
        ret->accounting = (enum accounting_needs)db_rows_integer(rows, 28);
        db_rows_string(rows, 29, ret->alias, sizeof(ret->alias));
        ret->badges = db_rows_integer(rows, 30);
        db_rows_string(rows, 31, ret->forward_user, sizeof(ret->forward_user));
        ret->forward_titles = db_rows_integer(rows, 32);
        db_rows_string(rows, 33, ret->identity_issued, sizeof(ret->identity_issued));
        ret->openly_ms = db_rows_integer(rows, 34);
}

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct id id;
        const char *name;
        struct printer printer;
        struct printer_columns columns;
        const char *pin_uuid, *pin_spki, *pin_serial;
};

static void context_done(struct context *c)
{
        printer_columns_done(&c->columns);
}

int printer_find_in(struct db_tx *tx, struct id tenant, struct id id, struct printer *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, PRINTER_COLUMNS " AND id = ?2", DB_VALUES(db_id(&id)), &rows);
        if (r)
                return r;
        printer_row_read(&rows, ret);
        return 0;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        if (!c->name) {
                r = printer_find_in(tx, c->tenant, c->id, &c->printer);
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        }
        r = db_one(tx, c->tenant, PRINTER_COLUMNS " AND (name = ?2 OR alias = ?2)",
                   DB_VALUES(db_string(c->name)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        printer_row_read(&rows, &c->printer);
        return 0;
}

int printer_find(struct core *core, struct id tenant, struct id id, struct printer *ret)
{
        struct context c = { .tenant = tenant, .id = id };
        int r;

        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.printer;
        return r;
}

/* Names have small letters only, and whoever types an alias at a printer need not care. */
void printer_alias_fold(char *string)
{
        for (; *string; string++)
                if (*string >= 'A' && *string <= 'Z')
                        *string = (char)(*string - 'A' + 'a');
}

int printer_find_by_name(struct core *core, struct id tenant, struct text name, struct printer *ret)
{
        struct context c = { .tenant = tenant };
        char string[CORE_NAME];
        int r;

        if (!text_copy(name, string, sizeof(string)))
                return CORE_NOT_FOUND;
        printer_alias_fold(string);
        if (!text_is_name(text_from(string)))
                return CORE_NOT_FOUND;
        c.name = string;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.printer;
        return r;
}

static void unite_row(struct db_rows *rows, struct printer *one)
{
        *one = (struct printer){ 0 };
        printer_column_read(PRINTER_LIST_BINS, db_rows_text(rows, 0), one);
        printer_column_read(PRINTER_LIST_TYPES, db_rows_text(rows, 1), one);
        printer_column_read(PRINTER_LIST_SOURCES, db_rows_text(rows, 2), one);
        printer_column_read(PRINTER_LIST_FINISHINGS, db_rows_text(rows, 3), one);
}

static int unite_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct printer one;
        int r;

        r = db_find(tx, c->tenant,
                    "SELECT DISTINCT output_bins, media_types, media_sources, finishings FROM printer"
                    " WHERE tenant_id = ?1",
                    DB_NONE, &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                unite_row(&rows, &one);
                printer_columns_unite(&one, &c->printer);
        }
        return fold(r);
}

int printer_unite(struct core *core, struct id tenant, struct printer *example)
{
        struct context c = { .tenant = tenant, .printer = *example };
        int r;

        r = db_read(core->db, unite_in, &c);
        if (r == 0)
                *example = c.printer;
        return r;
}

static bool address_is_valid(struct text address)
{
        static const char *const schemes[] = { "ipps://", "ipp://", "socket://", "lpd://" };

        for (size_t i = 0; i < ARRAY_LENGTH(schemes); i++)
                if (text_starts_with(address, schemes[i]) && address.len > strlen(schemes[i]))
                        return true;
        return false;
}

/* Easy to type on any keyboard, and never an id. */
static bool alias_is_valid(const char *alias)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

        return !alias[0] || (strspn(alias, letters) == strlen(alias) && alias[0] != '-');
}

/* A raw port takes a document and nobody's name. */
static bool forward_is_valid(const struct printer *p)
{
        if (!p->forward_user[0])
                return !p->forward_titles;
        for (size_t i = 0; i < p->address_count; i++)
                if (text_starts_with(text_from(p->addresses[i]), "socket://"))
                        return false;
        return printer_forward_is_valid(p->forward_user);
}

static int check(struct context *c)
{
        struct printer *p = &c->printer;

        printer_alias_fold(p->alias);
        if (!text_is_name(text_from(p->name)) || !text_is_printable(text_from(p->title)) ||
            !alias_is_valid(p->alias) || !text_is_printable(text_from(p->location)) ||
            !text_is_printable(text_from(p->make_and_model)) || p->address_count == 0 ||
            p->format_count == 0 || p->trays > 32 || p->resolution_dpi > 2400 ||
            p->pages_per_minute > 10000 || p->password_digits > 255 || !printer_abilities_are_valid(p) ||
            !forward_is_valid(p))
                return CORE_BAD_VALUE;
        for (size_t i = 0; i < p->address_count; i++)
                if (!address_is_valid(text_from(p->addresses[i])))
                        return CORE_BAD_VALUE;
        return printer_columns_format(p, &c->columns) ? 0 : CORE_BAD_VALUE;
}

/* The columns that make and change write, from ?3 on. */
#define LIST_VALUE(c, list) db_text(buffer_text(&(c)->columns.at[list]))
#define PRINTER_VALUES(c, p)                                                                                 \
        db_string((p)->name), db_string((p)->title), db_string((p)->location),                               \
                db_string((p)->make_and_model), db_id(&(p)->agent), db_integer((p)->accepting),              \
                db_integer((p)->colour), db_integer((p)->duplex), db_integer((p)->resolution_dpi),           \
                db_integer((p)->pages_per_minute), LIST_VALUE(c, PRINTER_LIST_ADDRESSES),                    \
                LIST_VALUE(c, PRINTER_LIST_FORMATS), LIST_VALUE(c, PRINTER_LIST_MEDIA),                      \
                db_integer((p)->trays), db_string((p)->identity_uuid), db_string((p)->identity_spki),        \
                db_string((p)->identity_serial), db_id(&(p)->site), db_integer((p)->is_public),              \
                LIST_VALUE(c, PRINTER_LIST_BINS), LIST_VALUE(c, PRINTER_LIST_TYPES),                         \
                LIST_VALUE(c, PRINTER_LIST_SOURCES), LIST_VALUE(c, PRINTER_LIST_FINISHINGS),                 \
                db_string((p)->sheet_back), db_integer((p)->password_digits), db_integer((p)->substitution), \
                db_string((p)->alias), db_integer((p)->badges), db_string((p)->forward_user),                \
                db_integer((p)->forward_titles)

/* Whoever administrates sites puts printers only where he does, and gives them only agents from there. */
static int check_place(struct db_tx *tx, const struct context *c, struct id agent_before)
{
        const struct printer *p = &c->printer;
        int r;

        r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, p->site);
        if (r || id_is_zero(p->agent) || id_equal(p->agent, agent_before))
                return r;
        return right_to_agent(tx, c->actor, RIGHT_PRINTERS_CHANGE, p->agent);
}

/* Whoever types one means one printer. */
static int check_names(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        const struct printer *p = &c->printer;
        int r = db_one(tx, c->tenant,
                       "SELECT 1 FROM printer WHERE tenant_id = ?1 AND id <> ?2"
                       " AND (alias = ?3 OR (?4 <> '' AND (name = ?4 OR alias = ?4))) LIMIT 1",
                       DB_VALUES(db_id(&p->id), db_string(p->name), db_string(p->alias)), &rows);

        return r == DB_NO_ROW ? 0 : r ? fold(r) : CORE_TAKEN;
}

static int put_hosts(struct db_tx *tx, const struct context *c)
{
        return printer_hosts_put(tx, c->tenant, c->printer.id,
                                 buffer_text(&c->columns.at[PRINTER_LIST_ADDRESSES]));
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct printer *p = &c->printer;
        char detail[CORE_WORDS];
        int r;

        r = check_place(tx, c, (struct id){ 0 });
        if (r == 0)
                r = check_names(tx, c);
        if (r == 0)
                r = printer_wire_check(tx, c->tenant, p, NULL);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "INSERT INTO printer (tenant_id, id, name, title, location, make_and_model, agent_id, accepting, colour,"
                " duplex, resolution_dpi, pages_per_minute, addresses, formats, media, trays, identity_uuid,"
                " identity_spki, identity_serial, site_id, is_public, output_bins, media_types, media_sources,"
                " finishings, sheet_back, password_digits, substitution, alias, badges, forward_user, forward_titles, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
                DB_VALUES(db_id(&p->id), PRINTER_VALUES(c, p), db_integer(p->created_ms)), NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        r = r ? fold(r) : put_hosts(tx, c);
        if (r)
                return r;
        return event_add(tx, c->tenant, c->actor, "printer-made", p->id, printer_wire_detail(p, detail));
}

int printer_make(struct core *core, const struct actor *actor, struct printer *printer)
{
        SCOPED(context_done) struct context c = { .core = core, .actor = actor };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        c.tenant = actor->tenant;
        c.printer = *printer;
        c.printer.id = id_new();
        c.printer.created_ms = clock_unix_ms();
        r = check(&c);
        if (r)
                return r;
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *printer = c.printer;
        return r;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct printer *p = &c->printer;
        char detail[CORE_WORDS];
        struct printer before;
        int64_t changed;
        int r;

        r = printer_find_in(tx, c->tenant, p->id, &before);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, before.site);
        if (r == 0)
                r = check_place(tx, c, before.agent);
        if (r == 0)
                r = check_names(tx, c);
        if (r == 0)
                r = printer_wire_check(tx, c->tenant, p, &before);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "UPDATE printer SET name = ?3, title = ?4, location = ?5, make_and_model = ?6, agent_id = ?7,"
                " accepting = ?8, colour = ?9, duplex = ?10, resolution_dpi = ?11, pages_per_minute = ?12, addresses = ?13,"
                " formats = ?14, media = ?15, trays = ?16, identity_uuid = ?17, identity_spki = ?18, identity_serial = ?19, site_id = ?20, is_public = ?21,"
                " output_bins = ?22, media_types = ?23, media_sources = ?24, finishings = ?25, sheet_back = ?26,"
                " password_digits = ?27, substitution = ?28, alias = ?29, badges = ?30,"
                " forward_user = ?31, forward_titles = ?32"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&p->id), PRINTER_VALUES(c, p)), &changed);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = put_hosts(tx, c);
        if (r == 0 && p->forgets_issued)
                r = certificates_forget(tx, c->tenant, p->id);
        if (r)
                return r;
        return event_add(tx, c->tenant, c->actor, "printer-changed", p->id, printer_wire_detail(p, detail));
}

int printer_change(struct core *core, const struct actor *actor, const struct printer *printer)
{
        SCOPED(context_done) struct context c = { .core = core, .actor = actor };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        c.tenant = actor->tenant;
        c.printer = *printer;
        r = check(&c);
        if (r)
                return r;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                wake_agent(core, c.tenant, printer->agent, "configuration");
        return r;
}

static int is_in_use(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT 1 FROM delivery WHERE tenant_id = ?1 AND printer_id = ?2"
                   " AND state IN ('requested', 'offered', 'armed') LIMIT 1",
                   DB_VALUES(db_id(&c->id)), &rows);
        return r == DB_NO_ROW ? 0 : r ? fold(r) : CORE_TAKEN;
}

/* What waits for it alone may come out elsewhere from now on: its owner decides where. */
static int free_jobs(struct db_tx *tx, const struct context *c)
{
        return fold(db_run(tx, c->tenant,
                           "UPDATE job SET printer_id = NULL WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&c->id)), NULL));
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = find_in(tx, c);
        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, c->printer.site);
        if (r == 0)
                r = is_in_use(tx, c);
        if (r == 0)
                r = policies_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = printer_allowed_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = printer_groups_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = panels_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = favourites_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = free_jobs(tx, c);
        if (r == 0)
                r = certificates_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = ticket_default_forget(tx, c->tenant, TICKET_DEFAULT_PRINTER, c->id);
        if (r)
                return r;
        r = fold(db_run(tx, c->tenant, "DELETE FROM printer_state WHERE tenant_id = ?1 AND printer_id = ?2",
                        DB_VALUES(db_id(&c->id)), NULL));
        if (r == 0)
                r = discovered_forget_printer(tx, c->tenant, c->id);
        if (r == 0)
                r = printer_hosts_put(tx, c->tenant, c->id, TEXT_OF(""));
        if (r == 0)
                r = device_configuration_forget(tx, c->tenant, c->id);
        if (r == 0)
                r = prices_forget(tx, c->tenant, c->id);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM printer WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), &changed);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        r = accounting_row_delete(tx, c->tenant, c->id);
        return r ? r : event_add(tx, c->tenant, c->actor, "printer-deleted", c->id, "");
}

int printer_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .id = id };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

static int pin_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = agent_serves(tx, c->actor, c->id); /* another agent's: as if it never was */
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "UPDATE printer SET identity_uuid = CASE identity_uuid WHEN '' THEN ?3 ELSE identity_uuid END,"
                " identity_spki = CASE WHEN identity_spki = '' AND identity_issued = '' THEN ?4 ELSE identity_spki END,"
                " identity_serial = CASE identity_serial WHEN '' THEN ?5 ELSE identity_serial END"
                " WHERE tenant_id = ?1 AND id = ?2"
                " AND ((identity_uuid = '' AND ?3 <> '') OR (identity_spki = '' AND identity_issued = '' AND ?4 <> '')"
                " OR (identity_serial = '' AND ?5 <> ''))",
                DB_VALUES(db_id(&c->id), db_string(c->pin_uuid), db_string(c->pin_spki),
                          db_string(c->pin_serial)),
                &changed);
        if (r)
                return fold(r);
        return changed ? event_add(tx, c->tenant, c->actor, "printer-identity-pinned", c->id, "") : 0;
}

int printer_pin(struct core *core, const struct actor *agent, struct id id, struct text uuid,
                struct text spki, struct text serial)
{
        struct context c = { .actor = agent, .tenant = agent->tenant, .id = id };
        char uuid_string[64], spki_string[65], serial_string[64];

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (!text_copy(uuid, uuid_string, sizeof(uuid_string)) ||
            !text_copy(spki, spki_string, sizeof(spki_string)) ||
            !text_copy(serial, serial_string, sizeof(serial_string)) || !text_is_printable(uuid) ||
            !text_is_printable(spki) || !text_is_printable(serial))
                return CORE_BAD_VALUE;
        c.pin_uuid = uuid_string;
        c.pin_spki = spki_string;
        c.pin_serial = serial_string;
        return db_write(core->db, pin_in, &c);
}
