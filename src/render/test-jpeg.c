// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "render/jpeg.h"

#define SOI    "\xff\xd8"
#define SOF(n) "\xff" n "\0\x0b\x08\0\x64\0\xc8\1\1\x11\0"
#define SOF3   "\xff\xc0\0\x11\x08\0\x64\0\xc8\3\1\x11\0\2\x11\0\3\x11\0"
#define SOF4   "\xff\xc0\0\x14\x08\0\x64\0\xc8\4\1\x11\0\2\x11\0\3\x11\0\4\x11\0"
#define SOS    "\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"
#define ADOBE            \
        "\xff\xee\0\x0e" \
        "Adobe\0\x64\0\0\0\0\2"
#define EXIF_LE          \
        "\xff\xe1\0\x22" \
        "Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"
#define EXIF_BE          \
        "\xff\xe1\0\x22" \
        "Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\3\0\0\0\0\0\0"
#define EXIF_FAR         \
        "\xff\xe1\0\x22" \
        "Exif\0\0II*\0\xff\xff\xff\xff\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"

static const struct {
        const char *name;
        struct text octets;
        int outcome;
        uint8_t components;
        uint8_t orientation;
        bool inverted;
} rows[] = {
        { "grey", TEXT(SOI SOF("\xc0") SOS), 0, 1, 1, false },
        { "progressive", TEXT(SOI SOF("\xc2") SOS), 0, 1, 1, false },
        { "colour", TEXT(SOI SOF3 SOS), 0, 3, 1, false },
        { "CMYK of Adobe's", TEXT(SOI ADOBE SOF4 SOS), 0, 4, 1, true },
        { "turned, little-endian", TEXT(SOI EXIF_LE SOF3 SOS), 0, 3, 6, false },
        { "turned, big-endian", TEXT(SOI EXIF_BE SOF3 SOS), 0, 3, 3, false },
        { "a directory beyond the file", TEXT(SOI EXIF_FAR SOF3 SOS), 0, 3, 1, false },
        { "filling octets", TEXT(SOI "\xff\xff\xff" SOF3 SOS), 0, 3, 1, false },
        { "arithmetic", TEXT(SOI SOF("\xc9") SOS), JPEG_UNSUPPORTED, 0, 0, false },
        { "lossless", TEXT(SOI SOF("\xc3") SOS), JPEG_UNSUPPORTED, 0, 0, false },
        { "scan before its frame", TEXT(SOI SOS), JPEG_DAMAGED, 0, 0, false },
        { "end", TEXT(SOI "\xff\xd9"), JPEG_DAMAGED, 0, 0, false },
        { "cut", TEXT(SOI "\xff\xc0\0\x11\x08\0"), JPEG_DAMAGED, 0, 0, false },
        { "length of one", TEXT(SOI "\xff\xe0\0\1"), JPEG_DAMAGED, 0, 0, false },
        { "no JPEG", TEXT("GIF89a"), JPEG_DAMAGED, 0, 0, false },
        { "empty", TEXT(""), JPEG_DAMAGED, 0, 0, false },
};

int main(void)
{
        struct jpeg jpeg;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].name);
                fflush(stdout);
                assert(jpeg_parse(rows[i].octets, &jpeg) == rows[i].outcome);
                if (rows[i].outcome)
                        continue;
                assert(jpeg.width == 200 && jpeg.height == 100 && jpeg.components == rows[i].components);
                assert(jpeg.orientation == rows[i].orientation && jpeg.inverted == rows[i].inverted);
        }
        return 0;
}
