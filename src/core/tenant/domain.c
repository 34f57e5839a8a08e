// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/domain.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/listing.h"
#include "core/state.h"
#include "crypt/random.h"

#define CHALLENGE_OCTETS 20
#define LABEL_MAX        63
#define NAME_OCTETS_MAX  230 /* so that the prefix fits into a name of 253 */

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct id id;
        struct domain domain;
        char (*names)[CORE_EMAIL];
        size_t max, count;
};

/* Names of hosts, as DNS has them (RFC 1123, section 2.1). */
static bool is_domain(struct text name)
{
        struct text label, rest = name;
        bool more = true;

        if (name.len > NAME_OCTETS_MAX)
                return false;
        while (more) {
                more = text_cut(rest, '.', &label, &rest);
                if (label.len == 0 || label.len > LABEL_MAX || label.at[0] == '-' ||
                    label.at[label.len - 1] == '-')
                        return false;
                for (size_t i = 0; i < label.len; i++) {
                        char c = label.at[i];

                        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
                                return false;
                }
        }
        return true;
}

static bool fold_name(struct text name, char ret[CORE_EMAIL])
{
        if (!text_copy(name, ret, CORE_EMAIL))
                return false;
        for (char *at = ret; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        return is_domain(text_from(ret));
}

static struct whose whose_tenants(const struct actor *actor, struct id tenant)
{
        return id_equal(actor->tenant, tenant) ? whose_tenant() : whose_service();
}

/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
static int may(struct core *core, const struct actor *actor, struct id tenant)
{
        struct tenant found;

        if (!actor_may(actor, RIGHT_DOMAINS, whose_tenants(actor, tenant)))
                return CORE_FORBIDDEN;
        return tenant_find_by_id(core, tenant, &found);
}

static int note(struct db_tx *tx, const struct actor *actor, struct id tenant, const char *kind,
                struct id domain, const char *name)
{
        bool is_operator = actor && !id_equal(actor->tenant, tenant);
        int r;

        r = event_add(tx, tenant, is_operator ? NULL : actor, kind, domain, name);
        return r || !is_operator ? r : event_add(tx, actor->tenant, actor, kind, tenant, name);
}

static void make_challenge(char ret[DOMAIN_CHALLENGE])
{
        uint8_t octets[CHALLENGE_OCTETS];

        random_octets(octets, sizeof(octets));
        crockford_format(octets, sizeof(octets), ret);
}

static int insert(struct db_tx *tx, struct id tenant, const struct domain *domain)
{
        int r;

        r = db_run(tx, tenant,
                   "INSERT INTO tenant_domain (tenant_id, id, name, challenge, proof, created_ms, proved_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   DB_VALUES(db_id(&domain->id), db_string(domain->name), db_string(domain->challenge),
                             db_string(domain->proof), db_integer(domain->created_ms),
                             db_integer(domain->proved_ms)),
                   NULL);
        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

int domain_insert(struct db_tx *tx, const struct actor *actor, struct id tenant, const char *name,
                  const char *proof)
{
        struct domain domain = { .id = id_new(), .created_ms = clock_unix_ms() };
        int r;

        if (!fold_name(text_from(name), domain.name))
                return CORE_BAD_VALUE;
        domain.proved_ms = domain.created_ms;
        snprintf(domain.proof, sizeof(domain.proof), "%s", proof);
        make_challenge(domain.challenge);
        r = insert(tx, tenant, &domain);
        return r ? r : note(tx, actor, tenant, "domain-proved", domain.id, domain.name);
}

static int claim_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->tenant, "SELECT count(*) FROM tenant_domain WHERE tenant_id = ?1", DB_NONE,
                           &rows);
                if (r)
                        return fold(r);
                if (db_rows_integer(&rows, 0) >= DOMAINS_MAX)
                        return CORE_LIMIT_REACHED;
        }
        r = insert(tx, c->tenant, &c->domain);
        return r ? r : note(tx, c->actor, c->tenant, "domain-claimed", c->domain.id, c->domain.name);
}

int domain_claim(struct core *core, const struct actor *actor, struct id tenant, struct text name,
                 struct domain *ret)
{
        struct context c = { .actor = actor, .tenant = tenant };
        int r;

        r = may(core, actor, tenant);
        if (r)
                return r;
        if (!fold_name(name, c.domain.name))
                return CORE_BAD_VALUE;
        c.domain.id = id_new();
        c.domain.created_ms = clock_unix_ms();
        make_challenge(c.domain.challenge);
        r = db_write(core->db, claim_in, &c);
        if (r == 0)
                *ret = c.domain;
        return r;
}

#define COLUMNS \
        "SELECT id, name, challenge, proof, created_ms, proved_ms FROM tenant_domain WHERE tenant_id = ?1"

static void read_domain(struct db_rows *rows, void *item)
{
        struct domain *ret = item;

        ret->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        db_rows_string(rows, 2, ret->challenge, sizeof(ret->challenge));
        db_rows_string(rows, 3, ret->proof, sizeof(ret->proof));
        ret->created_ms = db_rows_integer(rows, 4);
        ret->proved_ms = db_rows_integer(rows, 5);
}

int domain_list(struct core *core, const struct actor *actor, struct id tenant, struct id after,
                struct domain *ret, size_t max, size_t *ret_count)
{
        struct listing domains = { .tenant = tenant,
                                   .sql = COLUMNS " AND id > ?2 ORDER BY id LIMIT ?3",
                                   .after = after,
                                   .read = read_domain,
                                   LISTING_INTO(ret, max) };
        int r = may(core, actor, tenant);

        return r ? r : listing_find(core, &domains, ret_count);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&c->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_domain(&rows, &c->domain);
        return 0;
}

int domain_find(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                struct domain *ret)
{
        struct context c = { .tenant = tenant, .id = id };
        int r;

        r = may(core, actor, tenant);
        if (r == 0)
                r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.domain;
        return r;
}

static int prove_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->tenant,
                   "UPDATE tenant_domain SET proof = ?3, proved_ms = ?4 WHERE tenant_id = ?1 AND id = ?2"
                   " AND challenge = ?5",
                   DB_VALUES(db_id(&c->id), db_string(c->domain.proof), db_integer(c->domain.proved_ms),
                             db_string(c->domain.challenge)),
                   &changed);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return note(tx, c->actor, c->tenant, "domain-proved", c->id, c->domain.name);
}

/* CORE_NOT_PROVED, CORE_BUSY. */
static int look_for_record(struct core *core, const struct domain *domain)
{
        char host[CORE_EMAIL + sizeof(DOMAIN_HOST_PREFIX)];
        char words[DOMAIN_CHALLENGE + sizeof(DOMAIN_WORDS)];

        if (!core->parts.check_txt)
                return CORE_NOT_PROVED;
        snprintf(host, sizeof(host), DOMAIN_HOST_PREFIX "%s", domain->name);
        snprintf(words, sizeof(words), DOMAIN_WORDS "%s", domain->challenge);
        return core->parts.check_txt(core->parts.txt_context, host, text_from(words));
}

int domain_prove(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                 struct domain *ret)
{
        struct context c = { .actor = actor, .tenant = tenant, .id = id };
        bool is_word_enough = actor_may(actor, RIGHT_DOMAINS, whose_service());
        int r;

        r = domain_find(core, actor, tenant, id, &c.domain);
        if (r)
                return r;
        if (!c.domain.proved_ms) {
                r = is_word_enough ? 0 : look_for_record(core, &c.domain);
                if (r)
                        return r;
                c.domain.proved_ms = clock_unix_ms();
                snprintf(c.domain.proof, sizeof(c.domain.proof), "%s", is_word_enough ? "operator" : "dns");
                r = db_write(core->db, prove_in, &c);
        }
        if (r == 0)
                *ret = c.domain;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM tenant_domain WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        return note(tx, c->actor, c->tenant, "domain-deleted", c->id, c->domain.name);
}

int domain_delete(struct core *core, const struct actor *actor, struct id tenant, struct id id)
{
        struct context c = { .actor = actor, .tenant = tenant, .id = id };
        int r;

        r = may(core, actor, tenant);
        return r ? r : db_write(core->db, delete_in, &c);
}

static int names_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find(
                tx, c->tenant,
                "SELECT name FROM tenant_domain WHERE tenant_id = ?1 AND proved_ms > 0 ORDER BY name LIMIT ?2",
                DB_VALUES(db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                db_rows_string(&rows, 0, c->names[c->count++], CORE_EMAIL);
        return fold(r);
}

int domain_names(struct core *core, struct id tenant, char (*ret)[CORE_EMAIL], size_t max, size_t *ret_count)
{
        struct context c = { .tenant = tenant, .names = ret, .max = max };
        int r;

        r = db_read(core->db, names_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}

struct homed {
        char name[CORE_EMAIL];
        struct id tenant;
};

static int homed_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct homed *homed = context;
        int r;

        r = db_one_all(tx, "SELECT tenant_id FROM tenant_domain WHERE name = ?1 AND proved_ms > 0",
                       DB_VALUES(db_string(homed->name)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        homed->tenant = db_rows_id(&rows, 0);
        return 0;
}

int domain_find_tenant(struct core *core, struct text email, struct id *ret)
{
        struct text local, domain;
        struct homed homed;
        int r;

        if (!text_cut(email, '@', &local, &domain) || local.len == 0 || !fold_name(domain, homed.name))
                return CORE_NOT_FOUND;
        r = db_read(core->db, homed_in, &homed);
        if (r == 0)
                *ret = homed.tenant;
        return r;
}
