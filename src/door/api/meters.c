// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printers' counters stood at, and what of it is of people. */

#include "core/printer/meter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

#define METERS_MAX 2000
#define USAGE_MAX  1000

static json_t *day_json(int64_t day)
{
        char string[25];

        clock_format(day * 86400000, string);
        return json_stringn(string, 10);
}

static json_t *meter_json(const struct meter *m)
{
        return json_pack("{s:o, s:s, s:s, s:I, s:o, s:o}", "day", day_json(m->day), "name", m->name, "unit",
                         m->unit, "value", (json_int_t)m->value, "used",
                         m->used < 0 ? json_null() : json_integer(m->used), "seen", json_of_time(m->seen_ms));
}

/* Whole days, as many as there is room for, and from which day to go on. */
static json_t *meters_json(const struct meter *meters, size_t count)
{
        json_t *array = json_array(), *next = json_null();

        if (count == METERS_MAX) {
                int64_t last = meters[count - 1].day;

                while (count > 1 && meters[count - 1].day == last)
                        count--;
                next = day_json(last);
        }
        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, meter_json(&meters[i]));
        return json_pack("{s:o, s:o}", "items", array, "next", next);
}

int printer_meters_answer(struct request *request)
{
        SCOPED(freep) struct meter *meters = calloc(METERS_MAX, sizeof(*meters));
        int64_t since = clock_day(clock_unix_ms()) - 30;
        struct printer printer;
        size_t count;
        int r;

        if (!meters)
                return fault(-ENOMEM);
        if (!request_query_day(request, "since", &since, &r))
                return r;
        r = request_find_printer(request, request->arguments[0], &printer);
        if (r == 0)
                r = meter_list(request->core, &request->actor, printer.id, since, meters, METERS_MAX, &count);
        return r ? request_refuse(request, r) : request_answer(request, 200, meters_json(meters, count));
}

/* ---- usage ---- */

static json_t *usage_json(const struct usage *usage)
{
        json_t *counters = json_array();

        for (size_t i = 0; counters && i < usage->counter_count; i++)
                json_array_append_new(counters, meter_json(&usage->counters[i]));
        return json_pack("{s:o, s:o, s:o, s:{s:I, s:I}}", "day", day_json(usage->day), "printer",
                         json_of_id(usage->printer), "counters", counters, "ours", "deliveries",
                         (json_int_t)usage->deliveries, "pages", (json_int_t)usage->pages);
}

int report_usage_answer(struct request *request)
{
        SCOPED(freep) struct usage *usage = calloc(USAGE_MAX, sizeof(*usage));
        int64_t since = clock_day(clock_unix_ms()) - 30, until = clock_day(clock_unix_ms()) + 1;
        json_t *array = json_array();
        size_t count = 0;
        int r = usage && array ? 0 : fault(-ENOMEM);

        if (r == 0 && (!request_query_day(request, "since", &since, &r) ||
                       !request_query_day(request, "until", &until, &r))) {
                json_decref(array);
                return r;
        }
        if (r == 0)
                r = usage_report(request->core, &request->actor, since, until, usage, USAGE_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                json_array_append_new(array, usage_json(&usage[i]));
        if (r == 0)
                return request_answer(request, 200,
                                      json_pack("{s:o, s:b}", "items", array, "is_cut", count == USAGE_MAX));
        json_decref(array);
        return request_refuse(request, r);
}

static int answer_switch(struct request *request, struct id printer)
{
        bool on;
        int r = usage_is_on(request->core, &request->actor, printer, &on);

        return r ? request_refuse(request, r)
                 : request_answer(request, 200, json_pack("{s:b}", "counted", on));
}

static int answer_change(struct request *request, struct id printer)
{
        struct members members;
        bool on = false;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "counted", MEMBER_REQUIRED, &on);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = usage_switch(request->core, &request->actor, printer, on);
        return r ? request_refuse(request, r) : answer_switch(request, printer);
}

int tenant_usage_answer(struct request *request)
{
        return answer_switch(request, (struct id){ 0 });
}

int tenant_usage_change_answer(struct request *request)
{
        return answer_change(request, (struct id){ 0 });
}

int printer_usage_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : answer_switch(request, printer.id);
}

int printer_usage_change_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : answer_change(request, printer.id);
}
