// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/format.h"

static const struct {
        const char *media_type;
        enum format format;
} rows[] = {
        { "application/pdf", FORMAT_PDF },
        { "Application/PDF", FORMAT_PDF },
        { "text/plain; charset=utf-8", FORMAT_TEXT },
        { "text/plain ;charset=utf-8", FORMAT_TEXT },
        { "application/vnd.hp-pclxl", FORMAT_PCL_XL },
        { "image/jpg", FORMAT_JPEG },
        { "application/vnd.cups-pdf", FORMAT_PDF },
        { "application/octet-stream", FORMAT_UNKNOWN },
        { "application/pdfx", FORMAT_UNKNOWN },
        { "pdf", FORMAT_UNKNOWN },
        { "", FORMAT_UNKNOWN },
};

static const struct {
        const char *name;
        enum format format;
} names[] = {
        { "Letter.docx", FORMAT_DOCX },  { "NOTES.MD", FORMAT_MARKDOWN }, { "a.b.jpeg", FORMAT_JPEG },
        { "Letter", FORMAT_UNKNOWN },    { "pdf", FORMAT_UNKNOWN },       { "x.", FORMAT_UNKNOWN },
        { "x.pdf.exe", FORMAT_UNKNOWN }, { "", FORMAT_UNKNOWN },
};

int main(void)
{
        struct format_set set = { 0 };
        char words[FORMAT_SET_STRING];

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                assert(format_from_name(text_from(names[i].name)) == names[i].format);
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                printf("%s\n", rows[i].media_type);
                assert(format_from_media_type(text_from(rows[i].media_type)) == rows[i].format);
        }
        /* Every format has a name and an extension of its own, and is found by its name. */
        for (int i = FORMAT_UNKNOWN + 1; i < FORMAT_COUNT; i++) {
                assert(format_from_media_type(text_from(format_media_type((enum format)i))) ==
                       (enum format)i);
                for (int k = FORMAT_UNKNOWN + 1; k < i; k++)
                        assert(!text_equal_string(text_from(format_extension((enum format)i)),
                                                  format_extension((enum format)k)));
        }
        for (size_t i = 0; i < format_target_count; i++)
                assert(format_is_target(format_targets[i]));
        assert(format_is_source(FORMAT_GIF));
        format_set_add(&set, FORMAT_PNG);
        format_set_add(&set, FORMAT_PCL);
        format_set_sources(set);
        assert(!format_is_source(FORMAT_GIF) && format_is_source(FORMAT_PNG) &&
               !format_is_source(FORMAT_PCL));
        format_set_format(set, words);
        assert(strcmp(words, ",png,") == 0);
        assert(format_set_parse(TEXT_OF(",png,docx,,exe,")).bits ==
               (UINT64_C(1) << FORMAT_PNG | UINT64_C(1) << FORMAT_DOCX));
        assert(format_set_parse(TEXT_OF("")).bits == 0);
        format_set_format((struct format_set){ UINT64_MAX }, words);
        assert(format_set_parse(text_from(words)).bits >> FORMAT_ODP & 1);
        assert(format_is_ever_source(FORMAT_GIF) && !format_is_ever_source(FORMAT_PCL));
        format_set_sources((struct format_set){ UINT64_MAX });
        assert(format_is_source(FORMAT_GIF));
        assert(!format_media_type(FORMAT_UNKNOWN) && !format_is_source(FORMAT_UNKNOWN));
        return 0;
}
