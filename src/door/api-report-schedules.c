// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Reports that come by mail, each to whoever asked for it. */

#include "core/report-schedule.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/tenant.h"
#include "door/api.h"

static json_t *schedule_json(const void *item, void *context)
{
        const struct report_schedule *s = item;

        (void)context;
        return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "id", json_of_id(s->id), "by",
                         report_by_names[s->by], "period", report_period_names[s->period], "language",
                         language_names[s->language], "due", json_of_time(s->due_ms), "outcome",
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

int report_schedule_make_answer(struct request *request)
{
        struct report_schedule schedule = { 0 };
        int by = REPORT_BY_DAY, period = REPORT_MONTHLY, language = -1, r;
        struct members members;
        struct tenant tenant;

        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "by", MEMBER_OPTIONAL, report_by_names, &by);
        members_word(&members, "period", MEMBER_OPTIONAL, report_period_names, &period);
        members_word(&members, "language", MEMBER_OPTIONAL, language_names, &language);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r)
                return request_refuse(request, r);
        schedule.by = (enum report_by)by;
        schedule.period = (enum report_period)period;
        schedule.language = language < 0 ? tenant.language : (enum language)language;
        r = report_schedule_make(request->core, &request->actor, &schedule);
        return r ? request_refuse(request, r) : request_answer(request, 201, schedule_json(&schedule, NULL));
}

int report_schedule_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? report_schedule_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
