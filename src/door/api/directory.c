// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The domains that a directory lists, and which of them are used. */

#include <errno.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "identity/ldap-domain.h"

static json_t *domain_json(const struct ldap_source *source, const struct directory_domain *domain)
{
        char url[DIRECTORY_URL];

        ldap_domain_server(source, domain, url);
        return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "name", domain->name, "dns", domain->dns, "base",
                         domain->base, "url", url, "origin", directory_origin_name(domain->origin), "used",
                         ldap_domain_is_used(source, domain));
}

static int answer(struct request *request, const struct ldap_source *source)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < source->domain_count; i++)
                json_array_append_new(array, domain_json(source, &source->domains[i]));
        return request_answer(request, 200,
                              json_pack("{s:o, s:n, s:s, s:o}", "items", array, "next", "mode",
                                        source->settings.domain_count ? "manual" : "automatic", "found",
                                        source->found_ms ? json_of_time(source->found_ms) : json_null()));
}

/* A method of a directory, with its settings understood, or a refusal. */
static int find(struct request *request, struct ldap_source **ret)
{
        SCOPED(freep) struct method *method = calloc(1, sizeof(*method));
        struct id id;
        int r;

        if (!method)
                return fault(-ENOMEM);
        if (!request_id(request, 0, &id))
                return CORE_NOT_FOUND;
        r = method_find(request->core, request->actor.tenant, id, method);
        if (r == 0 && strcmp(method->kind, ldap_driver.kind) != 0)
                r = CORE_NOT_FOUND;
        if (r)
                return r;
        *ret = ldap_source_new(request->actor.tenant, method);
        return *ret ? ldap_domains_load(request->core, *ret) : fault(-ENOMEM);
}

int directory_domains_answer(struct request *request)
{
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        int r = find(request, &source);

        return r ? request_refuse(request, r) : answer(request, source);
}

int directory_domains_look_answer(struct request *request)
{
        static const struct problem not_asked = { 503, "directory-failed", "The directory cannot be asked",
                                                  "Try the method to learn what happens at each step.", 5 };
        SCOPED(ldap_source_freep) struct ldap_source *source = NULL;
        enum directory_outcome outcome = DIRECTORY_DONE;
        int r = find(request, &source);

        if (r == 0)
                r = ldap_domains_look(request->core, source, &request->actor, &outcome);
        if (r)
                return request_refuse(request, r);
        return outcome == DIRECTORY_DONE
                       ? answer(request, source)
                       : request_problem(request, &not_asked, directory_outcome_sentence(outcome));
}
