// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Connections: the server's inside. Included by the http-*.c files of this folder alone.
 *
 *      HANDSHAKE --> HEAD --> BODY --> ANSWER --> (DISCARD) --> HEAD ...
 *                      |                  |
 *                      | refused          +--> EVENTS
 *                      v                  v
 *                    ANSWER ----------> LINGER --> closed
 *
 * A worker calls http_connection_run(); it goes from state to state as far as the octets reach, and ends with
 * what the connection waits for. Everything of a connection belongs to the worker that runs it
 * (http-slots.h).
 */

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/crew.h"
#include "net/address.h"
#include "net/http-message.h"
#include "net/http-peers.h"
#include "net/http-server.h"
#include "net/http-slots.h"

#define HTTP_PIECE_OCTETS (64 * 1024)
#define HTTP_LISTENERS    16

/* What epoll tells that is no slot: a handle of generation 0. */
#define HTTP_HANDLE_QUIT UINT32_MAX

struct http_server {
        struct http_limits limits;
        struct http_server_options options;
        int epoll;
        int quit; /* an event descriptor, readable for ever once the workers shall end */
        int listeners[HTTP_LISTENERS];
        unsigned listener_count;
        struct http_slots slots;
        struct http_peers peers;
        struct crew crew; /* of the workers */
        pthread_t *threads;
        unsigned thread_count; /* started */
        pthread_t timer;
        bool has_timer;
        bool is_stopped;
        atomic_bool draining;
        atomic_bool accept_paused; /* no descriptors were left; the timer tries again */
        atomic_llong complained_ms;

        pthread_mutex_t lock; /* of the condition only */
        pthread_cond_t emptied;

        struct {
                atomic_ullong connections_now, connections, connections_refused, handshakes_failed, requests,
                        requests_refused, events_now, events_dropped;
        } counters;
};

enum http_state {
        HTTP_STATE_HANDSHAKE,
        HTTP_STATE_HEAD,
        HTTP_STATE_BODY,
        HTTP_STATE_ANSWER,
        HTTP_STATE_DISCARD,
        HTTP_STATE_EVENTS,
        HTTP_STATE_LINGER,
};

/* How long we waited for the client in one direction, and what it moved meanwhile. */
struct http_pace {
        int64_t waited_ms;
        uint64_t octets;
};

/* One exchange under way; in its own arena. */
struct http_work {
        struct http_exchange x;
        struct http_head head;
        const struct http_handler *handler;
        struct buffer headers; /* that the handler added */
        struct http_source source;
        int64_t source_left; /* -1: not known */
        bool has_source;
        bool source_chunked;
        bool answered;
        bool answer_sent;
        bool is_events;
        bool continue_owed; /* the client waits for "100 Continue" */
        bool body_done;
        struct http_chunked chunked;
        uint64_t body_left;
        uint64_t body_octets;
        struct http_pace pace;
};

struct http_connection {
        struct http_server *server;
        struct http_slot *slot;
        SSL *ssl; /* NULL: plain, or nothing was heard yet */
        struct http_work *work;
        struct buffer in;  /* octets read but not used, kept while the connection waits */
        struct buffer out; /* octets to be written from out_sent on */
        size_t out_sent;
        size_t scanned; /* of a head that is not complete */
        struct in6_addr peer;
        uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS];
        int64_t since_ms;      /* when this phase began: handshake, waiting for a head, last event */
        int64_t head_since_ms; /* first octet of a head that is not complete; 0: none */
        int64_t wait_since_ms; /* 0: not parked */
        uint32_t requests;
        uint32_t hello_octets;   /* that the kernel shall wait for, before the handshake */
        uint32_t dropped_octets; /* read after an answer, to be polite */
        uint8_t state;
        bool is_agent;
        bool has_key;
        bool close_after; /* this answer is the last one */
        bool ending;      /* an event stream that shall end once its queue is sent */
        bool broken;      /* TLS or TCP failed: no good-bye */
        bool wants_write; /* TLS must write before it can go on reading, or the reverse */
        bool wants_read;
};

/* A worker's own memory. */
struct http_worker {
        struct http_server *server;
        char *octets; /* what was read and not used: [start, end) */
        size_t dirty; /* what a connection left in them is wiped before the next one comes: [0, dirty) */
        size_t size, start, end;
        bool dry;   /* the last read took all there was */
        char *pull; /* for sources */
        struct http_field *fields;
        uint64_t budget; /* octets until others have their turn */
};

enum http_step {
        HTTP_STEP_ON,    /* there is more to do now */
        HTTP_STEP_WAIT,  /* for the socket, a wish or the deadline */
        HTTP_STEP_AGAIN, /* others first */
        HTTP_STEP_CLOSE,
};

/* http-connection.c */
struct http_connection *http_connection_new(struct http_server *server, const struct in6_addr *peer);
/* Runs until it parks or ends; after it the slot is no longer the caller's. */
void http_connection_serve(struct http_worker *worker, struct http_slot *slot);
/* Frees everything, calls what must be called, by the owner. */
void http_connection_end(struct http_connection *c);

/* http-transport.c: 0, or HTTP_STEP_WAIT, or HTTP_STEP_CLOSE. */
int http_transport_handshake(struct http_connection *c);
/* Waits for a whole first record, and only then makes the memory of a handshake. Without a handshake, where
 * that may be, c->ssl stays NULL. */
int http_transport_hello(struct http_connection *c);
/* Adds to the worker's octets; HTTP_STEP_CLOSE also where the client ended. */
int http_transport_fill(struct http_connection *c, struct http_worker *worker);
/* Writes what it can; *ret_sent is right in every case. */
int http_transport_write(struct http_connection *c, struct text octets, size_t *ret_sent);
int http_transport_flush(struct http_connection *c);
void http_transport_shutdown(struct http_connection *c);

/* http-work.c: the steps of an exchange. */
int http_work_begin(struct http_connection *c, struct http_worker *worker, size_t head_length);
int http_work_body(struct http_connection *c, struct http_worker *worker);
int http_work_answer(struct http_connection *c, struct http_worker *worker);
int http_work_discard(struct http_connection *c, struct http_worker *worker);
void http_work_expire(struct http_connection *c);
void http_work_end(struct http_connection *c, bool complete);

/* http-answer.c */
const char *http_status_phrase(int status);
/* An answer of the server's own to what was no request; the last one. */
void http_answer_refusal(struct http_connection *c, int status);
/* The head of an event stream, which is as long as its connection. */
int http_answer_events(struct http_exchange *x);

/* http-events.c */
int http_events_run(struct http_connection *c, struct http_worker *worker, uint8_t wishes);
int64_t http_events_deadline(const struct http_connection *c);
/* Takes the stream off the slot; the caller frees it after telling closed(). */
struct http_stream *http_events_detach(struct http_connection *c);
void http_events_closed(struct http_stream *stream);

/* http-worker.c */
void *http_worker_main(void *server);
void *http_timer_main(void *server);
/* Watches a listener for its next connection. */
void http_listener_watch(struct http_server *server, unsigned index, int operation);

/* http-limits.c: raises the process's limit of descriptors as far as it may, and fits connections_max to it.
 */
void http_limits_fit_descriptors(struct http_limits *limits);

/* So far the worker's octets have been written to since they were wiped. */
static inline void http_input_reached(struct http_worker *worker, size_t end)
{
        if (end > worker->dirty)
                worker->dirty = end;
}

static inline size_t http_input_length(const struct http_worker *worker)
{
        return worker->end - worker->start;
}
