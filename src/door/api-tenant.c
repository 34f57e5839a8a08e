// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who I am, and where. */

#include "core/tenant.h"

#include "base/outcome.h"
#include "core/person.h"
#include "door/api.h"

#define SECOND_MS 1000
#define DAY_S     86400

static json_t *tenant_json(const struct tenant *t)
{
        return json_pack("{s:o, s:s, s:o, s:s, s:s, s:I, s:I}", "id", json_of_id(t->id), "name", t->name,
                         "title", json_words_or_null(t->title), "company_code", t->company_code,
                         "mail_domain", t->mail_domain, "held_for", (json_int_t)(t->held_ms / SECOND_MS),
                         "printed_for", (json_int_t)(t->printed_ms / SECOND_MS));
}

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
                              json_pack("{s:o, s:o, s:b}", "person", person_json(&person), "tenant",
                                        tenant_json(&tenant), "prints_only", actor->prints_only));
}

int tenant_answer(struct request *request)
{
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);

        return r ? request_refuse(request, r) : request_answer(request, 200, tenant_json(&tenant));
}

int tenant_change_answer(struct request *request)
{
        struct members members;
        int64_t held_s, printed_s;
        struct tenant tenant;
        int r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        held_s = tenant.held_ms / SECOND_MS;
        printed_s = tenant.printed_ms / SECOND_MS;
        members_number(&members, "held_for", MEMBER_OPTIONAL, 60, 366 * DAY_S, &held_s);
        members_number(&members, "printed_for", MEMBER_OPTIONAL, 0, 7 * DAY_S, &printed_s);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = tenant_set_retention(request->core, tenant.id, held_s * SECOND_MS, printed_s * SECOND_MS);
        if (r == 0)
                r = tenant_find_by_id(request->core, tenant.id, &tenant);
        return r ? request_refuse(request, r) : request_answer(request, 200, tenant_json(&tenant));
}
