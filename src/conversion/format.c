// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/format.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/scope.h"

enum use {
        SOURCE = 1,
        TARGET = 2,
};

static const struct entry {
        const char *media_type;
        const char *extension;
        unsigned int uses;
} entries[FORMAT_COUNT] = {
        [FORMAT_PDF] = { "application/pdf", "pdf", SOURCE | TARGET },
        [FORMAT_POSTSCRIPT] = { "application/postscript", "ps", SOURCE | TARGET },
        [FORMAT_PWG_RASTER] = { "image/pwg-raster", "pwg", SOURCE | TARGET },
        [FORMAT_APPLE_RASTER] = { "image/urf", "urf", SOURCE | TARGET },
        [FORMAT_PCLM] = { "application/PCLm", "pclm", TARGET },
        [FORMAT_PCL_XL] = { "application/vnd.hp-PCLXL", "pxl", TARGET },
        [FORMAT_PCL] = { "application/vnd.hp-PCL", "pcl", TARGET },
        [FORMAT_JPEG] = { "image/jpeg", "jpg", SOURCE },
        [FORMAT_PNG] = { "image/png", "png", SOURCE },
        [FORMAT_TIFF] = { "image/tiff", "tiff", SOURCE },
        [FORMAT_GIF] = { "image/gif", "gif", SOURCE },
        [FORMAT_WEBP] = { "image/webp", "webp", SOURCE },
        [FORMAT_HEIC] = { "image/heic", "heic", SOURCE },
        [FORMAT_SVG] = { "image/svg+xml", "svg", SOURCE },
        [FORMAT_TEXT] = { "text/plain", "txt", SOURCE },
        [FORMAT_MARKDOWN] = { "text/markdown", "md", SOURCE },
        [FORMAT_HTML] = { "text/html", "html", SOURCE },
        [FORMAT_CSV] = { "text/csv", "csv", SOURCE },
        [FORMAT_RTF] = { "application/rtf", "rtf", SOURCE },
        [FORMAT_DOC] = { "application/msword", "doc", SOURCE },
        [FORMAT_DOCX] = { "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
                          SOURCE },
        [FORMAT_XLS] = { "application/vnd.ms-excel", "xls", SOURCE },
        [FORMAT_XLSX] = { "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
                          SOURCE },
        [FORMAT_PPT] = { "application/vnd.ms-powerpoint", "ppt", SOURCE },
        [FORMAT_PPTX] = { "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx",
                          SOURCE },
        [FORMAT_ODT] = { "application/vnd.oasis.opendocument.text", "odt", SOURCE },
        [FORMAT_ODS] = { "application/vnd.oasis.opendocument.spreadsheet", "ods", SOURCE },
        [FORMAT_ODP] = { "application/vnd.oasis.opendocument.presentation", "odp", SOURCE },
};

/* Names that clients still say. */
static const struct {
        const char *media_type;
        enum format format;
} aliases[] = {
        { "application/x-pdf", FORMAT_PDF },
        { "application/vnd.cups-pdf", FORMAT_PDF },
        { "application/x-postscript", FORMAT_POSTSCRIPT },
        { "application/x-hp-pclxl", FORMAT_PCL_XL },
        { "application/vnd.hp-pcl-xl", FORMAT_PCL_XL },
        { "application/x-pcl", FORMAT_PCL },
        { "image/jpg", FORMAT_JPEG },
        { "image/pjpeg", FORMAT_JPEG },
        { "image/x-png", FORMAT_PNG },
        { "image/heif", FORMAT_HEIC },
        { "image/svg", FORMAT_SVG },
        { "text/x-markdown", FORMAT_MARKDOWN },
        { "application/xhtml+xml", FORMAT_HTML },
        { "application/csv", FORMAT_CSV },
        { "text/comma-separated-values", FORMAT_CSV },
        { "text/rtf", FORMAT_RTF },
        { "application/x-rtf", FORMAT_RTF },
};

/* Endings beside those of the table. */
static const struct {
        const char *extension;
        enum format format;
} endings[] = {
        { "markdown", FORMAT_MARKDOWN }, { "htm", FORMAT_HTML }, { "xhtml", FORMAT_HTML },
        { "text", FORMAT_TEXT },         { "log", FORMAT_TEXT }, { "jpeg", FORMAT_JPEG },
        { "jpe", FORMAT_JPEG },          { "tif", FORMAT_TIFF }, { "heif", FORMAT_HEIC },
        { "eps", FORMAT_POSTSCRIPT },    { "dot", FORMAT_DOC },  { "dotx", FORMAT_DOCX },
        { "docm", FORMAT_DOCX },         { "xlt", FORMAT_XLS },  { "xltx", FORMAT_XLSX },
        { "xlsm", FORMAT_XLSX },         { "pps", FORMAT_PPT },  { "ppsx", FORMAT_PPTX },
        { "pptm", FORMAT_PPTX },         { "ott", FORMAT_ODT },  { "ots", FORMAT_ODS },
        { "otp", FORMAT_ODP },
};

/* Best first: what says most in the fewest octets, and leaves most to the printer. */
const enum format format_targets[] = {
        FORMAT_PDF,          FORMAT_PCL_XL, FORMAT_POSTSCRIPT, FORMAT_PWG_RASTER,
        FORMAT_APPLE_RASTER, FORMAT_PCLM,   FORMAT_PCL,
};
const size_t format_target_count = ARRAY_LENGTH(format_targets);

enum format format_from_media_type(struct text media_type)
{
        struct text name, parameters;

        text_cut(media_type, ';', &name, &parameters);
        name = text_trim(name);
        for (size_t i = FORMAT_UNKNOWN + 1; i < FORMAT_COUNT; i++)
                if (text_equal_nocase(name, text_from(entries[i].media_type)))
                        return (enum format)i;
        for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
                if (text_equal_nocase(name, text_from(aliases[i].media_type)))
                        return aliases[i].format;
        return FORMAT_UNKNOWN;
}

enum format format_from_name(struct text name)
{
        size_t at = name.len;
        struct text ending;

        while (at > 0 && name.at[at - 1] != '.')
                at--;
        if (at == 0)
                return FORMAT_UNKNOWN;
        ending = (struct text){ name.at + at, name.len - at };
        for (size_t i = FORMAT_UNKNOWN + 1; i < FORMAT_COUNT; i++)
                if (text_equal_nocase(ending, text_from(entries[i].extension)))
                        return (enum format)i;
        for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
                if (text_equal_nocase(ending, text_from(endings[i].extension)))
                        return endings[i].format;
        return FORMAT_UNKNOWN;
}

const char *format_media_type(enum format format)
{
        return entries[format].media_type;
}

const char *format_extension(enum format format)
{
        return entries[format].extension;
}

static_assert(FORMAT_COUNT <= 64, "a set of formats is one number");

static _Atomic uint64_t readable = UINT64_MAX;

void format_set_add(struct format_set *set, enum format format)
{
        set->bits |= UINT64_C(1) << format;
}

bool format_set_has(struct format_set set, enum format format)
{
        return set.bits >> format & 1;
}

void format_set_format(struct format_set set, char ret[FORMAT_SET_STRING])
{
        size_t length = 0;

        static_assert(FORMAT_COUNT * 8 < FORMAT_SET_STRING, "an extension has at most seven letters");
        ret[0] = '\0';
        for (int format = FORMAT_UNKNOWN + 1; format < FORMAT_COUNT; format++)
                if (format_set_has(set, (enum format)format) && format_is_ever_source((enum format)format))
                        length += (size_t)snprintf(ret + length, FORMAT_SET_STRING - length, "%s%s,",
                                                   length ? "" : ",", entries[format].extension);
}

struct format_set format_set_parse(struct text words)
{
        struct format_set set = { 0 };

        while (words.len) {
                struct text word;

                text_cut(words, ',', &word, &words);
                for (int format = FORMAT_UNKNOWN + 1; format < FORMAT_COUNT; format++)
                        if (text_equal_string(word, entries[format].extension))
                                format_set_add(&set, (enum format)format);
        }
        return set;
}

bool format_is_ever_source(enum format format)
{
        return entries[format].uses & SOURCE;
}

bool format_is_source(enum format format)
{
        return format_is_ever_source(format) && format_set_has((struct format_set){ readable }, format);
}

void format_set_sources(struct format_set sources)
{
        readable = sources.bits;
}

bool format_is_raw(enum format format)
{
        return format == FORMAT_PCL || format == FORMAT_PCL_XL;
}

bool format_is_target(enum format format)
{
        return entries[format].uses & TARGET;
}
