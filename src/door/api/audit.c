// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/line.h"
#include "audit/syslog.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/trail/trail.h"
#include "door/api/api.h"

#define DAY_MS 86400000LL

/* A page of what is numbered: ?limit=50&after=<number>. False after a complaint was answered. */
static bool read_page(struct request *request, size_t *ret_limit, uint64_t *ret_after, int *ret_r)
{
        uint32_t most = request->door->settings.page_max;
        uint64_t limit = most < 50 ? most : 50;
        struct text text;

        *ret_after = 0;
        if ((http_query(request->x, "limit", &text) && (!text_number(text, most, &limit) || limit == 0)) ||
            (http_query(request->x, "after", &text) && text.len &&
             !text_number(text, INT64_MAX, ret_after))) {
                *ret_r = request_bad(request,
                                     "\"limit\" and \"after\" are numbers; \"after\" is the \"next\" of an "
                                     "earlier page.");
                return false;
        }
        *ret_limit = limit;
        return true;
}

static json_t *hex_json(const uint8_t *octets, size_t len)
{
        char hex[2 * SIGN_SIGNATURE_OCTETS + 1];

        hex_format(octets, len, hex);
        return json_string(hex);
}

static json_t *record_json(const struct event *e)
{
        return json_pack("{s:I, s:o, s:s, s:{s:s, s:o}, s:s, s:o, s:o, s:o, s:o}", "number",
                         (json_int_t)e->number, "at", json_of_time(e->at_ms), "event", e->kind, "actor",
                         "kind", e->actor_kind, "id", json_of_id(e->actor), "via", e->via, "source",
                         json_words_or_null(e->source), "subject", json_of_id(e->subject), "detail",
                         json_words_or_null(e->detail), "hash", hex_json(e->hash, sizeof(e->hash)));
}

static json_t *checkpoint_json(const struct audit_checkpoint *c)
{
        return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "sequence", (json_int_t)c->sequence,
                         "record", (json_int_t)c->record, "hash", hex_json(c->hash, sizeof(c->hash)), "at",
                         json_of_time(c->at_ms), "before", hex_json(c->before, sizeof(c->before)), "key",
                         hex_json(c->key, sizeof(c->key)), "next_key",
                         hex_json(c->next_key, sizeof(c->next_key)), "signature",
                         hex_json(c->signature, sizeof(c->signature)));
}

/* {"items": […], "next": …}; next is the number after which the next page begins, as a text like every
 * cursor. */
static int answer_page(struct request *request, json_t *items, bool has_more, uint64_t last)
{
        char next[24];

        snprintf(next, sizeof(next), "%" PRIu64, last);
        return request_answer(
                request, 200,
                json_pack("{s:o, s:o}", "items", items, "next", has_more ? json_string(next) : json_null()));
}

/* What is looked for; its pointers point into itself. */
struct asked {
        struct event_search search;
        struct id subject, actor;
        char kind[CORE_NAME];
};

static bool query_id(struct request *request, const char *name, struct id *to, const struct id **ret)
{
        struct text word;

        *ret = NULL;
        if (!http_query(request->x, name, &word) || word.len == 0)
                return true;
        *ret = to;
        return id_parse(word, to);
}

/* Whole days, the last one too. */
static bool read_days(struct request *request, struct event_search *ret, int *ret_r)
{
        int64_t since = 0, until = -1;

        if (!request_query_day(request, "since", &since, ret_r) ||
            !request_query_day(request, "until", &until, ret_r))
                return false;
        ret->since_ms = since * DAY_MS;
        ret->until_ms = until < 0 ? 0 : (until + 1) * DAY_MS;
        return true;
}

/* ?order=oldest, or newest. False after a complaint was answered. */
static bool read_order(struct request *request, bool *ret_newest, int *ret_r)
{
        struct text order = TEXT("");

        http_query(request->x, "order", &order);
        *ret_newest = text_equal_string(order, "newest");
        if (!order.len || *ret_newest || text_equal_string(order, "oldest"))
                return true;
        *ret_r = request_bad(request, "\"order\" is oldest or newest.");
        return false;
}

/* False after a complaint was answered. */
static bool read_asked(struct request *request, struct asked *ret, int *ret_r)
{
        struct text kind = TEXT("");

        *ret = (struct asked){ 0 };
        http_query(request->x, "event", &kind);
        ret->search.kind = kind.len ? ret->kind : NULL;
        if (!query_id(request, "subject", &ret->subject, &ret->search.subject) ||
            !query_id(request, "actor", &ret->actor, &ret->search.actor))
                *ret_r = request_bad(request,
                                     "\"subject\" and \"actor\" are ids of a job, printer, person, …");
        else if (!text_copy(kind, ret->kind, sizeof(ret->kind)))
                *ret_r = request_bad(request, "\"event\" is how the name of an event begins.");
        else
                return read_order(request, &ret->search.newest, ret_r) &&
                       read_days(request, &ret->search, ret_r);
        return false;
}

/* Where the next page begins: behind what was shown, or behind what was looked at; 0: there is none. */
static uint64_t next_of(const struct event *events, size_t count, size_t limit, uint64_t looked)
{
        return count > limit ? events[limit - 1].number : looked;
}

int audit_records_answer(struct request *request)
{
        SCOPED(freep) struct event *events = NULL;
        struct asked asked;
        json_t *items;
        uint64_t looked, next;
        size_t limit, count;
        int r;

        if (!read_asked(request, &asked, &r) || !read_page(request, &limit, &asked.search.after, &r))
                return r;
        events = calloc(limit + 1, sizeof(*events));
        if (!events)
                return fault(-ENOMEM);
        r = event_search(request->core, &request->actor, &asked.search, events, limit + 1, &count, &looked);
        if (r)
                return request_refuse(request, r);
        items = json_array();
        for (size_t i = 0; i < count && i < limit; i++)
                if (json_array_append_new(items, record_json(&events[i]))) {
                        json_decref(items);
                        return fault(-ENOMEM);
                }
        next = next_of(events, count, limit, looked);
        return answer_page(request, items, next != 0, next);
}

int audit_checkpoints_answer(struct request *request)
{
        SCOPED(freep) struct audit_checkpoint *checkpoints = NULL;
        json_t *items;
        size_t limit, count;
        uint64_t after;
        bool newest;
        int r;

        if (!read_page(request, &limit, &after, &r) || !read_order(request, &newest, &r))
                return r;
        checkpoints = calloc(limit + 1, sizeof(*checkpoints));
        if (!checkpoints)
                return fault(-ENOMEM);
        r = trail_checkpoints(request->core, &request->actor, after, newest, checkpoints, limit + 1, &count);
        if (r)
                return request_refuse(request, r);
        items = json_array();
        for (size_t i = 0; i < count && i < limit; i++)
                if (json_array_append_new(items, checkpoint_json(&checkpoints[i]))) {
                        json_decref(items);
                        return fault(-ENOMEM);
                }
        return answer_page(request, items, count > limit,
                           count ? checkpoints[count > limit ? limit - 1 : count - 1].sequence : 0);
}

/* An export on its way out: pieces are written into a small buffer, and taken from there as the client can
 * take them. */
struct exporting {
        struct trail_export *trail;
        bool is_syslog;
        char host[256];
        struct buffer buffer;
        bool is_over;
};

static void format_record(struct exporting *exporting, const struct event *event)
{
        struct audit_record record;

        event_to_record(event, trail_export_tenant(exporting->trail), &record);
        if (!exporting->is_syslog) {
                audit_record_line(&record, event->hash, &exporting->buffer);
                return;
        }
        audit_record_syslog(&record, event->hash, exporting->host, &exporting->buffer);
        buffer_add_octet(&exporting->buffer, '\n');
}

/* Syslog has no lines of the export itself, only what happened and what was signed. */
static void format_checkpoint(struct exporting *exporting, enum trail_piece piece,
                              const struct audit_checkpoint *checkpoint)
{
        static const enum audit_line_type types[] = {
                [TRAIL_THROUGH] = AUDIT_THROUGH,
                [TRAIL_BASE] = AUDIT_BASE,
                [TRAIL_CHECKPOINT] = AUDIT_CHECKPOINT,
        };

        if (!exporting->is_syslog) {
                audit_checkpoint_line(types[piece], checkpoint, &exporting->buffer);
        } else if (piece == TRAIL_CHECKPOINT) {
                audit_checkpoint_syslog(checkpoint, exporting->host, &exporting->buffer);
                buffer_add_octet(&exporting->buffer, '\n');
        }
}

static int add_piece(struct exporting *exporting)
{
        const struct audit_checkpoint *checkpoint;
        const struct event *event;
        enum trail_piece piece;
        int r;

        r = trail_export_next(exporting->trail, &piece, &event, &checkpoint);
        if (r)
                return fold(r);
        switch (piece) {
        case TRAIL_END: exporting->is_over = true; break;
        case TRAIL_RECORD: format_record(exporting, event); break;
        default: format_checkpoint(exporting, piece, checkpoint);
        }
        return exporting->buffer.failure ? fault(exporting->buffer.failure) : 0;
}

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct exporting *exporting = context;
        size_t len;
        int r = 0;

        while (r == 0 && !exporting->is_over && exporting->buffer.len + AUDIT_LINE_MAX < size)
                r = add_piece(exporting);
        if (r)
                return r;
        len = exporting->buffer.len < size ? exporting->buffer.len : size;
        if (len)
                memcpy(to, exporting->buffer.at, len);
        buffer_consume(&exporting->buffer, len);
        *ret_length = len;
        return 0;
}

static void close_export(void *context)
{
        struct exporting *exporting = context;

        trail_export_close(exporting->trail);
        buffer_done(&exporting->buffer);
        free(exporting);
}

int audit_export_answer(struct request *request)
{
        struct exporting *exporting;
        struct text format = TEXT(""), word;
        uint64_t after = 0;
        int r;

        http_query(request->x, "format", &format);
        if (format.len && !text_equal_string(format, "json") && !text_equal_string(format, "syslog"))
                return request_bad(request, "\"format\" is json or syslog.");
        if (http_query(request->x, "after", &word) && word.len && !text_number(word, INT64_MAX, &after))
                return request_bad(request, "\"after\" is the number of a record.");
        exporting = calloc(1, sizeof(*exporting));
        if (!exporting)
                return fault(-ENOMEM);
        buffer_init(&exporting->buffer, 1 << 20);
        exporting->is_syslog = text_equal_string(format, "syslog");
        if (gethostname(exporting->host, sizeof(exporting->host) - 1))
                exporting->host[0] = 0;
        r = trail_export_open(request->core, &request->actor, after, &exporting->trail);
        if (r) {
                close_export(exporting);
                return request_refuse(request, r);
        }
        return http_respond_stream(
                request->x, 200, exporting->is_syslog ? "text/plain" : "application/x-ndjson", -1,
                &(struct http_source){ .pull = pull, .close = close_export, .context = exporting });
}
