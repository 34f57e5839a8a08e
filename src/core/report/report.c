// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/report/accounting-row.h"
#include "core/state.h"
#include "crypt/hash.h"

static const char purpose[] = "imprimatur pseudonym ";

struct context {
        struct core *core;
        const struct actor *actor;
        struct secret key;
        struct id after;
        struct report_row *to;
        size_t max, count;
};

static void context_done(struct context *c)
{
        secret_done(&c->key);
}

/* A keyed hash, cut to 128 bits: whoever has all the ids of people still cannot make it. */
void report_pseudonym(const struct secret *key, struct id person, int64_t month, char ret[REPORT_PSEUDONYM])
{
        uint8_t hash[HASH_OCTETS], named[ID_OCTETS + 8];

        memcpy(named, person.octets, ID_OCTETS);
        for (size_t i = 0; i < 8; i++)
                named[ID_OCTETS + i] = (uint8_t)((uint64_t)month >> (8 * (7 - i)));
        hash_hmac(key->octets, SECRET_OCTETS, text_from_octets(named, sizeof(named)), hash);
        for (size_t i = 0; i < (REPORT_PSEUDONYM - 1) / 2; i++)
                snprintf(ret + 2 * i, 3, "%02x", hash[i]);
}

static int64_t month_of(int64_t unix_ms)
{
        char string[25];

        clock_format(unix_ms, string);
        return clock_day(unix_ms) - ((string[8] - '0') * 10 + string[9] - '0') + 1;
}

int report_pseudonym_key(struct core *core, struct id tenant, struct secret *ret)
{
        const struct tenant_entry *entry;
        int r = tenant_entry_get(core, tenant, &entry);

        return r ? r : tenant_derive(core, entry, purpose, ret);
}

static int read_account(const struct context *c, struct db_rows *rows, struct report_row *ret)
{
        struct accounting accounting;
        int r;

        if (db_rows_is_null(rows, 12))
                return 0;
        r = accounting_row_open(c->core, c->actor->tenant, db_rows_id(rows, 11), db_rows_text(rows, 12),
                                &accounting);
        if (r == 0)
                memcpy(ret->account, accounting.account, sizeof(ret->account));
        return r;
}

static int read_row(struct context *c, struct db_rows *rows, struct report_row *ret)
{
        char state[16];

        *ret = (struct report_row){ .id = db_rows_id(rows, 0) };
        ret->queue = db_rows_id(rows, 2);
        db_rows_string(rows, 3, state, sizeof(state));
        if (!job_state_parse(state, &ret->state))
                return fault(-EBADMSG);
        db_rows_string(rows, 4, ret->reason, sizeof(ret->reason));
        db_rows_string(rows, 5, ret->format, sizeof(ret->format));
        ret->size_octets = (uint64_t)db_rows_integer(rows, 6);
        ret->created_ms = db_rows_integer(rows, 7);
        report_pseudonym(&c->key, db_rows_id(rows, 1), month_of(ret->created_ms), ret->person);
        ret->done_ms = db_rows_integer(rows, 8);
        if (!db_rows_is_null(rows, 9)) {
                ret->printer = db_rows_id(rows, 9);
                ret->pages = (uint32_t)db_rows_integer(rows, 10);
        }
        return read_account(c, rows, ret);
}

static int list_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find(
                tx, c->actor->tenant,
                "SELECT j.id, j.owner_id, j.queue_id, j.state, j.reason, j.format, j.size_octets, j.created_ms,"
                " j.done_ms, d.printer_id, d.pages, d.id, a.sealed FROM job j"
                " LEFT JOIN delivery d ON d.tenant_id = j.tenant_id AND d.id = j.delivery_id"
                " LEFT JOIN accounting a ON a.tenant_id = d.tenant_id AND a.subject_id = d.id"
                " WHERE j.tenant_id = ?1 AND j.id > ?2 ORDER BY j.id LIMIT ?3",
                DB_VALUES(db_octets(c->after.octets, ID_OCTETS), db_integer((int64_t)c->max)), &rows);
        if (r)
                return fold(r);
        while (c->count < c->max && db_rows_next(&rows, &r)) {
                r = read_row(c, &rows, &c->to[c->count]);
                if (r)
                        return r;
                c->count++;
        }
        return fold(r);
}

int report_jobs(struct core *core, const struct actor *actor, struct id after, struct report_row *ret,
                size_t max, size_t *ret_count)
{
        SCOPED(context_done)
        struct context c = { .core = core, .actor = actor, .after = after, .to = ret, .max = max };
        int r;

        if (!actor_may(actor, RIGHT_REPORTS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = report_pseudonym_key(core, actor->tenant, &c.key);
        if (r)
                return r;
        r = db_read(core->db, list_in, &c);
        if (r == 0)
                *ret_count = c.count;
        return r;
}
