// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/person.h"

#include <string.h>

#include "base/scope.h"
#include "core/sign-in/sign-in.h"
#include "door/api/api.h"

json_t *person_json(const struct person *p)
{
        return json_pack("{s:o, s:s, s:o, s:o, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:o, s:I, s:o}", "id",
                         json_of_id(p->id), "email", p->email, "name", json_words_or_null(p->name),
                         "department", json_words_or_null(p->department), "role", role_name(p->role),
                         "role_from_groups", p->role_from_groups, "disabled", p->disabled, "has_password",
                         p->has_password, "password_given", p->password_given, "has_pin", p->has_pin,
                         "pin_given", p->pin_given, "guest_until", json_of_time(p->guest_until_ms), "badges",
                         (json_int_t)p->badges, "created", json_of_time(p->created_ms));
}

static json_t *format_person(const void *item, void *context)
{
        return person_json(item);
}

/* ?search=&role=. False after a complaint was answered. */
static bool read_search(struct request *request, struct person_search *ret, enum role *role, int *ret_r)
{
        struct text word;

        *ret = (struct person_search){ 0 };
        if (http_query(request->x, "search", &ret->words) && ret->words.len > PERSON_WORDS) {
                *ret_r = request_bad(request, "\"search\" has at most 255 octets.");
                return false;
        }
        if (!http_query(request->x, "role", &word) || word.len == 0)
                return true;
        for (*role = 0; role_names_of_people[*role]; ++*role)
                if (text_equal_string(word, role_names_of_people[*role])) {
                        ret->role = role;
                        return true;
                }
        *ret_r = request_bad(request, "\"role\" is the name of a role.");
        return false;
}

int people_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct person_search search;
        enum role role;
        int r;

        if (!request_page(request, sizeof(struct person), &page, &r) ||
            !read_search(request, &search, &role, &r))
                return r;
        r = person_search(request->core, &request->actor, &search, page.after, page.items, page.max,
                          &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_person, NULL);
}

int person_make_answer(struct request *request)
{
        const char *email, *name;
        int role = ROLE_PERSON, r;
        struct members members;
        struct person person;

        if (!request_members(request, &members, &r))
                return r;
        email = members_string(&members, "email", MEMBER_REQUIRED, CORE_EMAIL - 1);
        name = members_string(&members, "name", MEMBER_OPTIONAL, CORE_TITLE - 1);
        members_word(&members, "role", MEMBER_OPTIONAL, role_names_of_people, &role);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (role != ROLE_PERSON && !request_is_fresh(request))
                return request_problem(request, &problem_not_fresh, NULL);
        r = person_make(request->core, &request->actor, request->actor.tenant, text_from(email),
                        text_from(name), (enum role)role, &person);
        return r ? request_refuse(request, r) : request_answer(request, 201, person_json(&person));
}

int person_answer(struct request *request)
{
        struct person person;
        struct id id;
        int r = request_find_person(request, request->arguments[0], &id);

        if (r == 0)
                r = person_find(request->core, &request->actor, id, &person);
        return r ? request_refuse(request, r) : request_answer(request, 200, person_json(&person));
}

/* What a person's role can be changed to: a role, or what his groups say again. */
static bool read_role(struct members *members, enum role *ret, bool *ret_by_groups)
{
        const char *names[ROLE_MACHINE + 3] = { NULL };
        int word;

        memcpy(names, role_names_of_people, (ROLE_MACHINE + 1) * sizeof(names[0]));
        names[ROLE_MACHINE + 1] = "by-groups";
        if (!members_word(members, "role", MEMBER_OPTIONAL, names, &word))
                return false;
        *ret_by_groups = word > ROLE_MACHINE;
        *ret = *ret_by_groups ? ROLE_PERSON : (enum role)word;
        return true;
}

int person_change_answer(struct request *request)
{
        struct person_change change = { 0 };
        struct members members;
        struct person person;
        bool disabled;
        enum role role;
        struct id id;
        int r;

        r = request_find_person(request, request->arguments[0], &id);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        change.email = members_string(&members, "email", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        change.name = members_string(&members, "name", MEMBER_OPTIONAL, CORE_TITLE - 1);
        change.department = members_string(&members, "department", MEMBER_OPTIONAL, CORE_TITLE - 1);
        if (read_role(&members, &role, &change.role_by_groups))
                change.role = &role;
        if (members_flag(&members, "disabled", MEMBER_OPTIONAL, &disabled))
                change.disabled = &disabled;
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (change.role && !request_is_fresh(request))
                return request_problem(request, &problem_not_fresh, NULL);
        r = person_change(request->core, &request->actor, id, &change, &person);
        return r ? request_refuse(request, r) : request_answer(request, 200, person_json(&person));
}

int person_delete_answer(struct request *request)
{
        struct id id;
        int r = request_find_person(request, request->arguments[0], &id);

        if (r == 0)
                r = person_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

static int help(struct request *request,
                int (*how)(struct core *core, const struct actor *actor, struct id id))
{
        struct id id;
        int r = request_find_person(request, request->arguments[0], &id);

        if (r == 0)
                r = how(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int person_unlock_answer(struct request *request)
{
        return help(request, person_unlock);
}

int person_take_pin_answer(struct request *request)
{
        return help(request, person_take_pin);
}

/* The one secret of the body, and the current one where there is any; false after a complaint or refusal was
 * answered. */
static bool read_secret(struct request *request, const char *name, struct id *ret_person, struct text *ret,
                        struct text *ret_current, int *ret_r)
{
        struct members members;
        int r = request_find_person(request, request->arguments[0], ret_person);

        if (r) {
                *ret_r = request_refuse(request, r);
                return false;
        }
        if (!request_members(request, &members, ret_r))
                return false;
        *ret = members_secret(&members, name, MEMBER_REQUIRED, 512);
        if (ret_current)
                *ret_current = members_secret(&members, "current", MEMBER_OPTIONAL, 512);
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

int password_set_answer(struct request *request)
{
        const struct actor *actor = &request->actor;
        struct text password, current;
        struct id person;
        int r = 0;

        if (!read_secret(request, "password", &person, &password, &current, &r))
                return r;
        /* Whoever found a token shall not become its owner for good. */
        if (id_equal(person, actor->id) && !id_is_zero(actor->token) && !current.len)
                return request_problem(request, &problem_not_fresh, "Send the \"current\" password, too.");
        if (current.len)
                r = sign_in_again(request->core, actor, current);
        if (r)
                return request_refuse(request, r);
        r = person_set_password(request->core, &request->actor, request->actor.tenant, person, password);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int pin_set_answer(struct request *request)
{
        struct id person;
        struct text pin;
        int r;

        if (!read_secret(request, "pin", &person, &pin, NULL, &r))
                return r;
        r = person_set_pin(request->core, &request->actor, person, pin);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
