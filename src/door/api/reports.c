// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/report/report.h"

#include "base/scope.h"
#include "door/api/api.h"

static json_t *format_row(const void *item, void *context)
{
        const struct report_row *row = item;

        return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "person", row->person,
                         "queue", json_of_id(row->queue), "printer", json_of_id(row->printer), "state",
                         job_state_name(row->state), "reason", json_words_or_null(row->reason), "format",
                         json_words_or_null(row->format), "account", json_words_or_null(row->account), "size",
                         (json_int_t)row->size_octets, "pages", (json_int_t)row->pages, "created",
                         json_of_time(row->created_ms), "done", json_of_time(row->done_ms));
}

int report_jobs_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct report_row), &page, &r))
                return r;
        r = report_jobs(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_row, NULL);
}
