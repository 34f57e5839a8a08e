// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/clock.h"

/* How long we go on reading after our last word, so that the client can read it before the socket is gone. */
#define LINGER_MS 2000
/* How much of one connection a worker does before others have their turn. */
#define BUDGET_OCTETS (1024 * 1024)
/* What one request counts for, beside its body: who sends many small ones at once shall not have us alone. */
#define BUDGET_OCTETS_PER_REQUEST (32 * 1024)

struct http_connection *http_connection_new(struct http_server *server, const struct in6_addr *peer)
{
        struct http_connection *c = calloc(1, sizeof(*c));

        if (!c)
                return NULL;
        c->server = server;
        c->peer = *peer;
        c->since_ms = clock_monotonic_ms();
        c->state = HTTP_STATE_HEAD;
        buffer_init(&c->in, server->limits.head_max_octets + HTTP_PIECE_OCTETS);
        buffer_init(&c->out, SIZE_MAX / 4);
        if (server->options.tls)
                c->state = HTTP_STATE_HANDSHAKE;
        return c;
}

static void connection_count_end(struct http_server *server)
{
        pthread_mutex_lock(&server->lock);
        if (atomic_fetch_sub(&server->counters.connections_now, 1) == 1)
                pthread_cond_broadcast(&server->emptied);
        pthread_mutex_unlock(&server->lock);
}

/* The slot goes before closed() is told: whoever is told and sends once more finds nothing. */
void http_connection_end(struct http_connection *c)
{
        struct http_server *server = c->server;
        struct http_stream *stream;

        if (c->work)
                http_work_end(c, false);
        if (c->state == HTTP_STATE_HANDSHAKE)
                atomic_fetch_add(&server->counters.handshakes_failed, 1);
        if (!c->broken)
                http_transport_shutdown(c);
        SSL_free(c->ssl);
        stream = http_events_detach(c);
        http_slot_release(&server->slots, c->slot);
        http_peers_remove(&server->peers, &c->peer);
        if (stream)
                http_events_closed(stream);
        buffer_done(&c->in);
        buffer_done(&c->out);
        free(c);
        connection_count_end(server);
}

static int handshake_step(struct http_connection *c)
{
        int r = c->ssl ? 0 : http_transport_hello(c);

        if (r == 0 && c->ssl)
                r = http_transport_handshake(c);
        if (r == 0) {
                c->state = HTTP_STATE_HEAD;
                c->since_ms = clock_monotonic_ms();
        }
        return r;
}

static int refuse(struct http_connection *c, int status)
{
        http_answer_refusal(c, status);
        c->state = HTTP_STATE_ANSWER;
        return HTTP_STEP_ON;
}

static int head_step(struct http_connection *c, struct http_worker *worker)
{
        size_t length;
        int r;

        while (http_input_length(worker) > 0) {
                struct text octets = { worker->octets + worker->start, http_input_length(worker) };

                r = http_head_find(octets, c->server->limits.head_max_octets, &c->scanned, &length);
                if (r == 0 && worker->budget < BUDGET_OCTETS_PER_REQUEST) {
                        c->scanned = 0;
                        return HTTP_STEP_AGAIN;
                }
                if (r == 0) {
                        worker->budget -= BUDGET_OCTETS_PER_REQUEST;
                        c->scanned = 0;
                        c->head_since_ms = 0;
                        return http_work_begin(c, worker, length);
                }
                if (r != HTTP_MORE)
                        return refuse(c, http_message_status(r));
                r = http_transport_fill(c, worker);
                if (r)
                        return r;
        }
        if (atomic_load(&c->server->draining))
                return HTTP_STEP_CLOSE;
        r = http_transport_fill(c, worker);
        return r ? r : HTTP_STEP_ON;
}

/* The answer is out. What follows depends on what was still to come from the client. */
static int answer_step(struct http_connection *c, struct http_worker *worker)
{
        int r = http_transport_flush(c);

        if (r)
                return r;
        if (c->work) {
                r = http_work_answer(c, worker);
                if (r)
                        return r;
                return HTTP_STEP_ON;
        }
        http_transport_shutdown(c);
        c->state = HTTP_STATE_LINGER;
        c->since_ms = clock_monotonic_ms();
        return HTTP_STEP_ON;
}

/* Closing a socket that holds unread octets would reset it, and take our answer from the client. The octets
 * are read past TLS: nobody looks at them. */
static int linger_step(struct http_connection *c, struct http_worker *worker)
{
        for (;;) {
                ssize_t r = recv(c->slot->fd, worker->octets, worker->size, 0);

                if (r <= 0) {
                        c->broken = true;
                        c->wants_read = true;
                        c->wants_write = false;
                        return r < 0 && (errno == EAGAIN || errno == EINTR) ? HTTP_STEP_WAIT
                                                                            : HTTP_STEP_CLOSE;
                }
                http_input_reached(worker, (size_t)r);
                c->dropped_octets += (uint32_t)r;
                if (c->dropped_octets > c->server->limits.discard_max_octets)
                        return HTTP_STEP_CLOSE;
        }
}

static int step(struct http_connection *c, struct http_worker *worker, uint8_t wishes)
{
        switch ((enum http_state)c->state) {
        case HTTP_STATE_HANDSHAKE: return handshake_step(c);
        case HTTP_STATE_HEAD: return head_step(c, worker);
        case HTTP_STATE_BODY: return http_work_body(c, worker);
        case HTTP_STATE_ANSWER: return answer_step(c, worker);
        case HTTP_STATE_DISCARD: return http_work_discard(c, worker);
        case HTTP_STATE_EVENTS: return http_events_run(c, worker, wishes);
        case HTTP_STATE_LINGER: return linger_step(c, worker);
        }
        return HTTP_STEP_CLOSE;
}

/* Its time is over. A client that was heard half is told so; the others just find the connection closed. */
static int expire(struct http_connection *c)
{
        switch ((enum http_state)c->state) {
        case HTTP_STATE_HEAD: return c->in.len > 0 ? refuse(c, 408) : HTTP_STEP_CLOSE;
        case HTTP_STATE_BODY: http_work_expire(c); return HTTP_STEP_ON;
        case HTTP_STATE_EVENTS: return c->out.len > 0 ? HTTP_STEP_CLOSE : HTTP_STEP_ON;
        default: return HTTP_STEP_CLOSE;
        }
}

/* What others wished, before the connection goes its own way. */
static int wishes_follow(struct http_connection *c, uint8_t wishes)
{
        if (wishes & HTTP_WISH_CUT) {
                c->broken = true;
                return HTTP_STEP_CLOSE;
        }
        if ((wishes & HTTP_WISH_DRAIN) && c->state == HTTP_STATE_HANDSHAKE)
                return HTTP_STEP_CLOSE;
        if (wishes & HTTP_WISH_CLOSE)
                c->ending = true;
        if (wishes & HTTP_WISH_EXPIRED)
                return expire(c);
        return HTTP_STEP_ON;
}

static int64_t earlier(int64_t a, int64_t b)
{
        return a < b ? a : b;
}

/* What is left of the patience with a client that moves slowly: a start, and a time for each octet it moved.
 */
static int64_t pace_left_ms(const struct http_pace *pace, uint32_t start_ms, uint32_t octets_per_second)
{
        int64_t left;

        if (octets_per_second == 0)
                return INT64_MAX / 2;
        left = (int64_t)start_ms + (int64_t)(pace->octets / octets_per_second * 1000) - pace->waited_ms;
        return left > 0 ? left : 0;
}

static int64_t deadline_of(struct http_connection *c, int64_t now)
{
        const struct http_limits *l = &c->server->limits;

        switch ((enum http_state)c->state) {
        case HTTP_STATE_HANDSHAKE: return c->since_ms + l->head_timeout_ms;
        case HTTP_STATE_HEAD:
                if (c->in.len > 0) {
                        if (!c->head_since_ms)
                                c->head_since_ms = now;
                        return c->head_since_ms + l->head_timeout_ms;
                }
                return c->since_ms + (c->requests ? l->keep_alive_timeout_ms : l->head_timeout_ms);
        case HTTP_STATE_BODY:
        case HTTP_STATE_DISCARD:
                return now +
                       earlier(l->body_idle_timeout_ms, pace_left_ms(&c->work->pace, l->body_idle_timeout_ms,
                                                                     l->octets_per_second_least));
        case HTTP_STATE_ANSWER:
                if (!c->work)
                        return now + l->write_timeout_ms;
                return now + earlier(l->write_timeout_ms, pace_left_ms(&c->work->pace, l->write_timeout_ms,
                                                                       l->octets_per_second_least));
        case HTTP_STATE_EVENTS: return http_events_deadline(c);
        case HTTP_STATE_LINGER: return c->since_ms + LINGER_MS;
        }
        return now;
}

/* The worker's octets are the next connection's too: what this one did not use goes into its own buffer. */
static bool input_keep(struct http_connection *c, struct http_worker *worker)
{
        if (c->state != HTTP_STATE_LINGER && http_input_length(worker) > 0)
                buffer_add(&c->in, worker->octets + worker->start, http_input_length(worker));
        worker->start = worker->end = 0;
        explicit_bzero(worker->octets, worker->dirty);
        worker->dirty = 0;
        return c->in.failure == 0;
}

static void input_return(struct http_connection *c, struct http_worker *worker)
{
        worker->start = 0;
        worker->end = c->in.len;
        if (c->in.len > 0)
                memcpy(worker->octets, c->in.at, c->in.len);
        http_input_reached(worker, c->in.len);
        buffer_done(&c->in);
}

static void wait_end(struct http_connection *c)
{
        if (c->wait_since_ms && c->work)
                c->work->pace.waited_ms += clock_monotonic_ms() - c->wait_since_ms;
        c->wait_since_ms = 0;
}

static int run(struct http_connection *c, struct http_worker *worker)
{
        uint8_t wishes = http_slot_wishes(c->slot);
        int r;

        wait_end(c);
        r = wishes_follow(c, wishes);
        input_return(c, worker);
        worker->dry = false;
        worker->budget = BUDGET_OCTETS;
        while (r == HTTP_STEP_ON) {
                r = step(c, worker, wishes);
                wishes = 0;
        }
        if (!input_keep(c, worker))
                return HTTP_STEP_CLOSE;
        return r;
}

static uint32_t events_of(const struct http_connection *c, int step)
{
        uint32_t events = 0;

        if (step == HTTP_STEP_AGAIN)
                return EPOLLIN | EPOLLOUT;
        if (c->wants_read || c->state == HTTP_STATE_EVENTS)
                events |= EPOLLIN;
        if (c->wants_write)
                events |= EPOLLOUT;
        return events;
}

void http_connection_serve(struct http_worker *worker, struct http_slot *slot)
{
        struct http_connection *c = slot->connection;
        uint32_t events;
        int64_t now;
        int r;

        do {
                r = run(c, worker);
                if (r == HTTP_STEP_CLOSE) {
                        http_connection_end(c);
                        return;
                }
                now = clock_monotonic_ms();
                events = events_of(c, r);
                c->wait_since_ms = r == HTTP_STEP_WAIT ? now : 0;
        } while (!http_slot_park(&c->server->slots, slot, events, deadline_of(c, now)));
}
