// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A device on its way to another tenant. */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/device-move.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"

int device_move_answer(struct request *request)
{
        const char *email, *company_code;
        struct device_move move;
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        email = members_string(&members, "email", MEMBER_REQUIRED, CORE_EMAIL - 1);
        company_code = members_string(&members, "company_code", MEMBER_REQUIRED, 31);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = device_move_begin(request->core, &request->actor, text_from(email), text_from(company_code),
                              &move);
        return r ? request_refuse(request, r)
                 : request_answer(request, 202,
                                  json_pack("{s:o, s:o}", "id", json_of_id(move.id), "expires",
                                            json_of_time(move.expires_ms)));
}

static json_t *issue_json(const struct issue *issue)
{
        char scopes[TOKEN_SCOPES_STRING];

        token_scopes_format(issue->scopes, scopes);
        return json_pack("{s:s, s:s, s:I, s:s}", "access_token", issue->access, "refresh_token",
                         issue->refresh, "expires_in", (json_int_t)(issue->expires_in_ms / 1000), "scope",
                         scopes);
}

/* NULL where memory is out. */
static json_t *moved_json(const struct device_moved *moved, const struct tenant *tenant)
{
        json_t *secrets =
                moved->is_program ? issue_json(&moved->issue) : json_pack("{s:s}", "token", moved->secret);
        json_t *value = json_pack("{s:o, s:s, s:s, s:o}", "id", json_of_id(moved->id), "label", moved->label,
                                  "tenant", tenant->name, "title", json_words_or_null(tenant->title));

        if (value && (!secrets || json_object_update(value, secrets))) {
                json_decref(value);
                value = NULL;
        }
        json_decref(secrets);
        return value;
}

static int answer_moved(struct request *request, const struct device_moved *moved)
{
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, moved->tenant, &tenant);

        return r ? request_refuse(request, r) : request_answer(request, 201, moved_json(moved, &tenant));
}

int device_move_code_answer(struct request *request)
{
        SCOPED(device_moved_done) struct device_moved moved = { .is_program = false };
        struct members members;
        const char *code;
        struct id id;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_string(&members, "code", MEMBER_REQUIRED, 31);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = device_move_finish(request->core, &request->actor, id, text_from(code), &moved);
        return r ? request_refuse(request, r) : answer_moved(request, &moved);
}
