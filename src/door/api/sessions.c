// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/session.h"

#include <string.h>

#include "base/scope.h"
#include "door/api/api.h"
#include "identity/oidc-settings.h"

static const char *const kinds[] = { [SESSION_WEB] = "web", [SESSION_PANEL] = "panel" };
static const char *const factors[] = {
        [SESSION_FACTOR_NONE] = "none", [SESSION_FACTOR_OWED] = "owed", [SESSION_FACTOR_SHOWN] = "shown"
};

/* Where a browser goes to be asked again, of whoever is asked elsewhere. */
static json_t *fresh_json(const struct session *s)
{
        char id[ID_STRING];

        if (id_is_zero(s->method_id) || strcmp(s->method, METHOD_OIDC) != 0)
                return json_null();
        id_format(s->method_id, id);
        return json_sprintf("/v1/sign-in/oidc/%s?fresh=yes", id);
}

static json_t *session_json(const struct session *s, const struct actor *actor)
{
        return json_pack("{s:o, s:o, s:s, s:b, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                         json_of_id(s->id), "person", json_of_id(s->person), "kind", kinds[s->kind],
                         "is_current", id_equal(s->id, actor->session), "method", s->method, "second_factor",
                         factors[s->second_factor], "source", s->source, "label",
                         json_words_or_null(s->label), "created", json_of_time(s->created_ms), "seen",
                         json_of_time(s->seen_ms), "fresh", json_of_time(s->fresh_ms), "fresh_sign_in",
                         fresh_json(s), "expires", json_of_time(s->expires_ms));
}

static json_t *format_session(const void *item, void *context)
{
        return session_json(item, context);
}

int sessions_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person = request->actor.id;
        struct text name;
        int r = 0;

        if (!request_page(request, sizeof(struct session), &page, &r))
                return r;
        if (http_query(request->x, "person", &name) && !text_equal_string(name, "me"))
                r = request_find_person(request, name, &person);
        if (r)
                return request_refuse(request, r);
        r = session_list(request->core, &request->actor, person, page.after, page.items, page.max,
                         &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_session, &request->actor);
}

/* An id, or "current". Half signed in, nobody sees more than what he came with. */
static int find_id(const struct request *request, struct id *ret)
{
        struct id current = request->actor.session;

        if (text_equal_string(request->arguments[0], "current"))
                *ret = current;
        else if (!request_id(request, 0, ret))
                return CORE_NOT_FOUND;
        if (id_is_zero(*ret) || (request->actor.owes_factor && !id_equal(*ret, current)))
                return CORE_NOT_FOUND;
        return 0;
}

int session_answer(struct request *request)
{
        char csrf[SESSION_CSRF_STRING];
        struct session session;
        json_t *value;
        struct id id;
        int r = find_id(request, &id);

        if (r == 0)
                r = session_find(request->core, &request->actor, id, &session);
        if (r)
                return request_refuse(request, r);
        value = session_json(&session, &request->actor);
        /* What a page that was loaded anew has forgotten. */
        if (value && id_equal(id, request->actor.session)) {
                session_csrf(request->session, csrf);
                json_object_set_new(value, "csrf", json_string(csrf));
        }
        return request_answer(request, 200, value);
}

int session_delete_answer(struct request *request)
{
        struct id id;
        int r = find_id(request, &id);

        if (r == 0)
                r = session_end(request->core, &request->actor, id);
        if (r == 0 && id_equal(id, request->actor.session))
                r = request_set_session(request, "");
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int person_sessions_delete_answer(struct request *request)
{
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        if (r == 0)
                r = session_end_all(request->core, &request->actor, person);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
