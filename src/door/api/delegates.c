// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/delegate.h"

#include "base/clock.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "door/api/api.h"

#define SECOND_MS           1000
#define EXPIRES_SECONDS_MAX (3653LL * 86400)

static json_t *delegate_json(const struct delegate *d)
{
        return json_pack("{s:{s:o, s:s}, s:{s:o, s:s}, s:b, s:o, s:o}", "owner", "id", json_of_id(d->owner),
                         "email", d->owner_email, "person", "id", json_of_id(d->person), "email",
                         d->person_email, "titles", d->titles, "until", json_of_time(d->until_ms), "created",
                         json_of_time(d->created_ms));
}

static json_t *format_delegate(const void *item, void *context)
{
        return delegate_json(item);
}

static int answer_list(struct request *request,
                       int (*list)(struct core *core, const struct actor *actor, struct id of,
                                   struct id after, struct delegate *ret, size_t max, size_t *ret_count))
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = request_whole_page(sizeof(struct delegate), DELEGATES_MAX, &page);
        if (r == 0)
                r = list(request->core, &request->actor, person, page.after, page.items, page.max,
                         &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_delegate, NULL);
}

int delegates_answer(struct request *request)
{
        return answer_list(request, delegate_list);
}

int owners_answer(struct request *request)
{
        return answer_list(request, delegate_list_owners);
}

int delegate_name_answer(struct request *request)
{
        int64_t expires_in_s = 0;
        struct delegate delegate;
        struct members members;
        bool titles = false;
        struct id owner;
        int r = request_find_person(request, request->arguments[0], &owner);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "titles", MEMBER_OPTIONAL, &titles);
        members_number(&members, "expires_in", MEMBER_OPTIONAL, 1, EXPIRES_SECONDS_MAX, &expires_in_s);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = delegate_name(request->core, &request->actor, owner, request->arguments[1], titles,
                          expires_in_s * SECOND_MS, &delegate);
        return r ? request_refuse(request, r) : request_answer(request, 200, delegate_json(&delegate));
}

/* The delegate by his address too, which is in the owner's list. */
static int find_delegate(struct request *request, struct id owner, struct id *ret)
{
        struct delegate delegates[DELEGATES_MAX];
        struct text name = request->arguments[1];
        size_t count;
        int r;

        if (id_parse(name, ret))
                return 0;
        r = delegate_list(request->core, &request->actor, owner, (struct id){ 0 }, delegates, DELEGATES_MAX,
                          &count);
        for (size_t i = 0; r == 0 && i < count; i++) {
                if (text_equal_nocase(name, text_from(delegates[i].person_email))) {
                        *ret = delegates[i].person;
                        return 0;
                }
        }
        /* Who declines is named by himself. */
        return r == 0 || r == CORE_NOT_FOUND ? request_find_person(request, name, ret) : r;
}

int delegate_remove_answer(struct request *request)
{
        struct id owner, person;
        int r = request_find_person(request, request->arguments[0], &owner);

        if (r == 0)
                r = find_delegate(request, owner, &person);
        if (r == 0)
                r = delegate_remove(request->core, &request->actor, owner, person);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
