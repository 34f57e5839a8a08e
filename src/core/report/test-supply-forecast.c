// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/supply-forecast.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

#define NO SUPPLY_NO_DAY

static const struct {
        const char *name;
        struct supply_reading readings[12];
        size_t count;
        int64_t due;
} rows[] = {
        { "nothing is known", { { 0, 0 } }, 0, NO },
        { "one reading", { { 100, 500 } }, 1, NO },
        { "empty is empty", { { 100, 0 } }, 1, 100 },
        { "two readings", { { 100, 500 }, { 110, 400 } }, 2, NO },
        { "three readings in too few days", { { 100, 500 }, { 101, 490 }, { 102, 480 } }, 3, NO },
        { "a straight fall", { { 100, 500 }, { 105, 450 }, { 110, 400 } }, 3, 150 },
        { "days without readings", { { 100, 500 }, { 101, 490 }, { 120, 300 } }, 3, 150 },
        { "it does not fall", { { 100, 500 }, { 105, 500 }, { 110, 500 } }, 3, NO },
        { "it rises a little", { { 100, 500 }, { 105, 510 }, { 110, 520 } }, 3, NO },
        { "further than two years", { { 100, 1000 }, { 105, 999 }, { 110, 998 } }, 3, NO },
        { "one wrong reading",
          { { 100, 500 },
            { 101, 490 },
            { 102, 480 },
            { 103, 100 },
            { 104, 460 },
            { 105, 450 },
            { 106, 440 } },
          7,
          NO }, /* it came back by more than a refill: what follows is too short */
        { "one wrong reading downward at the end",
          { { 100, 500 },
            { 101, 490 },
            { 102, 480 },
            { 103, 470 },
            { 104, 460 },
            { 105, 450 },
            { 106, 400 } },
          7,
          146 },
        { "a refill", { { 90, 200 }, { 95, 100 }, { 100, 1000 }, { 105, 950 }, { 110, 900 } }, 5, 200 },
        { "just refilled", { { 90, 200 }, { 95, 100 }, { 100, 50 }, { 101, 1000 } }, 4, NO },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                int64_t due = supply_forecast(rows[i].readings, rows[i].count);

                if (due != rows[i].due)
                        printf("%s: %lld, not %lld\n", rows[i].name, (long long)due, (long long)rows[i].due);
                assert(due == rows[i].due);
        }
        return 0;
}
