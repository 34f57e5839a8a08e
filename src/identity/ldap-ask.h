// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A question of the product to the directory of a method: directly, or by the agent that serves it. What
 * identity/ldap.h promises of numbers and times is kept here.
 */

#include "directory/ask.h"
#include "identity/ldap-desk.h"
#include "identity/ldap-settings.h"
#include "identity/ldap.h"

/* A method of kind "ldap", with its settings understood. */
struct ldap_source {
        struct id tenant;
        struct method method;
        struct ldap_settings settings;
        struct directory_domain domains[DIRECTORY_DOMAINS_MAX]; /* ldap_domains_load() */
        size_t domain_count;
        int64_t found_ms; /* 0: not looked for yet */
};

/* NULL where memory is out. */
struct ldap_source *ldap_source_new(struct id tenant, const struct method *method);
void ldap_source_free(struct ldap_source *source);
void ldap_source_freep(struct ldap_source **source);

/* Those of a tenant that are switched on, at most max, each to be freed. */
int ldap_sources_find(struct core *core, struct id tenant, struct ldap_source **ret, size_t max,
                      size_t *ret_count);

/*
 * The question's verb, by, value and password are the caller's; the rest is filled in. 0 with the outcome in
 * *ret, or a fault. give() is for LIST, which is not counted among those at once.
 */
int ldap_ask(struct core *core, const struct ldap_source *source, struct directory_question *question,
             int (*give)(void *context, const struct directory_answer *part), void *context,
             struct arena *arena, struct directory_answer *ret);

/* CORE_NOT_FOUND: the one desk of this process, where agents fetch questions. NULL before ldap_open(). */
struct desk *ldap_desk(void);

/* An entry, as core takes it in. groups has room for DIRECTORY_GROUPS_MAX. */
struct outside_claims ldap_claims(const struct directory_entry *entry, struct text *groups);
