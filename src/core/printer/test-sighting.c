// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a sighting costs does not depend on how many printers there are: counted in steps of SQLite's machine.
 */

#include "core/printer/sighting.h"

#include <sqlite3.h>

#include "base/scope.h"
#include "core/site/agent.h"
#include "core/printer/printer-host.h"
#include "core/test-world.h"
#include "db/sqlite.h"

#define FEW  100
#define MANY 10000

struct world {
        struct core_world base;
        struct actor agent;
        uint32_t made; /* printers */
        int64_t steps;
};

static void host_of(uint32_t number, char ret[SIGHTING_ADDRESS])
{
        snprintf(ret, SIGHTING_ADDRESS, "10.%u.%u.%u", number >> 16, number >> 8 & 255, number & 255);
}

static void uuid_of(uint32_t number, char ret[64])
{
        snprintf(ret, 64, "urn:uuid:01890000-0000-7000-8000-%012u", number);
}

/* Half of them were discovered, half of them stand there by their address. */
static int add_one(struct db_tx *tx, const struct world *world, uint32_t number)
{
        char host[SIGHTING_ADDRESS], elsewhere[SIGHTING_ADDRESS], uuid[64], address[128], name[32];
        struct id tenant = world->base.tenant.id, id = id_new(), discovered = id_new();
        bool is_discovered = number % 2;
        int r;

        host_of(number, host);
        host_of(number + 500000, elsewhere);
        uuid_of(number, uuid);
        snprintf(address, sizeof(address), "ipps://%s/ipp/print", host);
        snprintf(name, sizeof(name), "printer-%u", number);
        r = db_run(
                tx, tenant,
                "INSERT INTO printer (tenant_id, id, name, title, location, make_and_model, agent_id, accepting,"
                " colour, duplex, resolution_dpi, pages_per_minute, addresses, formats, media, trays,"
                " identity_uuid, identity_spki, identity_serial, created_ms)"
                " VALUES (?1, ?2, ?3, '', '', '', ?4, 1, 0, 0, 0, 0, ?5, '', '', 0, ?6, '', '', 0)",
                DB_VALUES(db_id(&id), db_string(name), db_id(&world->agent.id), db_string(address),
                          db_string(is_discovered ? uuid : "")),
                NULL);
        assert(r == 0);
        assert(printer_hosts_put(tx, tenant, id, text_from(address)) == 0);
        return db_run(
                tx, tenant,
                "INSERT INTO discovered_printer (tenant_id, id, agent_id, printer_id, address, also, via, uuid,"
                " spki, make_and_model, facts, supplies, trays, covers, first_ms, seen_ms, silent_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, '', 'snmp', ?6, '', '', '{}', '[]', '[]', '[]', 1, 1, 0)",
                DB_VALUES(db_id(&discovered), db_id(&world->agent.id), is_discovered ? db_id(&id) : db_null(),
                          db_string(is_discovered ? host : elsewhere), db_string(is_discovered ? uuid : "")),
                NULL);
}

struct adding {
        struct world *world;
        uint32_t until;
};

static int add_in(struct db_tx *tx, void *context)
{
        struct adding *a = context;

        for (uint32_t i = a->world->made; i < a->until; i++)
                assert(add_one(tx, a->world, i) == 0);
        return 0;
}

static void make_printers(struct world *world, uint32_t until)
{
        struct adding a = { world, until };

        assert(db_write(world->base.db, add_in, &a) == 0);
        world->made = until;
}

/* All that the writer's statements did since the last time. */
static int count_in(struct db_tx *tx, void *context)
{
        struct world *world = context;
        sqlite3_stmt *statement = NULL;

        world->steps = 0;
        while ((statement = sqlite3_next_stmt(tx->sqlite->handle, statement)))
                world->steps += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
}

static int64_t steps(struct world *world)
{
        assert(db_write(world->base.db, count_in, world) == 0);
        return world->steps;
}

static int64_t cost_of(struct world *world, struct sighting *s)
{
        struct sightings told = {
                .purpose = DISCOVERY_PRINTERS, .outcome = DISCOVERY_GOING, .at = s, .count = 1
        };
        struct sighting none = { .refusal = NULL };
        int64_t idle;

        (void)steps(world);
        told.count = 0;
        told.at = &none;
        assert(sightings_take(world->base.core, &world->agent, &told) == 0);
        idle = steps(world); /* what a call costs, once */
        told.count = 1;
        told.at = s;
        assert(sightings_take(world->base.core, &world->agent, &told) == 0 && !s->refusal);
        return steps(world) - idle;
}

struct case_of {
        const char *name;
        uint32_t number, at; /* whose identity, and whose address */
        bool has_serial;
};

static struct sighting sighting_of(const struct case_of *c)
{
        struct sighting s = { .via = "ipp snmp", .make_and_model = "Acme 1" };

        host_of(c->at, s.address);
        if (c->number < 1000000)
                uuid_of(c->number, s.identity.uuid);
        if (c->has_serial)
                snprintf(s.identity.serial, sizeof(s.identity.serial), "SER-%u", c->number);
        return s;
}

static const struct case_of cases[] = {
        { "one that was there, where it was", 1, 1, false },
        { "one that has moved", 3, 900001, false },
        { "one that stands there by its address", 900002, 4, false },
        { "another one in the place of one of ours", 900003, 5, true },
        { "one that nobody knows", 900004, 900005, true },
        { "one that says nothing of itself", 9000000, 900006, false },
};

static void a_sighting_costs_the_same_among_many(void)
{
        struct world world = { .made = 0 };
        char code[OUTPOST_CODE];
        struct agent agent;
        int64_t few[ARRAY_LENGTH(cases)];

        core_world_open(&world.base);
        assert(agent_make(world.base.core, &world.base.admin, world.base.tenant.id, TEXT_OF("north"),
                          (struct id){ 0 }, &agent, code) == 0);
        world.agent = (struct actor){ .kind = ACTOR_AGENT, .tenant = world.base.tenant.id, .id = agent.id };
        for (uint32_t turn = 0; turn < 2; turn++) {
                make_printers(&world, turn ? MANY : FEW);
                for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
                        struct case_of c = cases[i];
                        struct sighting s;
                        int64_t cost;

                        /* others than in the first turn */
                        c.number += turn * 50;
                        c.at += turn * 50;
                        s = sighting_of(&c);
                        cost = cost_of(&world, &s);
                        printf("%s: %lld steps among %u\n", c.name, (long long)cost, world.made);
                        if (turn == 0)
                                few[i] = cost;
                        else
                                assert(cost <= 2 * few[i] && cost < 4000);
                }
        }
        core_world_close(&world.base);
}

int main(void)
{
        a_sighting_costs_the_same_among_many();
        return 0;
}
