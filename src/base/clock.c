// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_us(clockid_t id)
{
        struct timespec now;

        clock_gettime(id, &now);
        return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_unix_ms(void)
{
        return read_us(CLOCK_REALTIME) / 1000;
}

int64_t clock_monotonic_ms(void)
{
        return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_boot_ms(void)
{
        return read_us(CLOCK_BOOTTIME) / 1000;
}

int64_t clock_monotonic_us(void)
{
        return read_us(CLOCK_MONOTONIC);
}

int64_t clock_day(int64_t unix_ms)
{
        return unix_ms / 86400000;
}

void clock_format(int64_t unix_ms, char ret[25])
{
        time_t seconds = (time_t)(unix_ms / 1000);
        struct tm utc;
        char day[20];

        gmtime_r(&seconds, &utc);
        strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &utc);
        snprintf(ret, 25, "%.19s.%03uZ", day, (unsigned int)((uint64_t)unix_ms % 1000));
}

void clock_pause(int64_t pause_ms)
{
        struct timespec time = { pause_ms / 1000, pause_ms % 1000 * 1000000 };

        (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}
