// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/schedule.h"

#include "base/scope.h"

static const char *const purposes[PURPOSES] = { "discovery", "meters", "supplies", "status" };

const char *purpose_name(enum purpose purpose)
{
        return purposes[purpose];
}

bool purpose_parse(struct text name, enum purpose *ret)
{
        for (size_t i = 0; i < PURPOSES; i++)
                if (text_equal_string(name, purposes[i])) {
                        *ret = (enum purpose)i;
                        return true;
                }
        return false;
}

bool cycle_parse(struct text name, enum cycle *ret)
{
        static const char *const names[] = { "never", "daily", "weekly" };

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (text_equal_string(name, names[i])) {
                        *ret = (enum cycle)i;
                        return true;
                }
        return false;
}

bool minute_parse(struct text time, int *ret)
{
        struct text hours, minutes;
        uint64_t hour, minute;

        if (!text_cut(time, ':', &hours, &minutes) || hours.len != 2 || minutes.len != 2 ||
            !text_number(hours, 23, &hour) || !text_number(minutes, 59, &minute))
                return false;
        *ret = (int)(hour * 60 + minute);
        return true;
}

static int minute_of(const struct tm *now)
{
        return now->tm_hour * 60 + now->tm_min;
}

/* A number that is the same all day, and another on each; of the local calendar. */
static int64_t day_of(const struct tm *now)
{
        return (int64_t)now->tm_year * 400 + now->tm_yday + 1;
}

bool schedule_is_open(const struct schedule *schedule, const struct tm *now)
{
        int minute = minute_of(now);

        if (!schedule->has_hours || schedule->from == schedule->to)
                return true;
        if (schedule->from < schedule->to)
                return minute >= schedule->from && minute < schedule->to;
        return minute >= schedule->from || minute < schedule->to;
}

/* At its minute or later on the same day, for the agent may have been off; once a day. */
static bool is_daily_due(const struct tm *now, int at, int64_t *past)
{
        if (minute_of(now) < at || *past == day_of(now))
                return false;
        *past = day_of(now);
        return true;
}

static bool is_discovery_due(const struct schedule *schedule, const struct tm *now,
                             struct schedule_past *past)
{
        if (schedule->discovery == CYCLE_NEVER ||
            (schedule->discovery == CYCLE_WEEKLY && now->tm_wday != schedule->weekday))
                return false;
        return is_daily_due(now, schedule->at, &past->discovery_day);
}

static bool are_supplies_due(const struct schedule *schedule, const struct tm *now,
                             struct schedule_past *past)
{
        int64_t minute = day_of(now) * MINUTES_A_DAY + minute_of(now),
                passed = minute - past->supplies_minute;

        if (schedule->supplies_minutes == 0 || (passed >= 0 && passed < schedule->supplies_minutes))
                return false;
        past->supplies_minute = minute;
        return true;
}

bool schedule_next(const struct schedule *schedule, const struct tm *now, struct schedule_past *past,
                   enum purpose *ret)
{
        if (!schedule_is_open(schedule, now))
                return false;
        if (is_discovery_due(schedule, now, past))
                *ret = PURPOSE_DISCOVERY;
        else if (schedule->meters != CYCLE_NEVER && is_daily_due(now, schedule->meters_at, &past->meters_day))
                *ret = PURPOSE_METERS;
        else if (are_supplies_due(schedule, now, past))
                *ret = PURPOSE_SUPPLIES;
        else
                return false;
        return true;
}
