// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"
#include "crypt/random.h"

#define DAY_MS 86400000

static void entry_free(struct tenant_entry *entry)
{
        secret_done(&entry->field_key);
        free(entry);
}

void tenant_entries_free(struct core *core)
{
        struct tenant_entry *next;

        for (struct tenant_entry *entry = core->tenants; entry; entry = next) {
                next = entry->next;
                entry_free(entry);
        }
}

struct load {
        const char *column;
        struct db_value value;
        struct tenant tenant;
        struct keys_tenant keys;
};

/* One statement for each way of asking, so that each is a literal. */
static const char *load_sql(const char *column)
{
        static const char by_id[] = "SELECT id, name, title, company_code, mail_domain, held_ms, printed_ms"
                                    " FROM tenant WHERE id = ?1";
        static const char by_name[] = "SELECT id, name, title, company_code, mail_domain, held_ms, printed_ms"
                                      " FROM tenant WHERE name = ?1";
        static const char by_domain[] =
                "SELECT id, name, title, company_code, mail_domain, held_ms, printed_ms"
                " FROM tenant WHERE mail_domain = ?1";

        return strcmp(column, "id") == 0 ? by_id : strcmp(column, "name") == 0 ? by_name : by_domain;
}

static int load(struct db_tx *tx, void *context)
{
        struct load *load = context;
        struct tenant *tenant = &load->tenant;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one_all(tx, load_sql(load->column), &load->value, 1, &rows);
                if (r == DB_NO_ROW)
                        return CORE_NOT_FOUND;
                if (r)
                        return fold(r);
                tenant->id = db_rows_id(&rows, 0);
                db_rows_string(&rows, 1, tenant->name, sizeof(tenant->name));
                db_rows_string(&rows, 2, tenant->title, sizeof(tenant->title));
                db_rows_string(&rows, 3, tenant->company_code, sizeof(tenant->company_code));
                db_rows_string(&rows, 4, tenant->mail_domain, sizeof(tenant->mail_domain));
                tenant->held_ms = db_rows_integer(&rows, 5);
                tenant->printed_ms = db_rows_integer(&rows, 6);
        }
        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(
                        tx, tenant->id,
                        "SELECT version, wrapped FROM tenant_key WHERE tenant_id = ?1 ORDER BY version DESC LIMIT 1",
                        DB_NONE, &rows);
                if (r)
                        return fold(r);
                load->keys.tenant = tenant->id;
                load->keys.version = (uint32_t)db_rows_integer(&rows, 0);
                if (!db_rows_octets(&rows, 1, load->keys.wrapped.octets, sizeof(load->keys.wrapped.octets)))
                        return fault(-EBADMSG);
        }
        return 0;
}

/* Reads the tenant and its keys and keeps them; if two threads do at once, the second one's is given up. */
static int entry_load(struct core *core, const char *column, struct db_value value, struct tenant_entry **ret)
{
        struct load loaded = { .column = column, .value = value };
        struct tenant_entry *entry, *other;
        int r;

        r = db_read(core->db, load, &loaded);
        if (r)
                return r;
        entry = calloc(1, sizeof(*entry));
        if (!entry)
                return fault(-ENOMEM);
        entry->tenant = loaded.tenant;
        entry->keys = loaded.keys;
        r = keys_field_key(core->keys, &entry->keys, &entry->field_key);
        if (r) {
                entry_free(entry);
                return fold(r);
        }

        pthread_rwlock_wrlock(&core->tenants_lock);
        for (other = core->tenants; other; other = other->next)
                if (id_equal(other->tenant.id, entry->tenant.id))
                        break;
        if (!other) {
                entry->next = core->tenants;
                core->tenants = entry;
                other = take(entry);
        }
        pthread_rwlock_unlock(&core->tenants_lock);
        if (entry)
                entry_free(entry);
        *ret = other;
        return 0;
}

static bool matches(const struct tenant *tenant, const char *column, struct text value)
{
        if (strcmp(column, "id") == 0)
                return value.len == ID_OCTETS && memcmp(tenant->id.octets, value.at, ID_OCTETS) == 0;
        if (strcmp(column, "name") == 0)
                return text_equal_string(value, tenant->name);
        return text_equal_string(value, tenant->mail_domain);
}

static int entry_find(struct core *core, const char *column, struct db_value value, struct tenant_entry **ret)
{
        struct tenant_entry *entry;

        pthread_rwlock_rdlock(&core->tenants_lock);
        for (entry = core->tenants; entry; entry = entry->next)
                if (matches(&entry->tenant, column, value.text))
                        break;
        pthread_rwlock_unlock(&core->tenants_lock);
        if (!entry)
                return entry_load(core, column, value, ret);
        *ret = entry;
        return 0;
}

static int find(struct core *core, const char *column, struct db_value value, struct tenant *ret)
{
        struct tenant_entry *entry;
        int r;

        r = entry_find(core, column, value, &entry);
        if (r)
                return r;
        pthread_rwlock_rdlock(&core->tenants_lock);
        *ret = entry->tenant;
        pthread_rwlock_unlock(&core->tenants_lock);
        return 0;
}

int tenant_entry_get(struct core *core, struct id tenant, const struct tenant_entry **ret)
{
        struct tenant_entry *entry;
        int r;

        r = entry_find(core, "id", db_id(&tenant), &entry);
        if (r)
                return fold(r);
        *ret = entry;
        return 0;
}

int tenant_find(struct core *core, struct text name, struct tenant *ret)
{
        if (!text_is_name(name))
                return CORE_NOT_FOUND;
        return find(core, "name", db_text(name), ret);
}

int tenant_find_by_id(struct core *core, struct id id, struct tenant *ret)
{
        return find(core, "id", db_id(&id), ret);
}

int tenant_find_by_email(struct core *core, struct text email, struct tenant *ret)
{
        char domain[CORE_EMAIL];
        struct text local, rest;

        if (!text_cut(email, '@', &local, &rest) || !text_copy(rest, domain, sizeof(domain)))
                return CORE_NOT_FOUND;
        for (char *at = domain; *at; at++)
                if (*at >= 'A' && *at <= 'Z')
                        *at = (char)(*at - 'A' + 'a');
        return find(core, "mail_domain", db_string(domain), ret);
}

struct make {
        struct tenant *tenant;
        struct keys_tenant keys;
};

static int make(struct db_tx *tx, void *context)
{
        struct make *make = context;
        const struct tenant *t = make->tenant;
        int r;

        r = db_run(
                tx, t->id,
                "INSERT INTO tenant (id, name, title, company_code, mail_domain, held_ms, printed_ms, next_job,"
                " created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
                DB_VALUES(db_string(t->name), db_string(t->title), db_string(t->company_code),
                          db_string(t->mail_domain), db_integer(t->held_ms), db_integer(t->printed_ms),
                          db_integer(clock_unix_ms())),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        r = db_run(tx, t->id, "INSERT INTO tenant_key (tenant_id, version, wrapped) VALUES (?1, ?2, ?3)",
                   DB_VALUES(db_integer(make->keys.version),
                             db_octets(make->keys.wrapped.octets, sizeof(make->keys.wrapped.octets))),
                   NULL);
        if (r)
                return fold(r);
        r = method_add_ours(tx, t->id);
        if (r)
                return r;
        return event_add(tx, t->id, NULL, "tenant-made", t->id, t->name);
}

int tenant_make(struct core *core, struct tenant *tenant)
{
        struct make context = { .tenant = tenant };
        uint8_t code[4];
        int r;

        if (!text_is_name(text_from(tenant->name)) || !text_is_printable(text_from(tenant->title)) ||
            !text_is_name(text_from(tenant->mail_domain)) || tenant->held_ms < 0 || tenant->printed_ms < 0)
                return CORE_BAD_VALUE;
        tenant->id = id_new();
        if (!tenant->held_ms)
                tenant->held_ms = DAY_MS;
        if (!tenant->company_code[0]) {
                char characters[8];

                random_octets(code, sizeof(code));
                crockford_format(code, sizeof(code), characters);
                memcpy(tenant->company_code, characters, 6);
                tenant->company_code[6] = 0;
        }
        r = keys_tenant_make(core->keys, tenant->id, 1, &context.keys);
        if (r)
                return fold(r);
        return db_write(core->db, make, &context);
}

struct retention {
        struct id id;
        int64_t held_ms, printed_ms;
};

static int set_retention(struct db_tx *tx, void *context)
{
        struct retention *retention = context;
        int64_t changed;
        int r;

        r = db_run(tx, retention->id, "UPDATE tenant SET held_ms = ?2, printed_ms = ?3 WHERE id = ?1",
                   DB_VALUES(db_integer(retention->held_ms), db_integer(retention->printed_ms)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, retention->id, NULL, "retention-changed", retention->id, "");
}

int tenant_set_retention(struct core *core, struct id id, int64_t held_ms, int64_t printed_ms)
{
        struct retention retention = { id, held_ms, printed_ms };
        struct tenant_entry *entry;
        int r;

        if (held_ms < 1000 || held_ms > 30LL * DAY_MS || printed_ms < 0 || printed_ms > 7LL * DAY_MS)
                return CORE_BAD_VALUE;
        r = db_write(core->db, set_retention, &retention);
        if (r)
                return r;
        r = entry_find(core, "id", db_id(&id), &entry);
        if (r)
                return r;
        pthread_rwlock_wrlock(&core->tenants_lock);
        entry->tenant.held_ms = held_ms;
        entry->tenant.printed_ms = printed_ms;
        pthread_rwlock_unlock(&core->tenants_lock);
        return 0;
}
