// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"

#define POINTS_PER_MM   (72.0 / 25.4)
#define POINTS_PER_INCH 72.0
#define MEDIA_LEAST     36.0 /* half an inch */
#define MEDIA_MOST      14400.0

static const struct {
        const char *name;
        enum render_format format;
} formats[] = {
        { "application/pdf", RENDER_PDF },
        { "image/jpeg", RENDER_JPEG },
        { "text/plain", RENDER_TEXT },
        { "image/pwg-raster", RENDER_PWG_RASTER },
        { "image/urf", RENDER_APPLE_RASTER },
        { "application/vnd.hp-PCLXL", RENDER_PCL_XL },
        { "application/postscript", RENDER_POSTSCRIPT },
};

enum render_format format_from_name(const char *name)
{
        for (size_t i = 0; i < ARRAY_LENGTH(formats); i++)
                if (text_equal_nocase(text_from(formats[i].name), text_from(name)))
                        return formats[i].format;
        return RENDER_UNKNOWN;
}

/* Digits with at most one point, as in "8.5". */
static bool decimal_parse(struct text t, double *ret)
{
        double value = 0, place = 0;

        if (t.len == 0 || t.len > 8)
                return false;
        for (size_t i = 0; i < t.len; i++) {
                if (t.at[i] == '.' && place == 0 && i > 0) {
                        place = 1;
                        continue;
                }
                if (t.at[i] < '0' || t.at[i] > '9')
                        return false;
                place *= 10;
                value = place > 0 ? value + (t.at[i] - '0') / place : value * 10 + (t.at[i] - '0');
        }
        *ret = value;
        return true;
}

bool media_parse(const char *name, struct render_media *ret)
{
        const char *at = strrchr(name, '_');
        struct text size, width, height;
        double unit, w, h;

        for (const char *c = name; *c; c++)
                if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", *c))
                        return false;
        if (!at || at == name || strlen(name) > 63)
                return false;
        size = text_from(at + 1);
        if (text_ends_with(size, "mm"))
                unit = POINTS_PER_MM;
        else if (text_ends_with(size, "in"))
                unit = POINTS_PER_INCH;
        else
                return false;
        size.len -= 2;
        if (!text_cut(size, 'x', &width, &height) || !decimal_parse(width, &w) || !decimal_parse(height, &h))
                return false;
        if (w * unit < MEDIA_LEAST || w * unit > MEDIA_MOST || h * unit < MEDIA_LEAST ||
            h * unit > MEDIA_MOST)
                return false;
        *ret = (struct render_media){ name, w * unit, h * unit };
        return true;
}

static bool range_is_valid(struct text range, uint64_t *last)
{
        uint64_t from, to;
        struct text head, tail;

        if (!text_cut(range, '-', &head, &tail)) {
                if (!text_number(range, 1000000, &from))
                        return false;
                to = from;
        } else if (!text_number(head, 1000000, &from)) {
                return false;
        } else if (tail.len == 0) {
                to = 1000000;
        } else if (!text_number(tail, 1000000, &to)) {
                return false;
        }
        if (from <= *last || to < from)
                return false;
        *last = to;
        return true;
}

bool pages_are_valid(const char *pages)
{
        struct text rest = text_from(pages), range;
        uint64_t last = 0;
        bool more = true;

        while (more) {
                more = text_cut(rest, ',', &range, &rest);
                if (!range_is_valid(range, &last))
                        return false;
        }
        return true;
}

static int usage(FILE *to, int status)
{
        fprintf(to,
                "imprimatur-render --from TYPE --to TYPE [OPTION]...\n"
                "\n"
                "Converts one document from standard input to standard output, in a cell of its own.\n"
                "It reads all of its input before it writes the first octet. One line on standard error\n"
                "(JSON) says how it went; exit status 0: converted, 1: fault, 2: usage, 3: unsupported,\n"
                "4: damaged, 5: password, 6: limit. What was written is worth nothing unless it is 0.\n"
                "\n"
                "  --from TYPE        application/pdf image/jpeg text/plain image/pwg-raster image/urf\n"
                "  --to TYPE          application/pdf application/vnd.hp-PCLXL application/postscript\n"
                "                     image/pwg-raster\n"
                "  --resolution DPI   300\n"
                "  --grey, --colour   colour\n"
                "  --media NAME       PWG name: iso_a4_210x297mm; pages are scaled to fit\n"
                "  --sides WORD       one-sided two-sided-long-edge two-sided-short-edge\n"
                "  --pages RANGES     1-3,5\n"
                "  --input-octets N --output-octets N --memory-octets N --cpu-s N --wall-s N --pages-max N\n"
                "                     limits: 256 MiB, 1 GiB, 1 GiB, 60, 120, 2000\n"
                "  --version, --help\n");
        return status;
}

static bool sides_parse(const char *word, enum render_sides *ret)
{
        if (strcmp(word, "one-sided") == 0)
                *ret = RENDER_ONE_SIDED;
        else if (strcmp(word, "two-sided-long-edge") == 0)
                *ret = RENDER_TWO_SIDED_LONG_EDGE;
        else if (strcmp(word, "two-sided-short-edge") == 0)
                *ret = RENDER_TWO_SIDED_SHORT_EDGE;
        else
                return false;
        return true;
}

static bool number_parse(const char *string, uint64_t least, uint64_t most, uint64_t *ret)
{
        return text_number(text_from(string), most, ret) && *ret >= least;
}

static bool number_u_parse(const char *string, unsigned int least, unsigned int most, unsigned int *ret)
{
        uint64_t number;

        if (!number_parse(string, least, most, &number))
                return false;
        *ret = (unsigned int)number;
        return true;
}

static bool option_apply(int option, const char *value, struct render_options *ret)
{
        switch (option) {
        case 'f': return (ret->from = format_from_name(value)) != RENDER_UNKNOWN;
        case 't': return (ret->to = format_from_name(value)) != RENDER_UNKNOWN;
        case 'r': return number_u_parse(value, 72, 1200, &ret->resolution);
        case 'g': return ret->grey = true;
        case 'c': return !(ret->grey = false);
        case 'm': return media_parse(value, &ret->media);
        case 's': return sides_parse(value, &ret->sides);
        case 'p':
                return pages_are_valid(value) && text_copy(text_from(value), ret->pages, sizeof(ret->pages));
        case 'I': return number_parse(value, 1, UINT64_C(1) << 32, &ret->limits.input_octets);
        case 'O': return number_parse(value, 1, UINT64_C(1) << 36, &ret->limits.output_octets);
        case 'M': return number_parse(value, 64 << 20, UINT64_C(1) << 36, &ret->limits.memory_octets);
        case 'C': return number_u_parse(value, 1, 3600, &ret->limits.cpu_s);
        case 'W': return number_u_parse(value, 1, 7200, &ret->limits.wall_s);
        case 'P': return number_u_parse(value, 1, 100000, &ret->limits.pages);
        default: return false;
        }
}

int options_parse(int argc, char **argv, struct render_options *ret)
{
        static const struct option options[] = {
                { "from", required_argument, NULL, 'f' },
                { "to", required_argument, NULL, 't' },
                { "resolution", required_argument, NULL, 'r' },
                { "grey", no_argument, NULL, 'g' },
                { "colour", no_argument, NULL, 'c' },
                { "media", required_argument, NULL, 'm' },
                { "sides", required_argument, NULL, 's' },
                { "pages", required_argument, NULL, 'p' },
                { "input-octets", required_argument, NULL, 'I' },
                { "output-octets", required_argument, NULL, 'O' },
                { "memory-octets", required_argument, NULL, 'M' },
                { "cpu-s", required_argument, NULL, 'C' },
                { "wall-s", required_argument, NULL, 'W' },
                { "pages-max", required_argument, NULL, 'P' },
                { "version", no_argument, NULL, 'v' },
                { "help", no_argument, NULL, 'h' },
                { 0 },
        };
        int option;

        *ret = (struct render_options){
                .resolution = 300,
                .limits = { 256 << 20, 1 << 30, 1 << 30, 60, 120, 2000 },
        };
        while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
                if (option == 'v')
                        return printf("imprimatur-render %s\n", IMPRIMATUR_VERSION) < 0;
                if (option == 'h')
                        return usage(stdout, 0);
                if (!option_apply(option, optarg, ret))
                        return usage(stderr, 2);
        }
        if (optind != argc || ret->from == RENDER_UNKNOWN || ret->to == RENDER_UNKNOWN)
                return usage(stderr, 2);
        return -1;
}
