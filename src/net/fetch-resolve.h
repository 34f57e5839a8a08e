// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Names to addresses before a deadline. The system's resolver cannot be told to stop, so it runs on a thread
 * of its own, of which there are at most RESOLVERS_MAX: one that is late is left alone and its answer thrown
 * away.
 */

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define RESOLVERS_MAX 32

/* The number of addresses (IPv4 as ::ffff:a.b.c.d), at most max; 0 where there is none, or not in time
 * (deadline_ms of clock_monotonic_ms()). */
size_t fetch_resolve(const char *host, int64_t deadline_ms, struct in6_addr *ret, size_t max);
