// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/sniff.h"

#include <string.h>

#include "base/scope.h"
#include "conversion/sniff-parts.h"

#define HEADER_PDF 1024 /* within how many octets "%PDF-" must begin (ISO 32000-1, Annex H.3.4.1) */
#define UEL        "\x1b%-12345X"

static const struct {
        struct text magic;
        enum format format;
} magics[] = {
        { TEXT("%PDF-"), FORMAT_PDF },
        { TEXT("%!"), FORMAT_POSTSCRIPT },
        { TEXT("\xc5\xd0\xd3\xc6"), FORMAT_POSTSCRIPT }, /* EPS with a picture for the screen beside it */
        { TEXT("RaS2PwgRaster\0"), FORMAT_PWG_RASTER },  /* PWG 5102.4: sync word, then the page header */
        { TEXT("UNIRAST\0"), FORMAT_APPLE_RASTER },
        { TEXT(") HP-PCL XL;"), FORMAT_PCL_XL },
        { TEXT("( HP-PCL XL;"), FORMAT_PCL_XL },
        { TEXT("' HP-PCL XL;"), FORMAT_PCL_XL },
        { TEXT("\x1b"
               "E"),
          FORMAT_PCL },
        { TEXT("\x1b&l"), FORMAT_PCL },
        { TEXT("\x1b*t"), FORMAT_PCL },
        { TEXT("\xff\xd8\xff"), FORMAT_JPEG },
        { TEXT("\x89PNG\r\n\x1a\n"), FORMAT_PNG },
        { TEXT("II*\0"), FORMAT_TIFF },
        { TEXT("MM\0*"), FORMAT_TIFF },
        { TEXT("II+\0"), FORMAT_TIFF }, /* BigTIFF */
        { TEXT("MM\0+"), FORMAT_TIFF },
        { TEXT("GIF87a"), FORMAT_GIF },
        { TEXT("GIF89a"), FORMAT_GIF },
};

/* "@PJL ENTER LANGUAGE = POSTSCRIPT" and its kin, which drivers write around a document. Those that begin
 * with another one stand before it. */
static const struct {
        const char *language;
        enum format format;
} languages[] = {
        { "POSTSCRIPT", FORMAT_POSTSCRIPT },
        { "PCLXL", FORMAT_PCL_XL },
        { "PCLM", FORMAT_PCLM },
        { "PCL", FORMAT_PCL },
        { "PDF", FORMAT_PDF },
};

static bool starts_with(struct text octets, struct text magic)
{
        return octets.len >= magic.len && memcmp(octets.at, magic.at, magic.len) == 0;
}

static struct text drop(struct text octets, size_t len)
{
        len = len < octets.len ? len : octets.len;
        return (struct text){ octets.at + len, octets.len - len };
}

struct text sniff_head(struct text octets)
{
        return (struct text){ octets.at, octets.len < SNIFF_OCTETS_MAX ? octets.len : SNIFF_OCTETS_MAX };
}

struct text sniff_tail(struct text octets)
{
        return drop(octets, octets.len > SNIFF_OCTETS_MAX ? octets.len - SNIFF_OCTETS_MAX : 0);
}

static struct sniffed sniffed(enum format format)
{
        return (struct sniffed){ .format = format };
}

static enum format language_from(struct text words)
{
        while (words.len && (*words.at == ' ' || *words.at == '='))
                words = drop(words, 1);
        for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
                struct text name = text_from(languages[i].language);

                if (name.len <= words.len && text_equal_nocase(name, (struct text){ words.at, name.len }))
                        return languages[i].format;
        }
        return FORMAT_UNKNOWN;
}

static struct sniffed sniff_pjl(struct text octets, bool is_whole)
{
        static const char command[] = "ENTER LANGUAGE";
        const char *at = memmem(octets.at, octets.len, command, strlen(command));
        struct sniffed found = { .wants_more = !is_whole };

        if (!at)
                return found;
        return sniffed(language_from(drop(octets, (size_t)(at - octets.at) + strlen(command))));
}

/* ISO/IEC 14496-12, section 4.3: a box "ftyp" with the file's brands; ISO/IEC 23008-12, Annex B. */
static bool is_heic(struct text octets)
{
        static const char *const brands[] = {
                "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"
        };
        size_t len;

        if (octets.len < 16 || memcmp(octets.at + 4, "ftyp", 4) != 0)
                return false;
        len = (size_t)(uint8_t)octets.at[2] << 8 | (uint8_t)octets.at[3];
        for (size_t at = 8; at + 4 <= octets.len && at < len && at < 256; at += 4)
                for (size_t i = 0; i < ARRAY_LENGTH(brands); i++)
                        if (memcmp(octets.at + at, brands[i], 4) == 0)
                                return true;
        return false;
}

static bool is_webp(struct text octets)
{
        return octets.len >= 12 && memcmp(octets.at, "RIFF", 4) == 0 && memcmp(octets.at + 8, "WEBP", 4) == 0;
}

/* Printers and drivers put a few octets in front of a PDF; but what begins as PostScript is PostScript,
 * whatever it says further on. */
static bool has_pdf(struct text octets)
{
        struct text head = { octets.at, octets.len < HEADER_PDF ? octets.len : HEADER_PDF };
        const char *pdf = memmem(head.at, head.len, "%PDF-", 5);

        return pdf && !memmem(head.at, (size_t)(pdf - head.at), "%!", 2);
}

/* After empty lines, and the Control-D of serial lines, which drivers still send. */
static bool is_postscript(struct text octets)
{
        while (octets.len && memchr(" \t\r\n\4", *octets.at, 5))
                octets = drop(octets, 1);
        return text_starts_with(octets, "%!");
}

static bool has_pclm(struct text octets)
{
        return memmem(octets.at, octets.len < HEADER_PDF ? octets.len : HEADER_PDF, "%PCLm", 5) != NULL;
}

static enum format by_magic(struct text octets)
{
        if (starts_with(octets, TEXT_OF("\xef\xbb\xbf%PDF-")))
                return FORMAT_PDF;
        for (size_t i = 0; i < ARRAY_LENGTH(magics); i++)
                if (starts_with(octets, magics[i].magic))
                        return magics[i].format;
        if (is_postscript(octets))
                return FORMAT_POSTSCRIPT;
        if (is_heic(octets))
                return FORMAT_HEIC;
        return is_webp(octets) ? FORMAT_WEBP : FORMAT_UNKNOWN;
}

struct sniffed sniff(struct text octets, bool is_whole, enum format declared)
{
        struct text head = sniff_head(octets);
        struct sniffed found;
        enum format format;

        if (starts_with(head, TEXT_OF(UEL)) || starts_with(head, TEXT_OF("@PJL")))
                return sniff_pjl(head, is_whole || octets.len >= SNIFF_OCTETS_MAX);
        format = by_magic(head);
        if (format == FORMAT_PDF && declared == FORMAT_PCLM && has_pclm(head))
                return sniffed(FORMAT_PCLM);
        if (format)
                return sniffed(format);
        if (starts_with(head, TEXT_OF("PK\3\4")))
                return sniff_zip(octets, is_whole, declared);
        if (starts_with(head, TEXT_OF("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
                return sniff_compound(octets, is_whole, declared);
        found = sniff_text(octets, is_whole, declared);
        /* A text may tell of PDF, so there it must be declared. */
        if (has_pdf(head) && (!found.format || declared == FORMAT_PDF))
                return sniffed(FORMAT_PDF);
        return found;
}

/* From the mark on; all of it where there is none. */
static struct text from_mark(struct text octets, const char *mark)
{
        struct text head = sniff_head(octets);
        const char *at = memmem(head.at, head.len, mark, strlen(mark));

        return at ? drop(octets, (size_t)(at - octets.at)) : octets;
}

/* What comes after the document: the last escape to PJL, and what follows it. */
static struct text without_end(struct text octets)
{
        struct text tail = sniff_tail(octets);
        const char *at = memmem(tail.at, tail.len, UEL, strlen(UEL));

        if (at)
                octets.len = (size_t)(at - octets.at);
        while (octets.len && octets.at[octets.len - 1] == 4)
                octets.len--;
        return octets;
}

struct text sniff_body(struct text octets, enum format format)
{
        if (format == FORMAT_PDF && !text_starts_with(octets, "%PDF-"))
                return without_end(from_mark(octets, "%PDF-"));
        if (format == FORMAT_POSTSCRIPT && !text_starts_with(octets, "%!") &&
            !text_starts_with(octets, "\xc5\xd0\xd3\xc6"))
                return without_end(from_mark(octets, "%!"));
        return octets;
}
