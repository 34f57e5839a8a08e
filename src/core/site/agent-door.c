// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/agent-door.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id agent;
        struct agent_doors doors;
};

const char *agent_door_name(enum agent_door_kind kind)
{
        static const char *const names[] = { [AGENT_DOOR_IPP] = "ipp", [AGENT_DOOR_LPD] = "lpd" };

        return names[kind];
}

struct agent_door agent_door_default(enum agent_door_kind kind)
{
        struct agent_door door = { .port = 631, .dns_sd = true };

        if (kind == AGENT_DOOR_LPD) {
                door = (struct agent_door){ .port = 515 };
                (void)text_copy(text_from(network_list_private), door.networks, sizeof(door.networks));
        }
        return door;
}

bool agent_door_host_is_good(struct text host)
{
        static const char good[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";

        for (size_t i = 0; i < host.len; i++)
                if (!memchr(good, host.at[i], sizeof(good) - 1) ||
                    (host.at[i] == '.' && (i == 0 || host.at[i - 1] == '.')))
                        return false;
        return host.len > 0 && host.len < AGENT_DOOR_HOST && host.at[0] != '-' &&
               host.at[host.len - 1] != '.';
}

static int set_queue(struct db_tx *tx, const struct context *c, int kind, const struct id *queue)
{
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO agent_door_queue (tenant_id, agent_id, kind, queue_id)"
                   " SELECT ?1, ?2, ?3, id FROM queue WHERE tenant_id = ?1 AND id = ?4",
                   DB_VALUES(db_id(&c->agent), db_integer(kind), db_id(queue)), &changed);
        if (r)
                return r == DB_TAKEN ? CORE_BAD_VALUE : fold(r);
        return changed ? 0 : CORE_NOT_FOUND;
}

static int set_door(struct db_tx *tx, const struct context *c, int kind)
{
        const struct agent_door *door = &c->doors.door[kind];
        int r;

        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO agent_door (tenant_id, agent_id, kind, enabled, port, plain, dns_sd, host,"
                   " networks, reserved_ports) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                   DB_VALUES(db_id(&c->agent), db_integer(kind), db_integer(door->enabled),
                             db_integer(door->port), db_integer(door->plain), db_integer(door->dns_sd),
                             db_string(door->host), db_string(door->networks),
                             db_integer(door->reserved_ports)),
                   NULL);
        if (r)
                return fold(r);
        for (size_t i = 0; r == 0 && i < door->queue_count; i++)
                r = set_queue(tx, c, kind, &door->queues[i]);
        return r;
}

static int note(struct db_tx *tx, const struct context *c)
{
        char detail[CORE_WORDS];
        size_t len = 0;

        for (int i = 0; i < AGENT_DOOR_KINDS; i++) {
                const struct agent_door *door = &c->doors.door[i];

                len += (size_t)snprintf(detail + len, sizeof(detail) - len, "%s%s=%s port=%u queues=%zu",
                                        i ? " " : "", agent_door_name((enum agent_door_kind)i),
                                        !door->enabled ? "off"
                                        : door->plain  ? "plain"
                                                       : "on",
                                        door->port, door->queue_count);
        }
        return event_add(tx, c->actor->tenant, c->actor, "agent-doors-changed", c->agent, detail);
}

static int set_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int r;

        r = right_to_agent(tx, c->actor, RIGHT_AGENTS_CHANGE, c->agent);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant, "DELETE FROM agent_door WHERE tenant_id = ?1 AND agent_id = ?2",
                   DB_VALUES(db_id(&c->agent)), NULL);
        if (r)
                return fold(r);
        for (int i = 0; r == 0 && i < AGENT_DOOR_KINDS; i++)
                r = set_door(tx, c, i);
        return r ? r : note(tx, c);
}

int agent_doors_set(struct core *core, const struct actor *actor, struct id agent,
                    const struct agent_doors *doors)
{
        struct context c = { .actor = actor, .agent = agent };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        for (int i = 0; i < AGENT_DOOR_KINDS; i++) {
                const struct agent_door *door = &doors->door[i];

                if (!door->port || door->queue_count > AGENT_DOOR_QUEUES ||
                    (door->host[0] && !agent_door_host_is_good(text_from(door->host))) ||
                    !network_list_is_valid(text_from(door->networks), AGENT_DOOR_NETWORKS))
                        return CORE_BAD_VALUE;
        }
        /* Not in the initializer: gcc 12 with -ftrivial-auto-var-init=zero takes octets of it for padding. */
        c.doors = *doors;
        r = db_write(core->db, set_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, agent, "configuration");
        return r;
}

static int find_queues(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_find(tx, c->actor->tenant,
                    "SELECT kind, queue_id FROM agent_door_queue WHERE tenant_id = ?1 AND agent_id = ?2"
                    " ORDER BY kind, queue_id",
                    DB_VALUES(db_id(&c->agent)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                int64_t kind = db_rows_integer(&rows, 0);
                struct agent_door *door;

                if (kind < 0 || kind >= AGENT_DOOR_KINDS)
                        continue;
                door = &c->doors.door[kind];
                if (door->queue_count < AGENT_DOOR_QUEUES)
                        door->queues[door->queue_count++] = db_rows_id(&rows, 1);
        }
        return fold(r);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        for (int i = 0; i < AGENT_DOOR_KINDS; i++)
                c->doors.door[i] = agent_door_default((enum agent_door_kind)i);
        r = db_find(tx, c->actor->tenant,
                    "SELECT kind, enabled, port, plain, dns_sd, host, networks, reserved_ports"
                    " FROM agent_door WHERE tenant_id = ?1 AND agent_id = ?2",
                    DB_VALUES(db_id(&c->agent)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                int64_t kind = db_rows_integer(&rows, 0);
                struct agent_door *door;

                if (kind < 0 || kind >= AGENT_DOOR_KINDS)
                        continue;
                door = &c->doors.door[kind];
                door->enabled = db_rows_integer(&rows, 1);
                door->port = (uint16_t)db_rows_integer(&rows, 2);
                door->plain = db_rows_integer(&rows, 3);
                door->dns_sd = db_rows_integer(&rows, 4);
                db_rows_string(&rows, 5, door->host, sizeof(door->host));
                db_rows_string(&rows, 6, door->networks, sizeof(door->networks));
                door->reserved_ports = db_rows_integer(&rows, 7);
        }
        return r ? fold(r) : find_queues(tx, c);
}

int agent_doors_find(struct core *core, const struct actor *actor, struct id agent, struct agent_doors *ret)
{
        struct context c = { .actor = actor, .agent = agent };
        struct agent found;
        int r;

        r = agent_find(core, actor, agent, &found);
        if (r == 0)
                r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.doors;
        return r;
}
