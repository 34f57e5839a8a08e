// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Time zones: which day of the calendar a moment is in somewhere.
 *
 * Zones are named as the system's own files are ("Europe/Berlin", RFC 9636); "UTC" needs none. What was read
 * once stays in memory until the process ends, so that asking costs no file. Safe from every thread.
 */

#include <stdint.h>

#include "base/text.h"

#define TIME_ZONE_NAME 48

struct time_zone;

enum time_zone_refusal {
        TIME_ZONE_UNKNOWN = 1, /* no name of a zone, or the system has no file of it */
};

/* *ret is never freed. */
int time_zone_find(struct text name, const struct time_zone **ret);

/* Seconds east of Greenwich at a moment. */
int64_t time_zone_offset_s(const struct time_zone *zone, int64_t unix_s);
/* The day there, counted from 1 January 1970, of a moment in milliseconds. */
int64_t time_zone_day(const struct time_zone *zone, int64_t unix_ms);

/* A file's octets as they are read: for tests. The caller frees *ret. */
int time_zone_parse(struct text octets, struct time_zone **ret);
