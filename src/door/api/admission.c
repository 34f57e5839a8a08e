// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* How people come to be known by themselves, and for whom. */

#include "core/sign-in/admission.h"

#include <string.h>

#include "base/scope.h"
#include "core/notice/mail.h"
#include "door/api/api.h"

static json_t *admission_json(const struct admission *a)
{
        return json_pack("{s:b, s:b, s:b, s:b, s:b, s:I}", "registration", a->registration, "approval",
                         a->approval, "directory_only", a->directory_only, "badge_enrolment",
                         a->badge_enrolment, "guests", a->guests, "guest_for",
                         (json_int_t)(a->guest_ms / 1000));
}

int admission_answer(struct request *request)
{
        struct admission admission;
        int r = admission_find(request->core, &request->actor, &admission);

        return r ? request_refuse(request, r) : request_answer(request, 200, admission_json(&admission));
}

int admission_change_answer(struct request *request)
{
        struct admission admission;
        struct members members;
        int64_t seconds;
        int r = admission_find(request->core, &request->actor, &admission);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        members_flag(&members, "registration", MEMBER_OPTIONAL, &admission.registration);
        members_flag(&members, "approval", MEMBER_OPTIONAL, &admission.approval);
        members_flag(&members, "directory_only", MEMBER_OPTIONAL, &admission.directory_only);
        members_flag(&members, "badge_enrolment", MEMBER_OPTIONAL, &admission.badge_enrolment);
        members_flag(&members, "guests", MEMBER_OPTIONAL, &admission.guests);
        if (members_number(&members, "guest_for", MEMBER_OPTIONAL, 1, 366 * 86400, &seconds))
                admission.guest_ms = seconds * 1000;
        if (!members_finish(&members))
                return request_complain(request, &members);
        if ((admission.registration || admission.guests) && !mail_is_on(request->core))
                return request_refuse(request, CORE_NO_MAIL);
        r = admission_set(request->core, &request->actor, &admission);
        return r ? request_refuse(request, r) : request_answer(request, 200, admission_json(&admission));
}

static json_t *rule_json(const struct address_rule *rule)
{
        return json_pack("{s:o, s:s, s:s, s:o, s:o}", "id", json_of_id(rule->id), "kind",
                         rule->blocks ? "block" : "allow", "pattern", rule->pattern, "note",
                         json_words_or_null(rule->note), "created", json_of_time(rule->created_ms));
}

static json_t *format_rule(const void *item, void *context)
{
        return rule_json(item);
}

int address_rules_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct address_rule), &page, &r))
                return r;
        r = address_rule_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_rule, NULL);
}

int address_rule_make_answer(struct request *request)
{
        static const char *const kinds[] = { "allow", "block", NULL };
        struct address_rule rule = { 0 };
        const char *pattern, *note;
        struct members members;
        int kind = 0, r;

        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "kind", MEMBER_REQUIRED, kinds, &kind);
        pattern = members_string(&members, "pattern", MEMBER_REQUIRED, CORE_EMAIL - 1);
        note = members_string(&members, "note", MEMBER_OPTIONAL, CORE_TITLE - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        rule.blocks = kind == 1;
        text_copy(text_from(pattern), rule.pattern, sizeof(rule.pattern));
        text_copy(text_from(note), rule.note, sizeof(rule.note));
        r = address_rule_make(request->core, &request->actor, &rule);
        return r ? request_refuse(request, r) : request_answer(request, 201, rule_json(&rule));
}

int address_rule_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? address_rule_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
