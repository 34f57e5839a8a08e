// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/site/outpost.h"
#include "core/state.h"

struct context {
        struct core *core;
        const struct outpost_kind *kind;
        uint8_t code_hash[HASH_OCTETS];
        const uint8_t *fingerprint;
        int64_t now;
        struct text source;
        struct actor outpost;
};

static int find_by_code(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one_all(tx, c->kind->by_code,
                       DB_VALUES(db_octets(c->code_hash, HASH_OCTETS), db_integer(c->now)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_WRONG_CREDENTIALS : fold(r);
        c->outpost = (struct actor){ .kind = c->kind->actor,
                                     .tenant = db_rows_id(&rows, 0),
                                     .id = db_rows_id(&rows, 1) };
        db_rows_string(&rows, 2, c->outpost.name, sizeof(c->outpost.name));
        actor_came(&c->outpost, c->kind->via, c->source);
        return 0;
}

static int set_key(struct db_tx *tx, const struct context *c, const char *sql, const char *event)
{
        int r;

        r = db_run(tx, c->outpost.tenant, sql,
                   DB_VALUES(db_id(&c->outpost.id), db_octets(c->fingerprint, HASH_OCTETS),
                             db_integer(c->now + c->core->settings.agent_ms)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        return event_add(tx, c->outpost.tenant, &c->outpost, event, c->outpost.id, "");
}

static int enrol_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_by_code(tx, c);
        if (r == 0)
                r = set_key(tx, c, c->kind->enrol, c->kind->enrolled);
        return r == CORE_TAKEN ? CORE_WRONG_CREDENTIALS : r;
}

int outpost_enrol(struct core *core, const struct outpost_kind *kind, struct text code,
                  const uint8_t fingerprint[HASH_OCTETS], struct text source, struct actor *ret)
{
        struct context c = { .core = core,
                             .kind = kind,
                             .fingerprint = fingerprint,
                             .now = clock_unix_ms(),
                             .source = source };
        int r;

        r = guess_check(core, GUESS_CODE, source);
        if (r)
                return r;
        outpost_code_hash(code, c.code_hash);
        r = db_write(core->db, enrol_in, &c);
        if (r == CORE_WRONG_CREDENTIALS) {
                r = guess_count_wrong(core, GUESS_CODE, source);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        if (r == 0)
                *ret = c.outpost;
        return r;
}

static int renew_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return set_key(tx, c, c->kind->renew, c->kind->renewed);
}

int outpost_renew(struct core *core, const struct outpost_kind *kind, const struct actor *outpost,
                  const uint8_t fingerprint[HASH_OCTETS], int64_t *ret_expires_ms)
{
        struct context c = { .core = core, .kind = kind, .fingerprint = fingerprint, .now = clock_unix_ms() };
        int r;

        if (outpost->kind != kind->actor)
                return CORE_FORBIDDEN;
        c.outpost = *outpost;
        r = db_write(core->db, renew_in, &c);
        if (r == 0)
                *ret_expires_ms = c.now + core->settings.agent_ms;
        return r;
}

static int seen_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;

        return fold(db_run(tx, c->outpost.tenant, c->kind->seen,
                           DB_VALUES(db_id(&c->outpost.id), db_integer(c->now)), NULL));
}

void outpost_seen(struct core *core, const struct outpost_kind *kind, const struct actor *outpost)
{
        struct context c = { .kind = kind, .now = clock_unix_ms(), .outpost = *outpost };
        int r;

        if (!outpost_seen_is_due(core, outpost->id, c.now))
                return;
        r = db_write(core->db, seen_in, &c);
        if (r < 0)
                log_fault("outpost-seen-not-written", r);
}
