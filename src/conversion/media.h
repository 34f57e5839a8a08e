// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Sizes of media by their names, and ranges of pages: the words of PWG 5101.1 and of RFC 8011. Pure. */

#include <stdbool.h>
#include <stdint.h>

#define MEDIA_NAME 64

struct media {
        char name[MEDIA_NAME]; /* empty: as the document says */
        double width;          /* in points, 1/72 inch */
        double height;
};

/* "iso_a4_210x297mm", "na_letter_8.5x11in": class, name and dimensions (PWG 5101.1, section 5). */
bool media_parse(const char *name, struct media *ret);

#define PAGES_MOST 1000000 /* no document has more */
/* Ranges in rising order: "1-3,5,7-". */
bool pages_are_valid(const char *pages);
/* Whether a page, counted from 1, is one of them; of valid ranges. Empty ranges are all pages. */
bool pages_have(const char *pages, uint32_t page);
