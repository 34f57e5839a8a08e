// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/policy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/group.h"
#include "core/printer/printer-group.h"
#include "core/release/settle-trial.h"
#include "core/site/site.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

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

        if (!members_has(members, name))
                return;
        *to = members_number(members, name, MEMBER_OPTIONAL, 1, most, &number) ? (uint32_t)number : 0;
}

/* What the body has takes the place of what the policy had. False after a complaint was answered. */
static bool read_policy(struct request *request, enum member_need need, struct policy *p, int *ret_r)
{
        struct members members;
        int r;

        if (!request_members(request, &members, ret_r))
                return false;
        members_words(&members, "title", need, p->title, sizeof(p->title));
        if (members_has(&members, "sides"))
                p->sides[0] = '\0'; /* null */
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

/* ---- what would happen to a print ---- */

static struct text query_of(struct request *request, const char *name)
{
        struct text value = TEXT("");

        (void)http_query(request->x, name, &value);
        return value;
}

/* False after a complaint was answered. */
static bool read_document(struct request *request, struct settle_trial *trial, int *ret_r)
{
        struct text pages = query_of(request, "pages"), grey = query_of(request, "grey");
        uint64_t number = 0;

        trial->is_grey = text_equal_string(grey, "true");
        if (pages.len && (!text_number(pages, 1000000, &number) || number == 0))
                *ret_r = request_bad(request, "\"pages\" is a number from 1 to 1000000.");
        else if (grey.len && !trial->is_grey && !text_equal_string(grey, "false"))
                *ret_r = request_bad(request, "\"grey\" is true or false.");
        else if (ticket_read_query(request, &trial->sent, ret_r)) {
                trial->pages = (uint32_t)number;
                return true;
        }
        return false;
}

/* Who, from which queue, at which printer. Core's refusals. */
static int read_case(struct request *request, struct settle_trial *trial)
{
        struct text queue = query_of(request, "queue");
        int r = request_find_person(request, query_of(request, "person"), &trial->person);

        if (r == 0)
                r = find_printer(request, query_of(request, "printer"), &trial->printer);
        return r || queue.len == 0 ? r : find_queue(request, queue, &trial->queue);
}

static json_t *trial_json(const struct settle_trial_outcome *outcome)
{
        json_t *policies = json_array();

        for (size_t i = 0; policies && i < outcome->policy_count; i++)
                if (json_array_append_new(policies, policy_json(&outcome->policies[i]))) {
                        json_decref(policies);
                        return NULL;
                }
        return json_pack("{s:b, s:o, s:o}", "may_print", outcome->may_print, "policies", policies, "settled",
                         settled_json(&outcome->settled, &(struct cost){ .currency = "" }));
}

int policy_trial_answer(struct request *request)
{
        SCOPED(freep) struct settle_trial_outcome *outcome = calloc(1, sizeof(*outcome));
        struct settle_trial trial = { .pages = 0 };
        int r;

        if (!outcome)
                return fault(-ENOMEM);
        if (!query_of(request, "person").len || !query_of(request, "printer").len)
                return request_bad(request,
                                   "Name a person and a printer: ?person=ada@example.com&printer=lobby");
        if (!read_document(request, &trial, &r))
                return r;
        r = read_case(request, &trial);
        if (r == 0)
                r = settle_try(request->core, &request->actor, &trial, outcome);
        return r ? request_refuse(request, r) : request_answer(request, 200, trial_json(outcome));
}
