// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What agents keep because we would not have it, and what is to become of it. */

#include "base/scope.h"
#include "core/site/refused-deposit.h"
#include "door/api/api.h"

static json_t *deposit_json(const struct refused_deposit *d)
{
        return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "id",
                         json_of_id(d->id), "agent", json_of_id(d->agent), "door", d->door, "reason",
                         d->reason, "queue", json_words_or_null(d->queue), "client",
                         json_words_or_null(d->client), "user", json_words_or_null(d->user), "claimed",
                         json_of_id(d->claimed), "claimed_email", json_words_or_null(d->claimed_email),
                         "person", json_of_id(d->person), "person_email", json_words_or_null(d->person_email),
                         "octets", (json_int_t)d->octets, "made", json_of_time(d->made_ms), "refused",
                         json_of_time(d->refused_ms), "until", json_of_time(d->until_ms));
}

static json_t *format_deposit(const void *item, void *context)
{
        return deposit_json(item);
}

int refused_deposits_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct refused_deposit), &page, &r))
                return r;
        r = refused_deposit_list(request->core, &request->actor, page.after, page.items, page.max,
                                 &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_deposit, NULL);
}

int refused_deposit_give_answer(struct request *request)
{
        struct refused_deposit deposit;
        struct id id, person_id;
        struct members members;
        const char *person;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        person = members_string(&members, "person", MEMBER_REQUIRED, CORE_EMAIL - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request_id(request, 0, &id) ? 0 : CORE_NOT_FOUND;
        if (r == 0)
                r = request_find_person(request, text_from(person), &person_id);
        if (r == 0)
                r = refused_deposit_give(request->core, &request->actor, id, person_id, &deposit);
        return r ? request_refuse(request, r) : request_answer(request, 200, deposit_json(&deposit));
}

int refused_deposit_discard_answer(struct request *request)
{
        struct id id;
        int r = CORE_NOT_FOUND;

        if (request_id(request, 0, &id))
                r = refused_deposit_discard(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
