// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * HTTP client: a thin, blocking wrapper over libcurl for one server, with its connections kept.
 *
 *   1. The server's certificate is always verified; there is no way to switch it off. A private authority is
 *      named by its file.
 *   2. No redirects, no proxies of the environment, no protocols but https (and http where the base says so).
 *      A proxy is used where one is named, and then for everything: by CONNECT (RFC 9110, section 9.3.6), so
 *      that what is said to the server stays between us and it.
 *   3. Nothing a server answers makes us keep more than response_max_octets, and no call blocks longer than
 *      its time limits.
 *   4. A client is used by one thread at a time; http_client_cancel() alone may come from any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/text.h"
#include "net/http-exchange.h"

struct http_client;

enum http_proxy_scheme {
        HTTP_PROXY_ANY,    /* Digest where it is offered, else Basic */
        HTTP_PROXY_DIGEST, /* RFC 7616: the password itself is never told */
        HTTP_PROXY_BASIC,  /* RFC 7617 */
};

struct http_client_proxy {
        const char *address; /* "http://host:3128" */
        const char *user;    /* NULL: none is asked for */
        const char *password;
        enum http_proxy_scheme scheme;
};

struct http_client_options {
        const char *base;             /* "https://host:8443"; copied, like all of these */
        const char *ca_path;          /* PEM; NULL: the system's authorities */
        const char *certificate_path; /* client certificate and its key, PEM; both or none */
        const char *key_path;
        const char *alpn;     /* instead of "http/1.1"; TLS_ALPN_AGENT for agents; NULL: http/1.1 */
        const char *bearer;   /* token; never logged */
        const char *user;     /* or Basic */
        const char *password; /* of the user */
        const struct http_client_proxy *proxy; /* NULL: none */
        uint32_t connect_timeout_ms;           /* 0: 10 s */
};

enum http_client_refusal {
        HTTP_CLIENT_UNREACHABLE = 1, /* no address, refused, no route, connect timeout */
        HTTP_CLIENT_UNTRUSTED,       /* the server's certificate is not one we trust for that name */
        HTTP_CLIENT_TLS,             /* any other failure of the handshake, also where it refused ours */
        HTTP_CLIENT_TIMEOUT,         /* connected, but no answer in time */
        HTTP_CLIENT_CUT,             /* the connection ended before the answer did, or sent no HTTP */
        HTTP_CLIENT_TOO_LARGE,       /* the answer is more than response_max_octets */
        HTTP_CLIENT_CANCELLED,       /* http_client_cancel(), or a callback said so */
        HTTP_CLIENT_BAD_ADDRESS,     /* base or path make no URL */
        HTTP_CLIENT_PROXY,           /* the proxy cannot be reached, or lets us through to nobody */
};

struct http_client_request {
        const char *method;         /* "GET" where NULL */
        const char *path;           /* "/v1/jobs?limit=50", already escaped */
        const char *const *headers; /* "Name: value", ended by NULL; may be NULL */
        const char *content_type;   /* of the body; NULL: none */

        /* The body: octets at hand, or a source with its size (< 0: chunked). Source.close is not called. */
        struct text body;
        const struct http_source *source;
        int64_t source_size;

        /*
         * Where set, the body of a 2xx answer goes here piece by piece instead of into response->body; return
         * false to stop (HTTP_CLIENT_CANCELLED). Other answers still go into response->body.
         */
        bool (*octets)(void *context, struct text octets);
        void *context;

        size_t response_max_octets; /* 0: 1 MiB; also bounds the headers */
        uint32_t timeout_ms;        /* of the whole call; 0: none but idle_timeout_ms */
        uint32_t idle_timeout_ms;   /* without an octet either way; 0: 30 s */
};

struct http_client_response {
        int status;
        struct buffer body;
        struct buffer head; /* as received; see http_client_header() */
        bool began; /* a complete head of a final answer came, also where the call was refused later */
};

int http_client_new(const struct http_client_options *options, struct http_client **ret);
void http_client_free(struct http_client *client);
void http_client_freep(struct http_client **client);

/*
 * One request and its answer. 0: a complete answer came, whatever its status. On a refusal nothing is known
 * about whether the server acted, unless it is UNREACHABLE, UNTRUSTED, TLS or PROXY: then no octet of the
 * request left. *ret is written in every case and ended by http_client_response_done().
 */
int http_client_request(struct http_client *client, const struct http_client_request *request,
                        struct http_client_response *ret);
void http_client_response_done(struct http_client_response *response);

/* The last header of that name; .at is NULL where there is none. */
struct text http_client_header(const struct http_client_response *response, const char *name);

/*
 * Reads an event stream until it ends. event() is called for each event (name empty where the stream gave
 * none; comments give no event but count as life); false stops with HTTP_CLIENT_CANCELLED. opened() (may be
 * NULL) is called once the answer is 200 text/event-stream. The outcome is 0 where the server ended the
 * stream; a status other than 200 stands in *ret_status with outcome 0. silent_ms: how long without one
 * octet until HTTP_CLIENT_TIMEOUT.
 */
struct http_client_events {
        const char *path;
        void (*opened)(void *context);
        bool (*event)(void *context, struct text name, struct text data);
        void *context;
        uint32_t silent_ms; /* 0: 75 s */
};

int http_client_events(struct http_client *client, const struct http_client_events *events, int *ret_status);

/*
 * Makes the call under way, or else the next one, end with HTTP_CLIENT_CANCELLED; the one function that any
 * thread may call while another is inside the client.
 */
void http_client_cancel(struct http_client *client);

/* The sentence of the last refusal, for people ("certificate has expired"); empty where none. */
const char *http_client_complaint(const struct http_client *client);

/* What a refusal means, for people. */
const char *http_client_refusal_phrase(int refusal);
