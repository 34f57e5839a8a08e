// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What somebody allowed programs to do in his name. */

#include "base/scope.h"
#include "core/sign-in/grant.h"
#include "door/api/api.h"

static json_t *format_grant(const void *item, void *context)
{
        const struct grant *g = item;
        char scopes[TOKEN_SCOPES_STRING];

        token_scopes_format(g->scopes, scopes);
        return json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", json_of_id(g->id),
                         "person", json_of_id(g->person), "client", g->client, "title",
                         json_words_or_null(g->client_title), "scope", scopes, "label",
                         json_words_or_null(g->label), "source", json_words_or_null(g->source), "created",
                         json_of_time(g->created_ms), "used", json_of_time(g->used_ms), "expires",
                         json_of_time(g->expires_ms));
}

int grants_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id person = request->actor.id;
        struct text name;
        int r;

        if (!request_page(request, sizeof(struct grant), &page, &r))
                return r;
        if (http_query(request->x, "person", &name)) {
                r = request_find_person(request, name, &person);
                if (r)
                        return request_refuse(request, r);
        }
        r = grant_list(request->core, &request->actor, person, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_grant, NULL);
}

int grant_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? grant_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
