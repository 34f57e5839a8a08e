// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* When, how fast, and what is due: schedule, pace, wheel. */

#include "discovery/schedule.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "discovery/pace.h"
#include "discovery/wheel.h"

static struct tm at(int day, int hour, int minute)
{
        return (struct tm){
                .tm_year = 126, .tm_yday = day, .tm_wday = day % 7, .tm_hour = hour, .tm_min = minute
        };
}

static void test_hours(void)
{
        static const struct {
                int from, to, hour;
                bool is_open;
        } rows[] = {
                { 19 * 60, 6 * 60, 18, false },
                { 19 * 60, 6 * 60, 19, true },
                { 19 * 60, 6 * 60, 2, true },
                { 19 * 60, 6 * 60, 6, false },
                { 8 * 60, 17 * 60, 8, true },
                { 8 * 60, 17 * 60, 17, false },
                { 0, 0, 12, true },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct schedule schedule = { .has_hours = true, .from = rows[i].from, .to = rows[i].to };
                struct tm now = at(5, rows[i].hour, 0);

                assert(schedule_is_open(&schedule, &now) == rows[i].is_open);
        }
}

static void test_due(void)
{
        struct schedule schedule = { .discovery = CYCLE_WEEKLY,
                                     .weekday = 3,
                                     .at = 150,
                                     .meters = CYCLE_DAILY,
                                     .meters_at = 200,
                                     .supplies_minutes = 15 };
        struct schedule_past past = { .discovery_day = 0 };
        enum purpose purpose;
        struct tm now = at(2, 2, 29);
        int runs[PURPOSES] = { 0 };

        assert(schedule_next(&schedule, &now, &past, &purpose) && purpose == PURPOSE_SUPPLIES);
        assert(!schedule_next(&schedule, &now, &past, &purpose));
        for (int day = 3; day < 17; day++)
                for (int minute = 0; minute < MINUTES_A_DAY; minute++) {
                        now = at(day, minute / 60, minute % 60);
                        while (schedule_next(&schedule, &now, &past, &purpose)) {
                                runs[purpose]++;
                                assert(purpose != PURPOSE_DISCOVERY || (day % 7 == 3 && minute == 150));
                                assert(purpose != PURPOSE_METERS || minute == 200);
                        }
                }
        assert(runs[PURPOSE_DISCOVERY] == 2 && runs[PURPOSE_METERS] == 14);
        assert(runs[PURPOSE_SUPPLIES] == 14 * MINUTES_A_DAY / 15 || runs[PURPOSE_SUPPLIES] == 14 * 96 + 1);
        /* A clock that jumps back does not do it again. */
        now = at(16, 1, 0);
        (void)schedule_next(&schedule, &now, &past, &purpose);
        now = at(16, 4, 0);
        while (schedule_next(&schedule, &now, &past, &purpose))
                assert(purpose == PURPOSE_SUPPLIES);
        schedule = (struct schedule){ .discovery = CYCLE_NEVER };
        assert(!schedule_next(&schedule, &now, &past, &purpose));
}

static void test_minutes(void)
{
        int minute;

        assert(minute_parse(TEXT_OF("23:59"), &minute) && minute == 1439);
        assert(!minute_parse(TEXT_OF("24:00"), &minute) && !minute_parse(TEXT_OF("1:00"), &minute) &&
               !minute_parse(TEXT_OF("01:60"), &minute) && !minute_parse(TEXT_OF("0100"), &minute) &&
               !minute_parse(TEXT_OF("01:0x"), &minute));
}

/* In no second more than the cap and a tenth of it, however the clock comes. */
static void test_pace(void)
{
        struct pace pace;
        int64_t sent = 0;

        pace_init(&pace, 200, 0);
        for (int64_t us = 0; us < 10 * 1000000; us += 137)
                sent += pace_take(&pace, us);
        assert(sent >= 1990 && sent <= 2001);
        for (int i = 0; i < 1000 && pace_take(&pace, 100 * (int64_t)1000000); i++)
                sent++;
        assert(sent <= 2001 + 20);
        pace_charge(&pace, 10);
        assert(!pace_take(&pace, 100 * (int64_t)1000000 + 50000) &&
               pace_take(&pace, 100 * (int64_t)1000000 + 55001));
        assert(pace_wait_us(&pace, 100 * (int64_t)1000000 + 55001) > 0);
        pace_init(&pace, 1, 0);
        assert(pace_take(&pace, 0) && !pace_take(&pace, 900000) && pace_take(&pace, 1000000));
}

static void test_wheel(void)
{
        static struct wheel wheel;
        static struct wheel_timer timers[1000];
        size_t given = 0;

        wheel_init(&wheel, 5000);
        for (size_t i = 0; i < ARRAY_LENGTH(timers); i++)
                wheel_set(&wheel, &timers[i], 5000 + (int64_t)(i * 37 % 20000));
        assert(wheel.count == 1000);
        wheel_set(&wheel, &timers[3], 5001);
        wheel_clear(&wheel, &timers[4]);
        wheel_clear(&wheel, &timers[4]);
        for (int64_t now_ms = 5000; now_ms < 30000; now_ms += 7) {
                struct wheel_timer *timer;

                while ((timer = wheel_next(&wheel, now_ms))) {
                        assert(timer->due_ms <= now_ms && timer->due_ms + WHEEL_TICK_MS + 7 > now_ms);
                        given++;
                }
        }
        assert(given == 999 && wheel.count == 0);
        /* after a long sleep */
        wheel_set(&wheel, &timers[0], 31000);
        wheel_set(&wheel, &timers[1], 900000);
        assert(wheel_next(&wheel, 1000000) && wheel_next(&wheel, 1000000) && !wheel_next(&wheel, 1000000));
}

int main(void)
{
        test_hours();
        test_due();
        test_minutes();
        test_pace();
        test_wheel();
        return 0;
}
