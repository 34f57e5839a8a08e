// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/alarm.h"
#include "core/delivery.h"
#include "core/listing.h"
#include "core/sighting-row.h"
#include "core/home.h"
#include "core/state.h"
#include "core/stay.h"

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
        const uint8_t *fingerprint;
        uint64_t incarnation;
        uint64_t starts;
        const struct id *journal;
        size_t journal_count;
        int64_t now;
        struct actor enrolled;
        struct text source;
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

static int find_by_code(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one_all(tx,
                       "SELECT tenant_id, id, name FROM agent WHERE code_hash = ?1 AND code_expires_ms > ?2",
                       DB_VALUES(db_octets(c->code_hash, HASH_OCTETS), db_integer(c->now)), &rows);
        if (r == DB_NO_ROW)
                return CORE_WRONG_CREDENTIALS;
        if (r)
                return fold(r);
        c->enrolled = (struct actor){ .kind = ACTOR_AGENT,
                                      .tenant = db_rows_id(&rows, 0),
                                      .id = db_rows_id(&rows, 1) };
        db_rows_string(&rows, 2, c->enrolled.name, sizeof(c->enrolled.name));
        actor_came(&c->enrolled, VIA_AGENT, c->source);
        return 0;
}

static int set_key(struct db_tx *tx, const struct context *c)
{
        int r;

        r = db_run(
                tx, c->enrolled.tenant,
                "UPDATE agent SET fingerprint = ?3, code_hash = NULL, expires_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&c->enrolled.id), db_octets(c->fingerprint, HASH_OCTETS),
                          db_integer(c->now + c->core->settings.agent_ms)),
                NULL);
        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

static int enrol_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_by_code(tx, c);
        if (r)
                return r;
        r = set_key(tx, c);
        if (r)
                return r == CORE_TAKEN ? CORE_WRONG_CREDENTIALS : r;
        r = db_run(tx, c->enrolled.tenant,
                   "UPDATE agent SET cloned_ms = 0, stale_ms = 0 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->enrolled.id)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->enrolled.tenant, &c->enrolled, "agent-enrolled", c->enrolled.id, "");
}

int agent_enrol(struct core *core, struct text code, const uint8_t fingerprint[32], struct text source,
                struct actor *ret)
{
        struct context c = { .core = core, .fingerprint = fingerprint, .now = clock_unix_ms() };
        int r;

        c.source = source;
        r = guess_check(core, GUESS_CODE, source);
        if (r)
                return r;
        outpost_code_hash(code, c.code_hash);
        r = db_write(core->db, enrol_in, &c);
        if (r == CORE_WRONG_CREDENTIALS) {
                r = guess_count_wrong(core, GUESS_CODE, source);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        if (r == 0)
                *ret = c.enrolled;
        return r;
}

static int renew_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = set_key(tx, c);
        if (r)
                return r;
        return event_add(tx, c->enrolled.tenant, &c->enrolled, "agent-renewed", c->enrolled.id, "");
}

int agent_renew(struct core *core, const struct actor *agent, const uint8_t fingerprint[32],
                int64_t *ret_expires_ms)
{
        struct context c = { .core = core, .fingerprint = fingerprint, .now = clock_unix_ms() };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        c.enrolled = *agent;
        r = db_write(core->db, renew_in, &c);
        if (r == 0)
                *ret_expires_ms = c.now + core->settings.agent_ms;
        return r;
}

int agent_list(struct core *core, const struct actor *actor, struct id after, struct agent *ret, size_t max,
               size_t *ret_count)
{
        bool is_of_sites = !actor_may(actor, RIGHT_AGENTS_READ, whose_tenant());
        struct listing agents = {
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
        return listing_find(core, &agents, ret_count);
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

#define OPEN_MAX 64

/* The agent's deliveries under way, at most OPEN_MAX of them after the given one. */
static int find_open(struct db_tx *tx, struct id tenant, struct id agent, struct id after, struct id *ret,
                     size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        r = db_find(
                tx, tenant,
                "SELECT id FROM delivery WHERE tenant_id = ?1 AND agent_id = ?2 AND state IN ('offered', 'armed')"
                " AND id > ?3 ORDER BY id LIMIT ?4",
                DB_VALUES(db_id(&agent), db_octets(after.octets, ID_OCTETS), db_integer(OPEN_MAX)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < OPEN_MAX && db_rows_next(&rows, &r))
                ret[(*ret_count)++] = db_rows_id(&rows, 0);
        return fold(r);
}

/* Its offer goes back; what it armed may have been printed, and nobody will tell. */
static int void_grant(struct core *core, struct db_tx *tx, struct id tenant, struct delivery_row *delivery,
                      const char *cause)
{
        int r;

        if (delivery->state == DELIVERY_OFFERED)
                return delivery_row_become(core, tx, tenant, delivery, DELIVERY_REQUESTED, cause, 0);
        r = delivery_row_become(core, tx, tenant, delivery, DELIVERY_UNCERTAIN, cause, 0);
        if (r)
                return r;
        r = db_run(tx, tenant, "UPDATE job SET expires_ms = ?3 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&delivery->job),
                             db_integer(clock_unix_ms() + core->settings.uncertain_keep_ms)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, tenant, NULL, "delivery-uncertain", delivery->job, cause);
}

static bool journal_names(const struct context *c, struct id delivery)
{
        for (size_t i = 0; i < c->journal_count; i++)
                if (id_equal(c->journal[i], delivery))
                        return true;
        return false;
}

/* Every open delivery of the agent, in bounded steps: of a lost journal, of a revoked agent, or of one that
 * started again. */
static int settle_open(struct db_tx *tx, const struct context *c, bool journal_kept, const char *cause)
{
        struct id open[OPEN_MAX], after = { 0 };
        size_t count;

        do {
                int r = find_open(tx, c->tenant, c->agent.id, after, open, &count);

                for (size_t i = 0; r == 0 && i < count; i++) {
                        struct delivery_row delivery;

                        after = open[i];
                        if (journal_kept && journal_names(c, open[i]))
                                continue;
                        r = delivery_row_find(tx, c->tenant, open[i], &delivery);
                        if (r)
                                return fold(r);
                        r = journal_kept ? delivery_row_become(c->core, tx, c->tenant, &delivery,
                                                               DELIVERY_REQUESTED, cause, 0)
                                         : void_grant(c->core, tx, c->tenant, &delivery, cause);
                }
                if (r)
                        return r;
        } while (count == OPEN_MAX);
        return 0;
}

#define CLONE_LEAST_MS 300 /* between two words of the one whose place was taken */
#define CLONE_MOST_MS  600000

/*
 * One that has started before, and says so again after another has started: two machines have this key. Once
 * may be a message that was under way when its sender ended; twice is not.
 */
static int note_clone_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int64_t stale_ms, cloned_ms;
        bool is_clone;
        int r;

        r = db_one(tx, c->tenant, "SELECT stale_ms, cloned_ms FROM agent WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent.id)), &rows);
        if (r)
                return fold(r);
        stale_ms = db_rows_integer(&rows, 0);
        cloned_ms = db_rows_integer(&rows, 1);
        db_rows_done(&rows);
        if (stale_ms && c->now < stale_ms + CLONE_LEAST_MS)
                return 0;
        is_clone = c->now < stale_ms + CLONE_MOST_MS;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET stale_ms = ?3, cloned_ms = CASE WHEN ?4 THEN ?3 ELSE cloned_ms END"
                   " WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent.id), db_integer(c->now), db_integer(is_clone)), NULL);
        if (r || !is_clone || c->now < cloned_ms + CLONE_MOST_MS)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-cloned", c->agent.id, "");
}

static int set_incarnation_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        bool is_new;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        is_new = c->agent.incarnation != c->incarnation;
        if (c->agent.starts != c->starts)
                return CORE_STALE;
        if (!is_new && !c->journal)
                return 0;
        r = settle_open(tx, c, !is_new, is_new ? "agent-journal-lost" : "agent-restarted");
        if (r == 0)
                r = homes_lose(c->core, tx, c->tenant, c->agent.id, c->incarnation, "home-lost");
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "UPDATE agent SET incarnation = ?3, starts = starts + 1 WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->agent.id), db_integer((int64_t)c->incarnation)), NULL);
        if (r || !is_new)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "agent-journal-new", c->agent.id, "");
}

int agent_set_incarnation(struct core *core, const struct actor *agent, uint64_t incarnation, uint64_t starts,
                          const struct id *journal, size_t journal_count)
{
        struct context c = { .core = core,
                             .actor = agent,
                             .tenant = agent->tenant,
                             .agent.id = agent->id,
                             .incarnation = incarnation,
                             .starts = starts,
                             .journal = journal,
                             .journal_count = journal_count };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (incarnation == 0)
                return CORE_BAD_VALUE;
        r = db_write(core->db, set_incarnation_in, &c);
        if (r != CORE_STALE || journal || c.agent.starts <= starts)
                return r;
        c.now = clock_unix_ms();
        r = db_write(core->db, note_clone_in, &c);
        return r ? r : CORE_STALE;
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

int agent_is_there(struct core *core, const struct actor *agent, uint64_t incarnation)
{
        struct context c = { .tenant = agent->tenant, .agent.id = agent->id };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        return r ? r : c.agent.incarnation == incarnation ? 0 : CORE_STALE;
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

#define GONE_MAX 256

struct gone {
        struct core *core;
        struct id tenants[GONE_MAX], agents[GONE_MAX];
        size_t count;
};

/* Those that carry something. */
static int find_carrying(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct gone *gone = context;
        int r;

        r = db_find_all(tx,
                        "SELECT DISTINCT tenant_id, agent_id FROM delivery"
                        " WHERE state IN ('offered', 'armed')",
                        DB_NONE, &rows);
        if (r)
                return fold(r);
        while (gone->count < GONE_MAX && db_rows_next(&rows, &r)) {
                struct id agent = db_rows_id(&rows, 1);

                if (outpost_silent_ms(gone->core, agent) < gone->core->settings.agent_gone_ms)
                        continue;
                gone->tenants[gone->count] = db_rows_id(&rows, 0);
                gone->agents[gone->count++] = agent;
        }
        return fold(r);
}

static int settle_gone_in(struct db_tx *tx, void *context)
{
        return settle_open(tx, context, false, "agent-gone");
}

int agents_settle_gone(struct core *core)
{
        struct gone gone = { .core = core };
        int r = db_read(core->db, find_carrying, &gone);

        for (size_t i = 0; r == 0 && i < gone.count; i++) {
                struct context c = { .core = core, .tenant = gone.tenants[i], .agent.id = gone.agents[i] };
                char id[ID_STRING];

                id_format(gone.agents[i], id);
                log_write(LOG_NOTICE, "agent-gone", "agent", id, NULL);
                r = db_write(core->db, settle_gone_in, &c);
                if (r == 0)
                        wake_agent(core, gone.tenants[i], (struct id){ 0 }, "delivery");
        }
        return r;
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
        r = settle_open(tx, c, false, "agent-revoked");
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

static int seen_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(
                tx, c->tenant,
                "UPDATE agent SET seen_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND seen_ms < ?4",
                DB_VALUES(db_id(&c->agent.id), db_integer(c->now), db_integer(c->now - OUTPOST_SEEN_MS)),
                NULL));
}

void agent_seen(struct core *core, const struct actor *agent)
{
        struct context c = { .tenant = agent->tenant, .agent.id = agent->id, .now = clock_unix_ms() };
        int r;

        if (!outpost_seen_is_due(core, agent->id, c.now))
                return;
        r = db_write(core->db, seen_in, &c);
        if (r < 0)
                log_fault("agent-seen-not-written", r);
}
