// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "render/colour.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In two pieces, which the first octet parts, it is what it is in one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct colour_scan whole = { 0 }, parted = { 0 };
        size_t first;
        int r;

        if (size < 1)
                return 0;
        first = data[0] % size;
        r = colour_scan_take(&whole, text_from_octets(data + 1, size - 1));
        if (r == 0) {
                assert(colour_scan_take(&parted, text_from_octets(data + 1, first)) == 0);
                assert(colour_scan_take(&parted, text_from_octets(data + 1 + first, size - 1 - first)) == 0);
                assert(whole.pages == parted.pages && whole.colour_pages == parted.colour_pages);
                assert(colour_scan_has_ended(&whole) == colour_scan_has_ended(&parted));
        }
        assert(whole.colour_pages <= whole.pages);
        return 0;
}
