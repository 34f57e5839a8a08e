// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/members.h"

#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"

#define VALUES_MAX 32

static json_t *texts(const struct invocation *invocation, const char *option)
{
        const char *values[VALUES_MAX];
        size_t count = option_values(invocation, option, values, VALUES_MAX);
        json_t *array = json_array();

        /* One empty value empties the list. */
        for (size_t i = 0; i < count; i++)
                if (values[i][0])
                        json_array_append_new(array, json_string(values[i]));
        return array;
}

/* NULL where one is no number. */
static json_t *numbers(const struct invocation *invocation, const char *option)
{
        const char *values[VALUES_MAX];
        size_t count = option_values(invocation, option, values, VALUES_MAX);
        json_t *array = json_array();
        uint64_t number;

        for (size_t i = 0; i < count; i++) {
                if (!values[i][0])
                        continue;
                if (!text_number(text_from(values[i]), INT64_MAX, &number)) {
                        json_decref(array);
                        return NULL;
                }
                json_array_append_new(array, json_integer((json_int_t)number));
        }
        return array;
}

static json_t *seconds(const char *value)
{
        static const struct {
                const char *unit;
                int64_t seconds;
        } units[] = { { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }, { "", 1 } };
        size_t digits = strspn(value, "0123456789");
        uint64_t number;

        if (!text_number((struct text){ value, digits }, 1000000000, &number))
                return NULL;
        for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
                if (strcmp(value + digits, units[i].unit) == 0)
                        return json_integer((json_int_t)number * units[i].seconds);
        return NULL;
}

static json_t *value_of(const struct invocation *invocation, const struct member_option *row,
                        const char *value)
{
        uint64_t number;

        switch (row->kind) {
        case MEMBER_TEXT: return value[0] ? json_string(value) : json_null();
        case MEMBER_WORDS: return json_string(value);
        case MEMBER_TEXTS: return texts(invocation, row->option);
        case MEMBER_NUMBER:
                return text_number(text_from(value), INT64_MAX, &number) ? json_integer((json_int_t)number)
                                                                         : NULL;
        case MEMBER_NUMBERS: return numbers(invocation, row->option);
        case MEMBER_YES_NO:
                if (strcmp(value, "yes") == 0)
                        return json_true();
                return strcmp(value, "no") == 0 ? json_false() : NULL;
        case MEMBER_SECONDS: return seconds(value);
        }
        return NULL;
}

static const char *expected(enum member_kind kind)
{
        switch (kind) {
        case MEMBER_NUMBER:
        case MEMBER_NUMBERS: return "a number";
        case MEMBER_YES_NO: return "yes or no";
        case MEMBER_SECONDS: return "a time such as 30s, 15min, 8h or 7d";
        default: return "UTF-8 text";
        }
}

bool members_set(const struct invocation *invocation, const struct member_option *rows, json_t *object,
                 int *ret_status)
{
        for (; rows->option; rows++) {
                const char *value = option_value(invocation, rows->option);
                json_t *member;

                if (!value)
                        continue;
                member = value_of(invocation, rows, value);
                if (!member || json_object_set_new(object, rows->member, member)) {
                        *ret_status = complain_of_usage(invocation, "--%s must be %s.", rows->option,
                                                        expected(rows->kind));
                        return false;
                }
        }
        return true;
}
