// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The door of the HTTP API: from requests to calls of core and back. It decides nothing itself.
 *
 * A request finds its route in one table (door/routes.h), which also says who may come; what is not in the
 * table does not exist. Who comes is known before an octet of the body is read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "door/inflating.h"
#include "net/http-exchange.h"

struct agent_channel;
struct config;
struct buffer;
struct core;
struct http_server;
struct tls_server;
struct identity;
struct ldap_sync;
struct live_channel;
struct order;

struct door_settings {
        uint32_t json_max_octets;          /* of a request's body, other than a document; default 64 KiB */
        uint64_t table_max_octets;         /* of people to be imported; default 64 MiB */
        struct inflating_limits expansion; /* of a document that comes compressed */
        uint32_t page_max;                 /* items of one answer; default 200 */
        const char *update_manifest;       /* file of the manifest that agents are given; "": none */
        const char *public_url;  /* by which clients know the service; "": by its certificate's names */
        bool metrics_everywhere; /* otherwise /metrics answers this machine only */
};

struct door_settings door_settings_default(void);
/* The host of an address such as "https://print.example:8443"; false where it is none: another scheme, a
 * path, capital letters. */
bool door_public_host(struct text url, struct text *ret);
/* Reads [section] of the settings; each name is the field's. */
struct door_settings door_settings_read(struct config *config, const char *section);

/* All borrowed for as long as the server runs. */
struct door {
        struct core *core;
        struct agent_channel *channel;
        struct agent_channel *converters;
        struct live_channel *live;
        struct agent_channel *panels;
        struct identity *identity;  /* providers of sign-in elsewhere */
        struct ldap_sync *sync;     /* NULL: this process synchronises no directories */
        struct http_server *server; /* for its figures; NULL: they are left out */
        struct tls_server *tls;     /* whose certificate says by which names we are known */
        /*
         * One page, drawn at once by the renderer in a cell: the document in order's language to the buffer.
         * CORE_BUSY while another is, CORE_UNREACHABLE where there is no renderer or it cannot; faults. NULL:
         * there is none.
         */
        int (*draw)(void *context, const struct order *order, struct text document, struct buffer *to);
        void *draw_context;
        struct door_settings settings;
};

/* Of reports by mail (core/report/report-schedule.h); the context is the door. */
struct report_file_order;
int door_report_file(void *context, const struct report_file_order *order, struct buffer *to);

/*
 * For http_server_options.route: everything under /v1, /healthz and /metrics. NULL: not one of our paths
 * (404, not answered yet), or already answered (405).
 */
const struct http_handler *door_route(struct door *door, struct http_exchange *x);
