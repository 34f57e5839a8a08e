// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id person;
        struct badge badge;
        uint8_t mac[KEYS_MAC_OCTETS];
        struct badge *to;
        size_t max, count;
};

static int person_exists(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->actor->tenant, "SELECT 1 FROM person WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->person)), &rows);
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

static int add_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = person_exists(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO badge (tenant_id, id, person_id, mac, label, created_ms, used_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
                   DB_VALUES(db_id(&c->badge.id), db_id(&c->person), db_octets(c->mac, sizeof(c->mac)),
                             db_string(c->badge.label), db_integer(c->badge.created_ms)),
                   NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        return event_add(tx, c->actor->tenant, c->actor, "badge-added", c->person, "");
}

int badge_mac(struct core *core, struct id tenant, struct text number, uint8_t ret[KEYS_MAC_OCTETS])
{
        char folded[KEYS_CARD_MAX + 1];
        const struct tenant_entry *entry;
        int r;

        if (number.len < 4 || !text_copy(number, folded, sizeof(folded)))
                return CORE_BAD_VALUE;
        for (char *at = folded; *at; at++) {
                if (*at >= 'A' && *at <= 'F')
                        *at = (char)(*at - 'A' + 'a');
                if (!((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f')))
                        return CORE_BAD_VALUE;
        }
        r = tenant_entry_get(core, tenant, &entry);
        if (r)
                return r;
        r = keys_card_mac(core->keys, &entry->keys, text_from(folded), ret);
        explicit_bzero(folded, sizeof(folded));
        return fold(r);
}

int badge_add(struct core *core, const struct actor *actor, struct id person, struct text number,
              struct text label, struct badge *ret)
{
        struct context c = { .actor = actor, .person = person };
        int r;

        if (!actor_may(actor, RIGHT_BADGES_ADD, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!text_is_printable(label) || !text_copy(label, c.badge.label, sizeof(c.badge.label)))
                return CORE_BAD_VALUE;
        r = badge_mac(core, actor->tenant, number, c.mac);
        if (r)
                return r;
        c.badge.id = id_new();
        c.badge.person = person;
        c.badge.created_ms = clock_unix_ms();
        *ret = c.badge;
        return db_write(core->db, add_in, &c);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = person_exists(tx, c);
        if (r)
                return r;
        c->count = 0;
        r = db_find(
                tx, c->actor->tenant,
                "SELECT id, label, created_ms, used_ms FROM badge WHERE tenant_id = ?1 AND person_id = ?2 LIMIT ?3",
                DB_VALUES(db_id(&c->person), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r)) {
                struct badge *badge = &c->to[c->count++];

                badge->id = db_rows_id(&rows, 0);
                badge->person = c->person;
                db_rows_string(&rows, 1, badge->label, sizeof(badge->label));
                badge->created_ms = db_rows_integer(&rows, 2);
                badge->used_ms = db_rows_integer(&rows, 3);
        }
        return fold(r);
}

int badge_list(struct core *core, const struct actor *actor, struct id person, struct badge *ret, size_t max,
               size_t *ret_count)
{
        struct context c = { .actor = actor, .person = person, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_BADGES_READ, whose_person(person)))
                return CORE_NOT_FOUND;
        r = db_read(core->db, list_in, &c);
        if (r)
                return r;
        *ret_count = c.count;
        return 0;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "DELETE FROM badge WHERE tenant_id = ?1 AND person_id = ?2 AND id = ?3",
                   DB_VALUES(db_id(&c->person), db_id(&c->badge.id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "badge-deleted", c->person, "");
}

int badge_delete(struct core *core, const struct actor *actor, struct id person, struct id badge)
{
        struct context c = { .actor = actor, .person = person, .badge.id = badge };

        if (!actor_may(actor, RIGHT_BADGES_DELETE, whose_person(person)))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_in, &c);
}
