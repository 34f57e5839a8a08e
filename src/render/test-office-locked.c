// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "render/office-locked.h"

#define SECTOR 512

/* A local file header of an archive (APPNOTE.TXT, 4.3.7): its method, and the length of its name. */
#define TIMES_AND_SIZES             "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define HEADER(method, name_length) "PK\3\4\x14\0\0\0" method TIMES_AND_SIZES name_length "\0\0"
#define STORED                      "\0\0"
#define DEFLATED                    "\x8\0"

static const struct {
        const char *name;
        struct text octets; /* of its second sector, where it is none that begins with PK */
        bool is_locked;
} rows[] = {
        { "nothing", TEXT(""), false },
        { "words", TEXT("just words"), false },
        { "an archive that is cut", TEXT("PK\3\4"), false },
        { "text", TEXT(HEADER(DEFLATED, "\xb\0") "content.xml\x4b\x4c"), false },
        { "text that is not compressed", TEXT(HEADER(STORED, "\xb\0") "content.xml<?xml"), false },
        { "text that is encrypted", TEXT(HEADER(STORED, "\xb\0") "content.xml\xd3\x01"), true },
        { "it is cut before its text", TEXT(HEADER(STORED, "\xb\0") "content.xml"), false },
        { "it is cut in its name", TEXT(HEADER(STORED, "\xb\0") "content"), false },
        { "another file", TEXT(HEADER(STORED, "\xb\0") "settings.xm\xd3\x01"), false },
        { "a longer name", TEXT(HEADER(STORED, "\xff\xff") "content.xml\xd3\x01"), false },
        { "docx", TEXT("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"), true },
        { "ppt", TEXT("E\0n\0c\0r\0y\0p\0t\0e\0d\0S\0u\0m\0m\0a\0r\0y\0"), true },
        { "doc", TEXT("\xec\xa5\xc1\0\0\0\0\0\0\0\0\1"), true },
        { "doc without a password", TEXT("\xec\xa5\xc1\0\0\0\0\0\0\0\1\0"), false },
        { "xls", TEXT("\x9\x8\x10\0aaaaaaaaaaaaaaaa\x2f\0\x36\0"), true },
        { "xls without a password", TEXT("\x9\x8\x10\0aaaaaaaaaaaaaaaa\xe1\0\2\0aa"), false },
        { "xls with records beyond its end", TEXT("\x9\x8\x10\0aaaaaaaaaaaaaaaa\xe1\0\xff\xff"), false },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct text octets = rows[i].octets;
                char sectors[2 * SECTOR] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

                printf("%s\n", rows[i].name);
                if (!text_starts_with(octets, "PK")) {
                        memcpy(sectors + SECTOR, octets.at, octets.len);
                        octets = text_from_octets(sectors, sizeof(sectors));
                }
                assert(office_is_locked(octets) == rows[i].is_locked);
        }
        return 0;
}
