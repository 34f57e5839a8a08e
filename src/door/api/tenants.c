// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Tenants, as the operators of the service manage them. */

#include <string.h>

#include "base/scope.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "door/tenant-json.h"

static json_t *format_tenant(const void *item, void *context)
{
        return tenant_json(context, item, NULL);
}

int tenants_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct tenant), &page, &r))
                return r;
        r = tenant_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r)
                 : request_answer_page(request, &page, format_tenant, request->core);
}

int request_find_tenant(struct request *request, struct text name, struct id *ret)
{
        struct tenant tenant;
        int r;

        if (id_parse(name, ret))
                return 0;
        r = tenant_find(request->core, name, &tenant);
        if (r == 0)
                *ret = tenant.id;
        return r;
}

static int answer_tenant(struct request *request, struct id id)
{
        struct tenant_use use;
        struct tenant tenant;
        int r;

        r = tenant_look(request->core, &request->actor, id, &tenant);
        if (r == 0)
                r = tenant_use(request->core, id, &use);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200, tenant_json(request->core, &tenant, &use));
}

int tenant_look_answer(struct request *request)
{
        struct text name = request->arguments[0];
        struct id id;
        int r = 0;

        /* One that is being deleted is found here alone. */
        if (!id_parse(name, &id))
                r = tenant_look_up(request->core, &request->actor, name, &id);
        return r ? request_refuse(request, r) : answer_tenant(request, id);
}

/* The words of a new tenant, into its struct. */
static void fill(const struct tenant_words *words, struct tenant *to)
{
        memcpy(to->title, words->title, sizeof(to->title));
        memcpy(to->plan, words->plan, sizeof(to->plan));
        memcpy(to->inside, words->inside, sizeof(to->inside));
        memcpy(to->limits, words->limits, sizeof(to->limits));
        to->outside = words->outside;
        to->language = words->language;
        to->held_ms = words->held_ms;
        to->printed_ms = words->printed_ms;
}

static int answer_made(struct request *request, const struct tenant *tenant, struct id administrator,
                       const char *email, const char *password)
{
        return request_answer(request, 201,
                              json_pack("{s:o, s:{s:o, s:s, s:s}}", "tenant",
                                        tenant_json(request->core, tenant, NULL), "administrator", "id",
                                        json_of_id(administrator), "email", email, "password", password));
}

int tenant_make_answer(struct request *request)
{
        const char *name, *code, *domain, *email, *person_name;
        char password[TENANT_PASSWORD];
        struct members members, of_person;
        struct tenant_words words;
        struct tenant tenant = { 0 };
        struct id administrator;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_NAME - 1);
        code = members_string(&members, "company_code", MEMBER_OPTIONAL, sizeof(tenant.company_code) - 1);
        domain = members_string(&members, "domain", MEMBER_OPTIONAL, CORE_EMAIL - 1);
        tenant_read(&members, true, &words);
        members_open(&of_person, members_object(&members, "administrator", MEMBER_REQUIRED));
        email = members_string(&of_person, "email", MEMBER_REQUIRED, CORE_EMAIL - 1);
        person_name = members_string(&of_person, "name", MEMBER_OPTIONAL, CORE_TITLE - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!members_finish(&of_person))
                return request_complain(request, &of_person);
        fill(&words, &tenant);
        text_copy(text_from(name), tenant.name, sizeof(tenant.name));
        text_copy(text_from(code), tenant.company_code, sizeof(tenant.company_code));
        r = tenant_found(request->core, &request->actor,
                         &(struct tenant_order){ &tenant, domain, text_from(email), text_from(person_name) },
                         &administrator, password);
        if (r)
                return request_refuse(request, r);
        r = answer_made(request, &tenant, administrator, email, password);
        explicit_bzero(password, sizeof(password));
        return r;
}

int tenant_manage_answer(struct request *request)
{
        struct tenant_words words;
        struct members members;
        struct id id;
        int r = request_find_tenant(request, request->arguments[0], &id);

        if (r)
                return request_refuse(request, r);
        if (!request_members(request, &members, &r))
                return r;
        tenant_read(&members, true, &words);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = tenant_change(request->core, &request->actor, id, &words.change);
        return r ? request_refuse(request, r) : answer_tenant(request, id);
}

int tenant_code_answer(struct request *request)
{
        struct tenant tenant;
        struct id id;
        int r = request_find_tenant(request, request->arguments[0], &id);

        if (r == 0)
                r = tenant_renew_code(request->core, &request->actor, id, &tenant);
        return r ? request_refuse(request, r)
                 : request_answer(request, 200, json_pack("{s:s}", "company_code", tenant.company_code));
}

int tenant_delete_answer(struct request *request)
{
        struct text name;
        struct id id;
        int r;

        if (!http_query(request->x, "confirm", &name) || name.len == 0)
                return request_bad(request,
                                   "\"confirm\" is the tenant's name, typed again: this cannot be undone.");
        r = request_find_tenant(request, request->arguments[0], &id);
        if (r == 0)
                r = tenant_delete(request->core, &request->actor, id, name);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
