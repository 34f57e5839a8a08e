// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What is to be made of the document: the command line, checked, in our own words. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum render_format {
        RENDER_UNKNOWN,
        RENDER_PDF,
        RENDER_JPEG,
        RENDER_TEXT,
        RENDER_PWG_RASTER,
        RENDER_APPLE_RASTER,
        RENDER_PCL_XL,
        RENDER_POSTSCRIPT,
};

enum render_sides {
        RENDER_SIDES_UNSAID,
        RENDER_ONE_SIDED,
        RENDER_TWO_SIDED_LONG_EDGE,
        RENDER_TWO_SIDED_SHORT_EDGE,
};

/* In points, 1/72 inch. */
struct render_media {
        const char *name; /* PWG 5101.1; NULL: as the document says */
        double width;
        double height;
};

struct render_limits {
        uint64_t input_octets;
        uint64_t output_octets;
        uint64_t memory_octets;
        unsigned int cpu_s;
        unsigned int wall_s;
        unsigned int pages;
};

struct render_options {
        enum render_format from;
        enum render_format to;
        unsigned int resolution; /* dots per inch */
        bool grey;
        enum render_sides sides;
        struct render_media media;
        char pages[256]; /* "1-3,5", or empty: all */
        struct render_limits limits;
};

/* -1: go on; otherwise the exit status, and what there was to say has been said. */
int options_parse(int argc, char **argv, struct render_options *ret);

/* A MIME type's format; RENDER_UNKNOWN where it is none of ours. */
enum render_format format_from_name(const char *name);

/* "iso_a4_210x297mm", "na_letter_8.5x11in": class, name and dimensions (PWG 5101.1, section 3). */
bool media_parse(const char *name, struct render_media *ret);

/* Ranges in rising order: "1-3,5,7-". */
bool pages_are_valid(const char *pages);
