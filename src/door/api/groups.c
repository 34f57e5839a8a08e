// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/group.h"

#include "base/scope.h"
#include "door/api/api.h"

static json_t *group_json(const struct group *g)
{
        return json_pack("{s:o, s:s, s:I, s:o}", "id", json_of_id(g->id), "name", g->name, "members",
                         (json_int_t)g->members, "created", json_of_time(g->created_ms));
}

static json_t *format_group(const void *item, void *context)
{
        return group_json(item);
}

static json_t *membership_json(const struct membership *m)
{
        return json_pack("{s:o, s:s, s:o, s:s, s:o}", "person", json_of_id(m->person), "email", m->email,
                         "group", json_of_id(m->group), "name", m->group_name, "method",
                         json_of_id(m->method));
}

static json_t *format_membership(const void *item, void *context)
{
        return membership_json(item);
}

int groups_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct group), &page, &r))
                return r;
        r = group_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_group, NULL);
}

/* The one member "name"; false after a complaint was answered. */
static bool read_name(struct request *request, struct text *ret, int *ret_r)
{
        struct members members;

        if (!request_members(request, &members, ret_r))
                return false;
        *ret = text_from(members_string(&members, "name", MEMBER_REQUIRED, CORE_TITLE - 1));
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int group_make_answer(struct request *request)
{
        struct group group;
        struct text name;
        int r;

        if (!read_name(request, &name, &r))
                return r;
        r = group_make(request->core, &request->actor, name, &group);
        return r ? request_refuse(request, r) : request_answer(request, 201, group_json(&group));
}

int group_answer(struct request *request)
{
        struct group group;
        int r = group_find(request->core, &request->actor, request->arguments[0], &group);

        return r ? request_refuse(request, r) : request_answer(request, 200, group_json(&group));
}

int group_change_answer(struct request *request)
{
        struct group group;
        struct text name;
        int r = group_find(request->core, &request->actor, request->arguments[0], &group);

        if (r)
                return request_refuse(request, r);
        if (!read_name(request, &name, &r))
                return r;
        r = group_rename(request->core, &request->actor, group.id, name, &group);
        return r ? request_refuse(request, r) : request_answer(request, 200, group_json(&group));
}

int group_delete_answer(struct request *request)
{
        struct group group;
        int r = group_find(request->core, &request->actor, request->arguments[0], &group);

        if (r == 0)
                r = group_delete(request->core, &request->actor, group.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int group_members_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct group group;
        int r = group_find(request->core, &request->actor, request->arguments[0], &group);

        if (r)
                return request_refuse(request, r);
        if (!request_page(request, sizeof(struct membership), &page, &r))
                return r;
        r = group_members(request->core, &request->actor, group.id, page.after, page.items, page.max,
                          &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_membership, NULL);
}

static int change_member(struct request *request, int (*change)(struct core *core, const struct actor *actor,
                                                                struct id group, struct id person))
{
        struct group group;
        struct id person;
        int r = group_find(request->core, &request->actor, request->arguments[0], &group);

        if (r == 0)
                r = request_find_person(request, request->arguments[1], &person);
        if (r == 0)
                r = change(request->core, &request->actor, group.id, person);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int group_member_add_answer(struct request *request)
{
        return change_member(request, group_add);
}

int group_member_remove_answer(struct request *request)
{
        return change_member(request, group_remove);
}

int person_groups_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = request_whole_page(sizeof(struct membership), GROUPS_FROM_MAX, &page);
        if (r == 0)
                r = group_list_of(request->core, &request->actor, person, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_membership, NULL);
}
