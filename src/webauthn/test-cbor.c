// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "webauthn/cbor.h"

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"

/* RFC 8949, appendix A, as far as authenticators write it. */
static const struct {
        const char *name;
        struct text octets;
        bool good;
        enum cbor_kind kind;
        int64_t number;
} rows[] = {
        { "0", TEXT("\x00"), true, CBOR_UNSIGNED, 0 },
        { "23", TEXT("\x17"), true, CBOR_UNSIGNED, 23 },
        { "24", TEXT("\x18\x18"), true, CBOR_UNSIGNED, 24 },
        { "1000", TEXT("\x19\x03\xe8"), true, CBOR_UNSIGNED, 1000 },
        { "1000000", TEXT("\x1a\x00\x0f\x42\x40"), true, CBOR_UNSIGNED, 1000000 },
        { "1000000000000", TEXT("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"), true, CBOR_UNSIGNED, 1000000000000 },
        { "-1", TEXT("\x20"), true, CBOR_NEGATIVE, -1 },
        { "-257", TEXT("\x39\x01\x00"), true, CBOR_NEGATIVE, -257 },
        { "octets", TEXT("\x44\x01\x02\x03\x04"), true, CBOR_OCTETS, 4 },
        { "text", TEXT("\x64IETF"), true, CBOR_TEXT, 4 },
        { "array", TEXT("\x83\x01\x02\x03"), true, CBOR_ARRAY, 3 },
        { "map", TEXT("\xa2\x01\x02\x03\x04"), true, CBOR_MAP, 2 },
        { "empty map", TEXT("\xa0"), true, CBOR_MAP, 0 },
        { "false", TEXT("\xf4"), true, CBOR_SIMPLE, 0 },
        { "null", TEXT("\xf6"), true, CBOR_SIMPLE, 2 },
        { "four deep", TEXT("\x81\x81\x81\x81\x01"), true, CBOR_ARRAY, 1 },

        { "nothing", TEXT(""), false, 0, 0 },
        { "23 in two octets", TEXT("\x18\x17"), false, 0, 0 },
        { "255 in three octets", TEXT("\x19\x00\xff"), false, 0, 0 },
        { "65535 in five octets", TEXT("\x1a\x00\x00\xff\xff"), false, 0, 0 },
        { "2^32 - 1 in nine octets", TEXT("\x1b\x00\x00\x00\x00\xff\xff\xff\xff"), false, 0, 0 },
        { "2^64 - 1", TEXT("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), false, 0, 0 },
        { "reserved 28", TEXT("\x1c"), false, 0, 0 },
        { "indefinite octets", TEXT("\x5f\x41\x00\xff"), false, 0, 0 },
        { "indefinite map", TEXT("\xbf\x01\x02\xff"), false, 0, 0 },
        { "a tag", TEXT("\xc1\x1a\x51\x4b\x67\xb0"), false, 0, 0 },
        { "half a float", TEXT("\xf9\x3c\x00"), false, 0, 0 },
        { "undefined", TEXT("\xf7"), false, 0, 0 },
        { "octets cut short", TEXT("\x44\x01\x02\x03"), false, 0, 0 },
        { "octets of 2^62", TEXT("\x5b\x40\x00\x00\x00\x00\x00\x00\x00"), false, 0, 0 },
        { "text that is no UTF-8", TEXT("\x62\xc3\x28"), false, 0, 0 },
        { "map cut short", TEXT("\xa2\x01\x02\x03"), false, 0, 0 },
        { "65 pairs", TEXT("\xb8\x41"), false, 0, 0 },
        { "a key twice", TEXT("\xa2\x01\x02\x01\x02"), false, 0, 0 },
        { "a text key twice",
          TEXT("\xa2\x61"
               "a\x01\x61"
               "a\x02"),
          false, 0, 0 },
        { "octets as a key", TEXT("\xa1\x41\x01\x01"), false, 0, 0 },
        { "five deep", TEXT("\x81\x81\x81\x81\x81\x01"), false, 0, 0 },
};

int main(void)
{
        static const struct text map = TEXT("\xa3\x01\x02\x20\x43"
                                            "abc\x63"
                                            "fmt\x64"
                                            "none");
        struct cursor c, at;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct cbor_item item;

                printf("%s\n", rows[i].name);
                c = cursor_from(rows[i].octets);
                assert(text_equal(cbor_whole(&c), rows[i].good ? rows[i].octets : TEXT_OF("")));
                assert(cursor_is_good(&c) == rows[i].good);
                if (!rows[i].good)
                        continue;
                c = cursor_from(rows[i].octets);
                item = cbor_read(&c);
                assert(item.kind == rows[i].kind && item.number == rows[i].number);
        }
        assert(cbor_find_number(map, 1, &at) && cbor_read(&at).number == 2);
        assert(cbor_find_number(map, -1, &at) && text_equal(cbor_read(&at).text, TEXT_OF("abc")));
        assert(cbor_find_text(map, "fmt", &at) && text_equal(cbor_read(&at).text, TEXT_OF("none")));
        assert(!cbor_find_number(map, 2, &at) && !cbor_find_text(map, "abc", &at));
        return 0;
}
