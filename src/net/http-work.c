// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/http-connection.h"

/* After the answer there is nothing more to say than the answer; before it, a fault is answered 500. */
static void work_fault(struct http_work *work, int r)
{
        log_fault("http-request-failed", fold(r));
        work->x.connection->close_after = true;
        if (!work->answered)
                (void)http_respond_problem(&work->x, 500, "internal error", NULL);
}

static bool handler_call(struct http_work *work, int (*call)(struct http_exchange *x))
{
        int r = call(&work->x);

        if (r)
                work_fault(work, r);
        return r == 0;
}

/* The body is complete. */
static void work_finish_body(struct http_work *work)
{
        work->body_done = true;
        if (work->answered)
                return;
        if (handler_call(work, work->handler->end) && !work->answered)
                work_fault(work, fault(-EPROTO));
}

static void work_refuse(struct http_work *work, int status, const char *detail)
{
        atomic_fetch_add(&work->x.server->counters.requests_refused, 1);
        work->x.connection->close_after = true;
        (void)http_respond_problem(&work->x, status, NULL, detail);
}

static int to_answer(struct http_connection *c)
{
        c->state = HTTP_STATE_ANSWER;
        c->work->pace = (struct http_pace){ 0 };
        return HTTP_STEP_ON;
}

/* Copies the head out of the worker's octets into an arena of its own, and reads it there. */
static int work_parse(struct http_connection *c, struct http_worker *worker, size_t head_length,
                      struct http_work **ret)
{
        const struct http_limits *limits = &c->server->limits;
        SCOPED(arena_freep) struct arena *arena = arena_new(limits->arena_max_octets);
        struct http_work *work = arena ? arena_alloc(arena, sizeof(*work)) : NULL;
        char *octets =
                work ? arena_text(arena, (struct text){ worker->octets + worker->start, head_length }) : NULL;
        struct http_field *fields;
        int r;

        if (!octets)
                return fault(-ENOMEM);
        worker->start += head_length;
        work->head.fields = worker->fields;
        work->head.field_max = limits->headers_max;
        r = http_head_parse((struct text){ octets, head_length }, limits->target_max_octets, &work->head);
        if (r)
                return r;
        fields = arena_alloc(arena, (work->head.field_count + 1) * sizeof(*fields));
        if (!fields)
                return fault(-ENOMEM);
        memcpy(fields, worker->fields, work->head.field_count * sizeof(*fields));
        work->head.fields = fields;
        work->x.arena = take(arena);
        *ret = work;
        return 0;
}

static int segments_parse(struct http_exchange *x)
{
        char *scratch = arena_alloc(x->arena, x->path.len + 1);

        if (!scratch)
                return fault(-ENOMEM);
        if (text_equal_string(x->path, "*"))
                return 0;
        return http_path_parse(x->path, scratch, x->segments, HTTP_SEGMENTS_MAX, &x->segment_count);
}

static int exchange_fill(struct http_connection *c, struct http_work *work)
{
        struct http_exchange *x = &work->x;
        char *peer = arena_alloc(x->arena, ADDRESS_STRING);

        if (!peer)
                return fault(-ENOMEM);
        address_format(&c->peer, peer);
        x->method = work->head.method;
        x->path = work->head.path;
        x->query = work->head.query;
        x->host = work->head.authority;
        x->scheme = c->ssl ? "https" : "http";
        x->content_length = work->head.content_length;
        x->content_type = http_field_find(work->head.fields, work->head.field_count, "Content-Type");
        x->is_http_1_0 = work->head.minor_version == 0;
        x->peer = peer;
        x->is_agent = c->is_agent;
        x->has_key = c->has_key;
        memcpy(x->fingerprint, c->fingerprint, sizeof(x->fingerprint));
        x->server = c->server;
        x->body_max_octets = c->server->limits.body_max_octets;
        x->connection = c;
        work->body_left = work->head.content_length > 0 ? (uint64_t)work->head.content_length : 0;
        work->body_done = work->head.content_length == 0;
        work->continue_owed = work->head.expects_continue;
        buffer_init(&work->headers, c->server->limits.head_max_octets);
        return segments_parse(x);
}

/* Where the handler did not answer yet, its body is to come: checks that it may, and asks for it. */
static int body_await(struct http_connection *c, struct http_worker *worker)
{
        struct http_work *work = c->work;

        if (work->body_done) {
                work_finish_body(work);
                return to_answer(c);
        }
        if (!work->handler->octets || work->body_left > work->x.body_max_octets) {
                work_refuse(work, 413, "The body is larger than this address takes.");
                return to_answer(c);
        }
        /*
         * Also where part of the body came with the head, though RFC 9110, section 10.1.1 would let us leave
         * it out: libcups (every CUPS, macOS and iOS client) then waits a whole second for it.
         */
        if (work->continue_owed)
                buffer_add_string(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
        work->continue_owed = false;
        c->state = HTTP_STATE_BODY;
        return HTTP_STEP_ON;
}

int http_work_begin(struct http_connection *c, struct http_worker *worker, size_t head_length)
{
        struct http_server *server = c->server;
        struct http_work *work;
        int r;

        atomic_fetch_add(&server->counters.requests, 1);
        c->requests++;
        r = work_parse(c, worker, head_length, &work);
        if (r == 0) {
                c->work = work;
                r = exchange_fill(c, work);
                if (r)
                        http_work_end(c, false);
        }
        if (r) {
                if (r < 0)
                        log_fault("http-request-failed", r);
                http_answer_refusal(c, r < 0 ? 503 : http_message_status(r));
                c->state = HTTP_STATE_ANSWER;
                return HTTP_STEP_ON;
        }
        work->handler = server->options.route(server->options.context, &work->x);
        if (!work->handler) {
                if (!work->answered)
                        r = http_respond_problem(&work->x, 404, NULL, "There is nothing at this address.");
                c->close_after = c->close_after || r;
                return to_answer(c);
        }
        if (!work->answered && work->handler->begin)
                (void)handler_call(work, work->handler->begin);
        return work->answered ? to_answer(c) : body_await(c, worker);
}

/* Takes the next piece of the body off what was read; *ret borrows from the worker. */
static int piece_next(struct http_work *work, struct http_worker *worker, struct text *ret)
{
        char *at = worker->octets + worker->start;
        size_t len = http_input_length(worker), consumed;
        int r;

        if (work->head.content_length >= 0) {
                consumed = len < work->body_left ? len : (size_t)work->body_left;
                work->body_left -= consumed;
                work->body_done = work->body_left == 0;
                *ret = (struct text){ at, consumed };
        } else {
                size_t decoded;

                r = http_chunked_decode(&work->chunked, at, len, &consumed, &decoded);
                if (r != 0 && r != HTTP_MORE)
                        return r;
                work->body_done = r == 0;
                *ret = (struct text){ at, decoded };
        }
        worker->start += consumed;
        work->body_octets += ret->len;
        work->pace.octets += consumed;
        return 0;
}

static void piece_deliver(struct http_work *work, struct text piece)
{
        int r;

        if (work->body_octets > work->x.body_max_octets) {
                work_refuse(work, 413, "The body is larger than this address takes.");
                return;
        }
        if (piece.len == 0)
                return;
        r = work->handler->octets(&work->x, piece);
        if (r)
                work_fault(work, r);
}

int http_work_body(struct http_connection *c, struct http_worker *worker)
{
        struct http_work *work = c->work;
        struct text piece;
        int r;

        r = http_transport_flush(c);
        if (r)
                return r;
        while (!work->body_done) {
                if (http_input_length(worker) == 0) {
                        if (worker->budget == 0)
                                return HTTP_STEP_AGAIN;
                        r = http_transport_fill(c, worker);
                        if (r)
                                return r;
                }
                if (piece_next(work, worker, &piece)) {
                        work_refuse(work, 400, "The chunked body is malformed.");
                        return to_answer(c);
                }
                worker->budget -= piece.len < worker->budget ? piece.len : worker->budget;
                piece_deliver(work, piece);
                if (work->answered)
                        return to_answer(c);
        }
        work_finish_body(work);
        return to_answer(c);
}

/* Writes one piece of the source; what the client does not take now waits in the connection's buffer. */
static int source_write(struct http_connection *c, struct http_worker *worker, struct text piece)
{
        struct http_work *work = c->work;
        char *framed = worker->pull;
        size_t sent;
        int r;

        /* The piece lies 16 octets into the buffer, which leaves room for its size before it. */
        if (work->source_chunked) {
                char size[16];
                int len = snprintf(size, sizeof(size), "%zx\r\n", piece.len);

                framed = worker->pull + 16 - len;
                memcpy(framed, size, (size_t)len);
                memcpy(worker->pull + 16 + piece.len, "\r\n", 2);
                piece = (struct text){ framed, (size_t)len + piece.len + 2 };
        }
        r = http_transport_write(c, piece, &sent);
        work->pace.octets += sent;
        if (sent < piece.len)
                buffer_add(&c->out, piece.at + sent, piece.len - sent);
        return c->out.failure ? HTTP_STEP_CLOSE : r;
}

static void source_end(struct http_work *work)
{
        if (work->has_source && work->source.close)
                work->source.close(work->source.context);
        work->has_source = false;
}

/* Pulls and writes until the source ends or the client takes no more. */
static int source_step(struct http_connection *c, struct http_worker *worker)
{
        struct http_work *work = c->work;
        struct text piece = { worker->pull + 16, 0 };
        int r;

        if (worker->budget == 0)
                return HTTP_STEP_AGAIN;
        r = work->source.pull(work->source.context, worker->pull + 16, HTTP_PIECE_OCTETS, &piece.len);
        if (r == 0 && piece.len == 0 && work->source_left > 0)
                r = fault(-EIO);
        if (r == 0 && work->source_left >= 0 && piece.len > (uint64_t)work->source_left)
                r = fault(-EOVERFLOW);
        if (r) {
                /* Not even a good-bye of TLS: the client must not take the part for the whole. */
                log_fault("http-answer-failed", fold(r));
                c->broken = true;
                return HTTP_STEP_CLOSE;
        }
        worker->budget -= piece.len < worker->budget ? piece.len : worker->budget;
        if (work->source_left >= 0)
                work->source_left -= (int64_t)piece.len;
        if (piece.len > 0)
                return source_write(c, worker, piece);
        if (work->source_chunked)
                buffer_add_string(&c->out, "0\r\n\r\n");
        source_end(work);
        return HTTP_STEP_ON;
}

/* The exchange has ended well on our side; the connection goes on, or not. */
static int work_settle(struct http_connection *c, struct http_worker *worker)
{
        bool events = c->work->is_events, whole = c->work->body_done;

        http_work_end(c, whole);
        c->since_ms = clock_monotonic_ms();
        c->dropped_octets = 0;
        if (events) {
                c->state = HTTP_STATE_EVENTS;
                return HTTP_STEP_ON;
        }
        if (!c->close_after) {
                c->state = HTTP_STATE_HEAD;
                return HTTP_STEP_ON;
        }
        /* Only octets that nobody read would make closing take the answer from the client. */
        if (whole && http_input_length(worker) == 0)
                return HTTP_STEP_CLOSE;
        http_transport_shutdown(c);
        c->state = HTTP_STATE_LINGER;
        return HTTP_STEP_ON;
}

int http_work_answer(struct http_connection *c, struct http_worker *worker)
{
        struct http_work *work = c->work;
        int r;

        while (work->has_source || c->out.len > 0) {
                r = http_transport_flush(c);
                if (r)
                        return r;
                if (!work->has_source)
                        break;
                if (work->source_left == 0) {
                        source_end(work);
                        break;
                }
                r = source_step(c, worker);
                if (r)
                        return r;
        }
        work->answer_sent = true;
        if (work->body_done || c->close_after)
                return work_settle(c, worker);
        c->state = HTTP_STATE_DISCARD;
        work->pace = (struct http_pace){ 0 };
        return HTTP_STEP_ON;
}

/* The rest of a body after an early answer is read past, so that the connection can be kept. */
int http_work_discard(struct http_connection *c, struct http_worker *worker)
{
        struct http_work *work = c->work;
        struct text piece;
        int r;

        while (!work->body_done) {
                if (http_input_length(worker) == 0) {
                        r = http_transport_fill(c, worker);
                        if (r)
                                return r;
                }
                if (piece_next(work, worker, &piece))
                        return HTTP_STEP_CLOSE;
                c->dropped_octets += (uint32_t)piece.len;
                if (c->dropped_octets > c->server->limits.discard_max_octets)
                        c->close_after = true;
                if (c->close_after)
                        break;
        }
        return work_settle(c, worker);
}

void http_work_expire(struct http_connection *c)
{
        work_refuse(c->work, 408, "The body came too slowly.");
        (void)to_answer(c);
}

void http_work_end(struct http_connection *c, bool complete)
{
        struct http_work *work = c->work;

        source_end(work);
        work->x.complete = complete && work->answer_sent;
        if (work->handler && work->handler->gone)
                work->handler->gone(&work->x);
        buffer_done(&work->headers);
        c->work = NULL;
        arena_free(work->x.arena);
}
