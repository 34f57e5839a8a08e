// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who pays: what printers, queues and tenants ask for, what people keep, and what is said for a job. */

#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "core/report/accounting.h"
#include "core/printer/printer.h"
#include "core/job/queue.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

static const struct problem problem_not_saved = { 403, "not-saved",
                                                  "Your organisation does not let people save this",
                                                  "Say it at each release, or with the document.", 0 };
static const struct problem problem_bad_accounting = {
        422, "bad-accounting", "A header of accounting is no name",
        "Job-Account-Id and Job-Accounting-User-Id are percent-encoded UTF-8 of at most 255 octets.", 0
};

json_t *accounting_json(const struct accounting *accounting)
{
        return json_pack("{s:o, s:o}", "account", json_words_or_null(accounting->account), "user",
                         json_words_or_null(accounting->user));
}

static void read_names(struct members *members, struct accounting *ret)
{
        members_words(members, "account", MEMBER_OPTIONAL, ret->account, sizeof(ret->account));
        members_words(members, "user", MEMBER_OPTIONAL, ret->user, sizeof(ret->user));
}

bool accounting_read(struct request *request, json_t *value, struct accounting *ret, int *ret_r)
{
        struct members members;

        *ret = (struct accounting){ .account = "" };
        members_open(&members, value);
        read_names(&members, ret);
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

static bool read_header(struct request *request, const char *name, char to[ACCOUNTING_NAME], int *ret_r)
{
        struct text header = http_header(request->x, name);
        size_t length = 0;

        if (!header.at || (percent_parse(header, to, ACCOUNTING_NAME - 1, &length) &&
                           text_is_printable(text_from_octets(to, length)))) {
                to[length] = 0;
                return true;
        }
        *ret_r = request_problem(request, &problem_bad_accounting, NULL);
        return false;
}

bool accounting_read_headers(struct request *request, struct accounting *ret, int *ret_r)
{
        return read_header(request, "Job-Account-Id", ret->account, ret_r) &&
               read_header(request, "Job-Accounting-User-Id", ret->user, ret_r);
}

static json_t *rule_json(enum accounting_place place, const struct accounting_rule *rule)
{
        json_t *value = place == ACCOUNTING_OF_QUEUE ? json_object() : accounting_json(&rule->usual);

        if (value && place == ACCOUNTING_OF_TENANT)
                json_object_set_new(value, "may_save", json_boolean(rule->may_save));
        else if (value)
                json_object_set_new(value, "needs", json_string(accounting_needs_names[rule->needs]));
        return value;
}

/* Of a printer or queue of the path, by id or name. Core's refusals. */
static int find_subject(struct request *request, enum accounting_place place, struct id *ret)
{
        struct text name = request->arguments[0];
        struct printer printer;
        struct tenant tenant;
        struct queue queue;
        int r;

        *ret = (struct id){ { 0 } };
        if (place == ACCOUNTING_OF_TENANT)
                return 0;
        if (place == ACCOUNTING_OF_PRINTER) {
                r = request_find_printer(request, name, &printer);
                if (r == 0)
                        *ret = printer.id;
                return r;
        }
        if (id_parse(name, ret))
                return 0;
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r == 0)
                r = queue_find(request->core, text_from(tenant.name), name, &queue);
        if (r == 0)
                *ret = queue.id;
        return r;
}

static int answer_rule(struct request *request, enum accounting_place place)
{
        struct accounting_rule rule;
        struct id subject;
        int r = find_subject(request, place, &subject);

        if (r == 0)
                r = accounting_rule_find(request->core, &request->actor, place, subject, &rule);
        return r ? request_refuse(request, r) : request_answer(request, 200, rule_json(place, &rule));
}

static int change_rule(struct request *request, enum accounting_place place)
{
        struct accounting_rule rule = { .needs = ACCOUNTING_NONE };
        struct members members;
        struct id subject;
        int needs = 0, r = find_subject(request, place, &subject);

        if (r == 0)
                r = accounting_rule_find(request->core, &request->actor, place, subject, &rule);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        if (place == ACCOUNTING_OF_TENANT)
                members_flag(&members, "may_save", MEMBER_OPTIONAL, &rule.may_save);
        else if (members_word(&members, "needs", MEMBER_OPTIONAL, accounting_needs_names, &needs))
                rule.needs = (enum accounting_needs)needs;
        if (place != ACCOUNTING_OF_QUEUE)
                read_names(&members, &rule.usual);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = accounting_rule_set(request->core, &request->actor, place, subject, &rule);
        return r ? request_refuse(request, r) : request_answer(request, 200, rule_json(place, &rule));
}

int printer_accounting_answer(struct request *request)
{
        return answer_rule(request, ACCOUNTING_OF_PRINTER);
}

int printer_accounting_change_answer(struct request *request)
{
        return change_rule(request, ACCOUNTING_OF_PRINTER);
}

int queue_accounting_answer(struct request *request)
{
        return answer_rule(request, ACCOUNTING_OF_QUEUE);
}

int queue_accounting_change_answer(struct request *request)
{
        return change_rule(request, ACCOUNTING_OF_QUEUE);
}

int tenant_accounting_answer(struct request *request)
{
        return answer_rule(request, ACCOUNTING_OF_TENANT);
}

int tenant_accounting_change_answer(struct request *request)
{
        return change_rule(request, ACCOUNTING_OF_TENANT);
}

int saved_accounting_answer(struct request *request)
{
        struct accounting saved;
        bool may_save;
        json_t *value;
        int r = accounting_saved_find(request->core, &request->actor, &saved, &may_save);

        if (r)
                return request_refuse(request, r);
        value = accounting_json(&saved);
        if (value)
                json_object_set_new(value, "may_save", json_boolean(may_save));
        return request_answer(request, 200, value);
}

static int save(struct request *request, const struct accounting *accounting)
{
        int r = accounting_save(request->core, &request->actor, accounting);

        if (r == CORE_FORBIDDEN)
                return request_problem(request, &problem_not_saved, NULL);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int saved_accounting_change_answer(struct request *request)
{
        struct accounting accounting;
        int r;

        return accounting_read(request, request->json, &accounting, &r) ? save(request, &accounting) : r;
}

int saved_accounting_delete_answer(struct request *request)
{
        return save(request, &(struct accounting){ .account = "" });
}

int job_accounting_answer(struct request *request)
{
        struct accounting accounting;
        struct job job;
        int r = request_find_job(request, &job);

        if (r)
                return request_refuse(request, r);
        if (!accounting_read(request, request->json, &accounting, &r))
                return r;
        r = accounting_give(request->core, &request->actor, job.id, &accounting);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
