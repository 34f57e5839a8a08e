// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a JPEG file (ITU-T T.81, Annex B) says about itself before its first scan: enough to put it on a page
 * without decoding it. Pure; borrows nothing.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum jpeg_refusal {
        JPEG_DAMAGED = 1,
        JPEG_UNSUPPORTED, /* arithmetic coding, lossless, 12 bits: no printer and no PDF reader takes it */
};

struct jpeg {
        uint32_t width;
        uint32_t height;
        uint8_t components;  /* 1 grey, 3 colour, 4 CMYK */
        bool inverted;       /* CMYK as Adobe writes it */
        uint8_t orientation; /* 1 to 8 (Exif 2.3, tag 274); 1 where it says nothing */
        double dpi_x, dpi_y; /* JFIF 1.02; 0 where it says nothing */
};

int jpeg_parse(struct text octets, struct jpeg *ret);
