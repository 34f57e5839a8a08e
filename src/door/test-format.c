// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/format.h"

static const struct {
        const char *name;
        struct text octets;
        const char *format;
} rows[] = {
        { "PDF", TEXT("%PDF-1.7\n"), FORMAT_PDF },
        { "PDF after a byte order mark", TEXT("\xef\xbb\xbf%PDF-1.4"), FORMAT_PDF },
        { "PostScript", TEXT("%!PS-Adobe-3.0\n"), FORMAT_POSTSCRIPT },
        { "PostScript after Control-D", TEXT("\4%!PS"), FORMAT_POSTSCRIPT },
        { "JPEG", TEXT("\xff\xd8\xff\xe0\0\x10JFIF"), FORMAT_JPEG },
        { "PWG raster", TEXT("RaS2PwgRaster\0\0\0"), FORMAT_PWG_RASTER },
        { "CUPS raster is none", TEXT("RaS2MediaClass\0\0"), NULL },
        { "Apple raster", TEXT("UNIRAST\0\0\0\0\1"), FORMAT_URF },
        { "PCL XL", TEXT(") HP-PCL XL;2;0\n"), FORMAT_PCLXL },
        { "PCL", TEXT("\x1b\x45\x1b&l"), FORMAT_PCL },
        { "PJL", TEXT("\x1b%-12345X@PJL\r\n@PJL ENTER LANGUAGE = PCLXL\r\n) HP"), FORMAT_PCLXL },
        { "PJL without a language", TEXT("\x1b%-12345X@PJL\r\n"), NULL },
        { "PJL with half a language", TEXT("\x1b%-12345X@PJL ENTER LANGUAGE=PO"), NULL },
        { "text", TEXT("Dear Ada,\r\n\tthe paper\f"), FORMAT_TEXT },
        { "UTF-8", TEXT("f\xc3\xbcr Ada"), FORMAT_TEXT },
        { "cut UTF-8", TEXT("f\xc3\xbcr \xe2\x82"), FORMAT_TEXT },
        { "Latin-1", TEXT("f\xfcr Ada"), NULL },
        { "NUL", TEXT("text\0text"), NULL },
        { "PNG", TEXT("\x89PNG\r\n\x1a\n"), NULL },
        { "nothing", TEXT(""), NULL },
};

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                const char *format = format_sense(rows[i].octets);

                printf("%s: %s\n", rows[i].name, format ? format : "none");
                assert(!format == !rows[i].format && (!format || strcmp(format, rows[i].format) == 0));
        }
        return 0;
}
