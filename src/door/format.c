// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/format.h"

#include <string.h>

#include "base/scope.h"

static const struct {
        struct text magic;
        const char *format;
} magics[] = {
        { TEXT("%PDF-"), FORMAT_PDF },
        { TEXT("\xef\xbb\xbf%PDF-"), FORMAT_PDF },
        { TEXT("%!"), FORMAT_POSTSCRIPT },
        { TEXT("\4%!"), FORMAT_POSTSCRIPT }, /* the Control-D of serial lines, still sent by drivers */
        { TEXT("\xff\xd8\xff"), FORMAT_JPEG },
        { TEXT("RaS2PwgRaster\0"), FORMAT_PWG_RASTER }, /* PWG 5102.4: sync word, then the page header */
        { TEXT("UNIRAST\0"), FORMAT_URF },
        { TEXT(") HP-PCL XL;"), FORMAT_PCLXL },
        { TEXT("\x1b\x45"), FORMAT_PCL },
};

/* "@PJL ENTER LANGUAGE = POSTSCRIPT" and its kin, which drivers write around a document. */
static const struct {
        const char *language;
        const char *format;
} languages[] = {
        { "POSTSCRIPT", FORMAT_POSTSCRIPT },
        { "PCLXL", FORMAT_PCLXL },
        { "PCL", FORMAT_PCL },
        { "PDF", FORMAT_PDF },
};

static bool starts_with(struct text octets, struct text magic)
{
        return octets.len >= magic.len && memcmp(octets.at, magic.at, magic.len) == 0;
}

static const char *sense_pjl(struct text octets)
{
        const char *at = memmem(octets.at, octets.len, "ENTER LANGUAGE", 14);
        struct text rest, name;

        if (!at)
                return NULL;
        rest = (struct text){ at + 14, octets.len - (size_t)(at + 14 - octets.at) };
        while (rest.len && (*rest.at == ' ' || *rest.at == '='))
                rest.at++, rest.len--;
        for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
                name = (struct text){ rest.at, strlen(languages[i].language) };
                if (name.len <= rest.len && text_equal_nocase(name, text_from(languages[i].language)))
                        return languages[i].format;
        }
        return NULL;
}

/*
 * Text: well-formed UTF-8 without control characters but tab, line feed, carriage return and form feed. The
 * sample may end inside of a character, so up to three octets at its end are not judged.
 */
static bool is_text(struct text octets)
{
        char line[FORMAT_SENSE_OCTETS];
        size_t len = octets.len < sizeof(line) ? octets.len : sizeof(line);

        for (size_t i = 0; i < len; i++)
                line[i] = octets.at[i] == '\n' || octets.at[i] == '\r' || octets.at[i] == '\f' ? ' '
                                                                                               : octets.at[i];

        for (size_t cut = 0; cut <= 3 && cut < len; cut++) {
                if (text_is_printable((struct text){ line, len - cut }))
                        return true;
                if (!(line[len - 1 - cut] & 0x80))
                        break; /* no part of a longer character */
        }
        return false;
}

const char *format_sense(struct text octets)
{
        if (octets.len > FORMAT_SENSE_OCTETS)
                octets.len = FORMAT_SENSE_OCTETS;

        if (starts_with(octets, TEXT_OF("\x1b%-12345X")))
                return sense_pjl(octets);
        for (size_t i = 0; i < ARRAY_LENGTH(magics); i++)
                if (starts_with(octets, magics[i].magic))
                        return magics[i].format;

        return is_text(octets) ? FORMAT_TEXT : NULL;
}
