// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Mail domains: an administrator's own, and with ?tenant= any tenant's for operators. */

#include "core/tenant/domain.h"

#include "base/scope.h"
#include "door/api/api.h"

static json_t *domain_json(const struct domain *d)
{
        return json_pack("{s:o, s:s, s:o, s:{s:s++, s:s++}, s:o, s:o}", "id", json_of_id(d->id), "name",
                         d->name, "proved_by", json_words_or_null(d->proof), "proof", "host",
                         DOMAIN_HOST_PREFIX, d->name, "", "txt", DOMAIN_WORDS, d->challenge, "", "proved",
                         json_of_time(d->proved_ms), "created", json_of_time(d->created_ms));
}

static json_t *format_domain(const void *item, void *context)
{
        (void)context;
        return domain_json(item);
}

/* Whose it is about. Core's refusals. */
static int find_tenant(struct request *request, struct id *ret)
{
        struct text name;

        *ret = request->actor.tenant;
        return http_query(request->x, "tenant", &name) ? request_find_tenant(request, name, ret) : 0;
}

int domains_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        struct id tenant;
        int r;

        if (!request_page(request, sizeof(struct domain), &page, &r))
                return r;
        r = find_tenant(request, &tenant);
        if (r == 0)
                r = domain_list(request->core, &request->actor, tenant, page.after, page.items, page.max,
                                &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_domain, NULL);
}

int domain_claim_answer(struct request *request)
{
        struct members members;
        struct domain domain;
        struct id tenant;
        const char *name;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        name = members_string(&members, "name", MEMBER_REQUIRED, CORE_EMAIL - 1);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = find_tenant(request, &tenant);
        if (r == 0)
                r = domain_claim(request->core, &request->actor, tenant, text_from(name), &domain);
        return r ? request_refuse(request, r) : request_answer(request, 201, domain_json(&domain));
}

/* What domain_find, domain_prove and domain_delete are given. */
static int find_both(struct request *request, struct id *ret_tenant, struct id *ret_domain)
{
        return request_id(request, 0, ret_domain) ? find_tenant(request, ret_tenant) : CORE_NOT_FOUND;
}

int domain_answer(struct request *request)
{
        struct domain domain;
        struct id tenant, id;
        int r = find_both(request, &tenant, &id);

        if (r == 0)
                r = domain_find(request->core, &request->actor, tenant, id, &domain);
        return r ? request_refuse(request, r) : request_answer(request, 200, domain_json(&domain));
}

int domain_prove_answer(struct request *request)
{
        struct domain domain;
        struct id tenant, id;
        int r = find_both(request, &tenant, &id);

        if (r == 0)
                r = domain_prove(request->core, &request->actor, tenant, id, &domain);
        return r ? request_refuse(request, r) : request_answer(request, 200, domain_json(&domain));
}

int domain_delete_answer(struct request *request)
{
        struct id tenant, id;
        int r = find_both(request, &tenant, &id);

        if (r == 0)
                r = domain_delete(request->core, &request->actor, tenant, id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
