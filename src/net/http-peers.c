// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-peers.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/outcome.h"

/* A table with open addresses, never more than half full; an entry without connections is free. */
struct http_peer {
        uint64_t key[2];
        uint32_t count;
};

int http_peers_init(struct http_peers *peers, uint32_t connections_max)
{
        uint32_t size = 16;

        while (size / 2 < connections_max && size < UINT32_MAX / 2)
                size *= 2;
        *peers = (struct http_peers){ .mask = size - 1 };
        if (getrandom(&peers->seed, sizeof(peers->seed), 0) != sizeof(peers->seed))
                return fault(-errno);
        peers->table = calloc(size, sizeof(*peers->table));
        if (!peers->table)
                return fault(-ENOMEM);
        pthread_mutex_init(&peers->lock, NULL);
        return 0;
}

void http_peers_done(struct http_peers *peers)
{
        if (!peers->table)
                return;
        pthread_mutex_destroy(&peers->lock);
        free(peers->table);
}

static void key_of(const struct in6_addr *address, uint64_t key[2])
{
        memcpy(key, address->s6_addr, 16);
        if (!IN6_IS_ADDR_V4MAPPED(address))
                key[1] = 0;
}

/* Seeded, so that nobody can choose addresses that share a place. */
static uint32_t place_of(const struct http_peers *peers, const uint64_t key[2])
{
        uint64_t h = peers->seed;

        for (int i = 0; i < 2; i++) {
                h ^= key[i];
                h *= 0x9e3779b97f4a7c15u;
                h ^= h >> 29;
                h *= 0xbf58476d1ce4e5b9u;
                h ^= h >> 32;
        }
        return (uint32_t)h & peers->mask;
}

/* The peer's entry, or the free one where it belongs. */
static struct http_peer *peer_find(struct http_peers *peers, const uint64_t key[2])
{
        uint32_t at = place_of(peers, key);

        while (peers->table[at].count > 0 && memcmp(peers->table[at].key, key, 16) != 0)
                at = (at + 1) & peers->mask;
        return &peers->table[at];
}

bool http_peers_add(struct http_peers *peers, const struct in6_addr *address, uint32_t max)
{
        struct http_peer *peer;
        uint64_t key[2];
        bool may;

        key_of(address, key);
        pthread_mutex_lock(&peers->lock);
        peer = peer_find(peers, key);
        may = peer->count < max;
        if (may) {
                memcpy(peer->key, key, sizeof(key));
                peer->count++;
        }
        pthread_mutex_unlock(&peers->lock);
        return may;
}

/* Closes the gap that a removed entry leaves, so that later ones of its run are still found. */
static void gap_close(struct http_peers *peers, uint32_t gap)
{
        uint32_t at = gap;

        for (;;) {
                uint32_t home;

                at = (at + 1) & peers->mask;
                if (peers->table[at].count == 0)
                        return;
                home = place_of(peers, peers->table[at].key);
                if (((at - home) & peers->mask) < ((at - gap) & peers->mask))
                        continue;
                peers->table[gap] = peers->table[at];
                peers->table[at].count = 0;
                gap = at;
        }
}

void http_peers_remove(struct http_peers *peers, const struct in6_addr *address)
{
        struct http_peer *peer;
        uint64_t key[2];

        key_of(address, key);
        pthread_mutex_lock(&peers->lock);
        peer = peer_find(peers, key);
        assert(peer->count > 0);
        if (--peer->count == 0)
                gap_close(peers, (uint32_t)(peer - peers->table));
        pthread_mutex_unlock(&peers->lock);
}
