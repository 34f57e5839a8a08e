// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "render/jpeg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct jpeg jpeg;

        if (jpeg_parse(text_from_octets(data, size), &jpeg) == 0) {
                assert(jpeg.width && jpeg.height && jpeg.width <= 65535 && jpeg.height <= 65535);
                assert(jpeg.orientation >= 1 && jpeg.orientation <= 8);
        }
        return 0;
}
