// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-domain.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define ARENA_OCTETS ((size_t)256 << 10)

static void json_donep(json_t **json)
{
        json_decref(*json);
}

/* ---- the list ---- */

int ldap_domains_load(struct core *core, struct ldap_source *source)
{
        SCOPED(buffer_done) struct buffer finding = BUFFER(METHOD_FINDING);
        SCOPED(json_donep) json_t *json = NULL;
        int r = method_finding(core, source->tenant, source->method.id, &finding, &source->found_ms);

        source->domain_count = 0;
        if (r)
                return r;
        json = json_loadb(finding.at, finding.len, JSON_REJECT_DUPLICATES, NULL);
        if (json && !directory_domains_parse(json, source->domains, &source->domain_count))
                source->domain_count = 0;
        return 0;
}

static int keep(struct core *core, struct ldap_source *source, const struct actor *actor)
{
        SCOPED(json_donep) json_t *json = directory_domains_format(source->domains, source->domain_count);
        SCOPED(freep) char *octets = json ? json_dumps(json, JSON_COMPACT) : NULL;
        char detail[CORE_WORDS];

        if (!octets)
                return fault(-ENOMEM);
        snprintf(detail, sizeof(detail), "domains=%zu", source->domain_count);
        return method_keep_finding(core, source->tenant, actor, source->method.id, text_from(octets), detail);
}

int ldap_domains_look(struct core *core, struct ldap_source *source, const struct actor *actor,
                      enum directory_outcome *ret_outcome)
{
        SCOPED(question_freep) struct directory_question *question = question_new();
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct directory_answer answer;
        int r;

        if (!question || !arena)
                return fault(-ENOMEM);
        question->verb = DIRECTORY_LIST_DOMAINS;
        r = ldap_ask(core, source, question, NULL, NULL, arena, &answer);
        *ret_outcome = answer.outcome;
        if (r || answer.outcome != DIRECTORY_DONE)
                return r;
        source->domain_count =
                answer.domain_count < DIRECTORY_DOMAINS_MAX ? answer.domain_count : DIRECTORY_DOMAINS_MAX;
        if (source->domain_count)
                memcpy(source->domains, answer.domains, source->domain_count * sizeof(*source->domains));
        source->found_ms = clock_unix_ms();
        return keep(core, source, actor);
}

bool ldap_domains_is_due(const struct ldap_source *source)
{
        return source->settings.directory.kind == DIRECTORY_ACTIVE_DIRECTORY &&
               clock_unix_ms() - source->found_ms >= LDAP_DOMAINS_FRESH_MS;
}

bool ldap_domain_is_used(const struct ldap_source *source, const struct directory_domain *domain)
{
        return ldap_settings_has_domain(&source->settings, text_from(domain->name)) ||
               ldap_settings_has_domain(&source->settings, text_from(domain->dns));
}

void ldap_domain_server(const struct ldap_source *source, const struct directory_domain *domain,
                        char ret[DIRECTORY_URL])
{
        const struct ldap_settings *settings = &source->settings;

        if (domain->origin == DIRECTORY_OWN) {
                directory_server_format(&settings->directory.servers[0], ret, DIRECTORY_URL);
                return;
        }
        snprintf(ret, DIRECTORY_URL, "ldaps://%s", domain->dns);
        for (size_t i = 0; i < settings->domain_server_count; i++)
                if (text_equal_nocase(text_from(settings->domain_servers[i].domain),
                                      text_from(domain->name)) ||
                    text_equal_nocase(text_from(settings->domain_servers[i].domain), text_from(domain->dns)))
                        directory_server_format(&settings->domain_servers[i].server, ret, DIRECTORY_URL);
}

/* ---- where somebody belongs ---- */

static bool take_value(struct text value, struct directory_question *question)
{
        return value.len > 0 && text_is_printable(value) &&
               text_copy(value, question->value, sizeof(question->value));
}

static bool go_to(const struct ldap_source *source, const struct directory_domain *domain,
                  struct directory_question *question, const struct directory_domain **ret_domain)
{
        if (!ldap_domain_is_used(source, domain))
                return false;
        if (domain->origin == DIRECTORY_OWN)
                return true;
        memcpy(question->domain, domain->name, sizeof(question->domain));
        memcpy(question->base, domain->base, sizeof(question->base));
        ldap_domain_server(source, domain, question->server);
        *ret_domain = domain;
        return true;
}

static bool route_account(const struct ldap_source *source, struct text domain, struct text account,
                          struct directory_question *question, const struct directory_domain **ret_domain)
{
        const struct directory_domain *found =
                directory_domain_find(source->domains, source->domain_count, domain);

        question->by = DIRECTORY_ACCOUNT;
        /* A name of an account is one; in another domain it stands behind a backslash once more. */
        if (memchr(account.at, '\\', account.len) || !take_value(account, question))
                return false;
        if (found)
                return go_to(source, found, question, ret_domain);
        /* A name that the administrator gave to the settings' own domain; without a list any will do. */
        return source->settings.domain_count || source->domain_count == 0
                       ? ldap_settings_has_domain(&source->settings, domain)
                       : false;
}

bool ldap_route(const struct ldap_source *source, struct text name, struct directory_question *question,
                const struct directory_domain **ret_domain)
{
        struct text first, rest;
        const struct directory_domain *found;

        *ret_domain = NULL;
        if (text_cut(name, '\\', &first, &rest))
                return route_account(source, first, rest, question, ret_domain);
        question->by = DIRECTORY_ACCOUNT;
        if (!text_cut(name, '@', &first, &rest))
                return take_value(name, question);
        question->by = DIRECTORY_EMAIL;
        if (!take_value(name, question))
                return false;
        found = directory_domain_find(source->domains, source->domain_count, rest);
        return !found || !strchr(found->dns, '.') || !text_equal_nocase(rest, text_from(found->dns)) ||
               go_to(source, found, question, ret_domain);
}
