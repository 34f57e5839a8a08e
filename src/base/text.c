// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct text text_from(const char *string)
{
        return (struct text){ string ? string : "", string ? strlen(string) : 0 };
}

struct text text_from_octets(const void *octets, size_t len)
{
        return (struct text){ octets, len };
}

bool text_equal(struct text a, struct text b)
{
        return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool text_equal_string(struct text a, const char *b)
{
        return text_equal(a, text_from(b));
}

bool text_equal_nocase(struct text a, struct text b)
{
        return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0);
}

bool text_starts_with(struct text t, const char *prefix)
{
        size_t len = strlen(prefix);

        return t.len >= len && memcmp(t.at, prefix, len) == 0;
}

bool text_ends_with(struct text t, const char *suffix)
{
        size_t len = strlen(suffix);

        return t.len >= len && memcmp(t.at + t.len - len, suffix, len) == 0;
}

int text_compare(struct text a, struct text b)
{
        size_t common = a.len < b.len ? a.len : b.len;
        int r = common ? memcmp(a.at, b.at, common) : 0;

        if (r)
                return r < 0 ? -1 : 1;
        return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static bool is_space(char c)
{
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct text text_trim(struct text t)
{
        while (t.len > 0 && is_space(t.at[0]))
                t = (struct text){ t.at + 1, t.len - 1 };
        while (t.len > 0 && is_space(t.at[t.len - 1]))
                t.len--;
        return t;
}

bool text_cut(struct text t, char separator, struct text *ret_head, struct text *ret_tail)
{
        const char *found = t.len ? memchr(t.at, separator, t.len) : NULL;

        if (!found) {
                *ret_head = t;
                /* Nothing at all has no end to point to. */
                *ret_tail = (struct text){ t.at ? t.at + t.len : NULL, 0 };
                return false;
        }
        *ret_head = (struct text){ t.at, (size_t)(found - t.at) };
        *ret_tail = (struct text){ found + 1, t.len - ret_head->len - 1 };
        return true;
}

bool text_number(struct text t, uint64_t max, uint64_t *ret)
{
        uint64_t value = 0;

        if (t.len == 0 || t.len > 20)
                return false;
        for (size_t i = 0; i < t.len; i++) {
                uint64_t digit = (uint64_t)(t.at[i] - '0');

                if (t.at[i] < '0' || t.at[i] > '9')
                        return false;
                if (value > (UINT64_MAX - digit) / 10)
                        return false;
                value = value * 10 + digit;
        }
        if (value > max)
                return false;
        *ret = value;
        return true;
}

bool text_copy(struct text t, char *to, size_t size)
{
        if (t.len >= size || (t.len && memchr(t.at, 0, t.len)))
                return false;
        if (t.len)
                memcpy(to, t.at, t.len);
        to[t.len] = 0;
        return true;
}

char *text_duplicate(struct text t)
{
        char *copy = malloc(t.len + 1);

        if (!copy)
                return NULL;
        if (t.len)
                memcpy(copy, t.at, t.len);
        copy[t.len] = 0;
        return copy;
}

/* The length of one well-formed UTF-8 sequence (RFC 3629, section 4), 0 where it is none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
        unsigned char low = 0x80, high = 0xbf;
        size_t length;

        if (at[0] < 0x80)
                return 1;
        if (at[0] >= 0xc2 && at[0] <= 0xdf)
                length = 2;
        else if (at[0] >= 0xe0 && at[0] <= 0xef)
                length = 3;
        else if (at[0] >= 0xf0 && at[0] <= 0xf4)
                length = 4;
        else
                return 0;
        if (at[0] == 0xe0)
                low = 0xa0;
        else if (at[0] == 0xed)
                high = 0x9f;
        else if (at[0] == 0xf0)
                low = 0x90;
        else if (at[0] == 0xf4)
                high = 0x8f;
        if (length > left || at[1] < low || at[1] > high)
                return 0;
        for (size_t i = 2; i < length; i++)
                if (at[i] < 0x80 || at[i] > 0xbf)
                        return 0;
        return length;
}

bool text_is_printable(struct text t)
{
        const unsigned char *at = (const unsigned char *)t.at;

        for (size_t i = 0; i < t.len;) {
                size_t length = utf8_length(at + i, t.len - i);

                if (length == 0 || (at[i] < 0x20 && at[i] != '\t') || at[i] == 0x7f)
                        return false;
                i += length;
        }
        return true;
}

static bool is_name_char(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool text_is_name(struct text t)
{
        if (t.len == 0 || t.len > 63 || t.at[0] == '-' || t.at[0] == '.')
                return false;
        for (size_t i = 0; i < t.len; i++)
                if (!is_name_char(t.at[i]))
                        return false;
        return true;
}
