// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Reports that come by mail, each to whoever it is for. */

#include "core/report/report-schedule.h"

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

static json_t *attach_json(uint32_t attach)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < REPORT_FILES; i++)
                if (attach & 1U << i)
                        json_array_append_new(array, json_string(report_file_names[i]));
        return array;
}

static json_t *schedule_json(const void *item, void *context)
{
        const struct report_schedule *s = item;

        (void)context;
        return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", json_of_id(s->id), "by",
                         report_by_names[s->by], "period", report_period_names[s->period], "language",
                         language_names[s->language], "to", json_words_or_null(s->email), "attach",
                         attach_json(s->attach), "due", json_of_time(s->due_ms), "outcome",
                         json_words_or_null(s->outcome), "outcome_at", json_of_time(s->outcome_ms), "created",
                         json_of_time(s->created_ms));
}

int report_schedules_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct report_schedule), &page, &r))
                return r;
        r = report_schedule_list(request->core, &request->actor, page.after, page.items, page.max,
                                 &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, schedule_json, NULL);
}

/* ["csv", "pdf"]; false where it is none. */
static bool read_attach(json_t *array, uint32_t *ret)
{
        json_t *item;
        size_t i;

        if (!json_is_array(array))
                return false;
        *ret = 0;
        json_array_foreach(array, i, item)
        {
                uint32_t before = *ret;

                for (size_t k = 0; json_is_string(item) && k < REPORT_FILES; k++)
                        if (strcmp(json_string_value(item), report_file_names[k]) == 0)
                                *ret |= 1U << k;
                if (*ret == before)
                        return false;
        }
        return true;
}

/* What is named; false after a complaint was answered. */
static bool read_schedule(struct request *request, struct report_schedule *s, char to[CORE_EMAIL], int *ret_r)
{
        int by = (int)s->by, period = (int)s->period, language = (int)s->language;
        struct members members;
        json_t *attach;

        if (!request_members(request, &members, ret_r))
                return false;
        members_word(&members, "by", MEMBER_OPTIONAL, report_by_names, &by);
        members_word(&members, "period", MEMBER_OPTIONAL, report_period_names, &period);
        members_word(&members, "language", MEMBER_OPTIONAL, language_names, &language);
        if (to)
                members_words(&members, "to", MEMBER_OPTIONAL, to, CORE_EMAIL);
        attach = members_any(&members, "attach");
        if (attach && !json_is_null(attach) && !read_attach(attach, &s->attach))
                members_complain(&members, "attach: some of csv, pdf");
        s->by = (enum report_by)by;
        s->period = (enum report_period)period;
        s->language = (enum language)language;
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

/* As it stands now. */
static int answer(struct request *request, int status, struct id id)
{
        struct report_schedule found;
        int r = report_schedule_find(request->core, &request->actor, id, &found);

        return r ? request_refuse(request, r) : request_answer(request, status, schedule_json(&found, NULL));
}

int report_schedule_make_answer(struct request *request)
{
        struct report_schedule schedule = { .by = REPORT_BY_DAY, .period = REPORT_MONTHLY };
        char to[CORE_EMAIL] = "";
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);

        if (r)
                return request_refuse(request, r);
        schedule.language = tenant.language;
        if (!read_schedule(request, &schedule, to, &r))
                return r;
        r = report_schedule_make(request->core, &request->actor, text_from(to), &schedule);
        return r ? request_refuse(request, r) : answer(request, 201, schedule.id);
}

int report_schedule_change_answer(struct request *request)
{
        struct report_schedule schedule;
        struct id id;
        int r = request_id(request, 0, &id)
                        ? report_schedule_find(request->core, &request->actor, id, &schedule)
                        : CORE_NOT_FOUND;

        if (r)
                return request_refuse(request, r);
        if (!read_schedule(request, &schedule, NULL, &r))
                return r;
        r = report_schedule_change(request->core, &request->actor, &schedule);
        return r ? request_refuse(request, r) : answer(request, 200, id);
}

int report_schedule_send_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? report_schedule_send(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int report_schedule_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? report_schedule_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
