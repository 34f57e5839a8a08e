// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who I am, and where. */

#include "core/tenant/tenant.h"

#include "base/outcome.h"
#include "core/person/person.h"
#include "door/api/api.h"
#include "door/tenant-json.h"

int me_answer(struct request *request)
{
        const struct actor *actor = &request->actor;
        struct person person;
        struct tenant tenant;
        int r = person_find(request->core, actor, actor->id, &person);

        if (r == 0)
                r = tenant_find_by_id(request->core, actor->tenant, &tenant);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              json_pack("{s:o, s:o, s:b, s:b}", "person", person_json(&person), "tenant",
                                        tenant_json(request->core, &tenant, NULL), "prints_only",
                                        actor->prints_only, "always_company_code", person.asks_company));
}

int me_change_answer(struct request *request)
{
        struct members members;
        bool asks, is_told;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        is_told = members_flag(&members, "always_company_code", MEMBER_OPTIONAL, &asks);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = is_told ? person_ask_company(request->core, &request->actor, asks) : 0;
        if (r)
                return request_refuse(request, r);
        /* In a browser, from now on. */
        r = is_told && request->session.len ? request_remember_company(request, asks) : 0;
        return r ? r : me_answer(request);
}

/* How much there is of everything is for those who answer for it. */
static int answer_tenant(struct request *request)
{
        bool is_administrator = actor_may(&request->actor, RIGHT_TENANT_CHANGE, whose_tenant());
        struct tenant_use use;
        struct tenant tenant;
        int r;

        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r == 0 && is_administrator)
                r = tenant_use(request->core, tenant.id, &use);
        if (r)
                return request_refuse(request, r);
        return request_answer(request, 200,
                              tenant_json(request->core, &tenant, is_administrator ? &use : NULL));
}

int tenant_answer(struct request *request)
{
        return answer_tenant(request);
}

int tenant_change_answer(struct request *request)
{
        struct tenant_words words;
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        tenant_read(&members, false, &words);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = tenant_change(request->core, &request->actor, request->actor.tenant, &words.change);
        return r ? request_refuse(request, r) : answer_tenant(request);
}

int company_code_renew_answer(struct request *request)
{
        struct tenant tenant;
        int r = tenant_renew_code(request->core, &request->actor, request->actor.tenant, &tenant);

        return r ? request_refuse(request, r)
                 : request_answer(request, 200, json_pack("{s:s}", "company_code", tenant.company_code));
}
