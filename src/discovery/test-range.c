// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/range.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *text;
        bool good;
        const char *first, *last;
} rows[] = {
        { "10.7.0.0/16", true, "10.7.0.1", "10.7.255.254" },
        { "10.7.0.4/31", true, "10.7.0.4", "10.7.0.5" },
        { "10.7.0.4/32", true, "10.7.0.4", "10.7.0.4" },
        { "10.7.0.4", true, "10.7.0.4", "10.7.0.4" },
        { "10.7.0.4-10.7.1.2", true, "10.7.0.4", "10.7.1.2" },
        { "10.7.0.4-10.7.0.3", false, "", "" },
        { "10.7.0.1/16", false, "", "" },
        { "10.7.0.0/33", false, "", "" },
        { "10.7.0.0/", false, "", "" },
        { "0.0.0.0/0", false, "", "" },
        { "10.7/16", false, "", "" },
        { "010.7.0.1", false, "", "" },
        { "224.0.0.1", false, "", "" },
        { "10.0.0.1-255.255.255.255", false, "", "" },
        { "", false, "", "" },
        { "printers.example", false, "", "" },
        { "2001:db8::/64", false, "", "" },
};

static struct range range_of(const char *text)
{
        struct range range;

        assert(range_parse(text_from(text), &range));
        return range;
}

static void test_parse(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char first[RANGE_ADDRESS], last[RANGE_ADDRESS];
                struct range range;

                printf("%s\n", rows[i].text);
                assert(range_parse(text_from(rows[i].text), &range) == rows[i].good);
                if (!rows[i].good)
                        continue;
                range_address_format(range.first, first);
                range_address_format(range.last, last);
                assert(strcmp(first, rows[i].first) == 0 && strcmp(last, rows[i].last) == 0);
        }
}

/* Every address once, whatever overlaps, and none that is excluded. */
static void test_make(void)
{
        struct range included[] = { range_of("10.0.0.10-10.0.0.20"), range_of("10.0.0.1-10.0.0.12"),
                                    range_of("10.0.0.21"), range_of("192.168.0.0/30") };
        struct range excluded[] = { range_of("10.0.0.5"), range_of("10.0.0.19-10.0.0.30"),
                                    range_of("10.0.0.1"), range_of("192.168.0.0/29") };
        struct ranges ranges;
        uint32_t before = 0;

        ranges_make(included, ARRAY_LENGTH(included), excluded, ARRAY_LENGTH(excluded), &ranges);
        assert(ranges_count(&ranges) == 16);
        for (uint64_t i = 0; i < ranges_count(&ranges); i++) {
                uint32_t address = ranges_get(&ranges, i);

                assert(address > before && address != excluded[0].first && address < excluded[1].first);
                assert(ranges_has(&ranges, address));
                before = address;
        }
        assert(!ranges_has(&ranges, excluded[0].first) && !ranges_has(&ranges, included[2].first));
        assert(range_parse_whole(TEXT_OF("10.0.0.8/30"), &included[0]));
        assert(included[0].last - included[0].first == 3);
        ranges_make(NULL, 0, NULL, 0, &ranges);
        assert(ranges_count(&ranges) == 0);
}

int main(void)
{
        test_parse();
        test_make();
        return 0;
}
