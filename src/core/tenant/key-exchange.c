// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/tenant/key-exchange.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/key-exchange-rows.h"
#include "core/state.h"

#define BATCH       100
#define FIELD_BATCH 20 /* of up to 64 KiB each */
#define ARENA_MAX   (8 << 20)

struct row {
        struct text key, second;
        int64_t number; /* the second key, where it is one; and a document's day */
        int64_t day;
        struct text old, new;
};

struct step {
        struct core *core;
        struct id tenant;
        const struct tenant_entry *entry;
        const struct keys_tenant *from, *to;
        int64_t now, due_ms;
        size_t at; /* in carried[] */
        struct text after;
        int64_t done, total, in_round;
        struct arena *arena;
        struct row rows[BATCH];
        size_t count;
        uint8_t prefix[4];
        char pattern[16];
};

int key_exchange_begin(struct db_tx *tx, struct id tenant, uint32_t version, int64_t due_ms)
{
        int r = db_run(
                tx, tenant,
                "INSERT INTO key_exchange (tenant_id, version, step, after, carried, done, total, due_ms,"
                " started_ms) VALUES (?1, ?2, 0, ?3, 0, 0, 0, ?4, ?5)",
                DB_VALUES(db_integer(version), db_octets("", 0), db_integer(due_ms),
                          db_integer(clock_unix_ms())),
                NULL);

        return r == DB_TAKEN ? CORE_TAKEN : fold(r);
}

int key_exchange_read(struct db_tx *tx, struct id tenant, struct key_exchange *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct key_exchange){ 0 };
        r = db_one(tx, tenant,
                   "SELECT version, total, done, started_ms FROM key_exchange WHERE tenant_id = ?1", DB_NONE,
                   &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        *ret = (struct key_exchange){ .version = (uint32_t)db_rows_integer(&rows, 0),
                                      .rows = db_rows_integer(&rows, 1),
                                      .carried = db_rows_integer(&rows, 2),
                                      .started_ms = db_rows_integer(&rows, 3) };
        return 0;
}

static struct text keep(struct step *step, struct text text)
{
        char *kept = arena_alloc(step->arena, text.len ? text.len : 1);

        if (!kept)
                return (struct text){ 0 };
        memcpy(kept, text.at, text.len);
        return text_from_octets(kept, text.len);
}

static int find_due(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct step *step = context;
        int r;

        r = db_one_all(tx,
                       "SELECT x.tenant_id, x.step, x.after, x.carried, x.done, x.total FROM key_exchange x"
                       " JOIN tenant t ON t.id = x.tenant_id AND t.state <> 'deleting'"
                       " WHERE x.due_ms <= ?1 ORDER BY x.due_ms LIMIT 1",
                       DB_VALUES(db_integer(step->now)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        step->tenant = db_rows_id(&rows, 0);
        step->at = (size_t)db_rows_integer(&rows, 1);
        step->after = keep(step, db_rows_text(&rows, 2));
        step->in_round = db_rows_integer(&rows, 3);
        step->done = db_rows_integer(&rows, 4);
        step->total = db_rows_integer(&rows, 5);
        return 0;
}

/* What is less than the new version, as this kind of row says it. */
static struct db_value older(struct step *step, const struct carried *what)
{
        switch (what->form) {
        case CARRIED_FIELD:
                tenant_seal_prefix(step->to->version, step->prefix);
                return db_octets(step->prefix, sizeof(step->prefix));
        case CARRIED_VERIFIER:
                snprintf(step->pattern, sizeof(step->pattern), "%" PRIu32 "$%%", step->to->version);
                return db_string(step->pattern);
        default: return db_integer(step->to->version);
        }
}

static int count_in(struct db_tx *tx, void *context)
{
        struct step *step = context;

        step->total = 0;
        for (size_t i = 0; i < carried_count; i++) {
                SCOPED(db_rows_done) struct db_rows rows = { 0 };
                int r = db_one(tx, step->tenant, carried[i].count,
                               DB_VALUES(db_octets("", 0), older(step, &carried[i])), &rows);

                if (r)
                        return fold(r);
                step->total += db_rows_integer(&rows, 0);
        }
        return 0;
}

static int store_total(struct db_tx *tx, void *context)
{
        struct step *step = context;

        return fold(db_run(tx, step->tenant, "UPDATE key_exchange SET total = ?2 WHERE tenant_id = ?1",
                           DB_VALUES(db_integer(step->total)), NULL));
}

static int find_rows(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct step *step = context;
        const struct carried *what = &carried[step->at];
        size_t max = what->form == CARRIED_FIELD ? FIELD_BATCH : BATCH;
        int r;

        step->count = 0;
        r = db_find(tx, step->tenant, what->find,
                    DB_VALUES(db_octets(step->after.at, step->after.len), older(step, what),
                              db_integer((int64_t)max)),
                    &rows);
        if (r)
                return fold(r);
        while (step->count < max && db_rows_next(&rows, &r)) {
                struct row *row = &step->rows[step->count++];

                *row = (struct row){ .key = keep(step, db_rows_text(&rows, 0)),
                                     .old = keep(step, db_rows_text(&rows, 2)) };
                if (what->second == DB_INTEGER)
                        row->number = db_rows_integer(&rows, 1);
                else if (what->second != DB_NULL)
                        row->second = keep(step, db_rows_text(&rows, 1));
                if (what->form == CARRIED_DOCUMENT)
                        row->day = db_rows_integer(&rows, 3);
                if (!row->key.at || !row->old.at)
                        return fault(-ENOMEM);
        }
        return fold(r);
}

static int carry_mark(struct step *step, const struct carried *what, struct row *row)
{
        uint8_t mark[KEYS_MAC_OCTETS];
        int r;

        if (row->old.len != sizeof(mark))
                return fault(-EBADMSG);
        memcpy(mark, row->old.at, sizeof(mark));
        r = keys_recode(step->core->keys, step->from, step->to, what->kind, mark, mark);
        if (r)
                return fold(r);
        row->new = keep(step, text_from_octets(mark, sizeof(mark)));
        return 0;
}

static int carry_verifier(struct step *step, const struct carried *what, struct row *row)
{
        char before[VERIFIER_STRING], after[VERIFIER_STRING];
        int r;

        if (!text_copy(row->old, before, sizeof(before)))
                return fault(-EBADMSG);
        r = verifier_recode(step->core, step->from, step->to, what->kind, before, after);
        if (r)
                return fold(r);
        row->new = keep(step, text_from(after));
        return 0;
}

static void wipe(struct buffer *buffer)
{
        if (buffer->at)
                explicit_bzero(buffer->at, buffer->len);
        buffer_done(buffer);
}

static int carry_field(struct step *step, const struct carried *what, struct row *row)
{
        SCOPED(buffer_done) struct buffer bound = BUFFER(1024);
        SCOPED(wipe) struct buffer plain = BUFFER(FIELD_MAX);
        SCOPED(buffer_done) struct buffer sealed = BUFFER(FIELD_MAX + TENANT_SEAL_OVERHEAD);
        int r;

        what->bind(step->tenant, row->key, row->second, &bound);
        if (bound.failure)
                return fault(bound.failure);
        r = tenant_unseal(step->core, step->entry, buffer_text(&bound), row->old, &plain);
        if (r == 0)
                r = tenant_seal(step->core, step->entry, buffer_text(&bound), buffer_text(&plain), &sealed);
        if (r)
                return fold(r);
        row->new = keep(step, buffer_text(&sealed));
        return 0;
}

/* One whose day is over is for core/job/day.c to move or to forget; until then the round finds it again. */
static int carry_document(struct step *step, struct row *row)
{
        struct keys_document names = { .artefact = (uint32_t)row->number, .expiry_day = row->day };
        struct wrapped_key wrapped;
        int r;

        if (row->key.len != ID_OCTETS || row->old.len != sizeof(wrapped))
                return fault(-EBADMSG);
        memcpy(names.job.octets, row->key.at, ID_OCTETS);
        memcpy(&wrapped, row->old.at, sizeof(wrapped));
        r = keys_document_move(step->core->keys, step->from, &names, &wrapped, step->to, row->day, &wrapped);
        if (r == KEYS_PAST || r == KEYS_DESTROYED)
                return CORE_BUSY;
        if (r)
                return fold(r);
        row->new = keep(step, text_from_octets(&wrapped, sizeof(wrapped)));
        return 0;
}

static int carry_box(struct step *step, struct row *row)
{
        struct wrapped_key wrapped;
        int r;

        if (row->old.len != sizeof(wrapped))
                return fault(-EBADMSG);
        memcpy(&wrapped, row->old.at, sizeof(wrapped));
        r = keys_box_move(step->core->keys, step->from, &wrapped, step->to, &wrapped);
        if (r)
                return fold(r);
        row->new = keep(step, text_from_octets(&wrapped, sizeof(wrapped)));
        return 0;
}

static int carry(struct step *step, const struct carried *what, struct row *row)
{
        int r = 0;

        switch (what->form) {
        case CARRIED_MARK: r = carry_mark(step, what, row); break;
        case CARRIED_VERIFIER: r = carry_verifier(step, what, row); break;
        case CARRIED_FIELD: r = carry_field(step, what, row); break;
        case CARRIED_DOCUMENT: r = carry_document(step, row); break;
        case CARRIED_BOX: r = carry_box(step, row); break;
        }
        return r == 0 && !row->new.at ? fault(-ENOMEM) : r;
}

static struct db_value value_of(enum carried_form form, struct text text)
{
        return form == CARRIED_VERIFIER ? db_text(text) : db_octets(text.at, text.len);
}

static int update_row(struct db_tx *tx, const struct step *step, const struct carried *what,
                      const struct row *row)
{
        struct db_value values[6];
        size_t count = 0;
        int r;

        values[count++] = db_octets(row->key.at, row->key.len);
        if (what->second == DB_INTEGER)
                values[count++] = db_integer(row->number);
        else if (what->second != DB_NULL)
                values[count++] = what->second == DB_TEXT ? db_text(row->second)
                                                          : db_octets(row->second.at, row->second.len);
        values[count++] = value_of(what->form, row->old);
        values[count++] = value_of(what->form, row->new);
        if (what->form == CARRIED_MARK || what->form == CARRIED_DOCUMENT || what->form == CARRIED_BOX)
                values[count++] = db_integer(step->to->version);
        if (what->form == CARRIED_DOCUMENT)
                values[count++] = db_integer(row->day);
        r = db_run(tx, step->tenant, what->update, values, count, NULL);
        if (r == DB_TAKEN && what->drop)
                r = db_run(tx, step->tenant, what->drop, values, 2, NULL);
        return fold(r);
}

static int update_rows(struct db_tx *tx, void *context)
{
        struct step *step = context;
        const struct carried *what = &carried[step->at];
        const struct row *last = &step->rows[step->count - 1];
        int64_t changed = 0;
        int r = 0;

        for (size_t i = 0; r == 0 && i < step->count; i++)
                if (step->rows[i].new.at) {
                        r = update_row(tx, step, what, &step->rows[i]);
                        /* Also one that somebody changed meanwhile: another round looks at it again. */
                        changed++;
                }
        if (r)
                return r;
        return fold(db_run(tx, step->tenant,
                           "UPDATE key_exchange SET after = ?2, carried = carried + ?3, done = done + ?3"
                           " WHERE tenant_id = ?1",
                           DB_VALUES(db_octets(last->key.at, last->key.len), db_integer(changed)), NULL));
}

static int next_kind(struct db_tx *tx, void *context)
{
        struct step *step = context;

        return fold(db_run(tx, step->tenant,
                           "UPDATE key_exchange SET step = step + 1, after = ?2 WHERE tenant_id = ?1",
                           DB_VALUES(db_octets("", 0)), NULL));
}

/* There has to be another round, for what could not be carried in this one. */
static int next_kind_waiting(struct db_tx *tx, void *context)
{
        struct step *step = context;
        int r = db_run(tx, step->tenant, "UPDATE key_exchange SET carried = carried + 1 WHERE tenant_id = ?1",
                       DB_NONE, NULL);

        return r ? fold(r) : next_kind(tx, context);
}

/* Documents that wait for another day are no reason to turn in a circle. */
static int carry_rows(struct step *step)
{
        const struct carried *what = &carried[step->at];
        size_t waiting = 0;
        int r;

        r = db_read(step->core->db, find_rows, step);
        if (r)
                return r;
        for (size_t i = 0; i < step->count; i++) {
                r = carry(step, what, &step->rows[i]);
                if (r && r != CORE_BUSY)
                        return r;
                waiting += r == CORE_BUSY;
        }
        if (step->count > waiting)
                return db_write(step->core->db, update_rows, step);
        return db_write(step->core->db, waiting ? next_kind_waiting : next_kind, step);
}

static int next_round(struct db_tx *tx, void *context)
{
        struct step *step = context;
        char detail[CORE_WORDS];
        int r;

        r = db_run(
                tx, step->tenant,
                "UPDATE key_exchange SET step = 0, after = ?2, carried = 0, due_ms = ?3 WHERE tenant_id = ?1",
                DB_VALUES(db_octets("", 0), db_integer(step->due_ms)), NULL);
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "version=%" PRIu32 " rows=%" PRId64, step->to->version, step->done);
        return event_add(tx, step->tenant, NULL, "tenant-key-carried", step->tenant, detail);
}

static int end_in(struct db_tx *tx, void *context)
{
        struct step *step = context;
        char detail[CORE_WORDS];
        int r;

        r = db_run(tx, step->tenant, "DELETE FROM tenant_key WHERE tenant_id = ?1 AND version < ?2",
                   DB_VALUES(db_integer(step->to->version)), NULL);
        if (r == 0)
                r = db_run(tx, step->tenant, "DELETE FROM key_exchange WHERE tenant_id = ?1", DB_NONE, NULL);
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail), "version=%" PRIu32 " rows=%" PRId64, step->from->version,
                 step->done);
        return event_add(tx, step->tenant, NULL, "tenant-key-ended", step->tenant, detail);
}

static int end(struct step *step)
{
        int r;

        if (step->in_round > 0) {
                step->due_ms = step->now + step->core->settings.key_settle_ms;
                return db_write(step->core->db, next_round, step);
        }
        r = keys_tenant_retire(step->core->keys, step->tenant, step->to->version);
        if (r)
                return fold(r);
        r = db_write(step->core->db, end_in, step);
        return r ? r : key_ring_reload(step->core, step->entry);
}

/* A ring of one version: a crash between the two commits of keys_rotate(), or another process. */
static int find_versions(struct step *step)
{
        const struct key_ring *ring;
        int r;

        r = tenant_entry_get(step->core, step->tenant, &step->entry);
        if (r)
                return r;
        ring = atomic_load(&step->entry->ring);
        if (ring->count < 2) {
                r = key_ring_reload(step->core, step->entry);
                if (r)
                        return r;
                ring = atomic_load(&step->entry->ring);
        }
        if (ring->count != 2)
                return fault(-ENOKEY);
        step->to = &ring->versions[0];
        step->from = &ring->versions[1];
        return 0;
}

int key_exchange_step(struct core *core, bool *ret_more)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_MAX);
        SCOPED(freep) struct step *step = calloc(1, sizeof(*step));
        int r;

        if (!arena || !step)
                return fault(-ENOMEM);
        step->core = core;
        step->arena = arena;
        step->now = clock_unix_ms();
        r = db_read(core->db, find_due, step);
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        r = find_versions(step);
        if (r)
                return r;
        *ret_more = true;
        if (step->total == 0 && step->done == 0 && step->at == 0) {
                r = db_read(core->db, count_in, step);
                if (r == 0 && step->total)
                        r = db_write(core->db, store_total, step);
                if (r)
                        return r;
        }
        return step->at < carried_count ? carry_rows(step) : end(step);
}
