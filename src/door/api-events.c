// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/event.h"

#include <errno.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api.h"

static json_t *event_json(const void *item, void *context)
{
        const struct event *e = item;

        return json_pack("{s:o, s:o, s:s, s:{s:s, s:o}, s:o, s:o, s:s, s:o}", "id", json_of_id(e->id), "at",
                         json_of_time(e->at_ms), "event", e->kind, "actor", "kind", e->actor_kind, "id",
                         json_of_id(e->actor), "subject", json_of_id(e->subject), "detail",
                         json_words_or_null(e->detail), "via", e->via, "source",
                         json_words_or_null(e->source));
}

int events_answer(struct request *request)
{
        SCOPED(freep) struct event *events = NULL;
        struct id subject = { 0 };
        struct text word;
        struct page page;
        size_t count;
        int r;

        if (!request_page(request, &page, &r))
                return r;
        if (http_query(request->x, "subject", &word) && word.len && !id_parse(word, &subject))
                return request_bad(request, "\"subject\" is the id of a job, printer, person, …");
        events = calloc(page.limit + 1, sizeof(*events));
        if (!events)
                return fault(-ENOMEM);
        r = event_list(request->core, &request->actor, id_is_zero(subject) ? NULL : &subject, page.after,
                       events, page.limit + 1, &count);
        if (r)
                return request_refuse(request, r);
        return request_answer_page(request, &page, events, sizeof(*events), count, event_json, NULL);
}
