// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * When a supply will be empty, by the levels that it had. Pure.
 *
 *   1. Only what came after the last refill counts: a level that is more than five of a hundred above the one
 *      before began anew.
 *   2. How fast it falls is the median of the slopes between all pairs of readings (Theil and Sen), so that a
 *      wrong reading, or a day on which much was printed, does not turn it.
 *   3. Nothing is said (SUPPLY_NO_DAY) where there are fewer than three readings or they span less than three
 *      days, where it does not fall, and of more than two years ahead. What is empty is so since its last
 * day.
 */

#include <stddef.h>
#include <stdint.h>

#define SUPPLY_READINGS 30
#define SUPPLY_NO_DAY   INT32_MAX

struct supply_reading {
        int64_t day;   /* since 1970 */
        int32_t level; /* of a thousand */
};

/* In the order of days, each once; at most SUPPLY_READINGS. */
int64_t supply_forecast(const struct supply_reading *readings, size_t count);
