// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "identity/oidc-settings.h"
#include "jose/jwk.h"

#define WHO "\"issuer\":\"https://id.example\",\"client_id\":\"print\""

static const struct {
        const char *name;
        const char *settings;
        const char *complaint; /* a part of it; NULL: none */
} rows[] = {
        { "least", "{" WHO "}", NULL },
        { "everything",
          "{" WHO
          ",\"client_authentication\":\"post\",\"scope\":\"openid groups\",\"parameters\":{\"prompt\":"
          "\"consent\"},\"claims\":{\"email\":\"upn\",\"groups\":\"roles\"},\"algorithms\":[\"ES256\"],"
          "\"create_people\":false,\"domains\":[\"Example.org\"],\"trust_email\":true,"
          "\"link_by_verified_email\":true,\"check_every\":600,\"required_acr\":[\"urn:mfa\",\"2\"],"
          "\"required_amr\":[\"mfa\"],\"max_age\":0,\"assume_fresh\":true}",
          NULL },
        { "never asked again", "{" WHO ",\"check_every\":0}", NULL },
        { "plain http, where the operator allows it",
          "{\"issuer\":\"http://127.0.0.1:1\",\"client_id\":\"x\"}", NULL },
        { "roles",
          "{" WHO ",\"roles\":{\"Print admins\":\"administrator\",\"Desk\":\"help-desk\",\"A\":\"analyst\"}}",
          NULL },
        { "no roles", "{" WHO ",\"roles\":{}}", NULL },
        { "an operator by a group", "{" WHO ",\"roles\":{\"x\":\"operator\"}}", "\"roles\"" },
        { "a machine by a group", "{" WHO ",\"roles\":{\"x\":\"machine\"}}", "\"roles\"" },
        { "an administrator of sites by a group", "{" WHO ",\"roles\":{\"x\":\"site-administrator\"}}",
          "\"roles\"" },
        { "a role nobody knows", "{" WHO ",\"roles\":{\"x\":\"king\"}}", "\"roles\"" },
        { "a group without a name", "{" WHO ",\"roles\":{\"\":\"analyst\"}}", "\"roles\"" },
        { "roles in a list", "{" WHO ",\"roles\":[\"x\"]}", "\"roles\"" },
        { "passwords of ours", "{" WHO ",\"fallback\":\"when-down\"}", NULL },
        { "passwords of ours, in another word", "{" WHO ",\"fallback\":\"yes\"}", "fallback" },
        { "no JSON", "issuer=x", "object of JSON" },
        { "nothing", "", "object of JSON" },
        { "a list", "[]", "object of JSON" },
        { "an issuer twice", "{" WHO ",\"issuer\":\"https://x.example\"}", "object of JSON" },
        { "no issuer", "{\"client_id\":\"print\"}", "\"issuer\" is missing" },
        { "no client", "{\"issuer\":\"https://id.example\"}", "\"client_id\" is missing" },
        { "an empty client", "{\"issuer\":\"https://id.example\",\"client_id\":\"\"}",
          "\"client_id\" is a text" },
        { "an issuer of another kind", "{\"issuer\":\"ldap://id.example\",\"client_id\":\"x\"}", "https://" },
        { "an issuer with a query", "{\"issuer\":\"https://id.example?a\",\"client_id\":\"x\"}", "neither" },
        { "an issuer with a line", "{\"issuer\":\"https://id.example\\n\",\"client_id\":\"x\"}",
          "\"issuer\" is a text" },
        { "an issuer that is a number", "{\"issuer\":1,\"client_id\":\"x\"}", "\"issuer\" is a text" },
        { "a strange authentication", "{" WHO ",\"client_authentication\":\"jwt\"}", "\"basic\"" },
        { "a scope without openid", "{" WHO ",\"scope\":\"email openidx\"}", "\"openid\"" },
        { "claims in a list", "{" WHO ",\"claims\":[]}", "\"claims\"" },
        { "a claim too many", "{" WHO ",\"claims\":{\"role\":\"x\"}}", "\"claims\"" },
        { "no algorithms", "{" WHO ",\"algorithms\":[]}", "\"algorithms\"" },
        { "an algorithm that is none", "{" WHO ",\"algorithms\":[\"RS256\",\"none\"]}", "\"algorithms\"" },
        { "HMAC", "{" WHO ",\"algorithms\":[\"HS256\"]}", "\"algorithms\"" },
        { "a flag that is none", "{" WHO ",\"trust_email\":\"yes\"}", "\"trust_email\"" },
        { "a domain that is an address", "{" WHO ",\"domains\":[\"a@b.c\"]}", "\"domains\"" },
        { "a domain for everybody", "{" WHO ",\"domains\":[\"*.org\"]}", "\"domains\"" },
        { "asked too often", "{" WHO ",\"check_every\":-1}", "\"check_every\"" },
        { "asked after ages", "{" WHO ",\"check_every\":9647777777777777}", "\"check_every\"" },
        { "asked in words", "{" WHO ",\"check_every\":\"1h\"}", "\"check_every\"" },
        { "an acr with a blank", "{" WHO ",\"required_acr\":[\"a b\"]}", "\"required_acr\"" },
        { "an acr alone", "{" WHO ",\"required_acr\":\"mfa\"}", "\"required_acr\"" },
        { "an empty amr", "{" WHO ",\"required_amr\":[\"\"]}", "\"required_amr\"" },
        { "nine amr", "{" WHO ",\"required_amr\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}",
          "at most 8" },
        { "an age below nothing", "{" WHO ",\"max_age\":-1}", "\"max_age\"" },
        { "an age in words", "{" WHO ",\"max_age\":\"5m\"}", "\"max_age\"" },
        { "an age among the parameters", "{" WHO ",\"parameters\":{\"max_age\":\"1\"}}", "\"max_age\"" },
        { "a parameter of ours", "{" WHO ",\"parameters\":{\"state\":\"x\"}}", "\"state\"" },
        { "a parameter that is no name", "{" WHO ",\"parameters\":{\"a&b\":\"x\"}}", "\"parameters\"" },
        { "a parameter that is no text", "{" WHO ",\"parameters\":{\"a\":1}}", "\"parameters\"" },
        { "a setting nobody knows", "{" WHO ",\"isuer\":\"x\"}", "nobody knows" },
};

int main(void)
{
        struct oidc_settings s;
        char complaint[CORE_WORDS];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                bool good = oidc_settings_parse(text_from(rows[i].settings), &s, complaint);

                printf("%s: %s\n", rows[i].name, complaint);
                assert(good == !rows[i].complaint);
                assert(good || strstr(complaint, rows[i].complaint));
        }
        assert(oidc_settings_parse(text_from(rows[0].settings), &s, complaint));
        assert(s.policy.creates && !s.policy.trusts_email && !s.policy.links_by_email &&
               !s.policy.domain_count);
        assert(s.check_ms == 3600000 && s.algorithms == JWS_ALL_ALGORITHMS && !s.parameter_count);
        assert(strcmp(s.email, "email") == 0 && strcmp(s.scope, "openid email profile offline_access") == 0);
        assert(oidc_settings_parse(text_from(rows[1].settings), &s, complaint));
        assert(!s.policy.creates && s.policy.trusts_email && s.policy.links_by_email);
        assert(s.client_authentication == OIDC_CLIENT_POST && s.algorithms == JWS_ES256);
        assert(strcmp(s.policy.domains[0], "example.org") == 0 && s.policy.domain_count == 1);
        assert(strcmp(s.email, "upn") == 0 && strcmp(s.groups, "roles") == 0 && strcmp(s.name, "name") == 0);
        assert(strcmp(s.parameters[0].name, "prompt") == 0 && strcmp(s.parameters[0].value, "consent") == 0);
        return 0;
}
