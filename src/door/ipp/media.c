// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/media.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/job/ticket.h"
#include "ipp/build.h"

#define MARGIN 423 /* a sixth of an inch: what every printer of cut sheets leaves free */

/* "210" or "8.5", in thousandths; cuts it off *text. */
static bool side_parse(struct text *text, int64_t *ret)
{
        int64_t value = 0, unit = 1000;
        bool fraction = false;
        size_t i;

        for (i = 0; i < text->len && i < 12; i++) {
                char c = text->at[i];

                if (c == '.' && !fraction && i > 0) {
                        fraction = true;
                } else if (c >= '0' && c <= '9') {
                        if (fraction)
                                unit /= 10;
                        value += fraction ? (c - '0') * unit : value * 9 + (c - '0') * INT64_C(1000);
                } else {
                        break;
                }
        }
        *text = (struct text){ text->at + i, text->len - i };
        *ret = value;
        return i > 0 && value > 0;
}

bool ipp_media_size_parse(struct text name, struct ipp_media_size *ret)
{
        struct text rest = name;
        int64_t width, height, per_unit;
        size_t at = name.len;

        while (at > 0 && name.at[at - 1] != '_')
                at--;
        if (at < 2)
                return false;
        rest = (struct text){ name.at + at, name.len - at };

        if (!side_parse(&rest, &width) || rest.len < 1 || rest.at[0] != 'x')
                return false;
        rest = (struct text){ rest.at + 1, rest.len - 1 };
        if (!side_parse(&rest, &height))
                return false;

        if (text_equal_string(rest, "mm"))
                per_unit = 100;
        else if (text_equal_string(rest, "in"))
                per_unit = 2540;
        else
                return false;

        width = width * per_unit / 1000;
        height = height * per_unit / 1000;
        if (width < 100 || width > 1000000 || height < 100 || height > 1000000)
                return false;
        *ret = (struct ipp_media_size){ (int32_t)width, (int32_t)height };
        return true;
}

const char *ipp_media_find(const struct printer *printer, struct ipp_media_size size)
{
        struct ipp_media_size own;

        for (size_t i = 0; i < printer->media_count; i++)
                if (ipp_media_size_parse(text_from(printer->media[i]), &own) &&
                    labs((long)own.width - size.width) <= 50 && labs((long)own.height - size.height) <= 50)
                        return printer->media[i];

        return NULL;
}

static void add_size(struct ipp_builder *b, const char *name, struct ipp_media_size size)
{
        ipp_begin_collection(b, name);
        ipp_add_integer(b, "x-dimension", size.width);
        ipp_add_integer(b, "y-dimension", size.height);
        ipp_end_collection(b);
}

/* What is loaded where nobody says otherwise. */
static const char *plain_type(const struct printer *printer)
{
        const char *type;

        for (size_t i = 0; (type = printer_media_type(printer, i)); i++)
                if (strcmp(type, "stationery") == 0)
                        return type;
        return "auto";
}

/* One media-col; source and type may be NULL. */
static void add_medium(struct ipp_builder *b, const char *name, const char *medium, const char *source,
                       const char *type)
{
        struct ipp_media_size size;

        if (!ipp_media_size_parse(text_from(medium), &size))
                return;
        ipp_begin_collection(b, name);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-key", medium);
        add_size(b, "media-size", size);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-size-name", medium);
        ipp_add_integer(b, "media-bottom-margin", MARGIN);
        ipp_add_integer(b, "media-left-margin", MARGIN);
        ipp_add_integer(b, "media-right-margin", MARGIN);
        ipp_add_integer(b, "media-top-margin", MARGIN);
        if (source)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-source", source);
        if (type)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-type", type);
        ipp_end_collection(b);
}

/* The trays by their order; "auto" is none. NULL beyond the last. */
static const char *tray(const struct printer *printer, size_t number)
{
        const char *source;

        for (size_t i = 0; (source = printer_media_source(printer, i)); i++)
                if (strcmp(source, "auto") != 0 && number-- == 0)
                        return source;
        return NULL;
}

static void describe_supported(struct ipp_builder *b, const struct printer *printer)
{
        static const char *const members[] = {
                "media-bottom-margin", "media-left-margin", "media-right-margin", "media-size",
                "media-size-name",     "media-source",      "media-top-margin",   "media-type",
        };
        static const char *const margins[] = {
                "media-bottom-margin-supported",
                "media-left-margin-supported",
                "media-right-margin-supported",
                "media-top-margin-supported",
        };
        struct ipp_media_size size;

        for (size_t i = 0; i < printer->media_count; i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-supported", printer->media[i]);
        for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-col-supported", members[i]);
        for (size_t i = 0; i < ARRAY_LENGTH(margins); i++)
                ipp_add_integer(b, margins[i], MARGIN);
        for (size_t i = 0; i < printer->media_count; i++)
                if (ipp_media_size_parse(text_from(printer->media[i]), &size))
                        add_size(b, "media-size-supported", size);
        for (size_t i = 0; printer_media_source(printer, i); i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-source-supported",
                               printer_media_source(printer, i));
        for (size_t i = 0; printer_media_type(printer, i); i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-type-supported", printer_media_type(printer, i));
}

static const char *or_else(const char *usual, const char *otherwise)
{
        return usual[0] ? usual : otherwise;
}

void ipp_describe_media(struct ipp_builder *b, const struct printer *printer, const struct ticket *usual)
{
        if (printer->media_count == 0)
                return;

        ipp_set_category(b, IPP_CATEGORY_TEMPLATE);
        ipp_add_string(b, IPP_TAG_KEYWORD, "media-default", or_else(usual->media, printer->media[0]));
        add_medium(b, "media-col-default", or_else(usual->media, printer->media[0]),
                   or_else(usual->media_source, "auto"), or_else(usual->media_type, plain_type(printer)));
        describe_supported(b, printer);

        /* A printer's trays hold its media in their order; nobody can tell more before it is asked. */
        for (uint32_t i = 0; tray(printer, i) && i < printer->media_count; i++)
                ipp_add_string(b, IPP_TAG_KEYWORD, "media-ready", printer->media[i]);
        for (uint32_t i = 0; tray(printer, i) && i < printer->media_count; i++)
                add_medium(b, "media-col-ready", printer->media[i], tray(printer, i), plain_type(printer));

        /* Large, and so only for those who name it (PWG 5100.11, section 6.8.1). */
        ipp_set_category(b, IPP_CATEGORY_NAMED);
        for (size_t i = 0; i < printer->media_count; i++)
                add_medium(b, "media-col-database", printer->media[i], NULL, NULL);
}
