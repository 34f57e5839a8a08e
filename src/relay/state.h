// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The relay's inside, for the files of this folder. */

#include <pthread.h>

#include "base/buffer.h"
#include "ipp/message.h"
#include "net/tls.h"
#include "offline/callers.h"
#include "relay/absent-book.h"
#include "relay/certify.h"
#include "relay/handoff.h"
#include "relay/publish.h"
#include "relay/queues.h"
#include "relay/relay.h"
#include "relay/shown.h"

struct relay {
        struct relay_parts parts;
        struct relay_settings settings;
        struct shown *shown;
        struct publisher *publisher;
        struct absent_book *book;
        struct certify *certify;
        struct tls_server *tls;
        struct http_server *server; /* NULL: closed */
        struct door_plan open;      /* what the server was opened for */
        pthread_rwlock_t lock;      /* of the plan */
        struct door_plan plan;
};

/* One request of a client. */
struct relay_request {
        struct relay *relay;
        struct http_exchange *x;
        struct door_queue queue; /* a copy: the configuration may change meanwhile */
        const char *path;        /* at the service */
        const char **headers;
        struct buffer gathered; /* attributes and the document's beginning, until they go on */
        struct ipp_scan scan;
        size_t message_octets; /* of the attributes, once all of them are there; else 0 */
        struct handoff *handoff;
        struct absent *absent; /* taken here, because the service is out of reach */
        char job[ID_STRING];   /* accepted there; empty: none */
};

/* The handler of an exchange under /ipp; NULL where there is none, or where it has been answered. */
const struct http_handler *relay_route(void *relay, struct http_exchange *x);

/* What the client came with, as a mark (offline/callers.h). False: with nothing. */
bool relay_mark(const struct relay_request *request, uint8_t ret[HASH_OCTETS]);
/* Asks the service with what was gathered, and answers with what it says. */
int relay_ask(struct relay_request *request);
/* The service's answer becomes ours. */
int relay_pass_answer(struct relay_request *request, const struct http_client_response *response);
int relay_say_silent(struct relay_request *request);

/* An IPP answer without attributes, to whatever of the request could be read. */
int relay_say(struct relay_request *request, enum ipp_status status, const char *sentence);
