// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/registration.h"

#include "base/scope.h"
#include "door/api/api.h"

/* The same words whatever became of it: the mail says more. */
static json_t *accepted_json(void)
{
        return json_pack("{s:s}", "state", "mailed-if-possible");
}

int registration_request_answer(struct request *request)
{
        struct registration_order order = { .source = text_from(request->x->peer) };
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        order.email = text_from(members_string(&members, "email", MEMBER_REQUIRED, CORE_EMAIL - 1));
        order.name = text_from(members_string(&members, "name", MEMBER_OPTIONAL, CORE_TITLE - 1));
        order.company_code = text_from(members_string(&members, "company_code", MEMBER_OPTIONAL, 16));
        if (!members_finish(&members))
                return request_complain(request, &members);
        order.via = VIA_API;
        r = registration_request(request->core, &order);
        return r ? request_refuse(request, r) : request_answer(request, 202, accepted_json());
}

int registration_confirm_answer(struct request *request)
{
        struct text password, code;
        struct members members;
        bool waits;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_secret(&members, "code", MEMBER_REQUIRED, 64);
        password = members_secret(&members, "password", MEMBER_REQUIRED, 512);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = registration_confirm(request->core, code, password, VIA_API, text_from(request->x->peer), &waits);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200,
                                  json_pack("{s:s}", "state", waits ? "waiting" : "registered"));
}

static json_t *format_registration(const void *item, void *context)
{
        const struct registration *g = item;

        return json_pack("{s:o, s:s, s:o, s:s, s:o, s:o}", "id", json_of_id(g->id), "email", g->email, "name",
                         json_words_or_null(g->name), "state", registration_state_name(g->state), "created",
                         json_of_time(g->created_ms), "expires",
                         json_of_time(g->state == REGISTRATION_REQUESTED ? g->expires_ms : 0));
}

int registrations_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct registration), &page, &r))
                return r;
        r = registration_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_registration, NULL);
}

int registration_approve_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? registration_approve(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int registration_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? registration_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
