// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/supply-forecast.h"

#include <assert.h>
#include <stdlib.h>

#define REFILL      50 /* of a thousand */
#define LEAST       3  /* readings, and days between the first and the last */
#define FAR_DAYS    730
#define SLOPE_PARTS 1000000
#define PAIRS       (SUPPLY_READINGS * (SUPPLY_READINGS - 1) / 2)

static int compare(const void *a, const void *b)
{
        int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

        return (x > y) - (x < y);
}

/* A day, in millionths. */
static int64_t median_slope(const struct supply_reading *readings, size_t count)
{
        int64_t slopes[PAIRS];
        size_t pairs = 0;

        for (size_t i = 0; i < count; i++)
                for (size_t k = i + 1; k < count; k++)
                        slopes[pairs++] = (int64_t)(readings[k].level - readings[i].level) * SLOPE_PARTS /
                                          (readings[k].day - readings[i].day);
        qsort(slopes, pairs, sizeof(slopes[0]), compare);
        return pairs % 2 ? slopes[pairs / 2] : (slopes[pairs / 2 - 1] + slopes[pairs / 2]) / 2;
}

int64_t supply_forecast(const struct supply_reading *readings, size_t count)
{
        const struct supply_reading *last;
        int64_t slope, days;
        size_t first = 0;

        assert(count <= SUPPLY_READINGS);
        if (!count)
                return SUPPLY_NO_DAY;
        last = &readings[count - 1];
        if (last->level <= 0)
                return last->day;
        for (size_t i = 1; i < count; i++)
                if (readings[i].level > readings[i - 1].level + REFILL)
                        first = i;
        if (count - first < LEAST || last->day - readings[first].day < LEAST)
                return SUPPLY_NO_DAY;
        slope = median_slope(readings + first, count - first);
        if (slope >= 0)
                return SUPPLY_NO_DAY;
        days = (int64_t)last->level * SLOPE_PARTS / -slope;
        return days > FAR_DAYS ? SUPPLY_NO_DAY : last->day + days;
}
