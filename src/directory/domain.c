// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/domain.h"

#include <jansson.h>
#include <string.h>

#include "base/scope.h"

static const char *const origins[] = {
        [DIRECTORY_OWN] = "own",
        [DIRECTORY_FOREST] = "forest",
        [DIRECTORY_TRUST] = "trust",
};

const char *directory_origin_name(enum directory_origin origin)
{
        return origins[origin];
}

/* What may stand before a backslash, and in a name that somebody signs in with. */
static bool is_short_name(struct text name)
{
        for (size_t i = 0; i < name.len; i++)
                if (strchr("\\/\"@[]:;|=,+*?<>", name.at[i]) || name.at[i] <= ' ')
                        return false;
        return name.len > 0 && text_is_printable(name);
}

/* Letters, digits and hyphens between dots; no part is empty. */
static bool is_dns_name(const char *name)
{
        size_t length = strlen(name);

        return length > 0 &&
               strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == length &&
               name[0] != '.' && name[0] != '-' && name[length - 1] != '.' && !strstr(name, "..");
}

static bool make_base(const char *dns, char ret[DIRECTORY_DN])
{
        struct text rest = text_from(dns), part;
        size_t length = 0;

        while (rest.len) {
                text_cut(rest, '.', &part, &rest);
                if (length + part.len + 5 > DIRECTORY_DN)
                        return false;
                memcpy(ret + length, length ? ",DC=" : "DC=", length ? 4 : 3);
                length += length ? 4 : 3;
                memcpy(ret + length, part.at, part.len);
                length += part.len;
        }
        ret[length] = '\0';
        return true;
}

bool directory_domain_make(struct text name, struct text dns, struct text base, enum directory_origin origin,
                           struct directory_domain *ret)
{
        *ret = (struct directory_domain){ .origin = origin };
        if (!is_short_name(name) || !text_copy(name, ret->name, sizeof(ret->name)) ||
            !text_copy(dns, ret->dns, sizeof(ret->dns)) || !is_dns_name(ret->dns))
                return false;
        return base.len ? text_is_printable(base) && text_copy(base, ret->base, sizeof(ret->base))
                        : make_base(ret->dns, ret->base);
}

const struct directory_domain *directory_domain_find(const struct directory_domain *domains, size_t count,
                                                     struct text name)
{
        for (size_t i = 0; i < count; i++)
                if (text_equal_nocase(name, text_from(domains[i].name)) ||
                    text_equal_nocase(name, text_from(domains[i].dns)))
                        return &domains[i];
        return NULL;
}

json_t *directory_domains_format(const struct directory_domain *domains, size_t count)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < count; i++)
                json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "name", domains[i].name, "dns",
                                                       domains[i].dns, "base", domains[i].base, "origin",
                                                       origins[domains[i].origin]));
        return array;
}

static struct text string_of(const json_t *object, const char *name)
{
        const json_t *value = json_object_get(object, name);

        return text_from_octets(json_string_value(value), json_string_length(value));
}

static bool parse_one(const json_t *json, struct directory_domain *ret)
{
        for (size_t i = 0; i < ARRAY_LENGTH(origins); i++)
                if (text_equal_string(string_of(json, "origin"), origins[i]))
                        return string_of(json, "base").len > 0 &&
                               directory_domain_make(string_of(json, "name"), string_of(json, "dns"),
                                                     string_of(json, "base"), (enum directory_origin)i, ret);
        return false;
}

bool directory_domains_parse(const json_t *json, struct directory_domain *ret, size_t *ret_count)
{
        const json_t *value;
        size_t i;

        *ret_count = 0;
        if (!json_is_array(json) || json_array_size(json) > DIRECTORY_DOMAINS_MAX)
                return false;
        json_array_foreach(json, i, value)
        {
                if (!parse_one(value, &ret[i]))
                        return false;
        }
        *ret_count = json_array_size(json);
        return true;
}
