// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Peers: how many connections each address has, so that one of them cannot take all. An IPv6 peer is its /64,
 * for that is what one customer is given. Safe from every thread.
 */

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct http_peer;

struct http_peers {
        pthread_mutex_t lock;
        struct http_peer *table;
        uint32_t mask;
        uint64_t seed;
};

/* Room for connections_max different peers. */
int http_peers_init(struct http_peers *peers, uint32_t connections_max);
void http_peers_done(struct http_peers *peers);

/* Counts one more; false where the peer has max already. */
bool http_peers_add(struct http_peers *peers, const struct in6_addr *address, uint32_t max);
void http_peers_remove(struct http_peers *peers, const struct in6_addr *address);
