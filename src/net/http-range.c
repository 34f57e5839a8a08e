// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-message.h"

/* bytes=first-last, bytes=first-, bytes=-suffix. */
int http_range_parse(struct text value, uint64_t size, uint64_t *ret_first, uint64_t *ret_length)
{
        struct text first, last;
        uint64_t from, to;

        if (!text_starts_with(value, "bytes="))
                return HTTP_RANGE_IGNORED;
        value = (struct text){ value.at + 6, value.len - 6 };
        if (!text_cut(value, '-', &first, &last))
                return HTTP_RANGE_IGNORED;
        if (first.len == 0) {
                if (!text_number(last, INT64_MAX, &to))
                        return HTTP_RANGE_IGNORED;
                if (to == 0 || size == 0)
                        return HTTP_RANGE_UNSATISFIABLE;
                *ret_length = to < size ? to : size;
                *ret_first = size - *ret_length;
                return 0;
        }
        if (!text_number(first, INT64_MAX, &from))
                return HTTP_RANGE_IGNORED;
        if (last.len == 0)
                to = INT64_MAX;
        else if (!text_number(last, INT64_MAX, &to) || to < from)
                return HTTP_RANGE_IGNORED;
        if (from >= size)
                return HTTP_RANGE_UNSATISFIABLE;
        *ret_first = from;
        *ret_length = (to < size - 1 ? to : size - 1) - from + 1;
        return 0;
}
