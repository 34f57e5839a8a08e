// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/ghostscript.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render/outcome.h"

static void add(struct ghostscript_arguments *to, const char *argument)
{
        /* One place is kept for the NULL; there are fewer arguments in this file than places. */
        if (to->count < GHOSTSCRIPT_ARGUMENTS_MAX - 1)
                to->argv[to->count++] = argument;
}

static void add_format(struct ghostscript_arguments *to, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static void add_format(struct ghostscript_arguments *to, const char *format, ...)
{
        char *at = to->texts + to->texts_len;
        size_t room = sizeof(to->texts) - to->texts_len;
        va_list args;
        int len;

        va_start(args, format);
        len = vsnprintf(at, room, format, args);
        va_end(args);
        if (len < 0 || (size_t)len >= room)
                return;
        to->texts_len += (size_t)len + 1;
        add(to, at);
}

static const char *device(const struct render_options *options)
{
        switch (options->to) {
        case RENDER_PDF: return "-sDEVICE=pdfwrite";
        case RENDER_POSTSCRIPT: return "-sDEVICE=ps2write";
        case RENDER_PCL_XL: return options->grey ? "-sDEVICE=pxlmono" : "-sDEVICE=pxlcolor";
        case RENDER_PWG_RASTER: return "-sDEVICE=pwgraster";
        default: return NULL;
        }
}

static void add_colour(const struct render_options *options, struct ghostscript_arguments *to)
{
        if (options->to == RENDER_PWG_RASTER) {
                /* Without these it writes one bit of black, which no AirPrint printer takes. */
                add(to, options->grey ? "-dcupsColorSpace=18" : "-dcupsColorSpace=19");
                add(to, "-dcupsBitsPerColor=8");
        } else if (options->grey && options->to != RENDER_PCL_XL) {
                add(to, "-sColorConversionStrategy=Gray");
                add(to, "-dProcessColorModel=/DeviceGray");
        }
}

static bool writes_fonts(const struct render_options *options)
{
        return options->to == RENDER_PDF || options->to == RENDER_POSTSCRIPT;
}

static void add_sides(const struct render_options *options, struct ghostscript_arguments *to)
{
        bool two = options->sides != RENDER_ONE_SIDED;
        bool tumble = options->sides == RENDER_TWO_SIDED_SHORT_EDGE;

        if (options->sides == RENDER_SIDES_UNSAID || writes_fonts(options))
                return;
        add(to, two ? "-dDuplex=true" : "-dDuplex=false");
        add(to, tumble ? "-dTumble=true" : "-dTumble=false");
}

/* Also the fonts that every printer should have are embedded, for not every one has them; and the sides stand
 * in the PostScript itself. */
static void add_distiller(const struct render_options *options, struct ghostscript_arguments *to)
{
        if (!writes_fonts(options))
                return;
        add(to, "-dEmbedAllFonts=true");
        add(to, "-c");
        if (options->to == RENDER_PDF || options->sides == RENDER_SIDES_UNSAID)
                add(to, "<< /NeverEmbed [ ] >> setdistillerparams");
        else
                add_format(to,
                           "<< /NeverEmbed [ ] /PSDocOptions (<< /Duplex %s /Tumble %s >> setpagedevice) >>"
                           " setdistillerparams",
                           options->sides == RENDER_ONE_SIDED ? "false" : "true",
                           options->sides == RENDER_TWO_SIDED_SHORT_EDGE ? "true" : "false");
}

static void add_media(const struct render_options *options, struct ghostscript_arguments *to)
{
        if (!options->media.name)
                return;
        /* In dots: whole points would make A4 one dot too narrow. */
        add_format(to, "-g%.0fx%.0f", options->media.width * options->resolution / 72,
                   options->media.height * options->resolution / 72);
        add(to, "-dFIXEDMEDIA");
        add(to, "-dPDFFitPage");
        if (options->to == RENDER_PWG_RASTER)
                add_format(to, "-scupsPageSizeName=%s", options->media.name);
}

int ghostscript_arguments(const struct render_options *options, const char *document,
                          struct ghostscript_arguments *ret)
{
        if (!device(options))
                return RENDER_UNSUPPORTED;
        *ret = (struct ghostscript_arguments){ .count = 0 };
        add(ret, "/usr/bin/gs");
        add(ret, "-dSAFER");
        add(ret, "-dBATCH");
        add(ret, "-dNOPAUSE");
        add(ret, "-dNOPROMPT");
        /* What it has to say must not end up in the document. */
        add(ret, "-sstdout=%stderr");
        add(ret, device(options));
        add_format(ret, "-r%u", options->resolution);
        add_colour(options, ret);
        add_sides(options, ret);
        add_media(options, ret);
        if (options->pages[0])
                add_format(ret, "-sPageList=%s", options->pages);
        add(ret, "-sOutputFile=%stdout");
        add_distiller(options, ret);
        add(ret, "-f");
        add(ret, document);
        ret->argv[ret->count] = NULL;
        return 0;
}

static bool contains(struct text line, const char *words)
{
        return memmem(line.at, line.len, words, strlen(words)) != NULL;
}

void ghostscript_line(struct text line, struct ghostscript_report *report)
{
        struct text number = line;

        if (text_starts_with(line, "Page ")) {
                uint64_t page;

                number.at += 5;
                number.len -= 5;
                if (text_number(text_trim(number), 1000000, &page))
                        report->pages++;
        }
        if (contains(line, "requires a password") || contains(line, "assword did not work"))
                report->password = true;
        if (contains(line, "VMerror") || contains(line, "memory allocation"))
                report->memory = true;
}
