// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "badge/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line with the pattern, then the frame. What is found lies in the frame, and a pattern of letters finds
 * itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct pattern pattern;
        struct text text, frame, found;
        bool is_plain = true;

        text_cut(text_from_octets(data, size), '\n', &text, &frame);
        if (pattern_parse(text, &pattern) != 0)
                return 0;
        assert(pattern.count > 0 && pattern.count <= PATTERN_STEPS);
        if (pattern_find(&pattern, frame, &found)) {
                assert(found.at >= frame.at && found.at + found.len <= frame.at + frame.len);
                assert(frame.len <= PATTERN_TEXT_MAX);
        }
        for (size_t i = 0; i < text.len; i++)
                is_plain = is_plain && !strchr("\\.[](){}|*+?^$", text.at[i]);
        if (is_plain)
                assert(pattern_find(&pattern, text, &found) && text_equal(found, text));
        return 0;
}
