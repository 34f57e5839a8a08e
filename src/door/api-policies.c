// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/policy.h"

#include <string.h>

#include "base/scope.h"
#include "core/group.h"
#include "core/printer-group.h"
#include "core/site.h"
#include "core/tenant.h"
#include "door/api.h"

static json_t *number_or_null(uint32_t number)
{
        return number ? json_integer(number) : json_null();
}

static json_t *policy_json(const struct policy *p)
{
        return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "id",
                         json_of_id(p->id), "title", p->title, "group", json_of_id(p->group), "queue",
                         json_of_id(p->queue), "printer", json_of_id(p->printer), "site", json_of_id(p->site),
                         "printer_group", json_of_id(p->printer_group), "sides", json_words_or_null(p->sides),
                         "monochrome", p->monochrome, "job_password", p->job_password, "copies_max",
                         number_or_null(p->copies_max), "pages_max", number_or_null(p->pages_max), "created",
                         json_of_time(p->created_ms));
}

static json_t *format_policy(const void *item, void *context)
{
        return policy_json(item);
}

int policies_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct policy), &page, &r))
                return r;
        r = policy_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_policy, NULL);
}

static int find_group(struct request *request, struct text name, struct id *ret)
{
        struct group group;
        int r = group_find(request->core, &request->actor, name, &group);

        if (r == 0)
                *ret = group.id;
        return r;
}

static int find_queue(struct request *request, struct text name, struct id *ret)
{
        struct tenant tenant;
        struct queue queue;
        struct id id;
        int r;

        if (id_parse(name, &id)) {
                r = queue_find_by_id(request->core, request->actor.tenant, id, &queue);
        } else {
                r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
                if (r == 0)
                        r = queue_find(request->core, text_from(tenant.name), name, &queue);
        }
        if (r == 0)
                *ret = queue.id;
        return r;
}

static int find_printer(struct request *request, struct text name, struct id *ret)
{
        struct printer printer;
        int r = request_find_printer(request, name, &printer);

        if (r == 0)
                *ret = printer.id;
        return r;
}

static int find_site(struct request *request, struct text name, struct id *ret)
{
        struct site site;
        int r = request_find_site(request, name, &site);

        if (r == 0)
                *ret = site.id;
        return r;
}

static int find_printer_group(struct request *request, struct text name, struct id *ret)
{
        struct printer_group group;
        int r = printer_group_find(request->core, &request->actor, name, &group);

        if (r == 0)
                *ret = group.id;
        return r;
}

/* An id or a name, null being any; left as it is where the member is not there. Core's refusals. */
static int read_scope(struct request *request, struct members *members, const char *member,
                      int (*find)(struct request *request, struct text name, struct id *ret), struct id *to)
{
        const char *name = members_string(members, member, MEMBER_OPTIONAL, CORE_TITLE - 1);

        if (!members_has(members, member))
                return 0;
        *to = (struct id){ 0 };
        return name ? find(request, text_from(name), to) : 0;
}

static int read_scopes(struct request *request, struct members *members, struct policy *p)
{
        int r = read_scope(request, members, "group", find_group, &p->group);

        if (r == 0)
                r = read_scope(request, members, "queue", find_queue, &p->queue);
        if (r == 0)
                r = read_scope(request, members, "printer", find_printer, &p->printer);
        if (r == 0)
                r = read_scope(request, members, "site", find_site, &p->site);
        return r ? r : read_scope(request, members, "printer_group", find_printer_group, &p->printer_group);
}

/* null takes the limit away. */
static void read_limit(struct members *members, const char *name, int64_t most, uint32_t *to)
{
        int64_t number = 0;

        if (members_has(members, name) && json_is_null(members_any(members, name)))
                *to = 0;
        else if (members_number(members, name, MEMBER_OPTIONAL, 1, most, &number))
                *to = (uint32_t)number;
}

/* What the body has takes the place of what the policy had. False after a complaint was answered. */
static bool read_policy(struct request *request, enum member_need need, struct policy *p, int *ret_r)
{
        struct members members;
        int r;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "title", need, p->title, sizeof(p->title));
        members_words(&members, "sides", MEMBER_OPTIONAL, p->sides, sizeof(p->sides));
        members_flag(&members, "monochrome", MEMBER_OPTIONAL, &p->monochrome);
        members_flag(&members, "job_password", MEMBER_OPTIONAL, &p->job_password);
        read_limit(&members, "copies_max", 999, &p->copies_max);
        read_limit(&members, "pages_max", 1000000, &p->pages_max);
        r = read_scopes(request, &members, p);
        if (!members_finish(&members))
                *ret_r = request_complain(request, &members);
        else if (r)
                *ret_r = request_refuse(request, r);
        else
                return true;
        return false;
}

int policy_make_answer(struct request *request)
{
        struct policy policy = { .monochrome = false };
        int r;

        if (!read_policy(request, MEMBER_REQUIRED, &policy, &r))
                return r;
        r = policy_make(request->core, &request->actor, &policy);
        return r ? request_refuse(request, r) : request_answer(request, 201, policy_json(&policy));
}

static int find_policy(struct request *request, struct policy *ret)
{
        struct id id;

        return request_id(request, 0, &id) ? policy_find(request->core, &request->actor, id, ret)
                                           : CORE_NOT_FOUND;
}

int policy_answer(struct request *request)
{
        struct policy policy;
        int r = find_policy(request, &policy);

        return r ? request_refuse(request, r) : request_answer(request, 200, policy_json(&policy));
}

int policy_change_answer(struct request *request)
{
        struct policy policy;
        int r = find_policy(request, &policy);

        if (r)
                return request_refuse(request, r);
        if (!read_policy(request, MEMBER_OPTIONAL, &policy, &r))
                return r;
        r = policy_change(request->core, &request->actor, &policy);
        return r ? request_refuse(request, r) : request_answer(request, 200, policy_json(&policy));
}

int policy_delete_answer(struct request *request)
{
        struct policy policy;
        int r = find_policy(request, &policy);

        if (r == 0)
                r = policy_delete(request->core, &request->actor, policy.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
