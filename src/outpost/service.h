// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The service, as the threads of an agent or a converter ask it. Connections are kept in a pool, the last one
 * used is the first one taken, so that the connection a swipe goes over is warm. Each call blocks its thread
 * for a bounded time.
 *
 * Safe from every thread. Of an answer nothing is logged but what a problem says for people.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "net/http-client.h"

struct service;

enum service_refusal {
        SERVICE_UNREACHABLE = 1, /* nothing of the question left us */
        SERVICE_SILENT,          /* no whole answer: it may have acted */
        SERVICE_BUSY,            /* 429 or 5xx: ask again later */
        SERVICE_UNKNOWN_US,      /* 401 or 403: not enrolled, or revoked */
        SERVICE_STALE,           /* 404, 409 or 410: the service has gone on without us */
        SERVICE_CONFUSED,        /* another 4xx, or an answer that makes no sense */
};

/* Whatever is said to the service goes through it, and nothing else does. The machine's own proxy is never
 * used. */
struct service_proxy {
        const char *address;          /* "http://host:3128" */
        const char *credentials_path; /* a file of one line, "user:password", read again for each connection;
                                         NULL: none */
        enum http_proxy_scheme scheme;
};

struct service_options {
        const char *url;
        const char *ca_path;
        const char *identity_path;         /* certificate and key, PEM */
        const char *prefix;                /* where its part of the API begins: "/v1/agent"; static */
        const struct service_proxy *proxy; /* NULL: none */
};

#define SERVICE_PROXY_CREDENTIALS 512

/* Reads that file: the user, and in the same memory, which the caller wipes, the password. */
bool service_proxy_credentials(const char *path, char ret[SERVICE_PROXY_CREDENTIALS],
                               const char **ret_password);

int service_new(const struct service_options *options, struct service **ret);
void service_free(struct service *service);
void service_freep(struct service **service);
/* The identity file has changed: connections made with the old one are not used again. */
void service_renew(struct service *service);
/* Two keys are on the disk, and which of them the service knows is not settled: until service_renew(), that
 * it does not know ours is no answer, but SERVICE_BUSY. */
void service_is_between(struct service *service, bool is_between);

/*
 * Whether the line is down, as whoever watches it has found (agent/line.h): a line that goes dead says
 * nothing, and who would ask over it all the same waits for as long as his patience lasts. While it is,
 * connections that stood are not used again. True where that is new.
 */
bool service_set_away(struct service *service, bool is_away);
bool service_is_away(struct service *service);
/* Asks something without meaning. SERVICE_UNREACHABLE, SERVICE_SILENT: not within timeout_ms. */
int service_reach(struct service *service, uint32_t timeout_ms);

/* Asks something without meaning on up to count kept connections, so that they stay open. */
void service_warm(struct service *service, size_t count);

const char *service_prefix(const struct service *service);

/* For the event stream, which is no question: a client of its own. The caller frees it. SERVICE_UNREACHABLE
 * where the proxy's credentials cannot be read. */
int service_client(struct service *service, struct http_client **ret);

/*
 * Asks; an answer other than 2xx is a refusal. *ret is written in every case, and ended by the caller. Who is
 * unknown because his key was renewed while he asked, asks again with the new one.
 */
int service_ask(struct service *service, const struct http_client_request *request,
                struct http_client_response *ret);
/* The same with a question in JSON (taken over; NULL: none) at a path under the prefix. */
int service_ask_json(struct service *service, const char *method, const char *path, json_t *question,
                     struct http_client_response *ret);

/* What agents and converters have in common. Makes whom the code was made for ours; *ret is the answer, JSON.
 */
int service_enrol(struct service *service, struct text code, const char *name, struct buffer *ret);
int service_announce_key(struct service *service, const char *fingerprint);
int service_configuration(struct service *service, struct buffer *ret);

/* Why the last refusal of this thread: a sentence for people. */
const char *service_complaint(void);
