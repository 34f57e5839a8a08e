// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/alarm.h"
#include "core/release/delivery.h"
#include "core/listing.h"
#include "core/printer/sighting-row.h"
#include "core/job/home.h"
#include "core/state.h"
#include "core/job/stay.h"

#define COLUMNS                                                                                                    \
        "SELECT id, name, fingerprint IS NOT NULL, created_ms, expires_ms, seen_ms, incarnation, starts, site_id," \
        " features_off, code_expires_ms, cloned_ms, health, health_ms, (SELECT count(*) FROM alert x"              \
        " WHERE x.tenant_id = agent.tenant_id AND x.agent_id = agent.id AND x.closed_ms = 0)"                      \
        " FROM agent"                                                                                              \
        " WHERE tenant_id = ?1"

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct agent agent;
        uint8_t code_hash[HASH_OCTETS];
        int64_t now;
};

static void read_agent(struct db_rows *rows, void *item)
{
        struct agent *ret = item;

        *ret = (struct agent){ .id = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        ret->enrolled = db_rows_integer(rows, 2);
        ret->created_ms = db_rows_integer(rows, 3);
        ret->expires_ms = db_rows_integer(rows, 4);
        ret->seen_ms = db_rows_integer(rows, 5);
        ret->incarnation = (uint64_t)db_rows_integer(rows, 6);
        ret->starts = (uint64_t)db_rows_integer(rows, 7);
        ret->site = db_rows_id(rows, 8);
        ret->features_off = (uint32_t)db_rows_integer(rows, 9);
        ret->code_expires_ms = db_rows_integer(rows, 10);
        ret->cloned_ms = db_rows_integer(rows, 11);
        db_rows_string(rows, 12, ret->health, sizeof(ret->health));
        ret->health_ms = db_rows_integer(rows, 13);
        ret->alarms = (uint32_t)db_rows_integer(rows, 14);
}

const char *agent_feature_name(enum agent_feature feature)
{
        static const char *const names[AGENT_FEATURES] = { "readers", "directory", "discovery",
                                                           "ipp",     "lpd",       "offline" };

        return names[feature];
}

static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant, "SELECT count(*) FROM agent WHERE tenant_id = ?1", DB_NONE, &rows);
        return r ? fold(r) : tenant_limit_check(c->core, c->tenant, LIMIT_AGENTS, db_rows_integer(&rows, 0));
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = right_at_site(tx, c->actor, RIGHT_AGENTS_CHANGE, c->agent.site);
        if (r == 0)
                r = has_room(tx, c);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "INSERT INTO agent (tenant_id, id, name, code_hash, incarnation, starts, created_ms, expires_ms, seen_ms,"
                " site_id, features_off, code_expires_ms, cloned_ms, stale_ms, health, health_ms)"
                " VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, 0, ?7, 0, ?6, 0, 0, '', 0)",
                DB_VALUES(db_id(&c->agent.id), db_string(c->agent.name), db_octets(c->code_hash, HASH_OCTETS),
                          db_integer(c->agent.created_ms), db_integer(c->agent.expires_ms),
                          db_id(&c->agent.site)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-made", c->agent.id, c->agent.name);
}

int agent_make(struct core *core, const struct actor *actor, struct id tenant, struct text name,
               struct id site, struct agent *ret, char ret_code[OUTPOST_CODE])
{
        struct context c = { .core = core, .actor = actor, .tenant = tenant, .agent.site = site };
        int r;

        if (actor && actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (!text_is_name(name) || !text_copy(name, c.agent.name, sizeof(c.agent.name)))
                return CORE_BAD_VALUE;
        outpost_code_make(ret_code, c.code_hash);
        c.agent.id = id_new();
        c.agent.created_ms = clock_unix_ms();
        c.agent.expires_ms = c.agent.created_ms + core->settings.enrolment_ms;
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.agent;
        return r;
}

static const struct outpost_kind agents = {
        .actor = ACTOR_AGENT,
        .via = VIA_AGENT,
        .by_code = "SELECT tenant_id, id, name FROM agent WHERE code_hash = ?1 AND code_expires_ms > ?2",
        .enrol =
                "UPDATE agent SET fingerprint = ?3, code_hash = NULL, expires_ms = ?4, cloned_ms = 0, stale_ms = 0"
                " WHERE tenant_id = ?1 AND id = ?2",
        .renew = "UPDATE agent SET fingerprint = ?3, code_hash = NULL, expires_ms = ?4"
                 " WHERE tenant_id = ?1 AND id = ?2",
        .seen = "UPDATE agent SET seen_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND seen_ms < ?3",
        .enrolled = "agent-enrolled",
        .renewed = "agent-renewed",
};

int agent_enrol(struct core *core, struct text code, const uint8_t fingerprint[HASH_OCTETS],
                struct text source, struct actor *ret)
{
        return outpost_enrol(core, &agents, code, fingerprint, source, ret);
}

int agent_renew(struct core *core, const struct actor *agent, const uint8_t fingerprint[HASH_OCTETS],
                int64_t *ret_expires_ms)
{
        return outpost_renew(core, &agents, agent, fingerprint, ret_expires_ms);
}

void agent_seen(struct core *core, const struct actor *agent)
{
        outpost_seen(core, &agents, agent);
}

int agent_list(struct core *core, const struct actor *actor, struct id after, struct agent *ret, size_t max,
               size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_AGENTS_READ, whose_tenant());
        struct listing listing = {
                .tenant = actor->tenant,
                .sql = COLUMNS
                " AND id > ?2 AND (?4 IS NULL OR site_id IN (SELECT site_id FROM site_administrator"
                " WHERE tenant_id = ?1 AND person_id = ?4)) ORDER BY id LIMIT ?3",
                .values = DB_VALUES(is_of_sites ? db_id(&actor->id) : db_null()),
                .after = after,
                .read = read_agent,
                LISTING_INTO(ret, max)
        };

        if (actor_reach(actor, RIGHT_AGENTS_READ) < REACH_SITE)
                return CORE_FORBIDDEN;
        return listing_find(core, &listing, ret_count);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&c->agent.id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_agent(&rows, &c->agent);
        return 0;
}

/* For whoever asks: what is at another's site does not exist for him. */
static int see_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = find_in(tx, c);

        if (r || c->actor->kind == ACTOR_AGENT)
                return r;
        r = right_at_site(tx, c->actor, RIGHT_AGENTS_READ, c->agent.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

int agent_find(struct core *core, const struct actor *actor, struct id id, struct agent *ret)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .agent.id = id };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_READ) < REACH_SITE &&
            !actor_may(actor, RIGHT_AGENTS_READ, whose_person(id)))
                return CORE_FORBIDDEN;
        r = db_read(core->db, see_in, &c);
        if (r == 0)
                *ret = c.agent;
        return r;
}

struct named {
        struct id tenant, id;
        char name[CORE_NAME];
};

static int find_named_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct named *named = context;
        int r;

        r = db_one(tx, named->tenant,
                   "SELECT id FROM agent WHERE tenant_id = ?1 AND (id = ?2 OR (?2 IS NULL AND name = ?3))",
                   DB_VALUES(db_id(&named->id), db_string(named->name)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        named->id = db_rows_id(&rows, 0);
        return 0;
}

int agent_find_named(struct core *core, struct id tenant, struct text name, struct id *ret)
{
        struct named named = { .tenant = tenant };
        int r;

        if (!text_copy(name, named.name, sizeof(named.name)))
                return CORE_NOT_FOUND;
        (void)id_parse(name, &named.id);
        r = db_read(core->db, find_named_in, &named);
        if (r == 0)
                *ret = named.id;
        return r;
}

int right_to_agent(struct db_tx *tx, const struct actor *actor, enum right right, struct id agent)
{
        struct context c = { .agent.id = agent };
        int r;

        if (!actor)
                return 0;
        c.tenant = actor->tenant;
        r = find_in(tx, &c);
        return r ? r : right_at_site(tx, actor, right, c.agent.site);
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct agent wanted = c->agent;
        int r;

        r = see_in(tx, c);
        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_AGENTS_CHANGE, c->agent.site);
        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_AGENTS_CHANGE, wanted.site);
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET site_id = ?3, features_off = ?4 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&wanted.id), db_id(&wanted.site), db_integer(wanted.features_off)), NULL);
        if (r)
                return r == DB_TAKEN ? CORE_NOT_FOUND : fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-changed", c->agent.id, c->agent.name);
}

int agent_change(struct core *core, const struct actor *actor, const struct agent *agent)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .agent = *agent };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, change_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, agent->id, "configuration");
        return r;
}

int agent_has_feature(struct core *core, struct id tenant, struct id id, enum agent_feature feature,
                      bool *ret)
{
        struct context c = { .tenant = tenant, .agent.id = id };
        int r = db_read(core->db, find_in, &c);

        *ret = r == 0 && !(c.agent.features_off & 1u << feature);
        return r == CORE_NOT_FOUND ? 0 : r;
}

static int make_code_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t expires_ms = c->agent.code_expires_ms;
        int r;

        r = see_in(tx, c);
        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_AGENTS_CHANGE, c->agent.site);
        if (r)
                return r;
        c->agent.code_expires_ms = expires_ms;
        if (!c->agent.enrolled)
                c->agent.expires_ms = expires_ms;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET code_hash = ?3, code_expires_ms = ?4, expires_ms = ?5"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent.id), db_octets(c->code_hash, HASH_OCTETS),
                             db_integer(expires_ms), db_integer(c->agent.expires_ms)),
                   NULL);
        return r ? fold(r)
                 : event_add(tx, c->tenant, c->actor, "agent-code-made", c->agent.id, c->agent.name);
}

int agent_make_code(struct core *core, const struct actor *actor, struct id id, struct agent *ret,
                    char ret_code[OUTPOST_CODE])
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .agent.id = id };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        outpost_code_make(ret_code, c.code_hash);
        c.agent.code_expires_ms = clock_unix_ms() + core->settings.enrolment_ms;
        r = db_write(core->db, make_code_in, &c);
        if (r == 0)
                *ret = c.agent;
        return r;
}

struct told {
        struct id tenant, agent;
        const char *health;
};

static int keep_health_in(struct db_tx *tx, void *context)
{
        const struct told *told = context;

        return fold(db_run(
                tx, told->tenant,
                "UPDATE agent SET health = ?3, health_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&told->agent), db_string(told->health), db_integer(clock_unix_ms())), NULL));
}

int agent_keep_health(struct core *core, const struct actor *agent, const char *health)
{
        struct told told = { agent->tenant, agent->id, health };

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (strlen(health) >= AGENT_HEALTH)
                return CORE_BAD_VALUE;
        return db_write(core->db, keep_health_in, &told);
}

int agent_serves(struct db_tx *tx, const struct actor *agent, struct id printer)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, agent->tenant,
                   "SELECT 1 FROM printer p WHERE p.tenant_id = ?1 AND p.id = ?3 AND " AGENT_SERVES,
                   DB_VALUES(db_id(&agent->id), db_id(&printer)), &rows);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = see_in(tx, c);
        if (r == 0)
                r = right_at_site(tx, c->actor, RIGHT_AGENTS_CHANGE, c->agent.site);
        if (r)
                return r;
        r = agent_void_grants(c->core, tx, c->tenant, c->agent.id, "agent-revoked");
        if (r == 0)
                r = homes_lose(c->core, tx, c->tenant, c->agent.id, 0, "home-lost");
        if (r == 0)
                r = stays_lose(c->core, tx, c->tenant, c->agent.id, "document-lost");
        if (r)
                return r;
        r = db_run(tx, c->tenant, "UPDATE printer SET agent_id = NULL WHERE tenant_id = ?1 AND agent_id = ?2",
                   DB_VALUES(db_id(&c->agent.id)), NULL);
        if (r)
                return fold(r);
        r = db_run(tx, c->tenant, "DELETE FROM reader WHERE tenant_id = ?1 AND agent_id = ?2",
                   DB_VALUES(db_id(&c->agent.id)), NULL);
        if (r)
                return fold(r);
        r = discovered_forget_agent(tx, c->tenant, c->agent.id);
        if (r == 0)
                r = alarms_forget_agent(tx, c->tenant, c->agent.id);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM reader_switch WHERE tenant_id = ?1 AND agent_id = ?2",
                   DB_VALUES(db_id(&c->agent.id)), NULL);
        if (r)
                return fold(r);
        r = db_run(tx, c->tenant, "DELETE FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent.id)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-revoked", c->agent.id, c->agent.name);
}

int agent_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .agent.id = id };
        int r;

        if (actor_reach(actor, RIGHT_AGENTS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        r = db_write(core->db, delete_in, &c);
        if (r == 0)
                wake_agent(core, actor->tenant, id, "revoked");
        return r;
}
