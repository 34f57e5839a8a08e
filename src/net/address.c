// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

struct in6_addr address_from(const struct sockaddr_storage *peer)
{
        struct in6_addr address = IN6ADDR_ANY_INIT;

        if (peer->ss_family == AF_INET6)
                return ((const struct sockaddr_in6 *)peer)->sin6_addr;
        if (peer->ss_family == AF_INET) {
                address.s6_addr[10] = address.s6_addr[11] = 0xff;
                memcpy(address.s6_addr + 12, &((const struct sockaddr_in *)peer)->sin_addr, 4);
        }
        return address;
}

void address_format(const struct in6_addr *address, char ret[ADDRESS_STRING])
{
        const char *done;

        if (IN6_IS_ADDR_V4MAPPED(address))
                done = inet_ntop(AF_INET, address->s6_addr + 12, ret, ADDRESS_STRING);
        else
                done = inet_ntop(AF_INET6, address, ret, ADDRESS_STRING);
        if (!done)
                ret[0] = 0;
}

bool address_split(const char *address, char *ret_host, size_t host_size, char ret_port[6])
{
        struct text whole = text_from(address), host, port;
        const char *colon = strrchr(address, ':');
        uint64_t number;

        if (!colon)
                return false;
        host = (struct text){ whole.at, (size_t)(colon - address) };
        port = text_from(colon + 1);
        if (host.len >= 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
                host = (struct text){ host.at + 1, host.len - 2 };
        else if (memchr(host.at, ':', host.len))
                return false;
        return text_number(port, 65535, &number) && text_copy(port, ret_port, 6) &&
               text_copy(host, ret_host, host_size);
}

static void addressesp(struct addrinfo **addresses)
{
        if (*addresses)
                freeaddrinfo(*addresses);
}

static uint16_t port_of(int fd)
{
        struct sockaddr_storage at = { 0 };
        socklen_t len = sizeof(at);

        if (getsockname(fd, (struct sockaddr *)&at, &len) < 0)
                return 0;
        return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port
                                              : ((struct sockaddr_in *)&at)->sin_port);
}

static int listen_at(const struct addrinfo *at, int backlog, int *ret_fd)
{
        SCOPED(closep)
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int on = 1, off = 0;

        if (fd < 0)
                return fault(-errno);
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (at->ai_family == AF_INET6)
                (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
        if (bind(fd, at->ai_addr, at->ai_addrlen) < 0 || listen(fd, backlog) < 0)
                return fault(-errno);
        *ret_fd = take_fd(&fd);
        return 0;
}

int address_listen(const char *address, int backlog, int *ret_fd, uint16_t *ret_port)
{
        SCOPED(addressesp) struct addrinfo *found = NULL;
        struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                  .ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_PASSIVE };
        char host[256], port[6];
        int r = 0;

        if (!address_split(address, host, sizeof(host), port))
                return ADDRESS_BAD;
        if (getaddrinfo(host[0] ? host : "::", port, &hints, &found) != 0)
                return ADDRESS_UNKNOWN;
        for (struct addrinfo *at = found; at; at = at->ai_next) {
                r = listen_at(at, backlog, ret_fd);
                if (r == 0) {
                        if (ret_port)
                                *ret_port = port_of(*ret_fd);
                        return 0;
                }
        }
        /* A machine without IPv6 still has all of IPv4. */
        if (!host[0] && (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL)) {
                char any[16];

                snprintf(any, sizeof(any), "0.0.0.0:%s", port);
                return address_listen(any, backlog, ret_fd, ret_port);
        }
        return r;
}

/* Waits for a connect under way. */
static int connect_wait(int fd, int64_t deadline_ms)
{
        struct pollfd one = { fd, POLLOUT, 0 };
        socklen_t len = sizeof(int);
        int64_t left;
        int r, failure = 0;

        do {
                left = deadline_ms - clock_monotonic_ms();
                if (left <= 0)
                        return ADDRESS_TIMEOUT;
                r = poll(&one, 1, left < INT32_MAX ? (int)left : INT32_MAX);
        } while (r == 0 || (r < 0 && errno == EINTR));
        if (r < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) < 0)
                return fault(-errno);
        return failure ? ADDRESS_UNREACHABLE : 0;
}

static int connect_to(const struct addrinfo *at, int64_t deadline_ms, int *ret_fd)
{
        SCOPED(closep)
        int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int on = 1, r;

        if (fd < 0)
                return errno == EAFNOSUPPORT ? ADDRESS_UNREACHABLE : fault(-errno);
        if (connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
                if (errno != EINPROGRESS)
                        return ADDRESS_UNREACHABLE;
                r = connect_wait(fd, deadline_ms);
                if (r)
                        return r;
        }
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (fcntl(fd, F_SETFL, 0) < 0)
                return fault(-errno);
        *ret_fd = take_fd(&fd);
        return 0;
}

int address_connect(const char *host, uint16_t port, int64_t deadline_ms, int *ret_fd)
{
        SCOPED(addressesp) struct addrinfo *found = NULL;
        struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                  .ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_NUMERICSERV };
        char service[6];
        int r = ADDRESS_UNKNOWN;

        snprintf(service, sizeof(service), "%u", port);
        if (getaddrinfo(host, service, &hints, &found) != 0)
                return ADDRESS_UNKNOWN;
        for (struct addrinfo *at = found; at; at = at->ai_next) {
                r = connect_to(at, deadline_ms, ret_fd);
                if (r == 0 || r < 0 || r == ADDRESS_TIMEOUT)
                        return r;
        }
        return r;
}
