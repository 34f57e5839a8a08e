// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/address.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "net/http-peers.h"

static void test_split(void)
{
        static const struct {
                const char *address;
                bool good;
                const char *host, *port;
        } rows[] = {
                { "a:1", true, "a", "1" },        { ":8443", true, "", "8443" },
                { "[::1]:0", true, "::1", "0" },  { "::1:80", false, NULL, NULL },
                { "a", false, NULL, NULL },       { "a:", false, NULL, NULL },
                { "a:65536", false, NULL, NULL }, { "a:-1", false, NULL, NULL },
        };
        char host[32], port[6];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                assert(address_split(rows[i].address, host, sizeof(host), port) == rows[i].good);
                if (rows[i].good)
                        assert(strcmp(host, rows[i].host) == 0 && strcmp(port, rows[i].port) == 0);
        }
}

static void test_connect(void)
{
        int64_t deadline_ms = clock_monotonic_ms() + 10000;
        char string[ADDRESS_STRING];
        struct sockaddr_storage from = { 0 };
        socklen_t len = sizeof(from);
        struct in6_addr peer;
        uint16_t port;
        int listener, fd;

        assert(address_listen("127.0.0.1:0", 8, &listener, &port) == 0 && port > 0);
        assert(address_connect("127.0.0.1", port, deadline_ms, &fd) == 0);
        assert(getpeername(fd, (struct sockaddr *)&from, &len) == 0);
        peer = address_from(&from);
        address_format(&peer, string);
        assert(strcmp(string, "127.0.0.1") == 0);
        close(fd);
        close(listener);
        assert(address_connect("127.0.0.1", port, deadline_ms, &fd) == ADDRESS_UNREACHABLE);
        assert(address_connect("no host has this name", port, deadline_ms, &fd) == ADDRESS_UNKNOWN);
        assert(address_listen("no port", 8, &listener, &port) == ADDRESS_BAD);
}

/* A backlog of one that nobody empties: the connect must end at its deadline. */
static void test_connect_deadline(void)
{
        int listener, fds[8], r = 0, count = 0;
        uint16_t port;

        assert(address_listen("127.0.0.1:0", 0, &listener, &port) == 0);
        while (r == 0 && count < 8) {
                r = address_connect("127.0.0.1", port, clock_monotonic_ms() + 100, &fds[count]);
                count += r == 0;
        }
        assert(r == ADDRESS_TIMEOUT);
        while (count > 0)
                close(fds[--count]);
        close(listener);
}

static struct in6_addr peer_of(uint32_t number)
{
        struct in6_addr address = { 0 };

        address.s6_addr[10] = address.s6_addr[11] = 0xff;
        memcpy(address.s6_addr + 12, &number, 4);
        return address;
}

static void test_peers(void)
{
        struct http_peers peers;
        struct in6_addr address, neighbour;

        assert(http_peers_init(&peers, 1000) == 0);
        for (int round = 0; round < 3; round++) {
                for (uint32_t i = 0; i < 500; i++) {
                        address = peer_of(i);
                        assert(http_peers_add(&peers, &address, 2) && http_peers_add(&peers, &address, 2));
                        assert(!http_peers_add(&peers, &address, 2));
                }
                for (uint32_t i = 0; i < 500; i++) {
                        address = peer_of((i * 7 + (uint32_t)round) % 500);
                        http_peers_remove(&peers, &address);
                        http_peers_remove(&peers, &address);
                }
        }
        /* One customer's whole IPv6 network counts as one. */
        memset(&address, 1, sizeof(address));
        neighbour = address;
        neighbour.s6_addr[15] = 2;
        assert(http_peers_add(&peers, &address, 1) && !http_peers_add(&peers, &neighbour, 1));
        neighbour.s6_addr[7] = 2;
        assert(http_peers_add(&peers, &neighbour, 1));
        http_peers_remove(&peers, &address);
        http_peers_remove(&peers, &neighbour);
        http_peers_done(&peers);
}

int main(void)
{
        test_split();
        test_connect();
        test_connect_deadline();
        test_peers();
        return 0;
}
