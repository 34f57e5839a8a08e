// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/trail/event.h"

#include <errno.h>
#include <string.h>

#include "audit/record.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/live.h"
#include "core/state.h"
#include "core/trail/trail.h"

/* The end of the chain: the last record, or where all of them were pruned the last checkpoint. */
static int find_end(struct db_tx *tx, struct id tenant, uint64_t *ret_number, uint8_t ret_hash[HASH_OCTETS])
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct audit_checkpoint checkpoint;
        int r;

        r = db_one(tx, tenant,
                   "SELECT number, hash FROM event WHERE tenant_id = ?1 ORDER BY number DESC LIMIT 1",
                   DB_NONE, &rows);
        if (r == 0) {
                *ret_number = (uint64_t)db_rows_integer(&rows, 0);
                return db_rows_octets(&rows, 1, ret_hash, HASH_OCTETS) ? 0 : fault(-EBADMSG);
        }
        if (r == DB_NO_ROW)
                r = trail_last_checkpoint(tx, tenant, &checkpoint);
        if (r < 0)
                return r;
        *ret_number = r == 0 ? checkpoint.record : 0;
        memset(ret_hash, 0, HASH_OCTETS);
        if (r == 0)
                memcpy(ret_hash, checkpoint.hash, HASH_OCTETS);
        return 0;
}

/* What others wrote (an address, a name) stands in a record as far as it can be read and fits. */
static struct text readable(const char *string, size_t max, char *room)
{
        struct text text = text_from(string ? string : "");

        if (text.len > max) {
                text.len = max;
                while (text.len > 0 && ((unsigned char)text.at[text.len] & 0xc0) == 0x80)
                        text.len--;
        }
        if (text_is_printable(text) && !memchr(text.at, '\t', text.len))
                return text;
        for (size_t i = 0; i < text.len; i++)
                room[i] = text.at[i] < 0x20 || text.at[i] > 0x7e ? '?' : text.at[i];
        return (struct text){ room, text.len };
}

static int insert(struct db_tx *tx, const struct audit_record *record, const uint8_t hash[HASH_OCTETS])
{
        return fold(db_run(
                tx, record->tenant,
                "INSERT INTO event"
                " (tenant_id, number, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source, hash)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                DB_VALUES(db_integer((int64_t)record->number), db_integer(record->at_ms),
                          db_text(record->event), db_text(record->actor_kind), db_id(&record->actor),
                          db_id(&record->subject), db_text(record->detail), db_text(record->via),
                          db_text(record->source), db_octets(hash, HASH_OCTETS)),
                NULL));
}

/* The tenant's trail has something to sign, since the first one of what is not signed yet. */
static int note_unsigned(struct db_tx *tx, const struct audit_record *record)
{
        return fold(db_run(tx, record->tenant,
                           "INSERT INTO audit_unsigned (tenant_id, number, since_ms) VALUES (?1, ?2, ?3)"
                           " ON CONFLICT DO NOTHING",
                           DB_VALUES(db_integer((int64_t)record->number), db_integer(record->at_ms)), NULL));
}

int event_add(struct db_tx *tx, struct id tenant, const struct actor *actor, const char *kind,
              struct id subject, const char *detail)
{
        char detail_room[CORE_WORDS], source_room[CORE_NAME];
        struct audit_record record = {
                .tenant = tenant,
                .at_ms = clock_unix_ms(),
                .event = text_from(kind),
                .actor_kind = text_from(actor ? actor_kind_name(actor->kind) : "service"),
                .via = text_from(via_name(actor ? actor->via : VIA_SERVICE)),
                .source = readable(actor ? actor->source : "", CORE_NAME - 1, source_room),
                .subject = subject,
                .detail = readable(detail, CORE_WORDS - 1, detail_room),
        };
        uint8_t hash[HASH_OCTETS];
        int r;

        if (actor)
                record.actor = actor->id;
        r = find_end(tx, tenant, &record.number, hash);
        if (r)
                return r;
        record.number++;
        audit_record_hash(hash, &record, hash);
        r = insert(tx, &record, hash);
        if (r == 0)
                r = note_unsigned(tx, &record);
        return r ? r : live_of_event(tx, tenant, actor, kind, subject);
}

struct note {
        struct id tenant;
        const struct actor *actor;
        const char *kind;
        struct id subject;
        const char *detail;
};

static int note(struct db_tx *tx, void *context)
{
        struct note *n = context;

        return event_add(tx, n->tenant, n->actor, n->kind, n->subject, n->detail);
}

int event_note(struct core *core, struct id tenant, const struct actor *actor, const char *kind,
               struct id subject, const char *detail)
{
        struct note context = { tenant, actor, kind, subject, detail };

        return db_write(core->db, note, &context);
}

struct list {
        struct id tenant;
        const struct id *subject;
        uint64_t after;
        struct event *to;
        size_t max;
        size_t count;
};

#define COLUMNS "number, at_ms, kind, actor_kind, actor_id, subject_id, detail, via, source, hash"

static int read_row(struct db_rows *rows, struct event *ret)
{
        ret->number = (uint64_t)db_rows_integer(rows, 0);
        ret->at_ms = db_rows_integer(rows, 1);
        db_rows_string(rows, 2, ret->kind, sizeof(ret->kind));
        db_rows_string(rows, 3, ret->actor_kind, sizeof(ret->actor_kind));
        ret->actor = db_rows_id(rows, 4);
        ret->subject = db_rows_id(rows, 5);
        db_rows_string(rows, 6, ret->detail, sizeof(ret->detail));
        db_rows_string(rows, 7, ret->via, sizeof(ret->via));
        db_rows_string(rows, 8, ret->source, sizeof(ret->source));
        return db_rows_octets(rows, 9, ret->hash, sizeof(ret->hash)) ? 0 : fault(-EBADMSG);
}

int event_list_in(struct db_tx *tx, struct id tenant, const struct id *subject, uint64_t after,
                  struct event *ret, size_t max, size_t *ret_count)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret_count = 0;
        if (subject)
                r = db_find(
                        tx, tenant,
                        "SELECT " COLUMNS " FROM event"
                        " WHERE tenant_id = ?1 AND subject_id = ?4 AND number > ?2 ORDER BY number LIMIT ?3",
                        DB_VALUES(db_integer((int64_t)after), db_integer((int64_t)max), db_id(subject)),
                        &rows);
        else
                r = db_find(tx, tenant,
                            "SELECT " COLUMNS " FROM event"
                            " WHERE tenant_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
                            DB_VALUES(db_integer((int64_t)after), db_integer((int64_t)max)), &rows);
        if (r)
                return fold(r);
        while (*ret_count < max && db_rows_next(&rows, &r)) {
                r = read_row(&rows, &ret[*ret_count]);
                if (r)
                        return r;
                ++*ret_count;
        }
        return fold(r);
}

void event_to_record(const struct event *event, struct id tenant, struct audit_record *ret)
{
        *ret = (struct audit_record){
                .tenant = tenant,
                .number = event->number,
                .at_ms = event->at_ms,
                .event = text_from(event->kind),
                .actor_kind = text_from(event->actor_kind),
                .actor = event->actor,
                .via = text_from(event->via),
                .source = text_from(event->source),
                .subject = event->subject,
                .detail = text_from(event->detail),
        };
}

static int list(struct db_tx *tx, void *context)
{
        struct list *l = context;

        return event_list_in(tx, l->tenant, l->subject, l->after, l->to, l->max, &l->count);
}

int event_list(struct core *core, const struct actor *actor, const struct id *subject, uint64_t after,
               struct event *ret, size_t max, size_t *ret_count)
{
        struct list context = { actor->tenant, subject, after, ret, max, 0 };
        int r;

        if (!actor_may(actor, RIGHT_EVENTS_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, list, &context);
        if (r)
                return r;
        *ret_count = context.count;
        return 0;
}

struct searching {
        struct id tenant;
        const struct event_search *search;
        struct event *to;
        size_t max;
        size_t count;
        uint64_t looked;
};

/* The numbers that are looked at: between low and high, both without themselves. */
struct window {
        uint64_t low;
        uint64_t high;
};

/* The trail's first and last number; 0 and 0 where it is empty. */
static int find_ends(struct db_tx *tx, struct id tenant, uint64_t *ret_first, uint64_t *ret_last)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, tenant,
                "SELECT coalesce(min(number), 0), coalesce((SELECT number FROM event WHERE tenant_id = ?1"
                " ORDER BY number DESC LIMIT 1), 0) FROM event WHERE tenant_id = ?1",
                DB_NONE, &rows);

        if (r)
                return fold(r);
        *ret_first = (uint64_t)db_rows_integer(&rows, 0);
        *ret_last = (uint64_t)db_rows_integer(&rows, 1);
        return 0;
}

/* What has an index of its own, or ends with the first records, may go to the end. */
static bool is_bounded(const struct event_search *search)
{
        return search->subject ||
               (!search->actor && !search->kind && search->since_ms == 0 && search->until_ms == 0);
}

static struct window window_of(const struct event_search *search, uint64_t first, uint64_t last,
                               uint64_t *ret_looked)
{
        struct window window = { .low = first ? first - 1 : 0, .high = last + 1 };

        *ret_looked = 0;
        if (search->newest && search->after && search->after < window.high)
                window.high = search->after;
        if (!search->newest && search->after > window.low)
                window.low = search->after;
        if (is_bounded(search) || window.high <= window.low || window.high - window.low <= EVENT_LOOK_MAX)
                return window;
        if (search->newest)
                window.low = window.high - 1 - EVENT_LOOK_MAX;
        else
                window.high = window.low + 1 + EVENT_LOOK_MAX;
        *ret_looked = search->newest ? window.low + 1 : window.high - 1;
        return window;
}

#define SEARCHED                                                                             \
        "SELECT " COLUMNS " FROM event WHERE tenant_id = ?1 AND number > ?2 AND number < ?3" \
        " AND (?5 IS NULL OR actor_id = ?5) AND substr(kind, 1, length(?6)) = ?6 AND at_ms >= ?7 AND at_ms < ?8"

static int search_in(struct db_tx *tx, void *context)
{
        static const char *const sql[2][2] = {
                { SEARCHED " ORDER BY number LIMIT ?4", SEARCHED " ORDER BY number DESC LIMIT ?4" },
                { SEARCHED " AND subject_id = ?9 ORDER BY number LIMIT ?4",
                  SEARCHED " AND subject_id = ?9 ORDER BY number DESC LIMIT ?4" },
        };
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct searching *s = context;
        const struct event_search *search = s->search;
        struct window window;
        uint64_t first, last;
        int r = find_ends(tx, s->tenant, &first, &last);

        if (r)
                return r;
        window = window_of(search, first, last, &s->looked);
        const struct db_value values[] = {
                db_integer((int64_t)window.low),
                db_integer((int64_t)window.high),
                db_integer((int64_t)s->max),
                search->actor ? db_id(search->actor) : db_null(),
                db_string(search->kind ? search->kind : ""),
                db_integer(search->since_ms),
                db_integer(search->until_ms ? search->until_ms : INT64_MAX),
                search->subject ? db_id(search->subject) : db_null(),
        };
        r = db_find(tx, s->tenant, sql[search->subject != NULL][search->newest], values,
                    ARRAY_LENGTH(values) - (search->subject ? 0 : 1), &rows);
        if (r)
                return fold(r);
        while (s->count < s->max && db_rows_next(&rows, &r)) {
                r = read_row(&rows, &s->to[s->count]);
                if (r)
                        return r;
                s->count++;
        }
        return fold(r);
}

int event_search(struct core *core, const struct actor *actor, const struct event_search *search,
                 struct event *ret, size_t max, size_t *ret_count, uint64_t *ret_looked)
{
        struct searching context = { actor->tenant, search, ret, max, 0, 0 };
        int r;

        if (!actor_may(actor, RIGHT_EVENTS_READ, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, search_in, &context);
        if (r)
                return r;
        *ret_count = context.count;
        *ret_looked = context.looked;
        return 0;
}
