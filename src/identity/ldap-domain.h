// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Which domain somebody belongs to who signs in, of those that Active Directory lists.
 *
 *      CORP\ada             the domain of that short name or DNS name
 *      ada@corp.example     the domain of that DNS name; else an address in the settings' own domain
 *      ada                  the settings' own domain
 *
 * The list is found with the account of the settings and kept with the method: when the method is tried, when
 * an administrator asks for it, before the first sign-in, and once a day. All of it is used, or what the
 * administrator chose ("domains"). Another domain is asked at "ldaps://" and its DNS name, or where
 * "domain_servers" says; the address is judged like every other (identity/ldap.h), and its certificate is
 * verified.
 */

#include "identity/ldap-ask.h"

#define LDAP_DOMAINS_FRESH_MS 86400000LL

/* Reads the list that is kept into the source. */
int ldap_domains_load(struct core *core, struct ldap_source *source);
/* Asks for the list, and keeps it; *ret_outcome says how it went. actor as of method_keep_finding(). */
int ldap_domains_look(struct core *core, struct ldap_source *source, const struct actor *actor,
                      enum directory_outcome *ret_outcome);
/* Whether it is time to look by itself. */
bool ldap_domains_is_due(const struct ldap_source *source);

/* Whether people of this domain may come. */
bool ldap_domain_is_used(const struct ldap_source *source, const struct directory_domain *domain);
/* Where it is asked. */
void ldap_domain_server(const struct ldap_source *source, const struct directory_domain *domain,
                        char ret[DIRECTORY_URL]);

/*
 * Fills in by, value and, where it is another domain than the settings' own, domain, server and base;
 * *ret_domain is that other one or NULL. False where nobody can have this name.
 */
bool ldap_route(const struct ldap_source *source, struct text name, struct directory_question *question,
                const struct directory_domain **ret_domain);
