// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/form.h"

#include <string.h>

#include "base/encoding.h"

/* What a browser leaves unescaped in a form, and what programs that escape less than browsers do leave so. */
static bool is_plain(char c)
{
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
                return true;
        return c && strchr("-._~*!'()$,/:;@?", c);
}

static int decode(struct text from, char **room, struct text *ret)
{
        struct text word = { *room, 0 };
        size_t length;

        for (size_t i = 0; i < from.len; i++) {
                size_t octets = from.at[i] == '%' ? 3 : 1;

                if (octets > from.len - i)
                        return FORM_MALFORMED;
                if (from.at[i] == '+')
                        (*room)[word.len++] = ' ';
                else if (octets == 1 && !is_plain(from.at[i]))
                        return FORM_MALFORMED;
                else if (!percent_parse((struct text){ from.at + i, octets }, *room + word.len, 1, &length))
                        return FORM_MALFORMED;
                else
                        word.len++;
                i += octets - 1;
        }
        if (!text_is_printable(word))
                return FORM_MALFORMED;
        *room += word.len;
        *ret = word;
        return 0;
}

static bool has(const struct form *form, struct text name)
{
        for (size_t i = 0; i < form->count; i++)
                if (text_equal(form->fields[i].name, name))
                        return true;
        return false;
}

static int add(struct form *form, struct text pair, char **room)
{
        struct form_field field;
        struct text name, value;
        int r;

        text_cut(pair, '=', &name, &value);
        /* A second "=" would be read as part of the value by some and as an error by others. */
        if (value.len && memchr(value.at, '=', value.len))
                return FORM_MALFORMED;
        r = decode(name, room, &field.name);
        if (r == 0)
                r = decode(value, room, &field.value);
        if (r)
                return r;
        if (field.name.len == 0)
                return FORM_MALFORMED;
        if (field.name.len > FORM_NAME_MAX || form->count == FORM_FIELDS_MAX)
                return FORM_TOO_LARGE;
        if (has(form, field.name))
                return FORM_TWICE;
        form->fields[form->count++] = field;
        return 0;
}

int form_parse(struct text octets, char *room, struct form *ret)
{
        struct form form = { .count = 0 };
        struct text pair;
        bool more = octets.len > 0;

        while (more) {
                int r;

                more = text_cut(octets, '&', &pair, &octets);
                r = add(&form, pair, &room);
                if (r)
                        return r;
        }
        *ret = form;
        return 0;
}

struct text form_value(const struct form *form, const char *name)
{
        for (size_t i = 0; i < form->count; i++)
                if (text_equal_string(form->fields[i].name, name))
                        return form->fields[i].value;
        return TEXT_OF("");
}
