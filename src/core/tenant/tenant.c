// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/tenant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/network.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/company-code.h"
#include "core/state.h"

#define DAY_MS 86400000

const char *const tenant_state_names[] = {
        [TENANT_ACTIVE] = "active",
        [TENANT_SUSPENDED] = "suspended",
        [TENANT_DELETING] = "deleting",
        [TENANT_DELETING + 1] = NULL,
};

const char *const tenant_outside_names[] = {
        [OUTSIDE_NOTHING] = "nothing",
        [OUTSIDE_SUBMISSION] = "submission",
        [OUTSIDE_EVERYTHING] = "everything",
        [OUTSIDE_EVERYTHING + 1] = NULL,
};

const char *const tenant_limit_names[LIMITS] = {
        [LIMIT_PEOPLE] = "people",           [LIMIT_PRINTERS] = "printers",
        [LIMIT_AGENTS] = "agents",           [LIMIT_HELD_JOBS] = "held_jobs",
        [LIMIT_HELD_OCTETS] = "held_octets", [LIMIT_SUBMISSIONS_PER_HOUR] = "submissions_per_hour",
        [LIMIT_HELD_FOR_S] = "held_for",     [LIMIT_PRINTED_FOR_S] = "printed_for",
};

static void entry_free(struct tenant_entry *entry)
{
        field_keys_wipe(entry->field_keys);
        key_ring_free(atomic_load(&entry->ring));
        free(entry);
}

static void entry_freep(struct tenant_entry **entry)
{
        if (*entry)
                entry_free(*entry);
}

void tenant_entries_free(struct core *core)
{
        struct tenant_entry *next;

        for (struct tenant_entry *entry = core->tenants; entry; entry = next) {
                next = entry->next;
                entry_free(entry);
        }
}

/* The index of a word in a list; the first one where it is none of them. */
static int word_index(const char *const *words, struct text word)
{
        for (int i = 0; words[i]; i++)
                if (text_equal_string(word, words[i]))
                        return i;
        return 0;
}

static int read_limits(struct db_tx *tx, struct tenant *tenant)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        memset(tenant->limits, 0, sizeof(tenant->limits));
        r = db_find(tx, tenant->id, "SELECT name, value FROM tenant_limit WHERE tenant_id = ?1", DB_NONE,
                    &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r))
                for (size_t i = 0; i < LIMITS; i++)
                        if (text_equal_string(db_rows_text(&rows, 0), tenant_limit_names[i]))
                                tenant->limits[i] = db_rows_integer(&rows, 1);
        return fold(r);
}

static int read_row(struct db_tx *tx, struct tenant *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, ret->id,
                "SELECT name, title, company_code, state, is_operators, plan, inside, outside, held_ms,"
                " printed_ms, created_ms, rows_deleting, rows_deleted, language, holds_unsupported, substitution, encrypted_only, refuses_two_sites FROM tenant WHERE id = ?1",
                DB_NONE, &rows);
        if (r)
                return r;
        db_rows_string(&rows, 0, ret->name, sizeof(ret->name));
        db_rows_string(&rows, 1, ret->title, sizeof(ret->title));
        db_rows_string(&rows, 2, ret->company_code, sizeof(ret->company_code));
        ret->state = (enum tenant_state)word_index(tenant_state_names, db_rows_text(&rows, 3));
        ret->is_operators = db_rows_integer(&rows, 4);
        db_rows_string(&rows, 5, ret->plan, sizeof(ret->plan));
        db_rows_string(&rows, 6, ret->inside, sizeof(ret->inside));
        ret->outside = (enum tenant_outside)word_index(tenant_outside_names, db_rows_text(&rows, 7));
        ret->held_ms = db_rows_integer(&rows, 8);
        ret->printed_ms = db_rows_integer(&rows, 9);
        ret->created_ms = db_rows_integer(&rows, 10);
        ret->rows_deleting = db_rows_integer(&rows, 11);
        ret->rows_deleted = db_rows_integer(&rows, 12);
        ret->language = (enum language)word_index(language_names, db_rows_text(&rows, 13));
        ret->holds_unsupported = db_rows_integer(&rows, 14);
        ret->substitution = (enum substitution)db_rows_integer(&rows, 15);
        ret->encrypted_only = db_rows_integer(&rows, 16);
        ret->refuses_two_sites = db_rows_integer(&rows, 17);
        return 0;
}

int tenant_row_find(struct db_tx *tx, struct id tenant, struct tenant *ret)
{
        int r;

        ret->id = tenant;
        r = read_row(tx, ret);
        return r ? r : read_limits(tx, ret);
}

struct load {
        struct id id;
        struct tenant_entry *entry;
};

static int load(struct db_tx *tx, void *context)
{
        struct load *load = context;
        struct key_ring *ring = NULL;
        int r;

        r = tenant_row_find(tx, load->id, &load->entry->tenant);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        if (load->entry->tenant.state == TENANT_DELETING)
                return CORE_NOT_FOUND;
        r = key_ring_load(tx, load->id, &ring);
        if (r)
                return r;
        key_ring_free(atomic_exchange(&load->entry->ring, ring));
        return 0;
}

static struct tenant_entry *find_kept(struct core *core, struct id id)
{
        struct tenant_entry *entry;

        for (entry = core->tenants; entry; entry = entry->next)
                if (id_equal(entry->tenant.id, id))
                        break;
        return entry;
}

/* Reads the tenant and its keys and keeps them; if two threads do at once, the second one's is given up. */
static int entry_load(struct core *core, struct id id, struct tenant_entry **ret)
{
        SCOPED(entry_freep) struct tenant_entry *entry = calloc(1, sizeof(*entry));
        struct load loaded = { id, entry };
        struct tenant_entry *other;
        int r;

        if (!entry)
                return fault(-ENOMEM);
        r = db_read(core->db, load, &loaded);
        if (r)
                return r;
        r = field_keys_load(core, atomic_load(&entry->ring), entry->field_keys);
        if (r)
                return r;

        pthread_rwlock_wrlock(&core->tenants_lock);
        other = find_kept(core, id);
        if (!other) {
                entry->next = core->tenants;
                core->tenants = entry;
                other = take(entry);
        }
        pthread_rwlock_unlock(&core->tenants_lock);
        *ret = other;
        return 0;
}

static int entry_find(struct core *core, struct id id, struct tenant_entry **ret)
{
        struct tenant_entry *entry;
        bool is_there;

        pthread_rwlock_rdlock(&core->tenants_lock);
        entry = find_kept(core, id);
        is_there = entry && entry->tenant.state != TENANT_DELETING;
        pthread_rwlock_unlock(&core->tenants_lock);
        if (!entry)
                return entry_load(core, id, ret);
        if (!is_there)
                return CORE_NOT_FOUND;
        *ret = entry;
        return 0;
}

int tenant_entry_get(struct core *core, struct id tenant, const struct tenant_entry **ret)
{
        struct tenant_entry *entry;
        int r;

        r = entry_find(core, tenant, &entry);
        if (r)
                return fold(r);
        *ret = entry;
        return 0;
}

void tenant_entry_change(struct core *core, struct id tenant,
                         void (*change)(struct tenant *tenant, void *context), void *context)
{
        struct tenant_entry *entry;

        pthread_rwlock_wrlock(&core->tenants_lock);
        entry = find_kept(core, tenant);
        if (entry)
                change(&entry->tenant, context);
        pthread_rwlock_unlock(&core->tenants_lock);
}

int tenant_find_by_id(struct core *core, struct id id, struct tenant *ret)
{
        struct tenant_entry *entry;
        int r;

        r = entry_find(core, id, &entry);
        if (r)
                return r;
        pthread_rwlock_rdlock(&core->tenants_lock);
        *ret = entry->tenant;
        pthread_rwlock_unlock(&core->tenants_lock);
        return 0;
}

struct name {
        struct text name;
        struct id id;
};

static int find_by_name(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct name *name = context;
        int r;

        r = db_one_all(tx, "SELECT id FROM tenant WHERE name = ?1", DB_VALUES(db_text(name->name)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        name->id = db_rows_id(&rows, 0);
        return 0;
}

int tenant_find(struct core *core, struct text name, struct tenant *ret)
{
        struct name look = { .name = name };
        struct tenant_entry *entry;
        bool is_found;
        int r;

        if (!text_is_name(name))
                return CORE_NOT_FOUND;
        /* Names never change, so what is in memory is right. */
        pthread_rwlock_rdlock(&core->tenants_lock);
        for (entry = core->tenants; entry; entry = entry->next)
                if (text_equal_string(name, entry->tenant.name) && entry->tenant.state != TENANT_DELETING)
                        break;
        is_found = entry != NULL;
        if (is_found)
                *ret = entry->tenant;
        pthread_rwlock_unlock(&core->tenants_lock);
        if (is_found)
                return 0;
        r = db_read(core->db, find_by_name, &look);
        return r ? r : tenant_find_by_id(core, look.id, ret);
}

struct make {
        const struct actor *actor;
        struct tenant *tenant;
        const char *domain;
        char folded[COMPANY_CODE];
        struct keys_tenant keys;
        uint64_t master;
};

static int insert(struct db_tx *tx, const struct make *make)
{
        const struct tenant *t = make->tenant;
        int r;

        r = db_run(
                tx, t->id,
                "INSERT INTO tenant (id, name, title, company_code, company_code_folded, state, is_operators,"
                " plan, is_over_plan, inside, outside, held_ms, printed_ms, next_job, jobs_held, octets_kept,"
                " hour, hour_jobs, created_ms, language)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11, ?12, 1, 0, 0, 0, 0, ?13, ?14)",
                DB_VALUES(db_string(t->name), db_string(t->title), db_string(t->company_code),
                          db_string(make->folded), db_string(tenant_state_names[t->state]),
                          db_integer(t->is_operators), db_string(t->plan), db_string(t->inside),
                          db_string(tenant_outside_names[t->outside]), db_integer(t->held_ms),
                          db_integer(t->printed_ms), db_integer(t->created_ms),
                          db_string(language_names[t->language])),
                NULL);
        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

static int insert_limits(struct db_tx *tx, const struct tenant *tenant)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < LIMITS; i++)
                if (tenant->limits[i])
                        r = db_run(tx, tenant->id,
                                   "INSERT INTO tenant_limit (tenant_id, name, value) VALUES (?1, ?2, ?3)",
                                   DB_VALUES(db_string(tenant_limit_names[i]), db_integer(tenant->limits[i])),
                                   NULL);
        return fold(r);
}

static int make(struct db_tx *tx, void *context)
{
        struct make *make = context;
        struct id id = make->tenant->id;
        int r;

        r = insert(tx, make);
        if (r == 0)
                r = insert_limits(tx, make->tenant);
        if (r == 0)
                r = tenant_key_insert(tx, &make->keys, make->master);
        if (r == 0)
                r = method_add_ours(tx, id);
        if (r == 0 && make->domain)
                r = domain_insert(tx, make->actor, id, make->domain, "operator");
        /* Who made it is in the trail of his own tenant; here it is the service. */
        if (r == 0)
                r = event_add(tx, id, NULL, "tenant-made", id, make->tenant->name);
        if (r == 0 && make->actor)
                r = event_add(tx, make->actor->tenant, make->actor, "tenant-made", id, make->tenant->name);
        return r;
}

static bool is_valid(const struct make *make)
{
        const struct tenant *t = make->tenant;

        for (size_t i = 0; i < LIMITS; i++)
                if (t->limits[i] < 0)
                        return false;
        return text_is_name(text_from(t->name)) && text_is_printable(text_from(t->title)) &&
               text_is_printable(text_from(t->plan)) && t->held_ms >= 0 && t->printed_ms >= 0 &&
               network_list_is_valid(text_from(t->inside), TENANT_NETWORKS_MAX) &&
               (!make->domain || text_is_name(text_from(make->domain)));
}

int tenant_make(struct core *core, const struct actor *actor, struct tenant *tenant, const char *domain)
{
        struct make context = { .actor = actor, .tenant = tenant, .domain = domain };
        int r;

        if (actor && !actor_may(actor, RIGHT_TENANTS_CHANGE, whose_service()))
                return CORE_FORBIDDEN;
        if (!is_valid(&context))
                return CORE_BAD_VALUE;
        tenant->id = id_new();
        tenant->state = TENANT_ACTIVE;
        tenant->created_ms = clock_unix_ms();
        if (!tenant->held_ms)
                tenant->held_ms = DAY_MS;
        if (!tenant->company_code[0])
                company_code_make(tenant->company_code);
        if (!company_code_fold(text_from(tenant->company_code), context.folded))
                return CORE_BAD_VALUE;
        r = keys_tenant_make(core->keys, tenant->id, 1, &context.keys, &context.master);
        if (r)
                return fold(r);
        return db_write(core->db, make, &context);
}
