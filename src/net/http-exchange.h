// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Exchanges: one request and its answer (HTTP/1.1, RFC 9110 and RFC 9112), as a handler sees them.
 *
 *                 route()        begin()         octets() ...        end()            answer written
 *      head read ---------> ... ---------> body ------------> ... ---------> answered ----------> gone()
 *                             \______________\__________________\__ may answer here, early
 *
 * Five things are always true:
 *
 *   1. The calls of one exchange come one after another, never two at a time, but each may be on another
 *      worker thread. A handler may block (SQL, fsync); it then occupies one worker and nothing else.
 *   2. gone() is the last call, comes exactly once for every exchange that had a handler, whatever happened,
 *      and frees what the handler hung on x->user.
 *   3. An exchange is answered at most once. After the answer no octets() and no end() come any more; what
 *      is left of the body is read and dropped up to a limit, and where it is more the connection ends.
 *   4. Whatever the texts of an exchange point to lives until gone() returns, except the octets of octets(),
 *      which live for that call.
 *   5. Host, Forwarded and X-* headers are what the sender wrote: they may be shown, and grant nothing.
 *
 * A handler returns 0 or a fault (< 0). After a fault the server logs it once, answers 500 where nothing was
 * answered yet, and closes. end() that returns 0 without an answer is such a fault.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct arena;
struct http_connection;
struct http_server;

#define HTTP_SEGMENTS_MAX       16
#define HTTP_FINGERPRINT_OCTETS 32

struct http_exchange {
        /* The request. */
        struct text method;                      /* "GET", as sent; methods are case-sensitive */
        struct text path;                        /* as sent, without query: for logs and signatures */
        struct text segments[HTTP_SEGMENTS_MAX]; /* decoded: "/v1/jobs/a%20b" is "v1", "jobs", "a b" */
        size_t segment_count;                    /* 0 for "/" and for "OPTIONS *" */
        struct text query;                       /* raw, without '?'; see http_query() */
        struct text host;                        /* "name" or "name:port", as the client used it */
        const char *scheme;                      /* "https", or "http" without TLS */
        int64_t content_length;                  /* -1: not known before (chunked) */
        struct text content_type;                /* whole header value, empty where none */
        bool is_http_1_0;

        /* Who is at the other end, as far as the connection proves it. */
        const char *peer; /* numeric address without port */
        bool is_agent;    /* negotiated "imprimatur-agent" and proved its key */
        bool has_key;     /* another one, that was asked for a certificate and proved its key (net/tls.h) */
        uint8_t fingerprint[HTTP_FINGERPRINT_OCTETS]; /* SHA-256 of that SubjectPublicKeyInfo */

        /* For the handler. */
        struct http_server *server;
        struct arena *arena; /* dies after gone() */
        void *user;
        uint64_t body_max_octets; /* the server's limit; begin() may set another */
        bool complete;            /* in gone(): whole request read, whole answer sent */

        struct http_connection *connection; /* the server's own */
};

struct http_handler {
        /* The head is here. May answer (a client that waits for "100 Continue" then sends no body). NULL:
         * take the body. */
        int (*begin)(struct http_exchange *x);
        /* A piece of the body, decoded, never empty, in order. NULL: a body longer than 0 is refused (413).
         */
        int (*octets)(struct http_exchange *x, struct text octets);
        /* The body is complete (also where it is empty): must answer. */
        int (*end)(struct http_exchange *x);
        /* The last call. NULL: nothing to free. */
        void (*gone)(struct http_exchange *x);
};

/* The first header of that name, in either case, without surrounding blanks; .at is NULL where there is none.
 * Headers whose repetition would be ambiguous (Host, Content-*, Authorization, Range, Expect,
 * Idempotency-Key) are refused by the server when repeated. */
struct text http_header(const struct http_exchange *x, const char *name);

/*
 * The first value of that name in the query, percent-decoded ('+' is a blank), in the arena. False where
 * there is none; "?name" and "?name=" give an empty text. A badly escaped query was already refused.
 */
bool http_query(const struct http_exchange *x, const char *name, struct text *ret);

bool http_method_is(const struct http_exchange *x, const char *method);

/*
 * Adds a header to the answer to come; name and value are copied. The server itself writes Date,
 * Content-Length, Content-Type, Transfer-Encoding and Connection. A name that is no token or a value with
 * control characters is a fault (-EINVAL), so that no outsider's octets can split an answer.
 */
int http_add_header(struct http_exchange *x, const char *name, const char *value);

/* Answers with a body that is at hand; it is copied. content_type may be NULL where the body is empty. HEAD,
 * 204 and 304 send none. A second answer is the fault -EALREADY. */
int http_respond(struct http_exchange *x, int status, const char *content_type, struct text body);

/* Answers application/problem+json (RFC 9457): {"type":"about:blank","title","status","detail"}. title NULL:
 * the status's own phrase; detail NULL: none. Both are escaped here. */
int http_respond_problem(struct http_exchange *x, int status, const char *title, const char *detail);

/*
 * A body that is pulled when the client can take more.
 *
 * pull() fills at most size octets (size >= 16 KiB) and sets *ret_length; 0 octets is the end. It may block
 * and comes on any worker. A fault there, or an end before the promised size, cuts the connection, so that
 * the client cannot take the part for the whole. close() comes exactly once, before gone(), also where
 * http_respond_stream() itself fails.
 */
struct http_source {
        int (*pull)(void *context, char *to, size_t size, size_t *ret_length);
        void (*close)(void *context); /* may be NULL */
        void *context;
};

/* size < 0: not known; sent chunked, or up to the end of the connection for HTTP/1.0. */
int http_respond_stream(struct http_exchange *x, int status, const char *content_type, int64_t size,
                        const struct http_source *source);

bool http_is_answered(const struct http_exchange *x);

/*
 * Event streams (text/event-stream, as the HTML standard's server-sent events).
 *
 * The answer turns the connection into a stream that the server owns; the exchange ends, its arena is freed
 * (gone() comes with complete = true) and only the handle remains. A handle is a value that may be kept for
 * ever: once its stream is gone, nothing done with it reaches another connection.
 */
struct http_events {
        uint64_t handle; /* 0: none */
};

enum http_events_refusal {
        HTTP_EVENTS_GONE = 1, /* closed, or was too slow and has been closed by this call */
};

/*
 * closed() comes exactly once after a 0 from here, when the stream has ended for whatever reason, on a
 * worker thread, with no lock of the server held; it may block a little and must not wait for another
 * stream's end. It never comes before the handler that called this has returned.
 */
int http_respond_events(struct http_exchange *x, void (*closed)(void *context, struct http_events events),
                        void *context, struct http_events *ret);

/*
 * Queues "event: <name>", "data: <data>" (one line for each line of data) from any thread; never blocks on
 * the client. name may be NULL. A client whose queue is full (limit events_queue_octets) is closed, it shall
 * come again and ask for what it missed. Comment lines keep idle streams alive.
 */
int http_events_send(struct http_server *server, struct http_events events, const char *name,
                     struct text data);
/* With an id, by which a client that comes again says what it has (Last-Event-ID). */
int http_events_send_id(struct http_server *server, struct http_events events, const char *name,
                        const char *id, struct text data);
/* Ends the stream; nothing happens where it is gone. closed() comes all the same. */
void http_events_close(struct http_server *server, struct http_events events);
