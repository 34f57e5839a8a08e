// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/filter.h"

#include "base/encoding.h"

static bool is_letter(char c)
{
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_plain(char c)
{
        return is_letter(c) || (c >= '0' && c <= '9');
}

void filter_add_equals(struct buffer *to, const char *attribute, struct text value)
{
        buffer_format(to, "(%s=", attribute);
        for (size_t i = 0; i < value.len; i++) {
                if (is_plain(value.at[i]))
                        buffer_add_octet(to, (uint8_t)value.at[i]);
                else
                        buffer_format(to, "\\%02x", (unsigned char)value.at[i]);
        }
        buffer_add_octet(to, ')');
}

bool filter_attribute_is_valid(struct text name)
{
        if (name.len == 0 || name.len > 63 || !is_letter(name.at[0]))
                return false;
        for (size_t i = 0; i < name.len; i++)
                if (!is_plain(name.at[i]) && name.at[i] != '-')
                        return false;
        return true;
}

bool filter_is_whole(struct text filter)
{
        size_t depth = 0;

        if (filter.len < 3 || !text_is_printable(filter))
                return false;
        for (size_t i = 0; i < filter.len; i++) {
                if (filter.at[i] == '(')
                        depth++;
                else if (filter.at[i] == ')' && depth-- == 0)
                        return false;
                /* Outside of the outermost pair there is nothing. */
                if (depth == 0 && i + 1 < filter.len)
                        return false;
        }
        return depth == 0;
}

/* One octet of a value, escaped or not; false at the value's end and where it is malformed. */
static bool read_octet(struct text *rest, char *ret)
{
        size_t length, used = 1;

        if (rest->len == 0)
                return false;
        *ret = rest->at[0];
        if (*ret == '\\') {
                used = 3;
                if (rest->len < 3 || !hex_parse((struct text){ rest->at + 1, 2 }, ret, 1, &length))
                        return false;
        } else if (!is_plain(*ret)) {
                return false;
        }
        rest->at += used;
        rest->len -= used;
        return true;
}

bool filter_read_equals(struct text filter, struct text *ret_attribute, char *ret_value, size_t size,
                        size_t *ret_length)
{
        struct text rest;
        size_t length = 0;
        char octet;

        if (filter.len == 0 || filter.at[0] != '(')
                return false;
        filter.at++;
        filter.len--;
        if (!text_cut(filter, '=', ret_attribute, &rest) || !filter_attribute_is_valid(*ret_attribute))
                return false;
        while (length < size && read_octet(&rest, &octet))
                ret_value[length++] = octet;
        *ret_length = length;
        return rest.len > 0 && rest.at[0] == ')';
}
