// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "render/raster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 2000 /* more of the same teaches nothing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct raster_page page;
        struct raster raster;
        uint32_t lines = 0;
        int r = 0;

        if (raster_begin(text_from_octets(data, size), &raster) != 0)
                return 0;
        while (r == 0 && lines < LINES_MAX && raster_page(&raster, &page) == 0) {
                uint8_t *line = malloc(page.line_octets); /* exactly, so that a sanitizer sees one too many */

                assert(line && page.line_octets <= RASTER_LINE_MAX && page.height <= RASTER_HEIGHT_MAX);
                for (uint32_t i = 0; i < page.height && r == 0 && lines++ < LINES_MAX; i++)
                        r = raster_line(&raster, line);
                free(line);
        }
        return 0;
}
