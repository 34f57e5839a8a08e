// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "base/scope.h"
#include "directory/filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is typed stays one value: one pair of parentheses, and read back equal. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer filter = BUFFER(DIRECTORY_FILTER_MAX);
        struct text attribute;
        char value[1024];
        size_t length;

        if (size > sizeof(value))
                size = sizeof(value);
        filter_add_equals(&filter, "mail", text_from_octets(data, size));
        assert(!filter.failure && filter_is_whole(buffer_text(&filter)));
        for (size_t i = 1; i + 1 < filter.len; i++)
                assert(filter.at[i] != '(' && filter.at[i] != ')' && filter.at[i] != '*');
        assert(filter_read_equals(buffer_text(&filter), &attribute, value, sizeof(value), &length));
        assert(text_equal(text_from_octets(value, length), text_from_octets(data, size)));
        (void)filter_is_whole(text_from_octets(data, size));
        return 0;
}
