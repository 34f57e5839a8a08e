// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whose user's name from which network is whose, for languages without proof. */

#include "base/scope.h"
#include "core/job/submitter.h"
#include "door/api/api.h"

static json_t *submitter_json(const struct submitter *s)
{
        return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "id", json_of_id(s->id), "network",
                         s->network, "user", s->user, "person", json_of_id(s->person), "person_email",
                         json_words_or_null(s->person_email), "domain", json_words_or_null(s->domain), "site",
                         json_of_id(s->site), "created", json_of_time(s->created_ms));
}

static json_t *format_submitter(const void *item, void *context)
{
        return submitter_json(item);
}

int submitters_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct submitter), &page, &r))
                return r;
        r = submitter_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_submitter, NULL);
}

/* False after a complaint was answered. */
static bool read_submitter(struct request *request, struct submitter *to, const char **ret_person, int *ret_r)
{
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "network", MEMBER_REQUIRED, to->network, sizeof(to->network));
        members_words(&members, "user", MEMBER_REQUIRED, to->user, sizeof(to->user));
        members_words(&members, "domain", MEMBER_OPTIONAL, to->domain, sizeof(to->domain));
        *ret_person = members_string(&members, "person", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        if (!request_read_site(request, &members, &to->site, ret_r))
                return false;
        if ((*ret_person != NULL) == (to->domain[0] != 0))
                members_complain(&members, "Say either \"person\" or \"domain\".");
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int submitter_make_answer(struct request *request)
{
        struct submitter submitter = { .user = "" };
        const char *person;
        int r;

        if (!read_submitter(request, &submitter, &person, &r))
                return r;
        r = person ? request_find_person(request, text_from(person), &submitter.person) : 0;
        if (r == 0)
                r = submitter_make(request->core, &request->actor, &submitter);
        return r ? request_refuse(request, r) : request_answer(request, 201, submitter_json(&submitter));
}

int submitter_delete_answer(struct request *request)
{
        struct id id;
        int r = CORE_NOT_FOUND;

        if (request_id(request, 0, &id))
                r = submitter_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
