// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * When printers are looked for and asked: by the agent's own clock and time zone. Values; the caller brings
 * the time. A clock that jumps makes a run early or late, never twice on one day.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/text.h"

enum purpose {
        PURPOSE_DISCOVERY, /* who is there, and everything about him */
        PURPOSE_METERS,
        PURPOSE_SUPPLIES,
        PURPOSE_STATUS,
};
#define PURPOSES 4
/* "discovery", "meters", "supplies", "status". */
const char *purpose_name(enum purpose purpose);
bool purpose_parse(struct text name, enum purpose *ret);

enum cycle {
        CYCLE_NEVER,
        CYCLE_DAILY,
        CYCLE_WEEKLY,
};
bool cycle_parse(struct text name, enum cycle *ret);

#define MINUTES_A_DAY 1440
/* "19:30": minutes since midnight. */
bool minute_parse(struct text time, int *ret);

struct schedule {
        enum cycle discovery;
        int weekday; /* of CYCLE_WEEKLY; 0 is Sunday */
        int at;      /* minute of the day */
        enum cycle meters;
        int meters_at;
        int supplies_minutes; /* 0: never; at least 15 */
        bool has_hours;       /* nothing is done outside of them */
        int from, to;         /* minutes; over midnight where from is later */
};

/* What was done last, as days and minutes of the clock below; 0: never. */
struct schedule_past {
        int64_t discovery_day, meters_day, supplies_minute;
};

/* Whether the network may be used now. */
bool schedule_is_open(const struct schedule *schedule, const struct tm *now);
/* What is to be done now, the largest first; notes it in *past. */
bool schedule_next(const struct schedule *schedule, const struct tm *now, struct schedule_past *past,
                   enum purpose *ret);
