// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define WHERE "\"servers\":[\"ldaps://dc1\"],\"base\":\"dc=x\",\"bind_name\":\"cn=s,dc=x\""

static const struct {
        const char *name;
        const char *settings;
        const char *complaint; /* a part of it; NULL: none */
} rows[] = {
        { "least", "{" WHERE "}", NULL },
        { "everything",
          "{" WHERE ",\"agent\":\"site\",\"domains\":[\"CORP\"],\"mail_domains\":[\"Example.org\"],"
          "\"create_people\":false,\"link_by_verified_email\":true,\"onboard_cards\":true,\"still_exists\":true,"
          "\"still_exists_minutes\":0,\"when_down_hours\":24,\"sync_minutes\":60,\"sync_brake_percent\":25}",
          NULL },
        { "nulls are as if left out", "{" WHERE ",\"agent\":null,\"domains\":null,\"create_people\":null}",
          NULL },
        { "roles",
          "{" WHERE
          ",\"roles\":{\"Print admins\":\"administrator\",\"Desk\":\"help-desk\",\"A\":\"analyst\"}}",
          NULL },
        { "no roles", "{" WHERE ",\"roles\":{}}", NULL },
        { "an operator by a group", "{" WHERE ",\"roles\":{\"x\":\"operator\"}}", "\"roles\"" },
        { "a machine by a group", "{" WHERE ",\"roles\":{\"x\":\"machine\"}}", "\"roles\"" },
        { "an administrator of sites by a group", "{" WHERE ",\"roles\":{\"x\":\"site-administrator\"}}",
          "\"roles\"" },
        { "a role nobody knows", "{" WHERE ",\"roles\":{\"x\":\"king\"}}", "\"roles\"" },
        { "a group without a name", "{" WHERE ",\"roles\":{\"\":\"analyst\"}}", "\"roles\"" },
        { "roles in a list", "{" WHERE ",\"roles\":[\"x\"]}", "\"roles\"" },
        { "passwords of ours", "{" WHERE ",\"fallback\":\"when-down\"}", NULL },
        { "passwords of ours, in another word", "{" WHERE ",\"fallback\":\"yes\"}", "fallback" },
        { "passwords of ours, as a flag", "{" WHERE ",\"fallback\":true}", "fallback" },
        { "no JSON", "servers=x", "JSON" },
        { "nothing", "", "JSON" },
        { "a list", "[]", "JSON" },
        { "a member twice", "{" WHERE ",\"base\":\"dc=y\"}", "JSON" },
        { "the directory's own complaint", "{\"servers\":[]}", "servers" },
        { "a member nobody knows", "{" WHERE ",\"tls\":false}", "tls" },
        { "a flag that is none", "{" WHERE ",\"create_people\":1}", "create_people" },
        { "a list that is none", "{" WHERE ",\"domains\":\"CORP\"}", "domains" },
        { "an empty name in a list", "{" WHERE ",\"domains\":[\"\"]}", "domains" },
        { "too many", "{" WHERE ",\"domains\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]}",
          "domains" },
        { "an agent that is no name", "{" WHERE ",\"agent\":1}", "agent" },
        { "too often", "{" WHERE ",\"sync_minutes\":4}", "sync_minutes" },
        { "backwards", "{" WHERE ",\"when_down_hours\":-1}", "when_down_hours" },
        { "more than all", "{" WHERE ",\"sync_brake_percent\":101}", "sync_brake_percent" },
        { "cards without an attribute", "{" WHERE ",\"attributes\":{\"card\":\"\"},\"onboard_cards\":true}",
          "onboard_cards" },
};

static void check_values(void)
{
        static struct ldap_settings settings;
        char complaint[CORE_WORDS];

        assert(ldap_settings_parse(text_from(rows[1].settings), &settings, complaint));
        assert(strcmp(settings.agent, "site") == 0 && settings.domain_count == 1);
        assert(ldap_settings_has_domain(&settings, TEXT_OF("corp")) &&
               ldap_settings_has_domain(&settings, TEXT_OF("CORP")) &&
               !ldap_settings_has_domain(&settings, TEXT_OF("CORP2")) &&
               !ldap_settings_has_domain(&settings, TEXT_OF("")));
        assert(!settings.policy.creates && settings.policy.links_by_email &&
               settings.policy.domain_count == 1 && strcmp(settings.policy.domains[0], "example.org") == 0);
        assert(settings.still_exists_ms == 0 && settings.when_down_ms == 24 * 3600000LL &&
               settings.sync_ms == 3600000 && settings.sync_brake_percent == 25);

        assert(ldap_settings_parse(text_from(rows[0].settings), &settings, complaint));
        assert(settings.policy.creates && !settings.policy.links_by_email && !settings.still_exists &&
               settings.when_down_ms == 0 && settings.sync_ms == 0 && settings.sync_brake_percent == 10);
        assert(ldap_settings_has_domain(&settings, TEXT_OF("any")));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                static struct ldap_settings settings;
                char complaint[CORE_WORDS];

                printf("%s\n", rows[i].name);
                assert(ldap_settings_parse(text_from(rows[i].settings), &settings, complaint) ==
                       !rows[i].complaint);
                assert(!rows[i].complaint || strstr(complaint, rows[i].complaint));
        }
        check_values();
        return 0;
}
