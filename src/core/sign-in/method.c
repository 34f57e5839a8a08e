// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/method.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/group.h"
#include "core/sign-in/outside.h"
#include "core/state.h"
#include "crypt/field.h"

#define COLUMNS                                                                                           \
        "SELECT id, kind, title, enabled, secret IS NOT NULL, position, settings, created_ms FROM method" \
        " WHERE tenant_id = ?1"

static const struct method_driver ours[] = {
        { .kind = METHOD_PASSWORD, .title = "Password" },
        { .kind = METHOD_PIN, .title = "PIN" },
        { .kind = METHOD_CODE, .title = "One-time code" },
        { .kind = METHOD_PASSKEY, .title = "Passkey" },
};

static bool is_ours(const char *kind)
{
        for (size_t i = 0; i < ARRAY_LENGTH(ours); i++)
                if (strcmp(ours[i].kind, kind) == 0)
                        return true;
        return false;
}

bool method_fallback_parse(struct text word, enum method_fallback *ret)
{
        static const char *const words[] = { "no", "when-down", "always" };

        for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
                if (text_equal_string(word, words[i])) {
                        *ret = (enum method_fallback)i;
                        return true;
                }
        return false;
}

const struct method_driver *method_driver_find(const struct core *core, struct text kind)
{
        const struct method_driver *const *drivers = core->parts.method_drivers;

        for (size_t i = 0; i < ARRAY_LENGTH(ours); i++)
                if (text_equal_string(kind, ours[i].kind))
                        return &ours[i];
        for (size_t i = 0; drivers && drivers[i]; i++)
                if (text_equal_string(kind, drivers[i]->kind))
                        return drivers[i];
        return NULL;
}

const char *method_title(const struct core *core, const struct method *method)
{
        const struct method_driver *driver = method_driver_find(core, text_from(method->kind));

        if (method->title[0])
                return method->title;
        return driver ? driver->title : method->kind;
}

struct context {
        struct core *core;
        const struct tenant_entry *entry;
        const struct actor *actor;
        struct id tenant;
        struct id id;
        const char *kind;
        const struct method_change *change;
        struct method method;
        struct buffer sealed;
        struct method *to;
        size_t max, count;
        char *complaint;
};

static void read_method(struct db_rows *rows, struct method *ret)
{
        ret->id = db_rows_id(rows, 0);
        db_rows_string(rows, 1, ret->kind, sizeof(ret->kind));
        db_rows_string(rows, 2, ret->title, sizeof(ret->title));
        ret->enabled = db_rows_integer(rows, 3);
        ret->has_secret = db_rows_integer(rows, 4);
        ret->position = (uint32_t)db_rows_integer(rows, 5);
        db_rows_string(rows, 6, ret->settings, sizeof(ret->settings));
        ret->created_ms = db_rows_integer(rows, 7);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find(tx, c->tenant, COLUMNS " ORDER BY position, id LIMIT ?2",
                    DB_VALUES(db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r))
                read_method(&rows, &c->to[c->count++]);
        return fold(r);
}

int method_list(struct core *core, struct id tenant, struct method *ret, size_t max, size_t *ret_count)
{
        struct context c = { .core = core, .tenant = tenant, .to = ret, .max = max };
        int r = db_read(core->db, list_in, &c);

        if (r == 0)
                *ret_count = c.count;
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&c->id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        read_method(&rows, &c->method);
        return 0;
}

int method_find(struct core *core, struct id tenant, struct id id, struct method *ret)
{
        struct context c = { .core = core, .tenant = tenant, .id = id };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.method;
        return r;
}

static int is_enabled_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, "SELECT 1 FROM method WHERE tenant_id = ?1 AND kind = ?2 AND enabled = 1",
                   DB_VALUES(db_string(c->kind)), &rows);
        c->count = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

int method_is_enabled(struct core *core, struct id tenant, const char *kind, bool *ret)
{
        struct context c = { .core = core, .tenant = tenant, .kind = kind };
        int r = db_read(core->db, is_enabled_in, &c);

        if (r == 0)
                *ret = c.count > 0;
        return r;
}

/* Bound to the row, so that sealed secrets cannot be swapped in the database. */
struct bound {
        char octets[6 + ID_OCTETS];
};

static struct text bound_to(struct id id, struct bound *bound)
{
        memcpy(bound->octets, "method", 6);
        memcpy(bound->octets + 6, id.octets, ID_OCTETS);
        return text_from_octets(bound->octets, sizeof(bound->octets));
}

static int secret_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        buffer_clear(&c->sealed);
        r = db_one(tx, c->tenant, "SELECT secret FROM method WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), &rows);
        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        buffer_add_text(&c->sealed, db_rows_text(&rows, 0));
        return c->sealed.failure ? fault(c->sealed.failure) : 0;
}

static void context_done(struct context *c)
{
        buffer_done(&c->sealed);
}

struct method_owner {
        struct id method, tenant;
};

static int find_tenant_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct method_owner *owner = context;
        int r = db_one_all(tx, "SELECT tenant_id FROM method WHERE id = ?1", DB_VALUES(db_id(&owner->method)),
                           &rows);

        if (r == DB_NO_ROW)
                return CORE_NOT_FOUND;
        if (r)
                return fold(r);
        owner->tenant = db_rows_id(&rows, 0);
        return 0;
}

int method_find_tenant(struct core *core, struct id id, struct id *ret)
{
        struct method_owner owner = { .method = id };
        int r = db_read(core->db, find_tenant_in, &owner);

        if (r == 0)
                *ret = owner.tenant;
        return r;
}

int method_secret(struct core *core, struct id tenant, struct id id, struct buffer *to)
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .tenant = tenant,
                             .id = id,
                             .sealed = BUFFER(METHOD_SECRET + TENANT_SEAL_OVERHEAD) };
        const struct tenant_entry *entry;
        struct bound bound;
        int r;

        r = db_read(core->db, secret_in, &c);
        if (r || c.sealed.len == 0)
                return r;
        r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        return fold(tenant_unseal(core, entry, bound_to(id, &bound), buffer_text(&c.sealed), to));
}

struct finding {
        struct id tenant, id;
        const struct actor *actor;
        struct buffer *to;
        struct text words;
        const char *detail;
        int64_t ms;
};

static int finding_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct finding *finding = context;
        int r = db_one(tx, finding->tenant,
                       "SELECT finding, found_ms FROM method WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&finding->id)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        buffer_clear(finding->to);
        buffer_add_text(finding->to, db_rows_text(&rows, 0));
        finding->ms = db_rows_integer(&rows, 1);
        return finding->to->failure ? fault(finding->to->failure) : 0;
}

int method_finding(struct core *core, struct id tenant, struct id id, struct buffer *to, int64_t *ret_ms)
{
        struct finding finding = { .tenant = tenant, .id = id, .to = to };
        int r = db_read(core->db, finding_in, &finding);

        if (r == 0)
                *ret_ms = finding.ms;
        return r;
}

static int keep_finding_in(struct db_tx *tx, void *context)
{
        struct finding *finding = context;
        int64_t changed = 0;
        int r = db_run(tx, finding->tenant,
                       "UPDATE method SET finding = ?3, found_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&finding->id), db_text(finding->words), db_integer(clock_unix_ms())),
                       &changed);

        if (r || !changed)
                return r ? fold(r) : CORE_NOT_FOUND;
        return finding->actor ? event_add(tx, finding->tenant, finding->actor, "method-looked-around",
                                          finding->id, finding->detail)
                              : 0;
}

int method_keep_finding(struct core *core, struct id tenant, const struct actor *actor, struct id id,
                        struct text words, const char *detail)
{
        struct finding finding = {
                .tenant = tenant, .id = id, .actor = actor, .words = words, .detail = detail
        };

        if (actor && !actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (words.len > METHOD_FINDING)
                return fault(-E2BIG);
        return db_write(core->db, keep_finding_in, &finding);
}

static int complain(struct context *c, const char *sentence)
{
        snprintf(c->complaint, CORE_WORDS, "%s", sentence);
        return CORE_BAD_VALUE;
}

/* Puts the change into the method and seals the secret; the driver looks at the settings. */
static int prepare(struct context *c)
{
        const struct method_change *change = c->change;
        const struct method_driver *driver = method_driver_find(c->core, text_from(c->method.kind));
        struct bound bound;

        if (!driver)
                return complain(c, "There is no sign-in method of that kind.");
        if (change->title && (!text_is_printable(text_from(change->title)) ||
                              !text_copy(text_from(change->title), c->method.title, CORE_TITLE)))
                return complain(c, "The title is too long.");
        if (change->settings && !text_copy(text_from(change->settings), c->method.settings, METHOD_SETTINGS))
                return complain(c, "The settings are too long.");
        if (!driver->check && change->settings && change->settings[0])
                return complain(c, "This method has no settings.");
        if (!driver->check && change->sets_secret && change->secret.len)
                return complain(c, "This method has no secret.");
        c->complaint[0] = '\0';
        if (driver->check && !driver->check(text_from(c->method.settings), c->complaint))
                return CORE_BAD_VALUE;
        if (change->enabled)
                c->method.enabled = *change->enabled;
        if (change->position)
                c->method.position = *change->position;
        if (!change->sets_secret)
                return 0;
        c->method.has_secret = change->secret.len > 0;
        if (change->secret.len > METHOD_SECRET)
                return complain(c, "The secret is too long.");
        if (change->secret.len == 0)
                return 0;
        return fold(
                tenant_seal(c->core, c->entry, bound_to(c->method.id, &bound), change->secret, &c->sealed));
}

static struct db_value sealed_value(const struct context *c)
{
        return c->sealed.len ? db_octets(c->sealed.at, c->sealed.len) : db_null();
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct method *m = &c->method;
        char detail[CORE_WORDS];
        int64_t count;
        int r;

        {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };

                r = db_one(tx, c->tenant, "SELECT count(*) FROM method WHERE tenant_id = ?1", DB_NONE, &rows);
                if (r)
                        return fold(r);
                count = db_rows_integer(&rows, 0);
        }
        if (count >= METHODS_MAX)
                return complain(c, "There are as many methods as are allowed.");
        r = db_run(
                tx, c->tenant,
                "INSERT INTO method (tenant_id, id, kind, title, enabled, position, settings, secret, changed_ms, created_ms)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
                DB_VALUES(db_id(&m->id), db_string(m->kind), db_string(m->title), db_integer(m->enabled),
                          db_integer(m->position), db_string(m->settings), sealed_value(c),
                          db_integer(m->created_ms)),
                NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        snprintf(detail, sizeof(detail), "kind=%s enabled=%s", m->kind, m->enabled ? "yes" : "no");
        return event_add(tx, c->tenant, c->actor, "method-made", m->id, detail);
}

int method_make(struct core *core, const struct actor *actor, struct text kind,
                const struct method_change *change, struct method *ret, char ret_complaint[CORE_WORDS])
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = actor,
                             .tenant = actor->tenant,
                             .change = change,
                             .complaint = ret_complaint,
                             .sealed = BUFFER(METHOD_SECRET + TENANT_SEAL_OVERHEAD) };
        int r;

        if (!actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!text_copy(kind, c.method.kind, sizeof(c.method.kind)) || !method_driver_find(core, kind))
                return complain(&c, "There is no sign-in method of that kind.");
        if (is_ours(c.method.kind))
                return CORE_TAKEN;
        c.method.id = id_new();
        c.method.created_ms = clock_unix_ms();
        r = tenant_entry_get(core, c.tenant, &c.entry);
        if (r == 0)
                r = prepare(&c);
        if (r == 0)
                r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.method;
        return r;
}

/* Otherwise nobody could come in to switch it on again. */
static int keeps_a_way_in(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant,
                   "SELECT 1 FROM method WHERE tenant_id = ?1 AND id <> ?2 AND enabled = 1"
                   " AND kind NOT IN ('pin', 'code', 'passkey') LIMIT 1",
                   DB_VALUES(db_id(&c->id)), &rows);
        if (r == DB_NO_ROW)
                return c->complaint ? complain((struct context *)c,
                                               "It is the last method by which anybody could sign in.")
                                    : CORE_BAD_VALUE;
        return fold(r);
}

static bool is_way_in(const struct method *method)
{
        return method->enabled && strcmp(method->kind, METHOD_PIN) != 0 &&
               strcmp(method->kind, METHOD_CODE) != 0 && strcmp(method->kind, METHOD_PASSKEY) != 0;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct method *m = &c->method;
        bool was_way_in;
        int r;

        buffer_clear(&c->sealed);
        r = find_in(tx, c);
        if (r)
                return r;
        was_way_in = is_way_in(m);
        r = prepare(c);
        if (r == 0 && was_way_in && !is_way_in(m))
                r = keeps_a_way_in(tx, c);
        if (r)
                return r;
        r = db_run(
                tx, c->tenant,
                "UPDATE method SET title = ?3, enabled = ?4, position = ?5, settings = ?6,"
                " finding = CASE WHEN settings = ?6 THEN finding ELSE '' END,"
                " found_ms = CASE WHEN settings = ?6 THEN found_ms ELSE 0 END,"
                " secret = CASE WHEN ?7 THEN ?8 ELSE secret END, changed_ms = CASE WHEN changed_ms < ?9 THEN ?9"
                " ELSE changed_ms + 1 END WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&c->id), db_string(m->title), db_integer(m->enabled), db_integer(m->position),
                          db_string(m->settings), db_integer(c->change->sets_secret), sealed_value(c),
                          db_integer(clock_unix_ms())),
                NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "method-changed", c->id,
                         m->enabled ? "enabled=yes" : "enabled=no");
}

int method_change(struct core *core, const struct actor *actor, struct id id,
                  const struct method_change *change, struct method *ret, char ret_complaint[CORE_WORDS])
{
        SCOPED(context_done)
        struct context c = { .core = core,
                             .actor = actor,
                             .tenant = actor->tenant,
                             .id = id,
                             .change = change,
                             .complaint = ret_complaint,
                             .sealed = BUFFER(METHOD_SECRET + TENANT_SEAL_OVERHEAD) };
        int r;

        ret_complaint[0] = '\0';
        if (!actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = tenant_entry_get(core, c.tenant, &c.entry);
        if (r == 0)
                r = db_write(core->db, change_in, &c);
        if (r == 0)
                *ret = c.method;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        if (is_ours(c->method.kind))
                return CORE_BAD_VALUE;
        if (is_way_in(&c->method)) {
                r = keeps_a_way_in(tx, c);
                if (r)
                        return r;
        }
        r = db_run(tx, c->tenant, "DELETE FROM session WHERE tenant_id = ?1 AND method_id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        r = outside_forget_method(tx, c->tenant, c->id);
        if (r == 0)
                r = group_forget_source(tx, c->tenant, c->id);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM method WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->id)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "method-deleted", c->id, "");
}

int method_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .id = id };

        if (!actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}

int method_add_ours(struct db_tx *tx, struct id tenant)
{
        int64_t now = clock_unix_ms();

        for (size_t i = 0; i < ARRAY_LENGTH(ours); i++) {
                struct id id = id_new();
                int r = db_run(
                        tx, tenant,
                        "INSERT INTO method (tenant_id, id, kind, title, enabled, position, settings, changed_ms, created_ms)"
                        " VALUES (?1, ?2, ?3, '', 1, ?4, '', ?5, ?5)",
                        DB_VALUES(db_id(&id), db_string(ours[i].kind), db_integer((int64_t)i),
                                  db_integer(now)),
                        NULL);

                if (r)
                        return fold(r);
        }
        return 0;
}
