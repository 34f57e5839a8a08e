// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Addresses of TCP peers: their text, listening, and connecting before a deadline.
 */

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/text.h"

enum address_refusal {
        ADDRESS_BAD = 1,     /* not "host:port" */
        ADDRESS_UNKNOWN,     /* the name has no address */
        ADDRESS_UNREACHABLE, /* nobody answers there, or he refuses */
        ADDRESS_TIMEOUT,
};

#define ADDRESS_STRING INET6_ADDRSTRLEN

/* IPv4 addresses as ::ffff:a.b.c.d, so that one kind of value names every peer. */
struct in6_addr address_from(const struct sockaddr_storage *peer);
/* Without port; an IPv4 address in its own form. */
void address_format(const struct in6_addr *address, char ret[ADDRESS_STRING]);

/* "host:port", "[v6]:port", ":port"; host and port are NUL-terminated copies. False where it is none. */
bool address_split(const char *address, char *ret_host, size_t host_size, char ret_port[6]);

/*
 * A listening, non-blocking, close-on-exec TCP socket; ":port" and "[::]:port" take both families. *ret_port
 * may be NULL.
 */
int address_listen(const char *address, int backlog, int *ret_fd, uint16_t *ret_port);

/*
 * A connected, blocking, close-on-exec TCP socket with TCP_NODELAY. Every address of the name is tried in
 * turn until deadline_ms (clock_monotonic_ms()). Resolving the name itself blocks as the system's resolver
 * does.
 */
int address_connect(const char *host, uint16_t port, int64_t deadline_ms, int *ret_fd);
