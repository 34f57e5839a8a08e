// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Documents that stay with their agent (core/job/stay.h): which it is to have, and what it says of them. */

#include "base/scope.h"
#include "core/job/stay.h"
#include "door/api/api.h"

static json_t *format_stay(const void *item, void *context)
{
        const struct stay_item *stay = item;

        return json_pack("{s:o, s:b}", "deposit", json_of_id(stay->deposit), "over", stay->is_over);
}

int stays_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct stay_item), &page, &r))
                return r;
        r = stay_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_stay, NULL);
}

static int answer_told(struct request *request,
                       int (*tell)(struct core *core, const struct actor *agent, struct id deposit))
{
        struct id deposit;
        int r;

        if (!request_id(request, 0, &deposit))
                return request_refuse(request, CORE_NOT_FOUND);
        r = tell(request->core, &request->actor, deposit);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int stay_removed_answer(struct request *request)
{
        return answer_told(request, stay_removed);
}

int stay_lost_answer(struct request *request)
{
        return answer_told(request, stay_lost);
}
