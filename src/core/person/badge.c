// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/badge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

const char *const badge_kind_names[] = {
        [BADGE_CARD] = "card", [BADGE_NFC] = "nfc", [BADGE_LEGACY] = "legacy", [BADGE_LEGACY + 1] = NULL
};

struct context {
        const struct actor *actor;
        struct id person;
        struct badge badge;
        struct badge_number number;
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
        int r = person_exists(tx, c);

        return r ? r : badge_insert(tx, c->actor->tenant, c->actor, &c->badge, &c->number);
}

int badge_insert(struct db_tx *tx, struct id tenant, const struct actor *actor, const struct badge *badge,
                 const struct badge_number *number)
{
        char detail[CORE_WORDS];
        struct id holder;
        int r;

        /* The index alone does not see one that is there under the version before. */
        r = badge_holder(tx, tenant, number, &holder);
        if (r != CORE_NOT_FOUND)
                return r ? r : CORE_TAKEN;
        r = db_run(
                tx, tenant,
                "INSERT INTO badge (tenant_id, id, person_id, mac, key_version, kind, label, tail, created_ms,"
                " used_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)",
                DB_VALUES(db_id(&badge->id), db_id(&badge->person), marks_newest(&number->marks),
                          db_integer(number->marks.version), db_integer(badge->kind), db_string(badge->label),
                          db_string(number->tail), db_integer(badge->created_ms)),
                NULL);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "kind=%s", badge_kind_names[badge->kind]);
        return event_add(tx, tenant, actor, "badge-added", badge->person, detail);
}

int badge_holder(struct db_tx *tx, struct id tenant, const struct badge_number *number, struct id *ret_person)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant, "SELECT person_id FROM badge WHERE tenant_id = ?1 AND mac IN (?2, ?3)",
                   DB_VALUES(marks_newest(&number->marks), marks_before(&number->marks)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        *ret_person = db_rows_id(&rows, 0);
        return 0;
}

/* Lower case, whole octets. False where it is no number. */
static bool fold_number(struct text number, char ret[KEYS_CARD_MAX + 2])
{
        bool is_odd = number.len % 2;

        ret[0] = '0';
        if (number.len < 4 || number.len > KEYS_CARD_MAX ||
            !text_copy(number, ret + is_odd, KEYS_CARD_MAX + 1))
                return false;
        for (char *at = ret; *at; at++) {
                if (*at >= 'A' && *at <= 'F')
                        *at = (char)(*at - 'A' + 'a');
                if (!((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f')))
                        return false;
        }
        return true;
}

int badge_number_read(struct core *core, struct id tenant, struct text number, struct badge_number *ret)
{
        char folded[KEYS_CARD_MAX + 2];
        int r;

        if (!fold_number(number, folded))
                return CORE_BAD_VALUE;
        memcpy(ret->tail, folded + strlen(folded) - (BADGE_TAIL - 1), BADGE_TAIL);
        r = marks_make(core, tenant, text_from(folded), &ret->marks);
        explicit_bzero(folded, sizeof(folded));
        return fold(r);
}

int badge_add(struct core *core, const struct actor *actor, struct id person, const struct badge_order *order,
              struct badge *ret)
{
        struct context c = { .actor = actor, .person = person };
        int r;

        if (!actor_may(actor, RIGHT_BADGES_ADD, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!text_is_printable(order->label) ||
            !text_copy(order->label, c.badge.label, sizeof(c.badge.label)))
                return CORE_BAD_VALUE;
        r = badge_number_read(core, actor->tenant, order->number, &c.number);
        if (r)
                return r;
        c.badge.id = id_new();
        c.badge.person = person;
        c.badge.kind = order->kind;
        c.badge.created_ms = clock_unix_ms();
        memcpy(c.badge.tail, c.number.tail, sizeof(c.badge.tail));
        r = db_write(core->db, add_in, &c);
        if (r == 0)
                *ret = c.badge;
        return r;
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
                "SELECT id, label, created_ms, used_ms, kind, tail FROM badge WHERE tenant_id = ?1 AND person_id = ?2 LIMIT ?3",
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
                badge->kind = (enum badge_kind)db_rows_integer(&rows, 4);
                db_rows_string(&rows, 5, badge->tail, sizeof(badge->tail));
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
