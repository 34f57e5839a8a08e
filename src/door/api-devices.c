// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A device on its way to another tenant. */

#include <string.h>

#include "base/outcome.h"
#include "core/device-move.h"
#include "core/tenant.h"
#include "door/api.h"

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

static int answer_moved(struct request *request, const struct token *token, const char *secret, struct id id)
{
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, id, &tenant);

        if (r)
                return request_refuse(request, r);
        return request_answer(request, 201,
                              json_pack("{s:o, s:s, s:s, s:s, s:o}", "id", json_of_id(token->id), "label",
                                        token->label, "token", secret, "tenant", tenant.name, "title",
                                        json_words_or_null(tenant.title)));
}

int device_move_code_answer(struct request *request)
{
        char secret[TOKEN_STRING];
        struct members members;
        struct id id, tenant;
        struct token token;
        const char *code;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        code = members_string(&members, "code", MEMBER_REQUIRED, 31);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!request_id(request, 0, &id))
                return request_refuse(request, CORE_NOT_FOUND);
        r = device_move_finish(request->core, &request->actor, id, text_from(code), &token, secret, &tenant);
        if (r)
                return request_refuse(request, r);
        r = answer_moved(request, &token, secret, tenant);
        explicit_bzero(secret, sizeof(secret));
        return r;
}
