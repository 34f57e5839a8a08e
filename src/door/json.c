// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"

json_t *json_of_id(struct id id)
{
        char string[ID_STRING];

        if (id_is_zero(id))
                return json_null();
        id_format(id, string);
        return json_string(string);
}

json_t *json_of_time(int64_t unix_ms)
{
        char string[25];

        if (unix_ms == 0)
                return json_null();
        clock_format(unix_ms, string);
        return json_string(string);
}

json_t *json_words(const char *string)
{
        json_t *value;

        if (!string)
                return json_null();
        value = json_string(string);
        return value ? value : json_string("?");
}

json_t *json_words_or_null(const char *string)
{
        return string && string[0] ? json_words(string) : json_null();
}

void members_open(struct members *members, json_t *value)
{
        *members = (struct members){ .object = value };
        if (!json_is_object(value)) {
                members->object = NULL;
                members_complain(members, "An object is expected.");
        }
}

void members_complain(struct members *members, const char *format, ...)
{
        va_list args;

        if (members->complaint[0])
                return;
        va_start(args, format);
        vsnprintf(members->complaint, sizeof(members->complaint), format, args);
        va_end(args);
}

static json_t *member(struct members *members, const char *name, enum member_need need)
{
        json_t *value = json_object_get(members->object, name);

        if (members->asked_count < MEMBERS_MAX)
                members->asked[members->asked_count++] = name;
        if (json_is_null(value))
                value = NULL;
        if (!value && need == MEMBER_REQUIRED)
                members_complain(members, "The member \"%s\" is missing.", name);
        return value;
}

struct text members_secret(struct members *members, const char *name, enum member_need need,
                           size_t max_octets)
{
        json_t *value = member(members, name, need);
        struct text text;

        if (!value)
                return (struct text){ NULL, 0 };
        if (!json_is_string(value)) {
                members_complain(members, "\"%s\" must be a string.", name);
                return (struct text){ NULL, 0 };
        }
        text = text_from_octets(json_string_value(value), json_string_length(value));
        if (text.len > max_octets)
                members_complain(members, "\"%s\" is longer than %zu octets.", name, max_octets);
        else if (need == MEMBER_REQUIRED && text.len == 0)
                members_complain(members, "\"%s\" is empty.", name);
        else
                return text;
        return (struct text){ NULL, 0 };
}

const char *members_string(struct members *members, const char *name, enum member_need need,
                           size_t max_octets)
{
        struct text text = members_secret(members, name, need, max_octets);

        if (!text.at)
                return NULL;
        if (!text_is_printable(text)) {
                members_complain(members, "\"%s\" has control characters.", name);
                return NULL;
        }
        return text.at;
}

void members_words(struct members *members, const char *name, enum member_need need, char *to, size_t size)
{
        const char *string = members_string(members, name, need, size - 1);

        if (string)
                text_copy(text_from(string), to, size);
        else if (members_has(members, name))
                to[0] = '\0';
}

bool members_id(struct members *members, const char *name, enum member_need need, struct id *ret)
{
        const char *string = members_string(members, name, need, ID_STRING);

        if (!string)
                return false;
        if (id_parse(text_from(string), ret))
                return true;
        members_complain(members, "\"%s\" is not an id.", name);
        return false;
}

bool members_number(struct members *members, const char *name, enum member_need need, int64_t least,
                    int64_t most, int64_t *ret)
{
        json_t *value = member(members, name, need);

        if (!value)
                return false;
        if (!json_is_integer(value) || json_integer_value(value) < least ||
            json_integer_value(value) > most) {
                members_complain(members, "\"%s\" must be a whole number from %lld to %lld.", name,
                                 (long long)least, (long long)most);
                return false;
        }
        *ret = json_integer_value(value);
        return true;
}

bool members_flag(struct members *members, const char *name, enum member_need need, bool *ret)
{
        json_t *value = member(members, name, need);

        if (!value)
                return false;
        if (!json_is_boolean(value)) {
                members_complain(members, "\"%s\" must be true or false.", name);
                return false;
        }
        *ret = json_is_true(value);
        return true;
}

static void complain_of_word(struct members *members, const char *name, const char *const *words)
{
        char list[128] = "";
        size_t length = 0;

        for (size_t i = 0; words[i] && length < sizeof(list); i++)
                length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s", i ? ", " : "",
                                           words[i]);
        members_complain(members, "\"%s\" must be one of: %s.", name, list);
}

bool members_word(struct members *members, const char *name, enum member_need need, const char *const *words,
                  int *ret)
{
        const char *string = members_string(members, name, need, 64);

        if (!string)
                return false;
        for (int i = 0; words[i]; i++) {
                if (strcmp(words[i], string) == 0) {
                        *ret = i;
                        return true;
                }
        }
        complain_of_word(members, name, words);
        return false;
}

bool members_hex64(struct members *members, const char *name, enum member_need need, uint64_t *ret)
{
        const char *string = members_string(members, name, need, 16);
        uint64_t value = 0;

        if (!string)
                return false;
        for (const char *at = string; *at; at++) {
                const char *digits = "0123456789abcdef";
                const char *digit = strchr(digits, *at);

                if (!digit) {
                        members_complain(members, "\"%s\" must be lower-case hexadecimal digits.", name);
                        return false;
                }
                value = value << 4 | (uint64_t)(digit - digits);
        }
        *ret = value;
        return true;
}

json_t *members_array(struct members *members, const char *name, enum member_need need, size_t max_items)
{
        json_t *value = member(members, name, need);

        if (!value)
                return NULL;
        if (!json_is_array(value))
                members_complain(members, "\"%s\" must be an array.", name);
        else if (json_array_size(value) > max_items)
                members_complain(members, "\"%s\" has more than %zu items.", name, max_items);
        else
                return value;
        return NULL;
}

json_t *members_object(struct members *members, const char *name, enum member_need need)
{
        json_t *value = member(members, name, need);

        if (!value)
                return NULL;
        if (json_is_object(value))
                return value;
        members_complain(members, "\"%s\" must be an object.", name);
        return NULL;
}

json_t *members_any(struct members *members, const char *name)
{
        return member(members, name, MEMBER_OPTIONAL);
}

bool members_strings(struct members *members, const char *name, size_t max_items, void *rows, size_t row_size,
                     size_t *ret_count)
{
        json_t *array = members_array(members, name, MEMBER_OPTIONAL, max_items);
        char *row = rows;
        json_t *item;
        size_t i;

        if (!array)
                return false;
        json_array_foreach(array, i, item)
        {
                struct text text = text_from_octets(json_string_value(item), json_string_length(item));

                if (!json_is_string(item) || text.len == 0 || !text_is_printable(text) ||
                    !text_copy(text, row + i * row_size, row_size)) {
                        members_complain(members, "\"%s\" must hold strings of 1 to %zu octets.", name,
                                         row_size - 1);
                        return false;
                }
        }
        *ret_count = json_array_size(array);
        return true;
}

bool members_has(const struct members *members, const char *name)
{
        return json_object_get(members->object, name) != NULL;
}

static bool was_asked(const struct members *members, const char *name)
{
        for (size_t i = 0; i < members->asked_count; i++)
                if (strcmp(members->asked[i], name) == 0)
                        return true;
        return false;
}

bool members_finish(struct members *members)
{
        const char *name;
        json_t *value;

        if (members->complaint[0])
                return false;
        json_object_foreach(members->object, name, value)
        {
                if (was_asked(members, name))
                        continue;
                if (strlen(name) <= 64 && text_is_printable(text_from(name)))
                        members_complain(members, "There is no member \"%s\" here.", name);
                else
                        members_complain(members, "There is a member here that does not exist.");
        }
        return members->complaint[0] == '\0';
}
