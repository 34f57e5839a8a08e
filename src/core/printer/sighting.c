// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/sighting.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/notice/alert.h"
#include "core/printer/discovery-run.h"
#include "core/printer/meter.h"
#include "core/printer/printer-address.h"
#include "core/printer/printer-watch.h"
#include "core/printer/sighting-row.h"
#include "core/report/supply.h"
#include "crypt/hash.h"

#define AT_ONCE 8 /* sightings of one transaction: others want to write, too */

const char *const alert_severity_names[] = { "information", "warning", "critical", NULL };
const char *const discovery_purpose_names[] = { "discovery", "meters", "supplies", "status", NULL };
const char *const discovery_outcome_names[] = { "wanted", "going", "done", "stopped", "outside-hours", NULL };

/* ---- what may be told ---- */

static const char *complaint(const struct sighting *s)
{
        if (!printer_host_is_address(text_from(s->address)))
                return "address: an IP address in its usual form";
        if (!s->via[0] && id_is_zero(s->printer))
                return "via: what is silent needs the printer for which it was asked";
        if (s->facts.len > SIGHTING_FACTS_OCTETS || s->supplies.len > SIGHTING_LIST_OCTETS ||
            s->trays.len > SIGHTING_LIST_OCTETS || s->covers.len > SIGHTING_LIST_OCTETS)
                return "it is too long";
        return NULL;
}

/* ---- marks ---- */

/* Of one length, and of nothing that a badge could be. */
static int mark(const struct teller *teller, const char *kind, const char *value, struct marks *ret)
{
        char octets[128];
        uint8_t hash[HASH_OCTETS];
        int len = snprintf(octets, sizeof(octets), "printer %s %s", kind, value);

        hash_sha256(text_from_octets(octets, (size_t)len), hash);
        explicit_bzero(octets, sizeof(octets));
        return marks_make(teller->core, teller->agent->tenant, text_from_octets(hash, sizeof(hash)), ret);
}

static int make_marks(const struct teller *teller, const struct sighting *s, struct sighting_marks *ret)
{
        int r = 0;

        *ret = (struct sighting_marks){ .has_serial = s->identity.serial[0], .has_mac = s->identity.mac[0] };
        if (ret->has_serial)
                r = mark(teller, "serial", s->identity.serial, &ret->serial);
        return r == 0 && ret->has_mac ? mark(teller, "mac", s->identity.mac, &ret->mac) : r;
}

/* ---- one sighting ---- */

/* Its new address. A second one in the same run is where it can be reached as well, and no move. */
static void place(const struct teller *teller, const struct sighting *s, struct discovered_row *row)
{
        bool in_this_run = teller->purpose == DISCOVERY_PRINTERS && !id_is_zero(row->run) &&
                           id_equal(row->run, teller->run);

        if (strcmp(row->address, s->address) == 0 || strcmp(row->also, s->address) == 0)
                return;
        if (in_this_run) {
                memcpy(row->also, s->address, sizeof(row->also));
                return;
        }
        memcpy(row->address, s->address, sizeof(row->address));
        row->also[0] = '\0';
}

static int silent(struct db_tx *tx, const struct teller *teller, const struct sighting *s)
{
        return fold(db_run(
                tx, teller->agent->tenant,
                "UPDATE discovered_printer SET silent_ms = ?4 WHERE tenant_id = ?1 AND printer_id = ?2"
                " AND agent_id = ?3 AND silent_ms = 0",
                DB_VALUES(db_id(&s->printer), db_id(&teller->agent->id), db_integer(teller->now)), NULL));
}

static int take_one(struct db_tx *tx, struct teller *teller, const struct sighting *s,
                    const struct sighting_marks *marks)
{
        char before[SIGHTING_ADDRESS] = "";
        struct discovered_row row = { .address = "" };
        int r;

        if (!s->via[0])
                return silent(tx, teller, s);
        r = sighting_match(tx, teller, s, marks, &row);
        if (r == DB_NO_ROW)
                row = (struct discovered_row){ .address = "" };
        else if (r)
                return r;
        memcpy(before, row.address, sizeof(before));
        if (row.address[0])
                place(teller, s, &row);
        r = discovered_row_put(tx, teller, s, marks, &row);
        if (r == 0 && id_is_zero(row.printer)) {
                r = sighting_match_printer(tx, teller, s, &row.printer);
                if (r == 0 && !id_is_zero(row.printer))
                        r = discovered_row_link(tx, teller->agent->tenant, row.id, row.printer);
        }
        if (r == 0 && !id_is_zero(row.printer) && strcmp(row.also, s->address) != 0)
                r = printer_watch_seen(tx, teller, row.printer, before, s->address);
        if (r == 0 && !id_is_zero(row.printer))
                r = meters_keep(tx, teller, row.printer, row.id, s);
        if (r == 0 && !id_is_zero(row.printer))
                r = alerts_take(tx, teller, row.printer, s);
        if (r == 0 && !id_is_zero(row.printer))
                r = supplies_keep(tx, teller, row.printer, row.id, s);
        if (r == 0)
                r = printer_watch_others(tx, teller, s->address, row.id);
        return r;
}

/* ---- all of them ---- */

struct context {
        struct teller teller;
        struct sightings *sightings;
        size_t at, count;
        struct sighting_marks marks[AT_ONCE];
};

static int take_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = 0;

        c->teller.wakes = 0;
        for (size_t i = 0; r == 0 && i < c->count; i++)
                if (!c->sightings->at[c->at + i].refusal)
                        r = take_one(tx, &c->teller, &c->sightings->at[c->at + i], &c->marks[i]);
        return fold(r);
}

static int take_some(struct context *c)
{
        size_t left = c->sightings->count - c->at;
        int r = 0;

        c->count = left < AT_ONCE ? left : AT_ONCE;
        for (size_t i = 0; r == 0 && i < c->count; i++) {
                struct sighting *s = &c->sightings->at[c->at + i];

                if (!s->refusal)
                        s->refusal = complaint(s);
                if (!s->refusal)
                        r = make_marks(&c->teller, s, &c->marks[i]);
        }
        if (r)
                return fold(r);
        r = db_write(c->teller.core->db, take_in, c);
        if (r == 0 && c->teller.wakes)
                wake_agent(c->teller.core, c->teller.agent->tenant, (struct id){ 0 }, "configuration");
        return r;
}

static int begin_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        int r = discovery_run_told(tx, &c->teller, c->sightings);

        return r ? r : discovered_make_room(tx, &c->teller);
}

static int end_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return printer_watch_tell(tx, &c->teller);
}

int sightings_take(struct core *core, const struct actor *agent, struct sightings *sightings)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        struct agent row;
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (!c)
                return fault(-ENOMEM);
        r = agent_find(core, agent, agent->id, &row);
        if (r)
                return r;
        c->teller = (struct teller){ .core = core,
                                     .agent = agent,
                                     .site = row.site,
                                     .run = sightings->run,
                                     .purpose = sightings->purpose,
                                     .now = clock_unix_ms() };
        c->sightings = sightings;
        r = db_write(core->db, begin_in, c);
        for (c->at = 0; r == 0 && c->at < sightings->count; c->at += AT_ONCE)
                r = take_some(c);
        if (r == 0 && sightings->outcome != DISCOVERY_GOING)
                r = db_write(core->db, end_in, c);
        return r;
}
