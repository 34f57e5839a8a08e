// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/scope.h"
#include "courier/date.h"

#define NOTHING INT64_MIN

/* 2026-11-21T19:12:30.5 is 1795288350500 in UTC; this runs in a zone an hour east of it. */
static const struct {
        const char *name;
        struct text octets;
        int64_t unix_ms;
} rows[] = {
        { "UTC", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e\x05+\x00\x00"), 1795288350500 },
        { "east", TEXT("\x07\xea\x0b\x15\x14\x0c\x1e\x05+\x01\x00"), 1795288350500 },
        { "west by half an hour", TEXT("\x07\xea\x0b\x15\x0f\x2a\x1e\x05-\x03\x1e"), 1795288350500 },
        { "of our zone", TEXT("\x07\xea\x0b\x15\x14\x0c\x1e\x05"), 1795288350500 },
        { "a leap second", TEXT("\x07\xe0\x0c\x1f\x17\x3b\x3c\x00+\x00\x00"), 1483228800000 },
        { "29 February", TEXT("\x07\xe8\x02\x1d\x00\x00\x00\x00+\x00\x00"), 1709164800000 },
        { "no 29 February", TEXT("\x07\xea\x02\x1d\x00\x00\x00\x00+\x00\x00"), NOTHING },
        { "before 1970", TEXT("\x07\xb1\x0c\x1f\x17\x3b\x3b\x00+\x00\x00"), NOTHING },
        { "year 65535", TEXT("\xff\xff\x01\x01\x00\x00\x00\x00+\x00\x00"), NOTHING },
        { "month 0", TEXT("\x07\xea\x00\x15\x13\x0c\x1e\x05+\x00\x00"), NOTHING },
        { "month 13", TEXT("\x07\xea\x0d\x15\x13\x0c\x1e\x05+\x00\x00"), NOTHING },
        { "day 0", TEXT("\x07\xea\x0b\x00\x13\x0c\x1e\x05+\x00\x00"), NOTHING },
        { "hour 24", TEXT("\x07\xea\x0b\x15\x18\x0c\x1e\x05+\x00\x00"), NOTHING },
        { "minute 60", TEXT("\x07\xea\x0b\x15\x13\x3c\x1e\x05+\x00\x00"), NOTHING },
        { "second 61", TEXT("\x07\xea\x0b\x15\x13\x0c\x3d\x05+\x00\x00"), NOTHING },
        { "10 tenths", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e\x0a+\x00\x00"), NOTHING },
        { "no direction", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e\x05 \x00\x00"), NOTHING },
        { "zone 15", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e\x05+\x0f\x00"), NOTHING },
        { "10 octets", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e\x05+\x00"), NOTHING },
        { "7 octets", TEXT("\x07\xea\x0b\x15\x13\x0c\x1e"), NOTHING },
        { "nothing", TEXT(""), NOTHING },
};

int main(void)
{
        setenv("TZ", "CET-1", 1);
        tzset();
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int64_t found = NOTHING;

                printf("%s\n", rows[i].name);
                assert(courier_date_parse(rows[i].octets, &found) == (rows[i].unix_ms != NOTHING));
                assert(found == rows[i].unix_ms);
        }
        return 0;
}
