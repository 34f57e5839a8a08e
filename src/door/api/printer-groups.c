// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-group.h"

#include "base/scope.h"
#include "door/api/api.h"

static json_t *group_json(const struct printer_group *g)
{
        return json_pack("{s:o, s:s, s:I, s:o}", "id", json_of_id(g->id), "name", g->name, "printers",
                         (json_int_t)g->printers, "created", json_of_time(g->created_ms));
}

static json_t *format_group(const void *item, void *context)
{
        return group_json(item);
}

int printer_groups_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct printer_group), &page, &r))
                return r;
        r = printer_group_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
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

static int find(struct request *request, struct printer_group *ret)
{
        return printer_group_find(request->core, &request->actor, request->arguments[0], ret);
}

int printer_group_make_answer(struct request *request)
{
        struct printer_group group;
        struct text name;
        int r;

        if (!read_name(request, &name, &r))
                return r;
        r = printer_group_make(request->core, &request->actor, name, &group);
        return r ? request_refuse(request, r) : request_answer(request, 201, group_json(&group));
}

int printer_group_answer(struct request *request)
{
        struct printer_group group;
        int r = find(request, &group);

        return r ? request_refuse(request, r) : request_answer(request, 200, group_json(&group));
}

int printer_group_change_answer(struct request *request)
{
        struct printer_group group;
        struct text name;
        int r = find(request, &group);

        if (r)
                return request_refuse(request, r);
        if (!read_name(request, &name, &r))
                return r;
        r = printer_group_rename(request->core, &request->actor, group.id, name, &group);
        return r ? request_refuse(request, r) : request_answer(request, 200, group_json(&group));
}

int printer_group_delete_answer(struct request *request)
{
        struct printer_group group;
        int r = find(request, &group);

        if (r == 0)
                r = printer_group_delete(request->core, &request->actor, group.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int printer_group_printers_answer(struct request *request)
{
        struct printer_group group;
        int r = find(request, &group);

        return r ? request_refuse(request, r) : printers_answer_of(request, group.id);
}

static int change_printer(struct request *request, int (*change)(struct core *core, const struct actor *actor,
                                                                 struct id group, struct id printer))
{
        struct printer_group group;
        struct printer printer;
        int r = find(request, &group);

        if (r == 0)
                r = request_find_printer(request, request->arguments[1], &printer);
        if (r == 0)
                r = change(request->core, &request->actor, group.id, printer.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int printer_group_add_answer(struct request *request)
{
        return change_printer(request, printer_group_add);
}

int printer_group_remove_answer(struct request *request)
{
        return change_printer(request, printer_group_remove);
}
