// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The formats of documents that the product knows, by their media types. The service asks here what it may
 * take and what can be made of it; the renderer, what it is asked to make. Pure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum format {
        FORMAT_UNKNOWN,

        /* Pages, as printers and viewers take them. */
        FORMAT_PDF,
        FORMAT_POSTSCRIPT,
        FORMAT_PWG_RASTER,
        FORMAT_APPLE_RASTER,
        FORMAT_PCLM,
        FORMAT_PCL_XL,
        FORMAT_PCL,

        /* Images. */
        FORMAT_JPEG,
        FORMAT_PNG,
        FORMAT_TIFF,
        FORMAT_GIF,
        FORMAT_WEBP,
        FORMAT_HEIC,
        FORMAT_SVG,

        /* Texts. */
        FORMAT_TEXT,
        FORMAT_MARKDOWN,
        FORMAT_HTML,
        FORMAT_CSV,

        /* What people write with an office program. */
        FORMAT_RTF,
        FORMAT_DOC,
        FORMAT_DOCX,
        FORMAT_XLS,
        FORMAT_XLSX,
        FORMAT_PPT,
        FORMAT_PPTX,
        FORMAT_ODT,
        FORMAT_ODS,
        FORMAT_ODP,

        FORMAT_COUNT,
};

/* As in Content-Type and document-format: in either case, with or without parameters, also by names that are
 * no longer used. FORMAT_UNKNOWN where it is none of these. */
enum format format_from_media_type(struct text media_type);
/* By the ending of a file's name, in either case: "Letter.DOCX". FORMAT_UNKNOWN where it has none of ours. */
enum format format_from_name(struct text name);
/* The registered one; NULL for FORMAT_UNKNOWN. Static. */
const char *format_media_type(enum format format);
/* Of a file's name, without the dot: "docx"; NULL for FORMAT_UNKNOWN. Static. */
const char *format_extension(enum format format);

/* Some of the formats. */
struct format_set {
        uint64_t bits;
};
void format_set_add(struct format_set *set, enum format format);
bool format_set_has(struct format_set set, enum format format);
/* The extensions of those that a renderer can read, with commas around each: ",pdf,docx,"; empty: none. */
#define FORMAT_SET_STRING 512
void format_set_format(struct format_set set, char ret[FORMAT_SET_STRING]);
/* What is no extension of ours is left out. */
struct format_set format_set_parse(struct text words);

/* Whether a renderer can make a PDF of it, where all is installed that it takes. */
bool format_is_ever_source(enum format format);
/* Whether one of this service's renderers can. */
bool format_is_source(enum format format);
/* What they can read from now on; all at first. From any thread. */
void format_set_sources(struct format_set sources);
/* Whether the renderer can make it of a PDF. */
bool format_is_target(enum format format);
/* Commands for a printer that nothing here reads: such documents go to printers as they are, where a queue
 * may carry them at all. */
bool format_is_raw(enum format format);
/* What the renderer can make, best first: the order in which a language is chosen for a printer. */
extern const enum format format_targets[];
extern const size_t format_target_count;
