// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/date.h"

#include <time.h>

#define OCTETS       8
#define OCTETS_ZONED 11

static bool is_within(int value, int least, int most)
{
        return value >= least && value <= most;
}

/* A day that the month does not have comes back as another. */
static bool is_day(const struct tm *tm)
{
        struct tm again = { .tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday };

        return timegm(&again) != (time_t)-1 && again.tm_mday == tm->tm_mday;
}

bool courier_date_parse(struct text octets, int64_t *ret_unix_ms)
{
        const unsigned char *at = (const unsigned char *)octets.at;
        struct tm tm = { .tm_isdst = -1 };
        int64_t seconds;
        int zone_s;

        if (octets.len != OCTETS && octets.len != OCTETS_ZONED)
                return false;
        /* A second of 60 is a leap second. */
        if (!is_within(at[2], 1, 12) || !is_within(at[3], 1, 31) || at[4] > 23 || at[5] > 59 || at[6] > 60 ||
            at[7] > 9)
                return false;
        tm.tm_year = (at[0] << 8 | at[1]) - 1900;
        tm.tm_mon = at[2] - 1;
        tm.tm_mday = at[3];
        tm.tm_hour = at[4];
        tm.tm_min = at[5];
        tm.tm_sec = at[6];
        if (!is_within(tm.tm_year, 70, 8099) || !is_day(&tm))
                return false;
        if (octets.len == OCTETS_ZONED) {
                if ((at[8] != '+' && at[8] != '-') || at[9] > 14 || at[10] > 59)
                        return false;
                zone_s = (at[9] * 60 + at[10]) * 60;
                seconds = (int64_t)timegm(&tm) - (at[8] == '+' ? zone_s : -zone_s);
        } else {
                seconds = (int64_t)mktime(&tm);
        }
        *ret_unix_ms = seconds * 1000 + at[7] * 100;
        return true;
}
