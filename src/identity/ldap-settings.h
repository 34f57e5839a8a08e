// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The settings of a sign-in method of kind "ldap": those of directory/settings.h, and what the service does
 * with the answers.
 *
 *      "agent"           name or id of the agent that serves the directory; null: the service asks itself
 *      "domains"         names that stand before the backslash of DOMAIN\user; empty: any
 *      "domain_servers"  where other domains of Active Directory are asked, {"PARTNER":
 * "ldaps://dc1.partner.example"} "mail_domains"    whose people may come; empty: the tenant's own
 *      "create_people"         who is not known yet gets an account (true)
 *      "link_by_verified_email"  an account that was here before is taken over (false)
 *      "onboard_cards"  an unknown badge is looked up by the card attribute (false)
 *      "still_exists"    at every use of a badge (false), believed for "still_exists_minutes" (10) after a
 * yes "when_down_hours" while the directory cannot be asked, whoever was seen in so many hours may come (0:
 * nobody) "sync_minutes"    between two synchronisations (0: never, 5 to 10080) "sync_brake_percent"  more
 * than that is not disabled at once (10)
 *      "roles"           {"GROUP": "administrator"}: whoever is in the group (core/sign-in/outside-role.h)
 *      "fallback"        whether its people come in by a password of ours: "no", "when-down", "always" ("no")
 *
 * Pure; safe from every thread.
 */

#include "core/sign-in/method.h"
#include "core/sign-in/outside.h"
#include "directory/settings.h"

#define LDAP_DOMAINS_MAX 8
#define LDAP_SERVERS_MAX 8

struct ldap_settings {
        struct directory_settings directory;
        char agent[CORE_NAME]; /* "": none */
        char domains[LDAP_DOMAINS_MAX][CORE_NAME];
        size_t domain_count;
        struct {
                char domain[CORE_NAME];
                struct directory_server server;
        } domain_servers[LDAP_SERVERS_MAX];
        size_t domain_server_count;
        struct outside_policy policy;
        enum method_fallback fallback;
        bool onboards_cards;
        bool still_exists;
        int64_t still_exists_ms;
        int64_t when_down_ms;
        int64_t sync_ms;
        uint32_t sync_brake_percent;
};

/* False after a sentence. A member that nobody knows is refused. */
bool ldap_settings_parse(struct text settings, struct ldap_settings *ret, char ret_complaint[CORE_WORDS]);

/* Whether a name before the backslash is this directory's. */
bool ldap_settings_has_domain(const struct ldap_settings *settings, struct text domain);
