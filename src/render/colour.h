// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Which pages have colours, told by their dots: a stream of pictures (PPM, "P6", one behind the other), in
 * whatever pieces it comes. A page is in colour where the channels of a dot differ by COLOUR_DIFFERENCE;
 * grey given as three equal colours is grey, and so is what a JPEG or a conversion between colour spaces made
 * of it. Pure; nothing is kept of a picture.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define COLOUR_DIFFERENCE    16 /* of 255 */
#define COLOUR_HEADER_OCTETS 32

struct colour_scan {
        uint32_t pages; /* whole ones */
        uint32_t colour_pages;
        bool page_is_coloured; /* these and below: of the page that is under way */
        char header[COLOUR_HEADER_OCTETS];
        size_t header_len;
        uint64_t left; /* octets of its dots */
        uint8_t dot[3];
        uint8_t dot_len;
};

enum colour_refusal {
        COLOUR_DAMAGED = 1,
};

/* The next piece, beginning with a scan of zeros. COLOUR_DAMAGED. */
int colour_scan_take(struct colour_scan *scan, struct text octets);
/* Whether the last picture is whole. */
bool colour_scan_has_ended(const struct colour_scan *scan);
