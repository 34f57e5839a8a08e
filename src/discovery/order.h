// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What an agent is told of how to look for printers: where, when, how fast and in which ways (the member
 * "discovery" of its configuration), and by which names and passphrases it may ask, and whom (GET
 * /v1/agent/discovery, which is kept in memory alone).
 */

#include <jansson.h>

#include "base/id.h"
#include "discovery/range.h"
#include "discovery/schedule.h"
#include "discovery/sighting.h"
#include "snmp/credential.h"

#define ORDER_TARGETS    10000
#define ORDER_WINDOW_MAX 4096

enum order_refusal {
        ORDER_MALFORMED = 1, /* not what the API describes: nothing of it is taken */
};

struct order {
        struct ranges ranges;
        struct ranges excluded; /* of which nothing is asked, however it was found */
        bool ways[WAYS];
        uint32_t packets_per_second;
        uint32_t window;
        int64_t timeout_ms;
        uint32_t retries;
        uint16_t snmp_port, ipp_port, http_port;
        bool pages; /* those of models that are known to say nothing by SNMP (discovery/web-page.h) */
        struct schedule schedule;
};

/* Looks nowhere, and never. */
void look_order_init(struct order *order);
/* What is not said is as the API says; null or nothing: as look_order_init(). *ret is written on 0 only. */
int look_order_parse(const json_t *member, struct order *ret);

/* A printer that the service knows. */
struct target {
        struct id printer;
        uint32_t address;
        bool counters;
};

struct secrets {
        struct snmp_credential credentials[SNMP_CREDENTIALS_MAX];
        size_t credential_count;
        struct target *targets;
        size_t target_count;
        struct id run; /* that somebody wants now; zero: none */
        enum purpose purpose;
};

/* A credential that cannot be used is passed over, and *ret_unusable counts it; so are targets without an
 * IPv4 address. The caller ends it with secrets_free(), which wipes. */
int secrets_parse(const json_t *json, struct secrets **ret, size_t *ret_unusable);
/* The list of credentials alone, in the same words. ORDER_MALFORMED: more than SNMP_CREDENTIALS_MAX. Hashes a
 * megabyte for each passphrase. */
int credentials_parse(const json_t *list, struct snmp_credential ret[SNMP_CREDENTIALS_MAX], size_t *ret_count,
                      size_t *ret_unusable);
void secrets_free(struct secrets *secrets);
void secrets_freep(struct secrets **secrets);
