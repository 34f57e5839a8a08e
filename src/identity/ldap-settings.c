// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/ldap-settings.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/scope.h"
#include "identity/role-settings.h"

#define MINUTE_MS 60000LL

static const char *const known[] = {
        "servers",
        "ca",
        "base",
        "bind_name",
        "kind",
        "people_filter",
        "group_base",
        "attributes",
        "card_format",
        "card_digits",
        "timeout_ms",
        "page",
        "nested_groups",
        "nested_depth",
        "nested_most",
        "agent",
        "domains",
        "domain_servers",
        "mail_domains",
        "create_people",
        "link_by_verified_email",
        "onboard_cards",
        "still_exists",
        "still_exists_minutes",
        "when_down_hours",
        "sync_minutes",
        "sync_brake_percent",
        "fallback",
        "roles",
};

static bool complain(char ret_complaint[CORE_WORDS], const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* The first one stays. False, so that it can stand in a return. */
static bool complain(char ret_complaint[CORE_WORDS], const char *format, ...)
{
        va_list args;

        if (ret_complaint[0])
                return false;
        va_start(args, format);
        vsnprintf(ret_complaint, CORE_WORDS, format, args);
        va_end(args);
        return false;
}

static bool read_flag(const json_t *json, const char *name, bool otherwise, char *complaint)
{
        const json_t *value = json_object_get(json, name);

        if (!value || json_is_null(value))
                return otherwise;
        if (!json_is_boolean(value))
                complain(complaint, "\"%s\" is true or false.", name);
        return json_is_true(value);
}

static int64_t read_number(const json_t *json, const char *name, int64_t most, int64_t otherwise,
                           char *complaint)
{
        const json_t *value = json_object_get(json, name);

        if (!value || json_is_null(value))
                return otherwise;
        if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > most) {
                complain(complaint, "\"%s\" is no number, or too large.", name);
                return otherwise;
        }
        return json_integer_value(value);
}

static struct text text_of(const json_t *value)
{
        return text_from_octets(json_string_value(value), json_string_length(value));
}

static size_t read_names(const json_t *json, const char *name, void *rows, size_t row_size, size_t max,
                         char *complaint)
{
        const json_t *array = json_object_get(json, name);
        const json_t *value;
        size_t i;

        if (!array || json_is_null(array))
                return 0;
        if (!json_is_array(array) || json_array_size(array) > max) {
                complain(complaint, "\"%s\" is a list, and not so long.", name);
                return 0;
        }
        json_array_foreach(array, i, value)
        {
                char *row = (char *)rows + i * row_size;

                if (!json_is_string(value) || text_of(value).len == 0 || !text_is_printable(text_of(value)) ||
                    !text_copy(text_of(value), row, row_size))
                        complain(complaint, "\"%s\" is a list of names.", name);
                for (; *row; row++)
                        if (*row >= 'A' && *row <= 'Z')
                                *row = (char)(*row - 'A' + 'a');
        }
        return json_array_size(array);
}

static void check_names(const json_t *json, char *complaint)
{
        const json_t *value;
        const char *name;

        json_object_foreach((json_t *)json, name, value)
        {
                size_t i = 0;

                while (i < ARRAY_LENGTH(known) && strcmp(known[i], name) != 0)
                        i++;
                if (i == ARRAY_LENGTH(known))
                        complain(complaint, "\"%.60s\" is no setting of a directory.", name);
        }
}

static void read_agent(const json_t *json, struct ldap_settings *ret, char *complaint)
{
        const json_t *value = json_object_get(json, "agent");

        if (value && !json_is_null(value) &&
            (!json_is_string(value) || !text_copy(text_of(value), ret->agent, sizeof(ret->agent))))
                complain(complaint, "\"agent\" is the name or the id of an agent.");
}

static void read_domain_servers(json_t *json, struct ldap_settings *ret, char *complaint)
{
        json_t *object = json_object_get(json, "domain_servers");
        json_t *value;
        const char *name;

        if (object && !json_is_null(object) &&
            (!json_is_object(object) || json_object_size(object) > LDAP_SERVERS_MAX)) {
                complain(complaint, "\"domain_servers\" is an object, and not so long.");
                return;
        }
        json_object_foreach(object, name, value)
        {
                size_t at = ret->domain_server_count++;

                if (!text_copy(text_from(name), ret->domain_servers[at].domain, CORE_NAME) ||
                    !directory_server_parse(text_of(value), &ret->domain_servers[at].server) ||
                    strcasecmp(ret->domain_servers[at].server.host, "localhost") == 0)
                        complain(complaint,
                                 "domain_servers: \"%.40s\" is not \"ldaps://HOST[:PORT]\" or \"ldap://…\".",
                                 name);
        }
}

static void read_fallback(const json_t *json, struct ldap_settings *ret, char *complaint)
{
        const json_t *value = json_object_get(json, "fallback");

        ret->fallback = METHOD_FALLBACK_NO;
        if (value && !json_is_null(value) &&
            (!json_is_string(value) || !method_fallback_parse(text_of(value), &ret->fallback)))
                complain(complaint, "\"fallback\" is \"no\", \"when-down\" or \"always\".");
}

static void read_policy(const json_t *json, struct ldap_settings *ret, char *complaint)
{
        struct outside_policy *policy = &ret->policy;

        policy->creates = read_flag(json, "create_people", true, complaint);
        policy->links_by_email = read_flag(json, "link_by_verified_email", false, complaint);
        policy->trusts_email = true; /* the directory is the tenant's own */
        policy->domain_count = read_names(json, "mail_domains", policy->domains, sizeof(policy->domains[0]),
                                          OUTSIDE_DOMAINS_MAX, complaint);
        if (!role_settings_parse(json_object_get(json, "roles"), policy))
                complain(complaint, ROLE_SETTINGS_COMPLAINT, OUTSIDE_ROLES_MAX);
}

bool ldap_settings_parse(struct text settings, struct ldap_settings *ret, char ret_complaint[CORE_WORDS])
{
        SCOPED(json_decrefp)
        json_t *json = json_loadb(settings.at, settings.len, JSON_REJECT_DUPLICATES, NULL);
        char complaint[DIRECTORY_COMPLAINT];
        int64_t sync_minutes;

        *ret = (struct ldap_settings){ 0 };
        ret_complaint[0] = 0;
        if (!json_is_object(json))
                return complain(ret_complaint, "The settings are a JSON object.");
        if (!directory_settings_parse(json, &ret->directory, complaint))
                return complain(ret_complaint, "%s", complaint);
        check_names(json, ret_complaint);
        read_agent(json, ret, ret_complaint);
        read_policy(json, ret, ret_complaint);
        read_fallback(json, ret, ret_complaint);
        ret->domain_count = read_names(json, "domains", ret->domains, sizeof(ret->domains[0]),
                                       LDAP_DOMAINS_MAX, ret_complaint);
        read_domain_servers(json, ret, ret_complaint);
        ret->onboards_cards = read_flag(json, "onboard_cards", false, ret_complaint);
        ret->still_exists = read_flag(json, "still_exists", false, ret_complaint);
        ret->still_exists_ms = MINUTE_MS * read_number(json, "still_exists_minutes", 1440, 10, ret_complaint);
        ret->when_down_ms = 60 * MINUTE_MS * read_number(json, "when_down_hours", 720, 0, ret_complaint);
        sync_minutes = read_number(json, "sync_minutes", 10080, 0, ret_complaint);
        if (sync_minutes && sync_minutes < 5)
                complain(ret_complaint, "\"sync_minutes\" is 0, or 5 at least.");
        ret->sync_ms = MINUTE_MS * sync_minutes;
        ret->sync_brake_percent = (uint32_t)read_number(json, "sync_brake_percent", 100, 10, ret_complaint);
        if (ret->onboards_cards && !ret->directory.attributes[DIRECTORY_CARD][0])
                complain(ret_complaint, "\"onboard_cards\" needs an attribute for the card.");
        return ret_complaint[0] == 0;
}

bool ldap_settings_has_domain(const struct ldap_settings *settings, struct text domain)
{
        for (size_t i = 0; i < settings->domain_count; i++)
                if (text_equal_nocase(domain, text_from(settings->domains[i])))
                        return true;
        return settings->domain_count == 0 && domain.len > 0;
}
