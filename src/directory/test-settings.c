// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/settings.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *uri;
        bool good;
        const char *host;
        uint16_t port;
        bool starttls;
} servers[] = {
        { "ldaps://dc1.example.org", true, "dc1.example.org", 636, false },
        { "ldap://dc1.example.org", true, "dc1.example.org", 389, true },
        { "ldap://127.0.0.1:3890", true, "127.0.0.1", 3890, true },
        { "ldaps://[2001:db8::1]:6360", true, "2001:db8::1", 6360, false },
        { "ldaps://[2001:db8::1]", true, "2001:db8::1", 636, false },
        { "ldapi://%2frun%2fslapd", false },
        { "http://dc1", false },
        { "dc1.example.org", false },
        { "ldaps://", false },
        { "ldaps://dc1:0", false },
        { "ldaps://dc1:65536", false },
        { "ldaps://dc1/dc=example", false },
        { "ldaps://dc1?x", false },
        { "ldaps://user@dc1", false },
        { "ldaps://-dc1", false },
        { "ldaps://2001:db8::1", false },
};

#define WHOLE "\"servers\": [\"ldaps://dc1\"], \"base\": \"dc=x\", \"bind_name\": \"cn=svc,dc=x\""

static const struct {
        const char *json;
        const char *complaint; /* a part of it; "": none */
} rows[] = {
        { "{" WHOLE "}", "" },
        { "{" WHOLE ", \"agent\": null, \"unknown\": 1}", "" },
        { "{" WHOLE
          ", \"kind\": \"active-directory\", \"attributes\": {\"card\": \"pager\", \"groups\": \"\"}}",
          "" },
        { "[]", "object" },
        { "{}", "servers" },
        { "{\"servers\": [], \"base\": \"dc=x\", \"bind_name\": \"cn=x\"}", "servers" },
        { "{\"servers\": [\"ldaps://a\", \"http://b\"], \"base\": \"dc=x\", \"bind_name\": \"cn=x\"}",
          "item 1" },
        { "{\"servers\": [\"ldap://localhost\"], \"base\": \"dc=x\", \"bind_name\": \"cn=x\"}", "localhost" },
        { "{\"servers\": [\"ldaps://a\"], \"bind_name\": \"cn=x\"}", "base" },
        { "{\"servers\": [\"ldaps://a\"], \"base\": \"dc=x\"}", "bind_name" },
        { "{" WHOLE ", \"kind\": \"novell\"}", "kind" },
        { "{" WHOLE ", \"people_filter\": \"(a=b)(c=d)\"}", "people_filter" },
        { "{" WHOLE ", \"ca\": \"no certificate\"}", "ca" },
        { "{" WHOLE ", \"attributes\": {\"shoe\": \"size\"}}", "shoe" },
        { "{" WHOLE ", \"attributes\": {\"email\": \"\"}}", "email" },
        { "{" WHOLE ", \"attributes\": {\"card\": \"a)(b\"}}", "card" },
        { "{" WHOLE ", \"timeout_ms\": 1}", "timeout_ms" },
        { "{" WHOLE ", \"page\": 100000}", "page" },
        { "{" WHOLE ", \"card_digits\": \"8\"}", "card_digits" },
};

static void check_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct directory_settings settings;
                char complaint[DIRECTORY_COMPLAINT];
                json_t *json = json_loads(rows[i].json, 0, NULL);

                printf("%s\n", rows[i].json);
                assert(json);
                assert(directory_settings_parse(json, &settings, complaint) == (rows[i].complaint[0] == 0));
                assert(strstr(complaint, rows[i].complaint));
                json_decref(json);
        }
}

static void check_cards(void)
{
        struct directory_settings settings = { .card_format = DIRECTORY_CARD_HEXADECIMAL, .card_digits = 8 };
        char number[65];

        assert(directory_card_parse(&settings, TEXT_OF("04A1B2C3"), number, sizeof(number)));
        assert(strcmp(number, "04a1b2c3") == 0);
        assert(!directory_card_parse(&settings, TEXT_OF("04-A1"), number, sizeof(number)));
        assert(!directory_card_parse(&settings, TEXT_OF("abc"), number, sizeof(number)));
        assert(directory_card_format(&settings, TEXT_OF("04A1B2C3"), number, sizeof(number)));
        assert(strcmp(number, "04a1b2c3") == 0);
        assert(!directory_card_format(&settings, TEXT_OF("*"), number, sizeof(number)));

        settings.card_format = DIRECTORY_CARD_DECIMAL;
        assert(directory_card_parse(&settings, TEXT_OF("77705923"), number, sizeof(number)));
        assert(strcmp(number, "04a1b2c3") == 0);
        assert(!directory_card_parse(&settings, TEXT_OF("12a"), number, sizeof(number)));
        assert(directory_card_format(&settings, TEXT_OF("04a1b2c3"), number, sizeof(number)));
        assert(strcmp(number, "77705923") == 0);
        assert(!directory_card_format(&settings, TEXT_OF("00112233445566778899"), number, sizeof(number)));
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(servers); i++) {
                struct directory_server server;

                printf("%s\n", servers[i].uri);
                assert(directory_server_parse(text_from(servers[i].uri), &server) == servers[i].good);
                if (!servers[i].good)
                        continue;
                assert(strcmp(server.host, servers[i].host) == 0 && server.port == servers[i].port &&
                       server.starttls == servers[i].starttls);
        }
        check_rows();
        check_cards();
        return 0;
}
