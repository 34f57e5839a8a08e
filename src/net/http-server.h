// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The HTTP server: connections, worker threads, time limits.
 *
 * A fixed number of workers wait on one epoll. A worker takes a connection that can make progress, does what
 * can be done with the octets that are there (TLS, parsing, the handler's steps, writing), and gives it back;
 * a connection that waits occupies no thread and keeps no buffers. One more thread watches the time limits.
 *
 *   1. A connection belongs to at most one worker at a time.
 *   2. Whatever names a connection from outside (an event of epoll, an event stream's handle) carries a
 *      generation and is checked; work that completes for a connection that has gone touches nothing.
 *   3. Everything a client can make us keep has a limit below, and every wait for a client has an end.
 *   4. After a request we could not understand, or refused before its end, the connection is closed: nobody
 *      can smuggle a second request behind it.
 */

#include <stdint.h>

#include "net/http-exchange.h"

struct config;
struct http_server;
struct tls_server;

struct http_limits {
        uint32_t connections_max;
        uint32_t connections_per_peer_max; /* one IPv4 address, one IPv6 /64 */
        uint32_t requests_per_connection_max;

        uint32_t head_max_octets;     /* request line and headers together; else 431 */
        uint32_t target_max_octets;   /* else 414 */
        uint32_t headers_max;         /* else 431 */
        uint64_t body_max_octets;     /* else 413; a handler's begin() may set another for its exchange */
        uint32_t discard_max_octets;  /* of a body after an early answer; then the connection closes */
        uint32_t arena_max_octets;    /* of one exchange */
        uint32_t events_queue_octets; /* waiting for one slow event stream */

        uint32_t head_timeout_ms;         /* handshake, and again request line with headers */
        uint32_t body_idle_timeout_ms;    /* without one octet of the body */
        uint32_t write_timeout_ms;        /* without the client taking one octet */
        uint32_t octets_per_second_least; /* of a body or an answer, measured over what we waited; 0: any */
        uint32_t keep_alive_timeout_ms;   /* between requests */
        uint32_t events_comment_ms;       /* a comment line on an idle event stream */
};

struct http_limits http_limits_default(void);
/* Reads [section] of the settings; each name is the field's ("connections_max = 20000"). */
struct http_limits http_limits_read(struct config *config, const char *section);

struct http_server_options {
        struct http_limits limits;
        unsigned threads;       /* workers; 0: 32 */
        struct tls_server *tls; /* borrowed until http_server_free(); NULL: plain HTTP */
        /* With tls: who does not begin with a handshake is answered in clear at the same port, as printers do
         * (http_exchange's scheme tells). */
        bool plain_too;

        /*
         * Chooses the handler when the head is read; runs on a worker. NULL without an answer is 404; it may
         * also answer itself (405, 421) and return NULL. It must not keep anything of x but what it hangs on
         * x->user together with a handler whose gone() frees it.
         */
        const struct http_handler *(*route)(void *context, struct http_exchange *x);
        void *context;
};

struct http_counters {
        uint64_t connections_now;
        uint64_t connections;         /* accepted */
        uint64_t connections_refused; /* over a limit */
        uint64_t handshakes_failed;
        uint64_t requests;
        uint64_t requests_refused; /* by the server itself, not by a handler */
        uint64_t events_now;
        uint64_t events_dropped; /* streams closed because they were slow */
};

int http_server_new(const struct http_server_options *options, struct http_server **ret);

/*
 * Listens at "127.0.0.1:8443", "[::]:8443" (both families), "localhost:0" or ":8443" (all addresses); before
 * http_server_start(), as often as wished. *ret_port (may be NULL) is the port, also where the kernel chose.
 * A fault is what bind(2) and listen(2) said; -EINVAL where the address cannot be read.
 */
int http_server_listen(struct http_server *server, const char *address, uint16_t *ret_port);

int http_server_start(struct http_server *server);

/*
 * Stops accepting, ends idle connections and event streams at once, lets exchanges under way end for at most
 * drain_ms, cuts the rest, and waits for the workers. After it no handler runs. Once; from outside a worker.
 */
void http_server_stop(struct http_server *server, uint32_t drain_ms);

/* Stops (without draining) where that was not done. */
void http_server_free(struct http_server *server);
void http_server_freep(struct http_server **server);

struct http_counters http_server_count(struct http_server *server);
