// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * IP networks as people write them (CIDR, RFC 4632 and RFC 4291 section 2.3): "10.0.0.0/8", "2001:db8::/32",
 * "192.0.2.7". IPv4 is ::ffff:a.b.c.d inside, so that one kind of value names every address.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define NETWORK_STRING 64

struct network {
        uint8_t octets[16];
        unsigned int bits; /* 0 to 128 */
};

/* An address alone is the network of it alone. Bits set behind the prefix are refused, as is everything that
 * inet_pton(3) does not take: "10/8", "010.0.0.1", zones. */
bool network_parse(struct text text, struct network *ret);
void network_format(const struct network *network, char ret[NETWORK_STRING]);
/* address is an IPv4 or IPv6 address alone; whatever else is in no network. */
bool network_has(const struct network *network, struct text address);

/* Whether address is in one of the networks of a list with single spaces between; false for a list that is
 * none. */
bool network_list_has(struct text list, struct text address);
/* Whether it is such a list: at most max networks; the empty one is, too. */
bool network_list_is_valid(struct text list, size_t max);

/* Addresses that are not routed on the Internet: this machine, private use (RFC 1918, RFC 4193), links. */
extern const char network_list_private[];
