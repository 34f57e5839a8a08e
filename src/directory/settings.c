// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/settings.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "directory/filter.h"

#define LDAP_PORT  389
#define LDAPS_PORT 636

static const char *const attribute_names[] = {
        [DIRECTORY_EMAIL] = "email",
        [DIRECTORY_ACCOUNT] = "account",
        [DIRECTORY_NAME] = "name",
        [DIRECTORY_GROUPS] = "groups",
        [DIRECTORY_CARD] = "card",
        [DIRECTORY_SUBJECT] = "subject",
        [DIRECTORY_DEPARTMENT] = "department",
};

static const struct {
        const char *name;
        const char *people_filter;
        const char *attributes[DIRECTORY_ATTRIBUTES];
} kinds[] = {
        [DIRECTORY_OPENLDAP] = {
                "openldap",
                "(objectClass=inetOrgPerson)",
                { "mail", "uid", "cn", "departmentNumber", "memberOf", "employeeNumber", "entryUUID" },
        },
        [DIRECTORY_ACTIVE_DIRECTORY] = {
                "active-directory",
                "(&(objectCategory=person)(objectClass=user))",
                { "mail", "sAMAccountName", "displayName", "department", "memberOf", "employeeNumber", "objectGUID" },
        },
};

const char *directory_attribute_name(enum directory_attribute attribute)
{
        return attribute_names[attribute];
}

struct reader {
        const json_t *json;
        char *complaint; /* the first one stays */
};

static void complain(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void complain(struct reader *reader, const char *format, ...)
{
        va_list args;

        if (reader->complaint[0])
                return;
        va_start(args, format);
        vsnprintf(reader->complaint, DIRECTORY_COMPLAINT, format, args);
        va_end(args);
}

static struct text text_of(const json_t *value)
{
        return text_from_octets(json_string_value(value), json_string_length(value));
}

/* False where it is not there, or wrong. */
static bool read_string(struct reader *reader, const char *name, char *ret, size_t size)
{
        const json_t *value = json_object_get(reader->json, name);

        ret[0] = 0;
        if (!value || json_is_null(value))
                return false;
        if (json_is_string(value) && text_is_printable(text_of(value)) &&
            text_copy(text_of(value), ret, size))
                return true;
        complain(reader, "\"%s\" is text of at most %zu octets.", name, size - 1);
        return false;
}

static int64_t read_number(struct reader *reader, const char *name, int64_t least, int64_t most,
                           int64_t otherwise)
{
        const json_t *value = json_object_get(reader->json, name);
        int64_t number = json_integer_value(value);

        if (!value || json_is_null(value))
                return otherwise;
        if (!json_is_integer(value) || number < least || number > most) {
                complain(reader, "\"%s\" is a number from %" PRId64 " to %" PRId64 ".", name, least, most);
                return otherwise;
        }
        return number;
}

static bool read_flag(struct reader *reader, const char *name, bool otherwise)
{
        const json_t *value = json_object_get(reader->json, name);

        if (!value || json_is_null(value))
                return otherwise;
        if (!json_is_boolean(value))
                complain(reader, "\"%s\" is true or false.", name);
        return json_is_true(value);
}

static int read_word(struct reader *reader, const char *name, const char *const *words, int count,
                     int otherwise)
{
        const json_t *value = json_object_get(reader->json, name);

        if (!value || json_is_null(value))
                return otherwise;
        for (int i = 0; i < count; i++)
                if (json_is_string(value) && text_equal_string(text_of(value), words[i]))
                        return i;
        complain(reader, "\"%s\" is \"%s\" or \"%s\".", name, words[0], words[1]);
        return otherwise;
}

/* Letters, digits, hyphens and dots, or a numeric address in brackets where it is one of IPv6. */
static bool host_is_valid(struct text host, char ret[DIRECTORY_HOST])
{
        struct in6_addr address;

        if (host.len > 2 && host.at[0] == '[' && host.at[host.len - 1] == ']')
                return text_copy((struct text){ host.at + 1, host.len - 2 }, ret, DIRECTORY_HOST) &&
                       inet_pton(AF_INET6, ret, &address) == 1;
        if (host.len == 0 || host.at[0] == '-' || host.at[0] == '.' || !text_copy(host, ret, DIRECTORY_HOST))
                return false;
        return ret[strspn(ret, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] == 0;
}

bool directory_server_parse(struct text uri, struct directory_server *ret)
{
        struct text host = uri, port = { "", 0 };
        uint64_t number;
        size_t at;

        *ret = (struct directory_server){ .starttls = text_starts_with(uri, "ldap://") };
        if (!ret->starttls && !text_starts_with(uri, "ldaps://"))
                return false;
        host.at += ret->starttls ? 7 : 8;
        host.len -= ret->starttls ? 7 : 8;
        for (at = host.len; at > 0 && host.at[at - 1] >= '0' && host.at[at - 1] <= '9'; at--)
                ;
        if (at > 0 && at < host.len && host.at[at - 1] == ':') {
                port = (struct text){ host.at + at, host.len - at };
                host.len = at - 1;
        }
        ret->port = ret->starttls ? LDAP_PORT : LDAPS_PORT;
        if (port.len) {
                if (!text_number(port, UINT16_MAX, &number) || number == 0)
                        return false;
                ret->port = (uint16_t)number;
        }
        return host_is_valid(host, ret->host);
}

void directory_server_format(const struct directory_server *server, char *ret, size_t size)
{
        bool is_numeric6 = strchr(server->host, ':') != NULL;

        snprintf(ret, size, "%s://%s%s%s:%u", server->starttls ? "ldap" : "ldaps", is_numeric6 ? "[" : "",
                 server->host, is_numeric6 ? "]" : "", server->port);
}

static void read_servers(struct reader *reader, struct directory_settings *ret)
{
        const json_t *array = json_object_get(reader->json, "servers");
        const json_t *value;
        size_t i;

        if (!json_is_array(array) || json_array_size(array) == 0 ||
            json_array_size(array) > DIRECTORY_SERVERS_MAX) {
                complain(reader, "\"servers\" is a list of 1 to %d addresses.", DIRECTORY_SERVERS_MAX);
                return;
        }
        json_array_foreach(array, i, value)
        {
                struct directory_server *server = &ret->servers[i];

                if (!json_is_string(value) || !directory_server_parse(text_of(value), server))
                        complain(reader, "servers: item %zu is not \"ldaps://HOST[:PORT]\" or \"ldap://…\".",
                                 i);
                /* The library would look for this machine's own name in the certificate. */
                else if (strcasecmp(server->host, "localhost") == 0)
                        complain(reader,
                                 "servers: write 127.0.0.1 or the machine's name in place of localhost.");
        }
        ret->server_count = json_array_size(array);
}

static void read_ca(struct reader *reader, struct directory_settings *ret)
{
        const json_t *value = json_object_get(reader->json, "ca");

        if (!value || json_is_null(value) || (json_is_string(value) && text_of(value).len == 0))
                return;
        if (!json_is_string(value) || !text_copy(text_of(value), ret->ca, sizeof(ret->ca)) ||
            !strstr(ret->ca, "-----BEGIN CERTIFICATE-----"))
                complain(reader, "\"ca\" is certificates in PEM, at most %d octets.", DIRECTORY_CA - 1);
}

static void read_attributes(struct reader *reader, struct directory_settings *ret)
{
        const json_t *object = json_object_get(reader->json, "attributes");
        const json_t *value;
        const char *name;

        for (int i = 0; i < DIRECTORY_ATTRIBUTES; i++)
                snprintf(ret->attributes[i], DIRECTORY_ATTRIBUTE, "%s", kinds[ret->kind].attributes[i]);
        if (object && !json_is_object(object) && !json_is_null(object))
                complain(reader, "\"attributes\" is an object.");
        json_object_foreach((json_t *)object, name, value)
        {
                int i = 0;

                while (i < DIRECTORY_ATTRIBUTES && strcmp(attribute_names[i], name) != 0)
                        i++;
                if (i == DIRECTORY_ATTRIBUTES)
                        complain(reader, "attributes: \"%.40s\" is none that is read.", name);
                else if (i != DIRECTORY_EMAIL && i != DIRECTORY_SUBJECT && i != DIRECTORY_ACCOUNT &&
                         text_equal_string(text_of(value), ""))
                        ret->attributes[i][0] = 0;
                else if (!json_is_string(value) || !filter_attribute_is_valid(text_of(value)) ||
                         !text_copy(text_of(value), ret->attributes[i], DIRECTORY_ATTRIBUTE))
                        complain(reader, "attributes: \"%s\" is the name of an attribute.", name);
        }
}

bool directory_settings_parse(const json_t *json, struct directory_settings *ret,
                              char ret_complaint[DIRECTORY_COMPLAINT])
{
        static const char *const formats[] = { "hexadecimal", "decimal" };
        const char *const kind_names[] = { kinds[0].name, kinds[1].name };
        struct reader reader = { json, ret_complaint };

        *ret = (struct directory_settings){ 0 };
        ret_complaint[0] = 0;
        if (!json_is_object(json))
                complain(&reader, "The settings are an object.");
        read_servers(&reader, ret);
        read_ca(&reader, ret);
        if (!read_string(&reader, "base", ret->base, sizeof(ret->base)) || !ret->base[0])
                complain(&reader, "\"base\" is the name (DN) beneath which people are looked for.");
        if (!read_string(&reader, "bind_name", ret->bind_name, sizeof(ret->bind_name)) || !ret->bind_name[0])
                complain(&reader, "\"bind_name\" is the name (DN) of the account that looks people up.");
        ret->kind = (enum directory_kind)read_word(&reader, "kind", kind_names, 2, DIRECTORY_OPENLDAP);
        if (!read_string(&reader, "people_filter", ret->people_filter, sizeof(ret->people_filter)))
                snprintf(ret->people_filter, sizeof(ret->people_filter), "%s",
                         kinds[ret->kind].people_filter);
        if (!filter_is_whole(text_from(ret->people_filter)))
                complain(&reader, "\"people_filter\" is one filter in parentheses (RFC 4515).");
        read_string(&reader, "group_base", ret->group_base, sizeof(ret->group_base));
        read_attributes(&reader, ret);
        ret->card_format = (enum directory_card_format)read_word(&reader, "card_format", formats, 2,
                                                                 DIRECTORY_CARD_HEXADECIMAL);
        ret->card_digits = (uint32_t)read_number(&reader, "card_digits", 4, 16, 8);
        ret->timeout_ms = read_number(&reader, "timeout_ms", 500, 30000, 8000);
        ret->page = (uint32_t)read_number(&reader, "page", 1, 1000, 500);
        ret->nested_groups = read_flag(&reader, "nested_groups", true);
        ret->nested_depth = (uint32_t)read_number(&reader, "nested_depth", 1, 32, 10);
        ret->nested_most = (uint32_t)read_number(&reader, "nested_most", 1, 10000, 1000);
        return ret_complaint[0] == 0;
}

static bool fold_hexadecimal(struct text from, char *ret, size_t size)
{
        if (from.len < 4 || from.len > 64 || !text_copy(from, ret, size))
                return false;
        for (char *at = ret; *at; at++) {
                if (*at >= 'A' && *at <= 'F')
                        *at = (char)(*at - 'A' + 'a');
                if (!((*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f')))
                        return false;
        }
        return true;
}

bool directory_card_format(const struct directory_settings *settings, struct text number, char *ret,
                           size_t size)
{
        char folded[65];

        if (!fold_hexadecimal(number, folded, sizeof(folded)))
                return false;
        if (settings->card_format == DIRECTORY_CARD_HEXADECIMAL)
                return text_copy(text_from(folded), ret, size);
        /* 64 bits, as every card that people write in decimal has fewer. */
        if (strlen(folded) > 16)
                return false;
        return (size_t)snprintf(ret, size, "%" PRIu64, (uint64_t)strtoull(folded, NULL, 16)) < size;
}

bool directory_card_parse(const struct directory_settings *settings, struct text value, char *ret,
                          size_t size)
{
        uint64_t number;

        if (settings->card_format == DIRECTORY_CARD_HEXADECIMAL)
                return fold_hexadecimal(value, ret, size);
        if (!text_number(value, UINT64_MAX, &number))
                return false;
        return (size_t)snprintf(ret, size, "%0*" PRIx64, (int)settings->card_digits, number) < size;
}
