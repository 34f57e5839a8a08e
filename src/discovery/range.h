// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Where is looked for printers: IPv4 networks ("10.7.0.0/16"), spans ("192.168.1.10-192.168.1.90") and single
 * addresses, less those that are excluded. Values.
 *
 * Of a network of more than two addresses the first and the last, which name nobody, are not looked at.
 * Multicast and what lies behind it is refused. IPv6 networks are too large to be looked through; printers
 * there are found by DNS-SD.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define RANGES_MAX 64 /* of either kind */

struct range { /* both ends belong to it; host byte order */
        uint32_t first;
        uint32_t last;
};

/* Host bits behind a network's prefix are refused. */
bool range_parse(struct text text, struct range *ret);
/* What is excluded: a network with its first and last address, which may be somebody elsewhere. */
bool range_parse_whole(struct text text, struct range *ret);

struct ranges { /* in order, without overlap */
        struct range at[2 * RANGES_MAX];
        size_t count;
};

/* At most RANGES_MAX of each (asserted). */
void ranges_make(const struct range *included, size_t included_count, const struct range *excluded,
                 size_t excluded_count, struct ranges *ret);
uint64_t ranges_count(const struct ranges *ranges);
/* The address of that number, from 0; asserts that there is one. */
uint32_t ranges_get(const struct ranges *ranges, uint64_t number);
bool ranges_has(const struct ranges *ranges, uint32_t address);

#define RANGE_ADDRESS 16
bool range_address_parse(struct text text, uint32_t *ret);
void range_address_format(uint32_t address, char ret[RANGE_ADDRESS]);
