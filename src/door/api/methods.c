// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/method.h"

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"

/* The driver's words are JSON here; of ours, an empty object. */
static json_t *settings_json(const struct method *m)
{
        return m->settings[0] ? json_loads(m->settings, 0, NULL) : json_object();
}

static json_t *method_json(const struct method *m, struct core *core)
{
        return json_pack("{s:o, s:s, s:s, s:b, s:I, s:o, s:b, s:o}", "id", json_of_id(m->id), "kind", m->kind,
                         "title", method_title(core, m), "enabled", m->enabled, "position",
                         (json_int_t)m->position, "settings", settings_json(m), "has_secret", m->has_secret,
                         "created", json_of_time(m->created_ms));
}

static json_t *format_method(const void *item, void *context)
{
        return method_json(item, context);
}

/* There are few of them, in an order of their own: one page. */
int methods_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r = request_whole_page(sizeof(struct method), METHODS_MAX, &page);

        if (r == 0)
                r = method_list(request->core, request->actor.tenant, page.items, page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_method, request->core);
}

struct given {
        struct method_change change;
        bool enabled;
        uint32_t position;
        char *settings;
};

static void given_done(struct given *given)
{
        free(given->settings);
}

/* False after a complaint was answered. */
static bool read_change(struct request *request, struct members *members, struct given *ret, int *ret_r)
{
        json_t *settings, *secret;
        int64_t position;

        ret->change.title = members_string(members, "title", MEMBER_OPTIONAL, CORE_TITLE - 1);
        if (members_flag(members, "enabled", MEMBER_OPTIONAL, &ret->enabled))
                ret->change.enabled = &ret->enabled;
        if (members_number(members, "position", MEMBER_OPTIONAL, 0, 1000, &position)) {
                ret->position = (uint32_t)position;
                ret->change.position = &ret->position;
        }
        settings = members_object(members, "settings", MEMBER_OPTIONAL);
        secret = json_object_get(request->json, "secret");
        ret->change.secret = members_secret(members, "secret", MEMBER_OPTIONAL, METHOD_SECRET);
        ret->change.sets_secret = secret != NULL;
        if (!members_finish(members)) {
                *ret_r = request_complain(request, members);
                return false;
        }
        if (settings && json_object_size(settings))
                ret->settings = json_dumps(settings, JSON_COMPACT | JSON_SORT_KEYS);
        if (settings)
                ret->change.settings = ret->settings ? ret->settings : "";
        return true;
}

/* A value core refuses comes with a sentence of the driver. */
static int refuse(struct request *request, int r, const char *complaint)
{
        if (r == CORE_BAD_VALUE && complaint[0])
                return request_problem(request, problem_of_refusal(r), complaint);
        return request_refuse(request, r);
}

int method_make_answer(struct request *request)
{
        SCOPED(freep) struct method *made = calloc(1, sizeof(*made));
        SCOPED(given_done) struct given given = { 0 };
        char complaint[CORE_WORDS] = "";
        struct members members;
        const char *kind;
        int r;

        if (!made)
                return fault(-ENOMEM);
        if (!request_members(request, &members, &r))
                return r;
        kind = members_string(&members, "kind", MEMBER_REQUIRED, METHOD_KIND - 1);
        if (!read_change(request, &members, &given, &r))
                return r;
        r = method_make(request->core, &request->actor, text_from(kind), &given.change, made, complaint);
        return r ? refuse(request, r, complaint)
                 : request_answer(request, 201, method_json(made, request->core));
}

static int find(struct request *request, struct method *ret)
{
        struct id id;

        if (!request_id(request, 0, &id))
                return CORE_NOT_FOUND;
        return method_find(request->core, request->actor.tenant, id, ret);
}

int method_answer(struct request *request)
{
        SCOPED(freep) struct method *found = calloc(1, sizeof(*found));
        int r = found ? find(request, found) : fault(-ENOMEM);

        return r ? request_refuse(request, r)
                 : request_answer(request, 200, method_json(found, request->core));
}

int method_change_answer(struct request *request)
{
        SCOPED(freep) struct method *changed = calloc(1, sizeof(*changed));
        SCOPED(given_done) struct given given = { 0 };
        char complaint[CORE_WORDS] = "";
        struct members members;
        int r = changed ? find(request, changed) : fault(-ENOMEM);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        if (!read_change(request, &members, &given, &r))
                return r;
        r = method_change(request->core, &request->actor, changed->id, &given.change, changed, complaint);
        return r ? refuse(request, r, complaint)
                 : request_answer(request, 200, method_json(changed, request->core));
}

int method_delete_answer(struct request *request)
{
        struct id id;
        int r;

        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = method_delete(request->core, &request->actor, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int method_try_answer(struct request *request)
{
        SCOPED(freep) struct method *found = calloc(1, sizeof(*found));
        const struct method_driver *driver;
        char sentence[CORE_WORDS] = "";
        int r = found ? find(request, found) : fault(-ENOMEM);

        if (r)
                return request_refuse(request, r);
        driver = method_driver_find(request->core, text_from(found->kind));
        if (driver && driver->try)
                r = driver->try(request->core, request->actor.tenant, found, sentence);
        if (r && r != CORE_BAD_VALUE)
                return request_refuse(request, r);
        return request_answer(
                request, 200,
                json_pack("{s:b, s:o}", "works", r == 0, "sentence", json_words_or_null(sentence)));
}

/* ---- what the organisation asks of everybody ---- */

static const char *const second_factor_rules[] = { [SECOND_FACTOR_OWN] = "own",
                                                   [SECOND_FACTOR_ADMINISTRATORS] = "administrators",
                                                   [SECOND_FACTOR_EVERYBODY] = "everybody",
                                                   NULL };

static int answer_policy(struct request *request, const struct sign_in_policy *policy)
{
        return request_answer(request, 200,
                              json_pack("{s:s, s:b, s:I}", "second_factor",
                                        second_factor_rules[policy->second_factor], "pin_for_web",
                                        policy->pin_for_web, "password_least",
                                        (json_int_t)policy->password_least));
}

int sign_in_policy_answer(struct request *request)
{
        struct sign_in_policy policy;
        int r = sign_in_policy_read(request->core, request->actor.tenant, &policy);

        return r ? request_refuse(request, r) : answer_policy(request, &policy);
}

int sign_in_policy_change_answer(struct request *request)
{
        struct sign_in_policy policy;
        struct members members;
        int64_t least;
        int word, r;

        r = sign_in_policy_read(request->core, request->actor.tenant, &policy);
        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        if (members_word(&members, "second_factor", MEMBER_OPTIONAL, second_factor_rules, &word))
                policy.second_factor = (enum second_factor_rule)word;
        members_flag(&members, "pin_for_web", MEMBER_OPTIONAL, &policy.pin_for_web);
        if (members_number(&members, "password_least", MEMBER_OPTIONAL, 8, 64, &least))
                policy.password_least = (uint32_t)least;
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = sign_in_policy_change(request->core, &request->actor, &policy);
        return r ? request_refuse(request, r) : answer_policy(request, &policy);
}
