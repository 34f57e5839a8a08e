// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/discovered-printer.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/sealed.h"
#include "core/printer/sighting-row.h"

const char *const discovered_which_names[] = { "new", "known", "all", NULL };

#define COLUMNS                                                                                                    \
        "SELECT d.id, d.agent_id, a.site_id, d.printer_id, d.address, d.also, d.via, d.make_and_model, d.uuid,"    \
        " d.spki, d.sealed, d.first_ms, d.seen_ms, d.silent_ms, p.site_id, d.facts, d.supplies, d.trays, d.covers" \
        " FROM discovered_printer d LEFT JOIN agent a ON a.tenant_id = d.tenant_id AND a.id = d.agent_id"          \
        " LEFT JOIN printer p ON p.tenant_id = d.tenant_id AND p.id = d.printer_id WHERE d.tenant_id = ?1"

void discovered_facts_init(struct discovered_facts *facts)
{
        buffer_init(&facts->facts, SIGHTING_FACTS_OCTETS);
        buffer_init(&facts->supplies, SIGHTING_LIST_OCTETS);
        buffer_init(&facts->trays, SIGHTING_LIST_OCTETS);
        buffer_init(&facts->covers, SIGHTING_LIST_OCTETS);
}

void discovered_facts_done(struct discovered_facts *facts)
{
        buffer_done(&facts->facts);
        buffer_done(&facts->supplies);
        buffer_done(&facts->trays);
        buffer_done(&facts->covers);
}

static void read_discovered(struct db_rows *rows, void *item)
{
        struct discovered_printer *ret = item;
        struct text sealed = db_rows_text(rows, 10);

        *ret = (struct discovered_printer){ .id = db_rows_id(rows, 0), .agent = db_rows_id(rows, 1) };
        ret->printer = db_rows_id(rows, 3);
        ret->site = db_rows_id(rows, id_is_zero(ret->printer) ? 2 : 14);
        db_rows_string(rows, 4, ret->address, sizeof(ret->address));
        db_rows_string(rows, 5, ret->also, sizeof(ret->also));
        db_rows_string(rows, 6, ret->via, sizeof(ret->via));
        db_rows_string(rows, 7, ret->make_and_model, sizeof(ret->make_and_model));
        db_rows_string(rows, 8, ret->identity.uuid, sizeof(ret->identity.uuid));
        db_rows_string(rows, 9, ret->identity.spki, sizeof(ret->identity.spki));
        if (sealed.len <= sizeof(ret->sealed)) {
                if (sealed.len)
                        memcpy(ret->sealed, sealed.at, sealed.len);
                ret->sealed_length = sealed.len;
        }
        ret->first_ms = db_rows_integer(rows, 11);
        ret->seen_ms = db_rows_integer(rows, 12);
        ret->silent_ms = db_rows_integer(rows, 13);
}

/* Serial number and MAC; what cannot be opened is not there. */
static int unseal(struct core *core, struct id tenant, struct discovered_printer *item)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(256);
        char binding[DISCOVERED_BINDING];
        struct text serial, mac;
        int r;

        if (!item->sealed_length)
                return 0;
        r = sealed_read(core, tenant, discovered_binding(item->id, binding),
                        text_from_octets(item->sealed, item->sealed_length), &plain);
        item->sealed_length = 0;
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        text_cut(buffer_text(&plain), '\n', &serial, &mac);
        (void)text_copy(serial, item->identity.serial, sizeof(item->identity.serial));
        (void)text_copy(mac, item->identity.mac, sizeof(item->identity.mac));
        return 0;
}

int discovered_list(struct core *core, const struct actor *actor, enum discovered_which which,
                    struct id after, struct discovered_printer *ret, size_t max, size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_PRINTERS_INSPECT, whose_tenant());
        struct listing found = {
                .tenant = actor->tenant,
                .sql = COLUMNS
                " AND d.id > ?2 AND (?4 IS NULL OR coalesce(p.site_id, a.site_id) IN (SELECT site_id"
                " FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?4))"
                " AND (?5 = 2 OR (?5 = 0 AND d.printer_id IS NULL) OR (?5 = 1 AND d.printer_id IS NOT NULL))"
                " ORDER BY d.id LIMIT ?3",
                .values = DB_VALUES(is_of_sites ? db_id(&actor->id) : db_null(), db_integer(which)),
                .after = after,
                .read = read_discovered,
                LISTING_INTO(ret, max)
        };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = listing_find(core, &found, ret_count);
        for (size_t i = 0; r == 0 && i < *ret_count; i++)
                r = unseal(core, actor->tenant, &ret[i]);
        return r;
}

struct context {
        const struct actor *actor;
        enum right right;
        struct id id;
        struct id printer; /* zero: by its own id */
        struct discovered_printer found;
        struct discovered_facts *facts;
};

static int read_facts(struct db_rows *rows, struct discovered_facts *to)
{
        struct buffer *const buffers[] = { &to->facts, &to->supplies, &to->trays, &to->covers };

        for (size_t i = 0; i < ARRAY_LENGTH(buffers); i++) {
                buffer_clear(buffers[i]);
                buffer_add_text(buffers[i], db_rows_text(rows, 15 + (int)i));
                if (buffers[i]->failure)
                        return fault(buffers[i]->failure);
        }
        return 0;
}

static int find_in(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (id_is_zero(c->printer))
                r = db_one(tx, c->actor->tenant, COLUMNS " AND d.id = ?2", DB_VALUES(db_id(&c->id)), &rows);
        else
                r = db_one(tx, c->actor->tenant, COLUMNS " AND d.printer_id = ?2",
                           DB_VALUES(db_id(&c->printer)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_discovered(&rows, &c->found);
        return c->facts ? read_facts(&rows, c->facts) : 0;
}

static int see_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_in(tx, c);

        if (r || !id_is_zero(c->printer))
                return r;
        r = right_at_site(tx, c->actor, c->right, c->found.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

int discovered_find(struct core *core, const struct actor *actor, struct id id,
                    struct discovered_printer *ret, struct discovered_facts *facts)
{
        struct context c = { .actor = actor, .right = RIGHT_PRINTERS_INSPECT, .id = id, .facts = facts };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, see_in, &c);
        if (r == 0)
                r = unseal(core, actor->tenant, &c.found);
        if (r == 0)
                *ret = c.found;
        return r;
}

static int may_inspect_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return right_at_site(tx, c->actor, RIGHT_PRINTERS_INSPECT, c->found.site);
}

int discovered_find_of(struct core *core, const struct actor *actor, const struct printer *printer,
                       struct discovered_printer *ret, struct discovered_facts *facts)
{
        struct context c = { .actor = actor, .printer = printer->id, .facts = facts };
        int r = db_read(core->db, see_in, &c);

        if (r)
                return r;
        r = db_read(core->db, may_inspect_in, &c);
        if (r == 0)
                r = unseal(core, actor->tenant, &c.found);
        if (r == CORE_FORBIDDEN) {
                c.found.identity = (struct sighting_identity){ .uuid = "" };
                c.found.address[0] = c.found.also[0] = '\0';
                r = 0;
        }
        c.found.sealed_length = 0;
        if (r == 0)
                *ret = c.found;
        return r;
}

int discovered_of_printer(struct core *core, struct id tenant, struct id printer,
                          struct discovered_printer *ret)
{
        const struct actor nobody = { .tenant = tenant };
        struct context c = { .actor = &nobody, .printer = printer };
        int r = db_read(core->db, see_in, &c);

        if (r == 0)
                r = unseal(core, tenant, &c.found);
        if (r == 0)
                *ret = c.found;
        return r;
}

static int link_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct id printer = c->printer;
        int r;

        c->printer = (struct id){ 0 };
        r = see_in(tx, c);
        c->printer = printer;
        if (r == 0 && !id_is_zero(c->found.printer))
                r = CORE_TAKEN;
        return r ? r : discovered_row_link(tx, c->actor->tenant, c->id, printer);
}

int discovered_adopt(struct core *core, const struct actor *actor, struct id id, struct printer *printer)
{
        struct context c = { .actor = actor, .right = RIGHT_PRINTERS_CHANGE, .id = id };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, see_in, &c);
        if (r == 0 && !id_is_zero(c.found.printer))
                r = CORE_TAKEN;
        if (r == 0)
                r = printer_make(core, actor, printer);
        if (r)
                return r;
        /* Where somebody adopts it at the same moment there are two printers, of which he deletes one. */
        c.printer = printer->id;
        r = db_write(core->db, link_in, &c);
        return r == CORE_TAKEN || r == CORE_NOT_FOUND ? 0 : r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = see_in(tx, c);

        if (r == 0 && !id_is_zero(c->found.printer))
                r = CORE_TAKEN;
        if (r == 0)
                r = discovered_row_delete(tx, c->actor->tenant, c->id);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "discovered-printer-deleted", c->id, "");
}

int discovered_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .right = RIGHT_PRINTERS_CHANGE, .id = id };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

/* ---- what it hangs on goes ---- */

int discovered_forget_agent(struct db_tx *tx, struct id tenant, struct id agent)
{
        static const char *const statements[] = {
                ("DELETE FROM discovered_mark WHERE tenant_id = ?1 AND discovered_id IN (SELECT id FROM discovered_printer"
                 " WHERE tenant_id = ?1 AND agent_id = ?2 AND printer_id IS NULL)"),
                "DELETE FROM discovered_printer WHERE tenant_id = ?1 AND agent_id = ?2 AND printer_id IS NULL",
                "UPDATE discovered_printer SET agent_id = NULL WHERE tenant_id = ?1 AND agent_id = ?2",
                "DELETE FROM discovery_run WHERE tenant_id = ?1 AND agent_id = ?2",
                "DELETE FROM discovery WHERE tenant_id = ?1 AND agent_id = ?2",
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&agent)), NULL);
        return fold(r);
}

int discovered_forget_printer(struct db_tx *tx, struct id tenant, struct id printer)
{
        static const char *const statements[] = {
                "UPDATE discovered_printer SET printer_id = NULL WHERE tenant_id = ?1 AND printer_id = ?2",
                "DELETE FROM printer_watch WHERE tenant_id = ?1 AND printer_id = ?2",
                "DELETE FROM device_usage WHERE tenant_id = ?1 AND subject_id = ?2",
                ("DELETE FROM supply_level WHERE tenant_id = ?1 AND supply_id IN (SELECT id FROM supply WHERE tenant_id = ?1"
                 " AND printer_id = ?2)"),
                "DELETE FROM supply WHERE tenant_id = ?1 AND printer_id = ?2",
                ("DELETE FROM alert_message WHERE tenant_id = ?1 AND alert_id IN (SELECT id FROM alert WHERE tenant_id = ?1"
                 " AND printer_id = ?2)"),
                "DELETE FROM alert WHERE tenant_id = ?1 AND printer_id = ?2",
                "DELETE FROM meter WHERE tenant_id = ?1 AND printer_id = ?2",
                "DELETE FROM readiness WHERE tenant_id = ?1 AND printer_id = ?2",
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(statements); i++)
                r = db_run(tx, tenant, statements[i], DB_VALUES(db_id(&printer)), NULL);
        return fold(r);
}
