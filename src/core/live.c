// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

/* What a kind of event is about, and so who it is for. */
enum about {
        JOB = 1,
        PRINTER,
        AGENT,
        READER,
        PERSON,  /* the subject is one */
        MINE,    /* whoever did it: his session, token, grant */
        TENANTS, /* whoever reaches the tenant */
};

struct row {
        const char *prefix;
        const char *kind;
        enum about about;
        enum right right;
        enum live_end end;
};

/* The first whose prefix fits. What is not here is on no page, or is there with what it changed. */
static const struct row rows[] = {
        { "job-", "job", JOB, RIGHT_JOBS_READ, 0 },
        { "delivery-", "delivery", JOB, RIGHT_JOBS_READ, 0 },
        { "document-", "job", JOB, RIGHT_JOBS_READ, 0 },
        { "rendition-", "job", JOB, RIGHT_JOBS_READ, 0 },
        { "home-", "job", JOB, RIGHT_JOBS_READ, 0 },
        { "printer-group-", "printer-group", TENANTS, RIGHT_PRINTERS_INSPECT, 0 },
        { "printer-", "printer", PRINTER, RIGHT_PRINTERS_READ, 0 },
        { "device-configur", "printer", PRINTER, RIGHT_PRINTERS_READ, 0 },
        { "certificate-", "printer", PRINTER, RIGHT_PRINTERS_INSPECT, 0 },
        { "agent-", "agent", AGENT, RIGHT_AGENTS_READ, 0 },
        { "discovery-", "agent", AGENT, RIGHT_AGENTS_READ, 0 },
        { "discovered-", "discovery", TENANTS, RIGHT_PRINTERS_INSPECT, 0 },
        { "reader-models-", "agent", AGENT, RIGHT_READERS_READ, 0 },
        { "reader-", "reader", READER, RIGHT_READERS_READ, 0 },
        { "queue-", "queue", TENANTS, RIGHT_QUEUES_READ, 0 },
        { "site-administrator-", "site", TENANTS, RIGHT_SITES_READ, 0 },
        { "site-", "site", TENANTS, RIGHT_SITES_READ, 0 },
        { "alert-route-", "alert-route", TENANTS, RIGHT_TENANT_CHANGE, 0 },
        { "deposit-", "deposit", TENANTS, RIGHT_SUBMITTERS, 0 },
        { "submitter-", "submitter", TENANTS, RIGHT_SUBMITTERS, 0 },
        { "person-changed", "person", PERSON, RIGHT_PEOPLE_READ, LIVE_ENDS_PERSON },
        { "person-deleted", "person", PERSON, RIGHT_PEOPLE_READ, LIVE_ENDS_PERSON },
        { "person-", "person", PERSON, RIGHT_PEOPLE_READ, 0 },
        { "password-set", "person", PERSON, RIGHT_PEOPLE_READ, LIVE_ENDS_PERSON },
        { "factors-deleted", "person", PERSON, RIGHT_PEOPLE_READ, LIVE_ENDS_PERSON },
        { "sign-in-over", "session", PERSON, RIGHT_SESSIONS, LIVE_ENDS_PERSON },
        { "sign-in-policy-", "tenant", TENANTS, RIGHT_TENANT_READ, LIVE_ENDS_TENANT },
        { "pin-", "person", PERSON, RIGHT_PEOPLE_READ, 0 },
        { "badge-", "badge", PERSON, RIGHT_BADGES_READ, 0 },
        { "groups-", "person", PERSON, RIGHT_PEOPLE_READ, 0 },
        { "group-", "group", TENANTS, RIGHT_GROUPS_READ, 0 },
        { "delegate-", "delegate", PERSON, RIGHT_DELEGATES, 0 },
        { "session-ended", "session", MINE, RIGHT_SESSIONS, LIVE_ENDS_SESSION },
        { "session-opened", "session", MINE, RIGHT_SESSIONS, 0 },
        { "sessions-ended", "session", PERSON, RIGHT_SESSIONS, LIVE_ENDS_PERSON },
        { "token-deleted", "token", MINE, RIGHT_TOKENS, LIVE_ENDS_TOKEN },
        { "token-", "token", MINE, RIGHT_TOKENS, 0 },
        { "grant-ended", "grant", MINE, RIGHT_TOKENS, LIVE_ENDS_GRANT },
        { "access-token-revoked", "grant", MINE, RIGHT_TOKENS, LIVE_ENDS_GRANT },
        { "grant-", "grant", MINE, RIGHT_TOKENS, 0 },
        { "policy-", "policy", TENANTS, RIGHT_POLICIES, 0 },
        { "registration-", "registration", TENANTS, RIGHT_REGISTRATIONS, 0 },
        { "address-rule-", "address-rule", TENANTS, RIGHT_REGISTRATIONS, 0 },
        { "admission-", "tenant", TENANTS, RIGHT_TENANT_CHANGE, 0 },
        { "method-looked-around", "method", TENANTS, RIGHT_METHODS, 0 },
        { "method-made", "method", TENANTS, RIGHT_METHODS, 0 },
        { "method-", "method", TENANTS, RIGHT_METHODS, LIVE_ENDS_TENANT },
        { "directory-", "method", TENANTS, RIGHT_METHODS, 0 },
        { "client-", "client", TENANTS, RIGHT_CLIENTS, 0 },
        { "domain-", "domain", TENANTS, RIGHT_DOMAINS, 0 },
        { "tenant-key-", "keys", TENANTS, RIGHT_KEYS, 0 },
        { "authority-", "keys", TENANTS, RIGHT_TENANT_READ, 0 },
        { "tenant-suspended", "tenant", TENANTS, RIGHT_TENANT_READ, LIVE_ENDS_TENANT },
        { "tenant-deleted", "tenant", TENANTS, RIGHT_TENANT_READ, LIVE_ENDS_TENANT },
        { "tenant-", "tenant", TENANTS, RIGHT_TENANT_READ, 0 },
        { "plan-", "tenant", TENANTS, RIGHT_TENANT_CHANGE, 0 },
        { "accounting-changed", "tenant", TENANTS, RIGHT_TENANT_READ, 0 },
};

static const struct row *find_row(const char *kind)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                if (text_starts_with(text_from(kind), rows[i].prefix))
                        return &rows[i];
        return NULL;
}

/* ---- who is told ---- */

static bool is_at_his_site(const struct live_event *event, const struct live_listener *listener)
{
        for (size_t i = 0; !id_is_zero(event->site) && i < listener->site_count; i++)
                if (id_equal(listener->sites[i], event->site))
                        return true;
        return false;
}

static bool is_delegate(const struct live_event *event, const struct live_listener *listener)
{
        if (listener->actor.prints_only || right_reach(event->right, ROLE_DELEGATE) < REACH_OWN)
                return false;
        for (size_t i = 0; i < event->delegate_count; i++)
                if (id_equal(event->delegates[i], listener->actor.id))
                        return true;
        return false;
}

bool live_is_for(const struct live_event *event, const struct live_listener *listener, bool *ret_nameless)
{
        enum reach reach = actor_reach(&listener->actor, event->right);

        *ret_nameless = false;
        if (reach == REACH_NONE || !id_equal(event->tenant, listener->actor.tenant))
                return false;
        if (!id_is_zero(event->owner) && id_equal(event->owner, listener->actor.id))
                return true;
        if (is_delegate(event, listener))
                return true;
        if (event->has_site && reach == REACH_SITE)
                return is_at_his_site(event, listener);
        if (reach < REACH_TENANT)
                return false;
        if (event->right == RIGHT_PRINTERS_READ && event->has_site)
                *ret_nameless = !actor_may(&listener->actor, RIGHT_PRINTERS_CHANGE, whose_tenant()) &&
                                !is_at_his_site(event, listener) &&
                                (event->is_restricted || (listener->is_guest && !event->is_public));
        return true;
}

bool live_ends(const struct live_event *event, const struct live_listener *listener)
{
        const struct actor *actor = &listener->actor;

        if (!id_equal(event->tenant, actor->tenant))
                return false;
        switch (event->end) {
        case LIVE_GOES_ON: return false;
        case LIVE_ENDS_SESSION: return id_equal(event->id, actor->session);
        case LIVE_ENDS_TOKEN: return id_equal(event->id, actor->token);
        case LIVE_ENDS_GRANT: return id_equal(event->id, actor->grant);
        /* Of a provider that names nobody: it could be anybody. */
        case LIVE_ENDS_PERSON: return id_is_zero(event->id) || id_equal(event->id, actor->id);
        case LIVE_ENDS_TENANT: return true;
        }
        return true;
}

/* ---- who listens ---- */

struct arrival {
        const struct actor *actor;
        struct live_listener *listener;
};

static int keep_site(struct live_listener *listener, struct id site)
{
        struct id *more = reallocarray(listener->sites, listener->site_count + 1, sizeof(*more));

        if (!more)
                return fault(-ENOMEM);
        listener->sites = more;
        listener->sites[listener->site_count++] = site;
        return 0;
}

static int find_sites(struct db_tx *tx, struct arrival *a)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r = db_find(tx, a->actor->tenant,
                        "SELECT site_id FROM site_administrator WHERE tenant_id = ?1 AND person_id = ?2",
                        DB_VALUES(db_id(&a->actor->id)), &found);

        if (r)
                return fold(r);
        while (db_rows_next(&found, &r)) {
                int kept = keep_site(a->listener, db_rows_id(&found, 0));

                if (kept)
                        return kept;
        }
        return fold(r);
}

static int arrive_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        struct arrival *a = context;
        int r;

        r = db_one(tx, a->actor->tenant,
                   "SELECT guest_until_ms > 0 FROM person WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&a->actor->id)), &found);
        if (r)
                return r == DB_NO_ROW ? CORE_FORBIDDEN : fold(r);
        a->listener->is_guest = db_rows_integer(&found, 0);
        return find_sites(tx, a);
}

int live_listener_init(struct core *core, const struct actor *actor, struct live_listener *ret)
{
        struct arrival a = { actor, ret };
        int r;

        *ret = (struct live_listener){ .actor = *actor };
        if (actor->kind != ACTOR_PERSON)
                return CORE_FORBIDDEN;
        r = db_read(core->db, arrive_in, &a);
        if (r)
                live_listener_done(ret);
        return r;
}

void live_listener_done(struct live_listener *listener)
{
        free(listener->sites);
        *listener = (struct live_listener){ .sites = NULL };
}

struct check {
        struct core *core;
        const struct actor *actor;
        bool is_good;
};

static int exists(struct db_tx *tx, struct check *check, const char *sql, const struct db_value *values,
                  size_t count)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r = db_one(tx, check->actor->tenant, sql, values, count, &found);

        check->is_good = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int check_in(struct db_tx *tx, void *context)
{
        struct check *check = context;
        const struct actor *actor = check->actor;
        const struct core_settings *settings = &check->core->settings;
        int64_t now = clock_unix_ms();
        int r;

        r = exists(tx, check,
                   "SELECT 1 FROM person WHERE tenant_id = ?1 AND id = ?2 AND disabled = 0 AND role = ?3",
                   DB_VALUES(db_id(&actor->id), db_integer(actor->role)));
        if (r || !check->is_good)
                return r;
        if (!id_is_zero(actor->session))
                return exists(
                        tx, check,
                        "SELECT 1 FROM session WHERE tenant_id = ?1 AND id = ?2 AND expires_ms > ?3"
                        " AND seen_ms > ?4",
                        DB_VALUES(db_id(&actor->session), db_integer(now),
                                  db_integer(now - (actor->via == VIA_PANEL ? settings->session_panel_idle_ms
                                                                            : settings->session_idle_ms))));
        if (!id_is_zero(actor->token))
                return exists(tx, check,
                              "SELECT 1 FROM token WHERE tenant_id = ?1 AND id = ?2"
                              " AND (expires_ms = 0 OR expires_ms > ?3)",
                              DB_VALUES(db_id(&actor->token), db_integer(now)));
        return 0;
}

int live_check(struct core *core, const struct live_listener *listener, bool *ret_good)
{
        struct check check = { .core = core, .actor = &listener->actor };
        int r = db_read(core->db, check_in, &check);

        *ret_good = check.is_good;
        return r;
}

/* ---- what is told ---- */

struct telling {
        struct core *core;
        struct live_event event;
};

static void tell(const void *octets, size_t len)
{
        struct telling telling;

        if (len != sizeof(telling))
                return;
        memcpy(&telling, octets, len);
        telling.core->parts.live_tell(telling.core->parts.live_context, &telling.event);
}

/* The core where somebody of the tenant listens, or NULL. */
static struct core *wanted(struct db_tx *tx, struct id tenant)
{
        struct core *core = db_owner(tx);

        if (!core || !core->parts.live_tell)
                return NULL;
        return core->parts.live_wanted(core->parts.live_context, tenant) ? core : NULL;
}

static int tell_later(struct core *core, struct db_tx *tx, const struct live_event *event)
{
        struct telling telling = { core, *event };

        return db_after_commit(tx, tell, &telling, sizeof(telling));
}

static struct live_event event_of(struct id tenant, const char *kind, const char *what, struct id id,
                                  enum right right)
{
        struct live_event event = { .tenant = tenant, .kind = kind, .id = id, .right = right };

        (void)text_copy(text_from(what), event.what, sizeof(event.what));
        return event;
}

/* Delegates have to do with held jobs alone, and are told of what made one or ended that. */
static int find_delegates(struct db_tx *tx, struct live_event *event)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r;

        if (strcmp(event->kind, "job") != 0)
                return 0;
        r = db_find(tx, event->tenant,
                    "SELECT person_id FROM delegate WHERE tenant_id = ?1 AND owner_id = ?2"
                    " AND (until_ms = 0 OR until_ms > ?3) LIMIT ?4",
                    DB_VALUES(db_id(&event->owner), db_integer(clock_unix_ms()), db_integer(DELEGATES_MAX)),
                    &found);
        if (r)
                return fold(r);
        while (event->delegate_count < DELEGATES_MAX && db_rows_next(&found, &r))
                event->delegates[event->delegate_count++] = db_rows_id(&found, 0);
        return fold(r);
}

static int find_owner(struct db_tx *tx, struct live_event *event)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r = db_one(tx, event->tenant, "SELECT owner_id FROM job WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&event->id)), &found);

        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        event->owner = db_rows_id(&found, 0);
        return find_delegates(tx, event);
}

static int find_printer(struct db_tx *tx, struct live_event *event, struct id printer)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r = db_one(tx, event->tenant,
                       "SELECT p.site_id, p.is_public, EXISTS (SELECT 1 FROM printer_allowed a"
                       " WHERE a.tenant_id = ?1 AND a.printer_id = ?2) FROM printer p"
                       " WHERE p.tenant_id = ?1 AND p.id = ?2",
                       DB_VALUES(db_id(&printer)), &found);

        event->has_site = true;
        /* Nobody knows any more who saw what is deleted. */
        event->is_restricted = r == DB_NO_ROW;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        event->site = db_rows_id(&found, 0);
        event->is_public = db_rows_integer(&found, 1);
        event->is_restricted = db_rows_integer(&found, 2);
        return 0;
}

static int find_site(struct db_tx *tx, struct live_event *event, const char *sql, struct id of)
{
        SCOPED(db_rows_done) struct db_rows found = { 0 };
        int r = db_one(tx, event->tenant, sql, DB_VALUES(db_id(&of)), &found);

        event->has_site = true;
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        event->site = db_rows_id(&found, 0);
        return 0;
}

static int find_site_of_agent(struct db_tx *tx, struct live_event *event, struct id agent)
{
        return find_site(tx, event, "SELECT site_id FROM agent WHERE tenant_id = ?1 AND id = ?2", agent);
}

static int find_site_of_reader(struct db_tx *tx, struct live_event *event, struct id reader)
{
        return find_site(tx, event,
                         "SELECT p.site_id FROM reader r JOIN printer p ON p.tenant_id = r.tenant_id"
                         " AND p.id = r.printer_id WHERE r.tenant_id = ?1 AND r.id = ?2",
                         reader);
}

/* A panel or program acts for a person; what he did is his. */
static struct id who_acted(const struct actor *actor)
{
        return actor && actor->kind == ACTOR_PERSON ? actor->id : (struct id){ 0 };
}

static int complete(struct db_tx *tx, const struct row *row, const struct actor *actor,
                    struct live_event *event)
{
        switch (row->about) {
        case JOB: return find_owner(tx, event);
        case PRINTER: return find_printer(tx, event, event->id);
        case AGENT: return find_site_of_agent(tx, event, event->id);
        case READER: return find_site_of_reader(tx, event, event->id);
        case PERSON: event->owner = event->id; break;
        case MINE: event->owner = who_acted(actor); break;
        case TENANTS: break;
        }
        return 0;
}

int live_of_event(struct db_tx *tx, struct id tenant, const struct actor *actor, const char *kind,
                  struct id subject)
{
        struct core *core = wanted(tx, tenant);
        const struct row *row = core ? find_row(kind) : NULL;
        struct live_event event;
        int r;

        if (!row)
                return 0;
        event = event_of(tenant, row->kind, kind, subject, row->right);
        event.end = row->end;
        r = complete(tx, row, actor, &event);
        return r ? r : tell_later(core, tx, &event);
}

int live_job(struct db_tx *tx, struct id tenant, struct id job, const char *what)
{
        struct core *core = wanted(tx, tenant);
        struct live_event event;
        int r;

        if (!core)
                return 0;
        event = event_of(tenant, "job", what, job, RIGHT_JOBS_READ);
        r = find_owner(tx, &event);
        return r ? r : tell_later(core, tx, &event);
}

int live_printer(struct db_tx *tx, struct id tenant, struct id printer, const char *what)
{
        struct core *core = wanted(tx, tenant);
        struct live_event event;
        int r;

        if (!core)
                return 0;
        event = event_of(tenant, "printer", what, printer, RIGHT_PRINTERS_READ);
        r = find_printer(tx, &event, printer);
        return r ? r : tell_later(core, tx, &event);
}

int live_alert(struct db_tx *tx, struct id tenant, struct id alert, struct id printer, struct id agent,
               const char *what)
{
        struct core *core = wanted(tx, tenant);
        struct live_event event;
        int r;

        if (!core)
                return 0;
        event = event_of(tenant, "alert", what, alert, RIGHT_PRINTERS_INSPECT);
        if (!id_is_zero(printer))
                r = find_printer(tx, &event, printer);
        else
                r = id_is_zero(agent) ? 0 : find_site_of_agent(tx, &event, agent);
        return r ? r : tell_later(core, tx, &event);
}

struct visit {
        struct live_event event;
};

static int visit_in(struct db_tx *tx, void *context)
{
        struct visit *visit = context;

        return find_site_of_agent(tx, &visit->event, visit->event.id);
}

void live_agent(struct core *core, struct id tenant, struct id agent, const char *what)
{
        struct visit visit = { event_of(tenant, "agent", what, agent, RIGHT_AGENTS_READ) };

        if (!core->parts.live_tell || !core->parts.live_wanted(core->parts.live_context, tenant))
                return;
        if (db_read(core->db, visit_in, &visit) == 0)
                core->parts.live_tell(core->parts.live_context, &visit.event);
}
