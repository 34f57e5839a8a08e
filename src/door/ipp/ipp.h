// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The IPP door: POST /ipp/print/TENANT/QUEUE (RFC 8010, section 4), and the printer's icons.
 *
 *      ipps://host/ipp/print/TENANT/QUEUE          a queue
 *      ipps://host/ipp/print/TENANT/QUEUE/NUMBER   one of its jobs
 *      ipps://host/ipp/print/TENANT/QUEUE/TOKEN    the queue for one device, whose owner the token tells
 *      ipps://host/ipp/print/TENANT/QUEUE/TOKEN/NUMBER
 *      ipps://host/ipp/print, /ipp/print/QUEUE     the same, by the settings' default tenant and queue
 *      https://host/ipp/icons/128.png              GET
 *
 *   1. Who somebody is comes from HTTP authentication, or the token in the address, alone;
 * requesting-user-name is never looked at.
 *   2. Get-Printer-Attributes is open, so that a queue can be added before anybody signs in; everything else
 *      asks for credentials. A client that announces a document without them is refused before it sends it.
 *      Where people may register by themselves (core/person/invitation.h), wrong credentials are refused in
 * IPP's words with the page's address: a client that is told 401 shows its user none.
 *   3. A job shows only to its owner: to everybody else it is not found.
 *   4. A document streams through: memory does not grow with its size, compressed or not.
 *   5. "successful-ok" for a document leaves only after core has made it durable.
 */

#include <stdint.h>

#include "door/inflating.h"

struct config;
struct core;
struct http_exchange;
struct http_handler;
struct ipp_door;
struct printer;
struct queue;
struct tls_server;

struct ipp_door_settings {
        const char *default_tenant; /* for addresses that name none; "" (default): such are not found */
        const char *default_queue;  /* likewise; default "pull" */
        const char *public_url;     /* [api] public_url: by which people know the service; "": as they came */
        const char *organization;   /* printer-organization; "" (default): the tenant's name */
        uint32_t attributes_octets_max;    /* of a request without its document; default 1 MiB */
        struct inflating_limits expansion; /* of a compressed document */
        uint32_t jobs_listed_max;          /* of one Get-Jobs; default 1,000 */
};

struct ipp_door_settings ipp_door_settings_default(void);
/* Reads [ipp]; the strings are the config's. */
struct ipp_door_settings ipp_door_settings_read(struct config *config);

/* core, tls (whose certificate says by which names we are known) and the settings' strings are borrowed until
 * ipp_door_free(). */
int ipp_door_new(struct core *core, struct tls_server *tls, const struct ipp_door_settings *settings,
                 struct ipp_door **ret);
void ipp_door_free(struct ipp_door *door);
void ipp_door_freep(struct ipp_door **door);

/* What may be asked for at a queue: what its printer can, or at a pull queue what any could. Core's refusals.
 */
int ipp_door_find_abilities(struct core *core, const struct queue *queue, struct printer *ret);

/* For the server's route(): the handler of an exchange under /ipp; NULL where it is none of ours. */
const struct http_handler *ipp_door_route(struct ipp_door *door, struct http_exchange *x);
