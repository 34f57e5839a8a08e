// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/event-stream.h"
#include "net/http-connection.h"

/* What a client of an event stream may send us in all: it has nothing to say. */
#define INPUT_MAX_OCTETS 65536

/* Under the slot's lock, for any thread may send. */
struct http_stream {
        struct http_server *server;
        struct http_events handle;
        struct buffer queue;
        void (*closed)(void *context, struct http_events events);
        void *context;
};

int http_respond_events(struct http_exchange *x, void (*closed)(void *context, struct http_events events),
                        void *context, struct http_events *ret)
{
        struct http_connection *c = x->connection;
        SCOPED(freep) struct http_stream *stream = NULL;
        int r;

        if (!c->work->body_done || http_method_is(x, "HEAD"))
                return fault(-EINVAL);
        stream = calloc(1, sizeof(*stream));
        if (!stream)
                return fault(-ENOMEM);
        r = http_answer_events(x);
        if (r)
                return r;
        c->work->is_events = true;
        stream->server = c->server;
        stream->handle.handle = http_slot_handle(&c->server->slots, c->slot);
        stream->closed = closed;
        stream->context = context;
        buffer_init(&stream->queue, c->server->limits.events_queue_octets);
        atomic_fetch_add(&c->server->counters.events_now, 1);
        *ret = stream->handle;
        pthread_mutex_lock(&c->slot->lock);
        c->slot->stream = take(stream);
        pthread_mutex_unlock(&c->slot->lock);
        return 0;
}

struct http_stream *http_events_detach(struct http_connection *c)
{
        struct http_stream *stream;

        pthread_mutex_lock(&c->slot->lock);
        stream = c->slot->stream;
        c->slot->stream = NULL;
        pthread_mutex_unlock(&c->slot->lock);
        return stream;
}

void http_events_closed(struct http_stream *stream)
{
        atomic_fetch_sub(&stream->server->counters.events_now, 1);
        if (stream->closed)
                stream->closed(stream->context, stream->handle);
        buffer_done(&stream->queue);
        free(stream);
}

/* The stream of a handle, its slot locked; NULL where it has gone. */
static struct http_slot *stream_lock(struct http_server *server, struct http_events events)
{
        struct http_slot *slot = http_slot_lock(&server->slots, events.handle);

        if (slot && !slot->stream) {
                pthread_mutex_unlock(&slot->lock);
                return NULL;
        }
        return slot;
}

int http_events_send(struct http_server *server, struct http_events events, const char *name,
                     struct text data)
{
        return http_events_send_id(server, events, name, NULL, data);
}

int http_events_send_id(struct http_server *server, struct http_events events, const char *name,
                        const char *id, struct text data)
{
        struct http_slot *slot = stream_lock(server, events);
        struct buffer *queue;
        int r = 0;

        if (!slot)
                return HTTP_EVENTS_GONE;
        queue = &slot->stream->queue;
        if (!queue->failure) {
                event_stream_format(name, id, data, queue);
                if (queue->failure)
                        atomic_fetch_add(&server->counters.events_dropped, 1);
        }
        /* After half an event nothing that follows could be understood. */
        if (queue->failure)
                r = HTTP_EVENTS_GONE;
        http_slot_wish(&server->slots, slot, r ? HTTP_WISH_CUT : HTTP_WISH_QUEUED);
        pthread_mutex_unlock(&slot->lock);
        return r;
}

void http_events_close(struct http_server *server, struct http_events events)
{
        struct http_slot *slot = stream_lock(server, events);

        if (!slot)
                return;
        http_slot_wish(&server->slots, slot, HTTP_WISH_CLOSE);
        pthread_mutex_unlock(&slot->lock);
}

/* Moves what is queued to what is written; the client has taken all that was before. */
static void queue_take(struct http_connection *c)
{
        struct buffer empty = BUFFER(c->server->limits.events_queue_octets);

        pthread_mutex_lock(&c->slot->lock);
        if (c->slot->stream->queue.len > 0) {
                buffer_done(&c->out);
                c->out = c->slot->stream->queue;
                c->out.max = SIZE_MAX / 4;
                c->slot->stream->queue = empty;
        }
        pthread_mutex_unlock(&c->slot->lock);
}

/* Finds out that the client has gone; what it sends is dropped. */
static int input_drop(struct http_connection *c, struct http_worker *worker)
{
        int r;

        for (;;) {
                c->dropped_octets += (uint32_t)http_input_length(worker);
                worker->start = worker->end = 0;
                if (c->dropped_octets > INPUT_MAX_OCTETS)
                        return HTTP_STEP_CLOSE;
                r = http_transport_fill(c, worker);
                if (r)
                        return r;
        }
}

int http_events_run(struct http_connection *c, struct http_worker *worker, uint8_t wishes)
{
        int r = input_drop(c, worker);

        if (r != HTTP_STEP_WAIT)
                return r;
        if ((wishes & HTTP_WISH_EXPIRED) && c->out.len == 0)
                buffer_add_string(&c->out, ":\n\n");
        for (;;) {
                r = http_transport_flush(c);
                if (r)
                        return r;
                queue_take(c);
                if (c->out.len == 0)
                        break;
                c->since_ms = clock_monotonic_ms();
        }
        if (wishes & HTTP_WISH_EXPIRED)
                c->since_ms = clock_monotonic_ms();
        if (c->ending || atomic_load(&c->server->draining))
                return HTTP_STEP_CLOSE;
        return HTTP_STEP_WAIT;
}

/* Either the client shall take what is written, or it is time for a comment. */
int64_t http_events_deadline(const struct http_connection *c)
{
        if (c->out.len > 0)
                return clock_monotonic_ms() + c->server->limits.write_timeout_ms;
        return c->since_ms + c->server->limits.events_comment_ms;
}
