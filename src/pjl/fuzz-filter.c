// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "pjl/envelope.h"
#include "pjl/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first octet chooses the pieces. Whatever goes in, no escape comes out, and pieces do not matter. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer whole = BUFFER(1 << 20);
        SCOPED(buffer_done) struct buffer pieces = BUFFER(1 << 20);
        struct pjl_filter filter;
        size_t step;

        if (size == 0)
                return 0;
        step = 1 + data[0] % 16;
        data++;
        size--;

        pjl_filter_init(&filter);
        pjl_filter_push(&filter, text_from_octets(data, size), &whole);
        pjl_filter_finish(&filter, &whole);
        assert(whole.len <= size + 16);
        assert(!whole.len || !memmem(whole.at, whole.len, PJL_UEL, strlen(PJL_UEL)));
        assert(!text_starts_with(text_trim(buffer_text(&whole)), "@PJL"));

        pjl_filter_init(&filter);
        for (size_t at = 0; at < size; at += step)
                pjl_filter_push(&filter, text_from_octets(data + at, size - at < step ? size - at : step),
                                &pieces);
        pjl_filter_finish(&filter, &pieces);
        assert(text_equal(buffer_text(&whole), buffer_text(&pieces)));
        return 0;
}
