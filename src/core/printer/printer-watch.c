// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-watch.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/certificate.h"
#include "core/printer/printer-address.h"
#include "core/printer/printer-host.h"
#include "core/printer/sighting-row.h"

#define ADDRESSES_MAX (PRINTER_ADDRESSES * PRINTER_ADDRESS)
#define OTHERS_MAX    16

static int find_in(struct db_tx *tx, struct id tenant, struct id printer, struct printer_watch *ret,
                   bool *ret_told)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct printer_watch){ .follows = true };
        *ret_told = false;
        r = db_one(
                tx, tenant,
                "SELECT coalesce(w.follows, 1), coalesce(w.swapped_ms, 0), w.swapped_by, coalesce(w.told, 0), d.id"
                " FROM printer p LEFT JOIN printer_watch w ON w.tenant_id = p.tenant_id AND w.printer_id = p.id"
                " LEFT JOIN discovered_printer d ON d.tenant_id = p.tenant_id AND d.printer_id = p.id"
                " WHERE p.tenant_id = ?1 AND p.id = ?2",
                DB_VALUES(db_id(&printer)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        ret->follows = db_rows_integer(&rows, 0);
        ret->swapped_ms = db_rows_integer(&rows, 1);
        ret->swapped_by = db_rows_id(&rows, 2);
        *ret_told = db_rows_integer(&rows, 3);
        ret->discovered = db_rows_id(&rows, 4);
        return 0;
}

static int put(struct db_tx *tx, struct id tenant, struct id printer, const struct printer_watch *watch,
               bool told)
{
        return fold(db_run(
                tx, tenant,
                "INSERT INTO printer_watch (tenant_id, printer_id, follows, swapped_ms, swapped_by, told)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, printer_id) DO UPDATE SET"
                " follows = excluded.follows, swapped_ms = excluded.swapped_ms,"
                " swapped_by = excluded.swapped_by, told = excluded.told",
                DB_VALUES(db_id(&printer), db_integer(watch->follows), db_integer(watch->swapped_ms),
                          db_id(&watch->swapped_by), db_integer(told)),
                NULL));
}

/* ---- what was seen ---- */

static int addresses_find(struct db_tx *tx, struct id tenant, struct id printer, char ret[ADDRESSES_MAX])
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT addresses FROM printer WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&printer)), &rows);

        if (r)
                return fold(r);
        db_rows_string(&rows, 0, ret, ADDRESSES_MAX);
        return 0;
}

static int follow(struct db_tx *tx, struct teller *teller, struct id printer, struct text from,
                  const char *to, bool *ret_followed)
{
        SCOPED(buffer_done) struct buffer changed = BUFFER(ADDRESSES_MAX);
        char addresses[ADDRESSES_MAX];
        int r = addresses_find(tx, teller->agent->tenant, printer, addresses);

        if (r)
                return r;
        if (!from.len)
                from = printer_addresses_only_host(text_from(addresses));
        *ret_followed =
                from.len && printer_addresses_replace(text_from(addresses), from, text_from(to), &changed);
        if (!*ret_followed)
                return 0;
        teller->wakes++;
        r = fold(db_run(tx, teller->agent->tenant,
                        "UPDATE printer SET addresses = ?3 WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&printer), db_text(buffer_text(&changed))), NULL));
        return r ? r : printer_hosts_put(tx, teller->agent->tenant, printer, buffer_text(&changed));
}

static int note_move(struct db_tx *tx, struct teller *teller, struct id printer, const char *from,
                     const char *to, bool follows)
{
        char addresses[ADDRESSES_MAX], words[CORE_WORDS];
        bool followed = false;
        int r = addresses_find(tx, teller->agent->tenant, printer, addresses);

        /* It has an address there already, or only names, which follow by themselves. */
        if (r || printer_addresses_have_host(text_from(addresses), text_from(to)) ||
            !printer_addresses_only_host(text_from(addresses)).len)
                return r;
        if (follows)
                r = follow(tx, teller, printer, text_from(from), to, &followed);
        if (r)
                return r;
        snprintf(words, sizeof(words), "from=%s to=%s followed=%s", from[0] ? from : "unknown", to,
                 followed ? "yes" : "no");
        return event_add(tx, teller->agent->tenant, teller->agent, "printer-moved", printer, words);
}

int printer_watch_seen(struct db_tx *tx, struct teller *teller, struct id printer, const char *from,
                       const char *address)
{
        struct printer_watch watch;
        bool told;
        int r = find_in(tx, teller->agent->tenant, printer, &watch, &told);

        if (r)
                return fold(r);
        if (strcmp(from, address) != 0)
                r = note_move(tx, teller, printer, from, address, watch.follows);
        if (r || !watch.swapped_ms)
                return r;
        watch.swapped_ms = 0;
        watch.swapped_by = (struct id){ 0 };
        r = put(tx, teller->agent->tenant, printer, &watch, false);
        return r || !told ? r
                          : event_add(tx, teller->agent->tenant, teller->agent, "printer-back", printer, "");
}

static int note_swap(struct db_tx *tx, const struct teller *teller, struct id printer, struct id by)
{
        /* A run is waited for: its own may turn up elsewhere. */
        bool tells = teller->purpose != DISCOVERY_PRINTERS;
        struct printer_watch watch;
        bool told;
        int r = find_in(tx, teller->agent->tenant, printer, &watch, &told);

        if (r || (watch.swapped_ms && id_equal(watch.swapped_by, by) && (told || !tells)))
                return fold(r);
        watch.swapped_ms = watch.swapped_ms ? watch.swapped_ms : teller->now;
        watch.swapped_by = by;
        r = put(tx, teller->agent->tenant, printer, &watch, told || tells);
        return r || told || !tells
                       ? r
                       : event_add(tx, teller->agent->tenant, teller->agent, "printer-swapped", printer, "");
}

/* Printers that are known to be others than by, and have an address with that host. */
static int others_find(struct db_tx *tx, const struct teller *teller, const char *address, struct id by,
                       struct id ret[OTHERS_MAX], size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(
                tx, teller->agent->tenant,
                "SELECT p.id FROM printer_host h JOIN printer p ON p.tenant_id = h.tenant_id AND p.id = h.printer_id"
                " WHERE h.tenant_id = ?1 AND h.host = ?4"
                " AND (p.agent_id = ?2 OR p.site_id = ?3 OR (p.agent_id IS NULL AND p.site_id IS NULL))"
                " AND (p.identity_uuid <> '' OR p.identity_spki <> '' OR p.identity_serial <> '' OR p.identity_issued <> '' OR EXISTS"
                " (SELECT 1 FROM discovered_printer k WHERE k.tenant_id = ?1 AND k.printer_id = p.id))"
                " AND NOT EXISTS (SELECT 1 FROM discovered_printer d WHERE d.tenant_id = ?1 AND d.id = ?5"
                " AND d.printer_id = p.id)",
                DB_VALUES(db_id(&teller->agent->id), db_id(&teller->site), db_string(address), db_id(&by)),
                &rows);
        if (r)
                return fold(r);
        while (*ret_count < OTHERS_MAX && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

int printer_watch_others(struct db_tx *tx, struct teller *teller, const char *address, struct id by)
{
        struct id others[OTHERS_MAX];
        size_t count;
        int r = others_find(tx, teller, address, by, others, &count);

        for (size_t i = 0; r == 0 && i < count; i++)
                r = note_swap(tx, teller, others[i], by);
        return r;
}

int printer_watch_tell(struct db_tx *tx, const struct teller *teller)
{
        struct id printers[OTHERS_MAX];
        size_t count;
        int r;

        do {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                count = 0;
                r = db_find(
                        tx, teller->agent->tenant,
                        "UPDATE printer_watch SET told = 1 WHERE tenant_id = ?1 AND told = 0 AND swapped_ms > 0"
                        " AND printer_id IN (SELECT w.printer_id FROM printer_watch w JOIN discovered_printer d"
                        " ON d.tenant_id = w.tenant_id AND d.id = w.swapped_by WHERE w.tenant_id = ?1"
                        " AND d.run_id = ?2 AND w.told = 0 LIMIT 16) RETURNING printer_id",
                        DB_VALUES(db_id(&teller->run)), &rows);
                if (r)
                        return fold(r);
                while (count < OTHERS_MAX && db_rows_next(&rows, &r))
                        printers[count++] = db_rows_id(&rows, 0);
                r = fold(r);
                db_rows_done(&rows);
                rows = (struct db_rows){ 0 };
                for (size_t i = 0; r == 0 && i < count; i++)
                        r = event_add(tx, teller->agent->tenant, teller->agent, "printer-swapped",
                                      printers[i], "");
        } while (r == 0 && count == OTHERS_MAX);
        return r;
}

/* ---- what administrators see and say ---- */

struct context {
        const struct actor *actor;
        struct id printer;
        struct printer_watch watch;
        bool follows;
        const struct id *discovered;
};

static int look_in(struct db_tx *tx, struct context *c, enum right right, bool *ret_told)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, right, printer.site);
        return r ? r : find_in(tx, c->actor->tenant, c->printer, &c->watch, ret_told);
}

static int see_in(struct db_tx *tx, void *context)
{
        bool told;

        return look_in(tx, context, RIGHT_PRINTERS_INSPECT, &told);
}

int printer_watch_find(struct core *core, const struct actor *actor, struct id printer,
                       struct printer_watch *ret)
{
        struct context c = { .actor = actor, .printer = printer };
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_read(core->db, see_in, &c);
        if (r == 0)
                *ret = c.watch;
        return r;
}

/* Whether the one who decides may decide about that one as well. */
static int check_discovered(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct id agent;
        int r = db_one(tx, c->actor->tenant,
                       "SELECT agent_id, printer_id FROM discovered_printer WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(c->discovered)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        agent = db_rows_id(&rows, 0);
        if (!id_is_zero(db_rows_id(&rows, 1)) && !id_equal(db_rows_id(&rows, 1), c->printer))
                return CORE_TAKEN;
        r = id_is_zero(agent) ? 0 : right_to_agent(tx, c->actor, RIGHT_PRINTERS_CHANGE, agent);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int accept(struct db_tx *tx, const struct context *c)
{
        int r = check_discovered(tx, c);

        if (r == 0)
                r = discovered_row_link(tx, c->actor->tenant, *c->discovered, c->printer);
        if (r)
                return r;
        r = fold(db_run(tx, c->actor->tenant,
                        "UPDATE printer SET identity_uuid = '', identity_spki = '', identity_serial = ''"
                        " WHERE tenant_id = ?1 AND id = ?2",
                        DB_VALUES(db_id(&c->printer)), NULL));
        if (r == 0)
                r = certificates_forget(tx, c->actor->tenant, c->printer);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "printer-device-accepted", c->printer, "");
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        bool told;
        int r = look_in(tx, c, RIGHT_PRINTERS_CHANGE, &told);

        if (r)
                return r;
        if (c->follows != c->watch.follows)
                r = event_add(tx, c->actor->tenant, c->actor, "printer-changed", c->printer,
                              c->follows ? "follows=yes" : "follows=no");
        c->watch.follows = c->follows;
        if (r == 0 && c->discovered) {
                c->watch.swapped_ms = 0;
                c->watch.swapped_by = (struct id){ 0 };
                told = false;
                r = accept(tx, c);
        }
        return r ? r : put(tx, c->actor->tenant, c->printer, &c->watch, told);
}

int printer_watch_change(struct core *core, const struct actor *actor, struct id printer, bool follows,
                         const struct id *discovered)
{
        struct context c = {
                .actor = actor, .printer = printer, .follows = follows, .discovered = discovered
        };

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_write(core->db, change_in, &c);
}
