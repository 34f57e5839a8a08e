// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Where the service may go by itself: what tenants' administrators write into settings (an issuer of OpenID
 * Connect, an address of a hook) must not reach what only this machine can reach.
 *
 *   1. A URL is taken apart here, strictly, and nowhere else: https, a host name of letters, digits and
 * hyphens or an address in its one canonical form, a port that is allowed. What two readers could read in two
 * ways is refused.
 *   2. What decides is the address, never the name: public addresses only. The operator of the service may
 *      allow more, by network or by name.
 *   3. Some addresses nobody can allow: the unspecified ones, link-local ones (there the metadata services of
 *      clouds are), multicast, and forms in which one address hides in another.
 *
 * Values; safe from every thread.
 */

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define FETCH_HOST      256
#define FETCH_URL_MAX   2048
#define FETCH_ALLOW_MAX 64
#define FETCH_PORTS_MAX 16

/* One entry of the list of what is allowed besides public addresses. */
struct fetch_allowance {
        char host[FETCH_HOST]; /* a name: wherever it leads; empty: a network */
        struct in6_addr network;
        unsigned int bits; /* of the IPv4-mapped form for IPv4 */
        uint16_t port;     /* 0: every port */
        bool plain;        /* "http://" stood before it: http is allowed there too */
};

struct fetch_policy {
        struct fetch_allowance allow[FETCH_ALLOW_MAX];
        size_t allow_count;
        uint16_t ports[FETCH_PORTS_MAX]; /* of hosts that are not allowed by name or network */
        size_t port_count;
};

/*
 * "10.0.0.0/8, id.example, id.example:8443, http://127.0.0.1:8080": networks, addresses, names, each with a
 * port if wished; "*" allows every network (for private installations), and still nothing of truth 3. False
 * where an entry is none, or there are too many.
 */
bool fetch_policy_parse(struct text allow, struct text ports, struct fetch_policy *ret);

struct fetch_url {
        bool plain; /* http */
        char host[FETCH_HOST];
        bool is_address;
        struct in6_addr address; /* where it is one */
        uint16_t port;
};

/* Truth 1, with what the policy says of http and ports. */
bool fetch_url_parse(const struct fetch_policy *policy, const char *url, struct fetch_url *ret);

/* Truths 2 and 3, for an address to which the host of the URL leads. Addresses of this machine count as not
 * public, whatever they are. */
bool fetch_policy_allows(const struct fetch_policy *policy, const struct fetch_url *url,
                         const struct in6_addr *address);

/* Whether it is one that everybody on the Internet could reach. */
bool fetch_address_is_public(const struct in6_addr *address);
