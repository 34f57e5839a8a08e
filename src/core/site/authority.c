// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/site/authority.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

#define HOUR_MS 3600000LL
#define TITLE   65 /* ub-common-name of RFC 5280, NUL */

struct context {
        struct id tenant;
        const struct actor *actor;
        struct authority authority;
        const char *event;
};

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct authority *a = &c->authority;
        struct text root;
        int r = db_one(tx, c->tenant,
                       "SELECT key, key_version, wrapped, public, root, created_ms, from_ms, until_ms"
                       " FROM authority WHERE tenant_id = ?1",
                       DB_NONE, &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NO_AUTHORITY : fold(r);
        a->version = (uint32_t)db_rows_integer(&rows, 1);
        root = db_rows_text(&rows, 4);
        a->root_len = root.len;
        a->created_ms = db_rows_integer(&rows, 5);
        a->from_ms = db_rows_integer(&rows, 6);
        a->until_ms = db_rows_integer(&rows, 7);
        if (!db_rows_octets(&rows, 0, a->id, sizeof(a->id)) ||
            !db_rows_octets(&rows, 2, a->seed.octets, sizeof(a->seed.octets)) ||
            !db_rows_octets(&rows, 3, a->key, sizeof(a->key)) || root.len == 0 || root.len > sizeof(a->root))
                return fault(-EBADMSG);
        memcpy(a->root, root.at, root.len);
        return 0;
}

int authority_find(struct core *core, struct id tenant, struct authority *ret)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        int r;

        if (!c)
                return fault(-ENOMEM);
        c->tenant = tenant;
        r = db_read(core->db, find_in, c);
        if (r == 0)
                *ret = c->authority;
        return r;
}

/* The keeper's answers to somebody who asks for a certificate. */
static int refusal_of(int r)
{
        switch (r) {
        case 0: return 0;
        case KEYS_WRONG: return CORE_BAD_VALUE;
        case KEYS_DESTROYED: return CORE_DESTROYED;
        default: return r > 0 ? CORE_BUSY : r;
        }
}

static int keys_of(struct core *core, struct id tenant, const struct authority *authority,
                   struct keys_authority *ret)
{
        const struct tenant_entry *entry;
        const struct keys_tenant *keys;
        int r = tenant_entry_get(core, tenant, &entry);

        if (r == 0)
                r = keys_of_version(core, entry, authority->version, &keys);
        if (r == 0)
                *ret = (struct keys_authority){ *keys, authority->seed };
        return r;
}

static int sign(struct core *core, const struct authority *authority, const struct issue_draft *draft,
                uint8_t ret_serial[ISSUE_SERIAL_OCTETS], struct buffer *ret)
{
        enum keys_certificate_kind kind = draft->root.len ? KEYS_ISSUED : KEYS_ROOT;
        SCOPED(buffer_done) struct buffer tbs = BUFFER(ISSUE_DRAFT_MAX);
        uint8_t signature[AUTHORITY_SIGNATURE_MAX];
        struct keys_authority keys;
        size_t len;
        int r = keys_of(core, draft->tenant, authority, &keys);

        if (r)
                return r;
        r = issue_draft(draft, &tbs, ret_serial);
        if (r)
                return r > 0 || r == -EMSGSIZE ? CORE_BAD_VALUE : r;
        r = refusal_of(keys_authority_sign(core->keys, &keys, kind, draft->subject, buffer_text(&tbs),
                                           signature, &len));
        return r ? r : fold(issue_seal(buffer_text(&tbs), text_from_octets(signature, len), ret));
}

/* What people read in their lists of authorities: the organisation's title where it fits, else its name. */
static int make_title(struct core *core, struct id tenant, char ret[TITLE])
{
        struct tenant found;
        int r = tenant_find_by_id(core, tenant, &found);

        if (r)
                return r;
        if (!found.title[0] || snprintf(ret, TITLE, "Imprimatur: %s", found.title) >= TITLE)
                snprintf(ret, TITLE, "Imprimatur: %.50s", found.name);
        return 0;
}

/* A root of the authority's key, valid from now. */
static int make_root(struct core *core, struct id tenant, const char *title, struct authority *authority)
{
        SCOPED(buffer_done) struct buffer root = BUFFER(AUTHORITY_ROOT_MAX);
        uint8_t serial[ISSUE_SERIAL_OCTETS];
        int64_t now = clock_unix_ms();
        struct issue_draft draft = { .tenant = tenant,
                                     .title = title,
                                     .key = authority->key,
                                     .from_ms = now - HOUR_MS,
                                     .until_ms = now + core->settings.certificates.root_ms };
        int r = sign(core, authority, &draft, serial, &root);

        if (r)
                return r;
        memcpy(authority->root, root.at, root.len);
        authority->root_len = root.len;
        authority->from_ms = draft.from_ms;
        authority->until_ms = draft.until_ms;
        return 0;
}

static int insert_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct authority *a = &c->authority;
        int r;

        r = db_run(tx, c->tenant,
                   "INSERT INTO authority (tenant_id, key, key_version, wrapped, public, root, created_ms,"
                   " from_ms, until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   DB_VALUES(db_octets(a->id, sizeof(a->id)), db_integer(a->version),
                             db_octets(a->seed.octets, sizeof(a->seed.octets)),
                             db_octets(a->key, sizeof(a->key)), db_octets(a->root, a->root_len),
                             db_integer(a->created_ms), db_integer(a->from_ms), db_integer(a->until_ms)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        return event_add(tx, c->tenant, c->actor, "authority-made", c->tenant, "");
}

static int make_key(struct core *core, struct context *c)
{
        struct authority *a = &c->authority;
        const struct tenant_entry *entry;
        struct keys_authority keys;
        int r = tenant_entry_get(core, c->tenant, &entry);

        if (r)
                return r;
        keys.tenant = *keys_newest(entry);
        r = keys_box_make(core->keys, &keys.tenant, a->id, &a->seed);
        keys.seed = a->seed;
        a->version = keys.tenant.version;
        if (r == 0)
                r = keys_authority_public(core->keys, &keys, a->key);
        return refusal_of(r);
}

int authority_make(struct core *core, const struct actor *actor, struct authority *ret)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        char title[TITLE];
        int r;

        if (!c)
                return fault(-ENOMEM);
        if (!actor_may(actor, RIGHT_KEYS, whose_tenant()))
                return CORE_FORBIDDEN;
        c->tenant = actor->tenant;
        c->actor = actor;
        r = db_read(core->db, find_in, c);
        if (r != CORE_NO_AUTHORITY)
                return r ? r : CORE_TAKEN;
        c->authority.created_ms = clock_unix_ms();
        r = make_title(core, c->tenant, title);
        if (r == 0)
                r = make_key(core, c);
        if (r == 0)
                r = make_root(core, c->tenant, title, &c->authority);
        if (r == 0)
                r = db_write(core->db, insert_in, c);
        if (r == 0)
                *ret = c->authority;
        return r;
}

static int renew_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct authority *a = &c->authority;
        int64_t changed;
        int r;

        /* Somebody else may have been first; then both are good, and the later one stays. */
        r = fold(db_run(tx, c->tenant,
                        "UPDATE authority SET root = ?2, from_ms = ?3, until_ms = ?4"
                        " WHERE tenant_id = ?1 AND key = ?5 AND until_ms < ?4",
                        DB_VALUES(db_octets(a->root, a->root_len), db_integer(a->from_ms),
                                  db_integer(a->until_ms), db_octets(a->id, sizeof(a->id))),
                        &changed));
        return r || !changed ? r : event_add(tx, c->tenant, NULL, "authority-renewed", c->tenant, "");
}

static int renew_where_due(struct core *core, struct context *c)
{
        const struct authority *a = &c->authority;
        char title[TITLE];
        int r;

        if (a->until_ms - clock_unix_ms() > (a->until_ms - a->from_ms) / 4)
                return 0;
        r = make_title(core, c->tenant, title);
        if (r == 0)
                r = make_root(core, c->tenant, title, &c->authority);
        return r ? r : db_write(core->db, renew_in, c);
}

int authority_issue(struct core *core, struct issue_draft *draft, struct authority *ret_authority,
                    uint8_t ret_serial[ISSUE_SERIAL_OCTETS], struct buffer *ret)
{
        SCOPED(freep) struct context *c = calloc(1, sizeof(*c));
        int r;

        if (!c)
                return fault(-ENOMEM);
        c->tenant = draft->tenant;
        r = db_read(core->db, find_in, c);
        if (r == 0)
                r = renew_where_due(core, c);
        if (r)
                return r;
        *ret_authority = c->authority;
        draft->key = ret_authority->key;
        draft->root = text_from_octets(ret_authority->root, ret_authority->root_len);
        if (draft->until_ms > ret_authority->until_ms)
                draft->until_ms = ret_authority->until_ms;
        return sign(core, ret_authority, draft, ret_serial, ret);
}
