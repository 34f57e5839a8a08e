// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"

static bool complain(char complaint[SHAPE_COMPLAINT], const char *name, const char *what)
{
        snprintf(complaint, SHAPE_COMPLAINT, "%s: %s", name, what);
        return false;
}

static struct text text_of(json_t *value)
{
        return text_from_octets(json_string_value(value), json_string_length(value));
}

static bool is_keyword(struct text text)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

        return text.len > 0 && strspn(text.at, letters) == text.len;
}

static bool is_address(struct text text)
{
        static const char *const schemes[] = { "ipps://", "ipp://", "socket://", "lpd://" };

        if (!text_is_printable(text) || memchr(text.at, ' ', text.len))
                return false;
        for (size_t i = 0; i < ARRAY_LENGTH(schemes); i++)
                if (text_starts_with(text, schemes[i]) && text.len > strlen(schemes[i]))
                        return true;
        return false;
}

static bool is_one_of(struct text text, const char *const *words)
{
        for (size_t i = 0; words[i]; i++)
                if (text_equal_string(text, words[i]))
                        return true;
        return false;
}

static bool string_fits(const struct shape *row, struct text text)
{
        if (row->kind == SHAPE_WORD)
                return is_one_of(text, row->words);
        if (text.len > (size_t)row->max || !text_is_printable(text))
                return false;
        return row->kind == SHAPE_WORDS || (row->kind == SHAPE_ADDRESS ? is_address(text) : is_keyword(text));
}

static bool fits(const struct shape *row, json_t *value)
{
        switch (row->kind) {
        case SHAPE_FLAG: return json_is_boolean(value);
        case SHAPE_NUMBER:
                return json_is_integer(value) && json_integer_value(value) >= 0 &&
                       json_integer_value(value) <= row->max;
        default: return json_is_string(value) && string_fits(row, text_of(value));
        }
}

static bool array_fits(const struct shape *row, json_t *value)
{
        json_t *item;
        size_t i;

        if (!json_is_array(value) || json_array_size(value) > row->items)
                return false;
        json_array_foreach(value, i, item) if (!fits(row, item)) return false;
        return true;
}

static const struct shape *find(const struct shape *shape, const char *name)
{
        for (; shape->name; shape++)
                if (strcmp(shape->name, name) == 0)
                        return shape;
        return NULL;
}

bool shape_has(json_t *value, const struct shape *shape, char complaint[SHAPE_COMPLAINT])
{
        const char *name;
        json_t *member;

        if (!json_is_object(value))
                return complain(complaint, "it", "is no object");
        json_object_foreach(value, name, member)
        {
                const struct shape *row = find(shape, name);

                if (!row)
                        return complain(complaint, "it", "has a member that there is not");
                if (json_is_null(member))
                        continue;
                if (row->items ? !array_fits(row, member) : !fits(row, member))
                        return complain(complaint, row->name, "is not what it may be");
        }
        for (; shape->name; shape++)
                if (shape->required && (!json_object_get(value, shape->name) ||
                                        json_is_null(json_object_get(value, shape->name))))
                        return complain(complaint, shape->name, "is missing");
        return true;
}

bool shape_has_all(json_t *value, const struct shape *shape, size_t max, char complaint[SHAPE_COMPLAINT])
{
        json_t *item;
        size_t i;

        if (!json_is_array(value) || json_array_size(value) > max)
                return complain(complaint, "it", "is no array, or too long");
        json_array_foreach(value, i, item) if (!shape_has(item, shape, complaint)) return false;
        return true;
}

const char *shape_string(json_t *object, const char *name)
{
        const char *string = json_string_value(json_object_get(object, name));

        return string ? string : "";
}

int64_t shape_number(json_t *object, const char *name, int64_t otherwise)
{
        json_t *value = json_object_get(object, name);

        return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

int shape_word(json_t *object, const char *name, const char *const *words, int otherwise)
{
        const char *string = shape_string(object, name);

        for (int i = 0; words[i]; i++)
                if (strcmp(words[i], string) == 0)
                        return i;
        return otherwise;
}
