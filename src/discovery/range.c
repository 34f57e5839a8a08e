// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/range.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>

#define MULTICAST 0xe0000000U

bool range_address_parse(struct text text, uint32_t *ret)
{
        char string[RANGE_ADDRESS];
        struct in_addr address;

        if (!text_copy(text, string, sizeof(string)) || inet_pton(AF_INET, string, &address) != 1)
                return false;
        *ret = ntohl(address.s_addr);
        return true;
}

void range_address_format(uint32_t address, char ret[RANGE_ADDRESS])
{
        struct in_addr in = { htonl(address) };

        (void)inet_ntop(AF_INET, &in, ret, RANGE_ADDRESS);
}

static bool network_range(struct text address, struct text bits, struct range *ret)
{
        uint64_t prefix;
        uint32_t first, hosts;

        if (!range_address_parse(address, &first) || !text_number(bits, 32, &prefix) || prefix == 0)
                return false;
        hosts = prefix == 32 ? 0 : UINT32_MAX >> prefix;
        if (first & hosts)
                return false;
        *ret = (struct range){ first, first | hosts };
        return true;
}

bool range_parse_whole(struct text text, struct range *ret)
{
        struct text head, tail;
        struct range range;
        bool good;

        if (text_cut(text, '/', &head, &tail)) {
                good = network_range(head, tail, &range);
        } else if (text_cut(text, '-', &head, &tail)) {
                good = range_address_parse(head, &range.first) && range_address_parse(tail, &range.last);
        } else {
                good = range_address_parse(text, &range.first);
                range.last = range.first;
        }
        if (!good || range.first > range.last || range.first == 0 || range.last >= MULTICAST)
                return false;
        *ret = range;
        return true;
}

bool range_parse(struct text text, struct range *ret)
{
        struct text head, tail;

        if (!range_parse_whole(text, ret))
                return false;
        if (text_cut(text, '/', &head, &tail) && ret->last - ret->first > 1) {
                ret->first++;
                ret->last--;
        }
        return true;
}

static int compare(const void *a, const void *b)
{
        const struct range *left = a, *right = b;

        return left->first < right->first ? -1 : left->first > right->first;
}

/* In order, with those that touch as one. */
static void join(struct ranges *ranges)
{
        size_t count = 0;

        qsort(ranges->at, ranges->count, sizeof(ranges->at[0]), compare);
        for (size_t i = 0; i < ranges->count; i++) {
                struct range *last = count ? &ranges->at[count - 1] : NULL;

                if (last && ranges->at[i].first <= last->last + 1) {
                        if (ranges->at[i].last > last->last)
                                last->last = ranges->at[i].last;
                } else {
                        ranges->at[count++] = ranges->at[i];
                }
        }
        ranges->count = count;
}

/* Every cut leaves at most one part more. */
static void cut(struct ranges *ranges, struct range hole)
{
        size_t count = ranges->count;

        for (size_t i = 0; i < count; i++) {
                struct range *range = &ranges->at[i];

                if (hole.last < range->first || hole.first > range->last)
                        continue;
                if (hole.first > range->first && hole.last < range->last)
                        ranges->at[ranges->count++] = (struct range){ hole.last + 1, range->last };
                if (hole.first > range->first)
                        range->last = hole.first - 1;
                else if (hole.last < range->last)
                        range->first = hole.last + 1;
                else
                        *range = (struct range){ 1, 0 }; /* nothing of it is left */
        }
}

static void drop_empty(struct ranges *ranges)
{
        size_t count = 0;

        for (size_t i = 0; i < ranges->count; i++)
                if (ranges->at[i].first <= ranges->at[i].last)
                        ranges->at[count++] = ranges->at[i];
        ranges->count = count;
}

void ranges_make(const struct range *included, size_t included_count, const struct range *excluded,
                 size_t excluded_count, struct ranges *ret)
{
        struct ranges ranges = { .count = 0 };

        assert(included_count <= RANGES_MAX && excluded_count <= RANGES_MAX);
        for (size_t i = 0; i < included_count; i++)
                ranges.at[ranges.count++] = included[i];
        join(&ranges);
        for (size_t i = 0; i < excluded_count; i++) {
                cut(&ranges, excluded[i]);
                drop_empty(&ranges);
        }
        qsort(ranges.at, ranges.count, sizeof(ranges.at[0]), compare);
        *ret = ranges;
}

uint64_t ranges_count(const struct ranges *ranges)
{
        uint64_t count = 0;

        for (size_t i = 0; i < ranges->count; i++)
                count += (uint64_t)ranges->at[i].last - ranges->at[i].first + 1;
        return count;
}

uint32_t ranges_get(const struct ranges *ranges, uint64_t number)
{
        for (size_t i = 0; i < ranges->count; i++) {
                uint64_t count = (uint64_t)ranges->at[i].last - ranges->at[i].first + 1;

                if (number < count)
                        return ranges->at[i].first + (uint32_t)number;
                number -= count;
        }
        assert(false);
        return 0;
}

bool ranges_has(const struct ranges *ranges, uint32_t address)
{
        for (size_t i = 0; i < ranges->count; i++)
                if (address >= ranges->at[i].first && address <= ranges->at[i].last)
                        return true;
        return false;
}
