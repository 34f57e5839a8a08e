// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/rendering/converter.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/rendering/lease.h"
#include "core/listing.h"
#include "core/state.h"

#define COLUMNS                                                                                             \
        "SELECT id, name, fingerprint IS NOT NULL, formats, created_ms, expires_ms, seen_ms FROM converter" \
        " WHERE tenant_id = ?1"

struct context {
        struct core *core;
        const struct actor *actor;
        struct id tenant;
        struct converter converter;
        uint8_t code_hash[HASH_OCTETS];
        int64_t now;
};

static void read_converter(struct db_rows *rows, void *item)
{
        struct converter *ret = item;

        *ret = (struct converter){ .id = db_rows_id(rows, 0) };
        db_rows_string(rows, 1, ret->name, sizeof(ret->name));
        ret->enrolled = db_rows_integer(rows, 2);
        db_rows_string(rows, 3, ret->formats, sizeof(ret->formats));
        ret->created_ms = db_rows_integer(rows, 4);
        ret->expires_ms = db_rows_integer(rows, 5);
        ret->seen_ms = db_rows_integer(rows, 6);
}

static int has_room(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->tenant, "SELECT count(*) FROM converter WHERE tenant_id = ?1", DB_NONE, &rows);
        if (r)
                return fold(r);
        return db_rows_integer(&rows, 0) < CONVERTERS_MAX ? 0 : CORE_LIMIT_REACHED;
}

static int make_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = has_room(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant,
                   "INSERT INTO converter (tenant_id, id, name, code_hash, formats, created_ms, expires_ms,"
                   " seen_ms) VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, 0)",
                   DB_VALUES(db_id(&c->converter.id), db_string(c->converter.name),
                             db_octets(c->code_hash, HASH_OCTETS), db_integer(c->converter.created_ms),
                             db_integer(c->converter.expires_ms)),
                   NULL);
        if (r)
                return r == DB_TAKEN ? CORE_TAKEN : fold(r);
        return event_add(tx, c->tenant, c->actor, "converter-made", c->converter.id, c->converter.name);
}

int converter_make(struct core *core, const struct actor *actor, struct text name, struct converter *ret,
                   char ret_code[OUTPOST_CODE])
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant };
        int r;

        if (!actor_may(actor, RIGHT_CONVERTERS, whose_service()))
                return CORE_FORBIDDEN;
        if (!core->settings.converters)
                return CORE_NOT_ACCEPTING;
        if (!text_is_name(name) || !text_copy(name, c.converter.name, sizeof(c.converter.name)))
                return CORE_BAD_VALUE;
        outpost_code_make(ret_code, c.code_hash);
        c.converter.id = id_new();
        c.converter.created_ms = clock_unix_ms();
        c.converter.expires_ms = c.converter.created_ms + core->settings.enrolment_ms;
        r = db_write(core->db, make_in, &c);
        if (r == 0)
                *ret = c.converter;
        return r;
}

static const struct outpost_kind converters = {
        .actor = ACTOR_CONVERTER,
        .via = VIA_CONVERTER,
        .by_code = "SELECT tenant_id, id, name FROM converter WHERE code_hash = ?1 AND expires_ms > ?2",
        .enrol = "UPDATE converter SET fingerprint = ?3, code_hash = NULL, expires_ms = ?4"
                 " WHERE tenant_id = ?1 AND id = ?2",
        .renew = "UPDATE converter SET fingerprint = ?3, code_hash = NULL, expires_ms = ?4"
                 " WHERE tenant_id = ?1 AND id = ?2",
        .seen = "UPDATE converter SET seen_ms = ?3 WHERE tenant_id = ?1 AND id = ?2 AND seen_ms < ?3",
        .enrolled = "converter-enrolled",
        .renewed = "converter-renewed",
};

int converter_enrol(struct core *core, struct text code, const uint8_t fingerprint[HASH_OCTETS],
                    struct text source, struct actor *ret)
{
        return outpost_enrol(core, &converters, code, fingerprint, source, ret);
}

int converter_renew(struct core *core, const struct actor *converter, const uint8_t fingerprint[HASH_OCTETS],
                    int64_t *ret_expires_ms)
{
        return outpost_renew(core, &converters, converter, fingerprint, ret_expires_ms);
}

void converter_seen(struct core *core, const struct actor *converter)
{
        outpost_seen(core, &converters, converter);
}

int converter_list(struct core *core, const struct actor *actor, struct id after, struct converter *ret,
                   size_t max, size_t *ret_count)
{
        struct listing listing = { .tenant = actor->tenant,
                                   .sql = COLUMNS " AND id > ?2 ORDER BY id LIMIT ?3",
                                   .after = after,
                                   .read = read_converter,
                                   LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_CONVERTERS, whose_service()))
                return CORE_FORBIDDEN;
        return listing_find(core, &listing, ret_count);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        r = db_one(tx, c->tenant, COLUMNS " AND id = ?2", DB_VALUES(db_id(&c->converter.id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        read_converter(&rows, &c->converter);
        return 0;
}

int converter_find(struct core *core, const struct actor *actor, struct id id, struct converter *ret)
{
        struct context c = { .tenant = actor->tenant, .converter.id = id };
        bool is_itself = actor->kind == ACTOR_CONVERTER && id_equal(actor->id, id);
        int r;

        if (!is_itself && !actor_may(actor, RIGHT_CONVERTERS, whose_service()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.converter;
        return r;
}

static int delete_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_in(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->tenant, "DELETE FROM converter WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->converter.id)), NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "converter-revoked", c->converter.id, c->converter.name);
}

int converter_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .core = core, .actor = actor, .tenant = actor->tenant, .converter.id = id };
        int r;

        if (!actor_may(actor, RIGHT_CONVERTERS, whose_service()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, delete_in, &c);
        if (r)
                return r;
        lease_revoke(core, id);
        return converters_count_in(core);
}

static int set_formats_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return fold(db_run(
                tx, c->tenant,
                "UPDATE converter SET formats = ?3, seen_ms = ?4 WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&c->converter.id), db_string(c->converter.formats), db_integer(c->now)),
                NULL));
}

int converter_set_formats(struct core *core, const struct actor *converter, struct format_set formats)
{
        struct context c = { .tenant = converter->tenant,
                             .converter.id = converter->id,
                             .now = clock_unix_ms() };
        int r;

        if (converter->kind != ACTOR_CONVERTER)
                return CORE_FORBIDDEN;
        format_set_format(formats, c.converter.formats);
        r = db_write(core->db, set_formats_in, &c);
        return r ? r : converters_count_in(core);
}

struct counted {
        int64_t since_ms;
        struct format_set formats;
};

static int count_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct counted *counted = context;
        char formats[FORMAT_SET_STRING];
        int r;

        r = db_find_all(tx, "SELECT formats FROM converter WHERE fingerprint IS NOT NULL AND seen_ms > ?1",
                        DB_VALUES(db_integer(counted->since_ms)), &rows);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                db_rows_string(&rows, 0, formats, sizeof(formats));
                counted->formats.bits |= format_set_parse(text_from(formats)).bits;
        }
        return fold(r);
}

int converters_count_in(struct core *core)
{
        struct counted counted = { .since_ms = clock_unix_ms() - core->settings.converter_seen_ms,
                                   .formats = core->settings.own_formats };
        int r = core->settings.converters ? db_read(core->db, count_in, &counted) : 0;

        if (r == 0)
                format_set_sources(counted.formats);
        return r;
}
