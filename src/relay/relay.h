// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The IPP door of an agent: IPP Everywhere, AirPrint and Mopria on the site's own network.
 *
 *      client --- ipps://agent:631/ipp/print/TENANT/QUEUE ---> relay ===== agent's connection ====>
 * /ipp/print/…
 *
 *   1. IPP stays one implementation, the service's. A request goes there as it came, with the client's own
 *      credentials; the agent adds who the client is and by which name it came (door/ipp/relayed.h), looks
 * into nothing, and keeps nothing. Tokens and passwords are in no log.
 *   2. What a client has not ended is no job, and what it sends again because it never got its answer is the
 *      same job.
 *   3. Memory is bounded whatever the size; each limit is a setting. Strangers cost their own connection.
 *   4. Only the queues of the configuration can be reached, only by names that are the agent's own.
 *   5. While the line is down, the door says so, shows queues as they were last seen, and takes documents
 * of those whom the service knew lately (offline/callers.h) into sealed deposits (relay/absent.h).
 *
 * What it is to be comes with the agent's configuration, at any time; off closes it at once.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/http-server.h"
#include "outpost/service.h"

struct config;
struct callers;
struct deposits;
struct relay;
struct stays;

struct relay_settings {
        const char *listen;      /* address without port; "" (default): all, of both families */
        const char *certificate; /* PEM; "" (default): one is made in the state folder */
        const char *key;
        unsigned threads;               /* requests worked on at once */
        uint32_t attributes_octets_max; /* of a request without its document */
        uint64_t document_octets_max;   /* the service has its own limit, which counts */
        uint32_t answer_octets_max;     /* of what the service answers */
        uint32_t answer_ms;             /* without an octet from the service */
        bool unproven; /* while the line is down documents of those whom the service never knew are taken, too
                        */
        struct http_limits limits;
};

/* Reads [ipp]; the strings are the config's. */
struct relay_settings relay_settings_read(struct config *config);

struct relay_parts {
        const struct relay_settings *settings; /* borrowed, as all of these */
        struct service *service;
        const char *state; /* the folder, and the same opened */
        int directory;
        struct deposits *deposits; /* NULL: nothing is taken while the line is down */
        struct callers *callers;   /* who came with what, as the service said */
        struct stays *stays;       /* of queues whose documents stay here */
};

enum relay_refusal {
        RELAY_MALFORMED = 1, /* the configuration is not understood */
        RELAY_IN_USE,        /* the port is taken, or not ours to take */
        RELAY_BAD_CERTIFICATE,
};

/* Lives as long as the process. */
int relay_new(const struct relay_parts *parts, struct relay **ret);

/* The member "ipp" of the configuration; NULL: there is none. After is_on false, or a door that is not
 * enabled, it is closed. */
int relay_apply(struct relay *relay, bool is_on, const json_t *member);
