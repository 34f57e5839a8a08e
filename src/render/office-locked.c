// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/office-locked.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SECTOR 512

static uint16_t little_u16(struct text octets, size_t at)
{
        if (at + 2 > octets.len)
                return 0;
        return (uint16_t)((uint8_t)octets.at[at] | (uint8_t)octets.at[at + 1] << 8);
}

/* In UTF-16, as compound files name what is in them. */
static bool names(struct text octets, const char *name)
{
        char wide[64];
        size_t len = strlen(name);

        for (size_t i = 0; i < len && 2 * i + 1 < sizeof(wide); i++) {
                wide[2 * i] = name[i];
                wide[2 * i + 1] = 0;
        }
        return memmem(octets.at, octets.len, wide, 2 * len) != NULL;
}

/* MS-XLS, section 2.4.117: FilePass is one of the first records behind BOF. */
static bool has_file_pass(struct text octets, size_t at)
{
        for (unsigned int i = 0; i < 16; i++) {
                if (little_u16(octets, at) == 0x2f)
                        return true;
                at += 4u + little_u16(octets, at + 2);
        }
        return false;
}

/* MS-OFFCRYPTO, section 2.3.4.4; MS-PPT, 2.3.7; MS-DOC, 2.5.1 (fEncrypted); MS-XLS. */
static bool is_compound_locked(struct text octets)
{
        if (names(octets, "EncryptedPackage") || names(octets, "EncryptedSummary"))
                return true;
        for (size_t at = SECTOR; at + SECTOR <= octets.len; at += SECTOR) {
                if (little_u16(octets, at) == 0xa5ec && (little_u16(octets, at + 10) & 0x100))
                        return true;
                if (little_u16(octets, at) == 0x809 && little_u16(octets, at + 2) == 16 &&
                    has_file_pass(octets, at))
                        return true;
        }
        return false;
}

/* OpenDocument 1.2, part 3, section 4.3: what is encrypted is in the archive as if it were not compressed. */
static bool is_open_document_locked(struct text octets)
{
        static const char name[] = "content.xml";
        const char *at = octets.at, *end = octets.at + octets.len;

        for (;;) {
                struct text header;
                size_t content;

                at = memmem(at, (size_t)(end - at), "PK\3\4", 4);
                if (!at)
                        return false;
                header = (struct text){ at, (size_t)(end - at) };
                content = 30u + little_u16(header, 26) + little_u16(header, 28);
                if (little_u16(header, 26) == strlen(name) && content < header.len &&
                    memcmp(at + 30, name, strlen(name)) == 0)
                        return little_u16(header, 8) == 0 && header.at[content] != '<';
                at += 4;
        }
}

bool office_is_locked(struct text octets)
{
        return text_starts_with(octets, "PK\3\4") ? is_open_document_locked(octets)
                                                  : is_compound_locked(octets);
}
