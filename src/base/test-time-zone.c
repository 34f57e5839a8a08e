// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/time-zone.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/scope.h"

/* As the C library says it, which reads the same files and has one zone at a time. */
static void compare(const char *name)
{
        const struct time_zone *zone;

        printf("%s\n", name);
        fflush(stdout);
        assert(time_zone_find(text_from(name), &zone) == 0);
        assert(setenv("TZ", name, 1) == 0);
        tzset();
        /* Every seven hours from 1970 to 2060, beyond the last change that a file names. */
        for (time_t at = 0; at < 2840140800; at += 7 * 3600 + 11) {
                struct tm local;

                assert(localtime_r(&at, &local));
                assert(time_zone_offset_s(zone, at) == local.tm_gmtoff);
        }
}

static const struct {
        const char *zone;
        int64_t unix_ms, day;
} days[] = {
        { "UTC", 0, 0 },
        { "UTC", 86399999, 0 },
        { "UTC", 86400000, 1 },
        { "Europe/Berlin", 82800000, 1 },          /* 23:00 UTC is midnight there */
        { "Europe/Berlin", 1774738799000, 20540 }, /* 28 March 2026, 23:59:59: the night that is short */
        { "Europe/Berlin", 1774821599000, 20541 }, /* the day of 23 hours ends */
        { "Europe/Berlin", 1774821600000, 20542 },
        { "America/New_York", 1767243599000, 20453 }, /* still 31 December 2025 */
        { "America/New_York", 1767243600000, 20454 },
        { "Pacific/Kiritimati", 1767175200000, 20454 }, /* the first where it is 2026 */
};

static const char *const wrong[] = { "",
                                     "Mars/Phobos",
                                     "../zone1970.tab",
                                     "/etc/passwd",
                                     "Europe//Berlin",
                                     "Europe/",
                                     "Europe/../Europe/Berlin",
                                     ".",
                                     "zone.tab",
                                     "posixrules/" };

static void cut_short(void)
{
        FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "r");
        struct time_zone *zone;
        char octets[8192];
        size_t len;

        assert(file);
        len = fread(octets, 1, sizeof(octets), file);
        fclose(file);
        /* Whatever is missing, nothing beyond it is read; without its last line it is still a zone. */
        for (size_t i = 0; i < len; i++) {
                SCOPED(freep) char *copy = malloc(i + 1);

                assert(copy);
                memcpy(copy, octets, i);
                if (time_zone_parse(text_from_octets(copy, i), &zone) == 0) {
                        time_zone_offset_s(zone, 1774738799);
                        free(zone);
                }
        }
}

int main(void)
{
        const struct time_zone *zone;

        for (size_t i = 0; i < ARRAY_LENGTH(days); i++) {
                printf("%s %lld\n", days[i].zone, (long long)days[i].unix_ms);
                fflush(stdout);
                assert(time_zone_find(text_from(days[i].zone), &zone) == 0);
                assert(time_zone_day(zone, days[i].unix_ms) == days[i].day);
        }
        for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
                assert(time_zone_find(text_from(wrong[i]), &zone) == TIME_ZONE_UNKNOWN);
        compare("Europe/Berlin");
        compare("America/New_York");
        compare("America/Sao_Paulo");
        compare("Australia/Sydney"); /* its summer is around the turn of the year */
        compare("Asia/Kolkata");
        compare("Africa/Casablanca");
        compare("Pacific/Apia"); /* a day is missing there */
        cut_short();
        return 0;
}
