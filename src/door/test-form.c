// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/form.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *name;
        struct text octets;
        int r;
        size_t count;
        struct text a; /* the field "a" */
} rows[] = {
        { "nothing", TEXT(""), 0, 0, TEXT("") },
        { "one", TEXT("a=1"), 0, 1, TEXT("1") },
        { "two", TEXT("b=2&a=1"), 0, 2, TEXT("1") },
        { "escapes", TEXT("a=%41+b%2Bc%3D%26"), 0, 1, TEXT("A b+c=&") },
        { "lower-case escapes", TEXT("a=%c3%a6"), 0, 1, TEXT("\xc3\xa6") },
        { "an escaped name", TEXT("%61=1"), 0, 1, TEXT("1") },
        { "unescaped as programs do", TEXT("a=urn:ietf:params:oauth:grant-type:device_code"), 0, 1,
          TEXT("urn:ietf:params:oauth:grant-type:device_code") },
        { "no value", TEXT("a="), 0, 1, TEXT("") },
        { "no equals sign", TEXT("a"), 0, 1, TEXT("") },
        { "twice", TEXT("a=1&a=1"), FORM_TWICE, 0, TEXT("") },
        { "twice, one of them escaped", TEXT("a=1&%61=2"), FORM_TWICE, 0, TEXT("") },
        { "twice, without value", TEXT("a=1&a"), FORM_TWICE, 0, TEXT("") },
        { "no name", TEXT("=1"), FORM_MALFORMED, 0, TEXT("") },
        { "an empty pair", TEXT("a=1&&b=2"), FORM_MALFORMED, 0, TEXT("") },
        { "at the end", TEXT("a=1&"), FORM_MALFORMED, 0, TEXT("") },
        { "a second equals sign", TEXT("a=1=2"), FORM_MALFORMED, 0, TEXT("") },
        { "cut escape", TEXT("a=%4"), FORM_MALFORMED, 0, TEXT("") },
        { "no hexadecimal", TEXT("a=%4g"), FORM_MALFORMED, 0, TEXT("") },
        { "NUL", TEXT("a=%00"), FORM_MALFORMED, 0, TEXT("") },
        { "a real NUL", TEXT("a=\0"), FORM_MALFORMED, 0, TEXT("") },
        { "newline", TEXT("a=%0A"), FORM_MALFORMED, 0, TEXT("") },
        { "carriage return", TEXT("a=1\r\n"), FORM_MALFORMED, 0, TEXT("") },
        { "space", TEXT("a=1 2"), FORM_MALFORMED, 0, TEXT("") },
        { "raw UTF-8", TEXT("a=\xc3\xa6"), FORM_MALFORMED, 0, TEXT("") },
        { "no UTF-8", TEXT("a=%ff"), FORM_MALFORMED, 0, TEXT("") },
        { "overlong UTF-8", TEXT("a=%c0%af"), FORM_MALFORMED, 0, TEXT("") },
        { "quote", TEXT("a=\""), FORM_MALFORMED, 0, TEXT("") },
        { "a tag", TEXT("a=<b>"), FORM_MALFORMED, 0, TEXT("") },
        { "semicolons do not part fields", TEXT("a=1;b=2"), FORM_MALFORMED, 0, TEXT("") },
};

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char *room = malloc(rows[i].octets.len + 1);
                struct form form = { .count = 99 };

                printf("%s\n", rows[i].name);
                assert(form_parse(rows[i].octets, room, &form) == rows[i].r);
                if (rows[i].r == 0) {
                        assert(form.count == rows[i].count);
                        assert(text_equal(form_value(&form, "a"), rows[i].a));
                } else {
                        assert(form.count == 99);
                }
                free(room);
        }
}

static void test_limits(void)
{
        char octets[FORM_FIELDS_MAX * 8], room[sizeof(octets)];
        struct form form;
        size_t length = 0;

        for (int i = 0; i < FORM_FIELDS_MAX; i++)
                length +=
                        (size_t)snprintf(octets + length, sizeof(octets) - length, "%sf%d=", i ? "&" : "", i);
        assert(form_parse((struct text){ octets, length }, room, &form) == 0 &&
               form.count == FORM_FIELDS_MAX);
        length += (size_t)snprintf(octets + length, sizeof(octets) - length, "&z=");
        assert(form_parse((struct text){ octets, length }, room, &form) == FORM_TOO_LARGE);
        memset(octets, 'n', FORM_NAME_MAX + 1);
        assert(form_parse((struct text){ octets, FORM_NAME_MAX + 1 }, room, &form) == FORM_TOO_LARGE);
}

int main(void)
{
        test_rows();
        test_limits();
        return 0;
}
