// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/id.h"
#include "base/scope.h"

static const struct {
        const char *name;
        struct text text;
        bool good;
        struct text octets;
} base64_rows[] = {
        { "empty", TEXT(""), true, TEXT("") },
        { "one", TEXT("Zg=="), true, TEXT("f") },
        { "two", TEXT("Zm8="), true, TEXT("fo") },
        { "three", TEXT("Zm9v"), true, TEXT("foo") },
        { "six", TEXT("Zm9vYmFy"), true, TEXT("foobar") },
        { "not a multiple", TEXT("Zm9"), false, TEXT("") },
        { "padding inside", TEXT("Zg==Zg=="), false, TEXT("") },
        { "stray bits", TEXT("Zh=="), false, TEXT("") },
        { "space", TEXT("Zm 9"), false, TEXT("") },
        { "only padding", TEXT("===="), false, TEXT("") },
};

static const struct {
        const char *name;
        struct text text;
        bool good;
        struct text octets;
} base64url_rows[] = {
        { "empty", TEXT(""), true, TEXT("") },
        { "one", TEXT("Zg"), true, TEXT("f") },
        { "two", TEXT("Zm8"), true, TEXT("fo") },
        { "three", TEXT("Zm9v"), true, TEXT("foo") },
        { "its own digits", TEXT("--__"), true, TEXT("\xfb\xef\xff") },
        { "the digits of Base64", TEXT("++//"), false, TEXT("") },
        { "padding", TEXT("Zg=="), false, TEXT("") },
        { "one digit", TEXT("Z"), false, TEXT("") },
        { "stray bits", TEXT("Zh"), false, TEXT("") },
        { "space", TEXT("Zm 9"), false, TEXT("") },
        { "NUL", TEXT("Zm\0v"), false, TEXT("") },
        { "longer than there is room", TEXT("AAAAAAAAAAAAAAAAAAAAAAA"), false, TEXT("") },
};

static void test_base64url(void)
{
        char octets[16], string[24];
        size_t length;

        for (size_t i = 0; i < ARRAY_LENGTH(base64url_rows); i++) {
                printf("%s\n", base64url_rows[i].name);
                assert(base64url_parse(base64url_rows[i].text, octets, sizeof(octets), &length) ==
                       base64url_rows[i].good);
                if (!base64url_rows[i].good)
                        continue;
                assert(text_equal(text_from_octets(octets, length), base64url_rows[i].octets));
                base64url_format(octets, length, string);
                assert(text_equal_string(base64url_rows[i].text, string));
        }
}

int main(void)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(100);
        char string[ID_STRING], code[] = "o-iL 9z", octets[16];
        struct id id = id_new(), same;
        size_t length;

        for (size_t i = 0; i < ARRAY_LENGTH(base64_rows); i++) {
                printf("%s\n", base64_rows[i].name);
                assert(base64_parse(base64_rows[i].text, octets, sizeof(octets), &length) ==
                       base64_rows[i].good);
                if (!base64_rows[i].good)
                        continue;
                assert(text_equal(text_from_octets(octets, length), base64_rows[i].octets));
                buffer_clear(&buffer);
                base64_format(octets, length, &buffer);
                assert(text_equal(buffer_text(&buffer), base64_rows[i].text));
        }

        test_base64url();
        assert(hex_parse(TEXT_OF("00fF"), octets, 2, &length) && length == 2 &&
               memcmp(octets, "\0\xff", 2) == 0);
        assert(!hex_parse(TEXT_OF("000000"), octets, 2, &length) &&
               !hex_parse(TEXT_OF("0g"), octets, 2, &length));
        assert(percent_parse(TEXT_OF("a%20b"), octets, 16, &length) && length == 3 &&
               memcmp(octets, "a b", 3) == 0);
        assert(!percent_parse(TEXT_OF("%0"), octets, 16, &length) &&
               !percent_parse(TEXT_OF("%00"), octets, 16, &length));
        base32_format("foobar", 6, string);
        assert(strcmp(string, "MZXW6YTBOI") == 0);
        base32_format("", 0, string);
        assert(strcmp(string, "") == 0);
        crockford_format("\xff\x00", 2, string);
        assert(strcmp(string, "ZW00") == 0);
        assert(crockford_fold(code) && strcmp(code, "0119Z") == 0);

        id_format(id, string);
        assert(id_parse(text_from(string), &same) && id_equal(id, same));
        string[8] = '0';
        assert(!id_parse(text_from(string), &same));
        return 0;
}
