// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/scope.h"
#include "core/person/badge.h"
#include "door/api/api.h"

#define BADGES_MAX 64 /* of one person: shown at once, without pages */

/* Of the number there are only the last four digits: we do not have it. */
static json_t *badge_json(const struct badge *b)
{
        return json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:o}", "id", json_of_id(b->id), "person",
                         json_of_id(b->person), "kind", badge_kind_names[b->kind], "label",
                         json_words_or_null(b->label), "tail", b->tail, "created",
                         json_of_time(b->created_ms), "used", json_of_time(b->used_ms));
}

static json_t *format_badge(const void *item, void *context)
{
        return badge_json(item);
}

int badges_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = request_whole_page(sizeof(struct badge), BADGES_MAX, &page);
        if (r == 0)
                r = badge_list(request->core, &request->actor, person, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_badge, NULL);
}

int badge_make_answer(struct request *request)
{
        const char *number, *label;
        struct members members;
        struct badge badge;
        struct badge_order order;
        int kind = BADGE_CARD, r;
        struct id person;

        r = request_find_person(request, request->arguments[0], &person);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        number = members_string(&members, "number", MEMBER_REQUIRED, 64);
        label = members_string(&members, "label", MEMBER_OPTIONAL, CORE_TITLE - 1);
        members_word(&members, "kind", MEMBER_OPTIONAL, badge_kind_names, &kind);
        if (!members_finish(&members))
                return request_complain(request, &members);
        order = (struct badge_order){ text_from(number), text_from(label), (enum badge_kind)kind };
        r = badge_add(request->core, &request->actor, person, &order, &badge);
        return r ? request_refuse(request, r) : request_answer(request, 201, badge_json(&badge));
}

int badge_delete_answer(struct request *request)
{
        struct id person, badge;
        int r;

        r = request_find_person(request, request->arguments[0], &person);
        if (r == 0 && !request_id(request, 1, &badge))
                r = CORE_NOT_FOUND;
        if (r == 0)
                r = badge_delete(request->core, &request->actor, person, badge);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
