// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/sid.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define ADMINISTRATOR                                                                                      \
        "\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x7d\xd5\x07\x62\x5e\xfd\xb0\xb8\xaa\x4c\x42\xe3" \
        "\xf4\x01\x00\x00"

static const struct {
        const char *name;
        struct text octets;
        bool is_one;
        size_t count;
        uint32_t last;
} rows[] = {
        { "an administrator", TEXT(ADMINISTRATOR), true, 5, 500 },
        { "builtin users", TEXT("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x21\x02\x00\x00"), true, 2,
          545 },
        { "everybody", TEXT("\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"), true, 1, 0 },
        { "nothing", TEXT(""), false, 0, 0 },
        { "no part", TEXT("\x01\x00\x00\x00\x00\x00\x00\x05"), false, 0, 0 },
        { "another revision", TEXT("\x02\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"), false, 0, 0 },
        { "too short", TEXT("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x21\x02\x00"), false, 0, 0 },
        { "too long", TEXT("\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00"), false, 0, 0 },
        { "sixteen parts", TEXT("\x01\x10\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"), false, 0, 0 },
        { "text", TEXT("S-1-5-21-1"), false, 0, 0 },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char octets[SID_OCTETS_MAX];
                struct sid sid, beside;

                printf("%s\n", rows[i].name);
                assert(sid_parse(rows[i].octets, &sid) == rows[i].is_one);
                if (!rows[i].is_one)
                        continue;
                assert(sid.count == rows[i].count && sid.parts[sid.count - 1] == rows[i].last);
                assert(text_equal(text_from_octets(octets, sid_write(&sid, octets)), rows[i].octets));
                beside = sid_beside(&sid, 513);
                assert(beside.parts[sid.count - 1] == 513 && beside.count == sid.count);
                assert(memcmp(beside.parts, sid.parts, (sid.count - 1) * sizeof(sid.parts[0])) == 0);
        }
        return 0;
}
