// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/html.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is written as words or as a value, it is neither markup nor the end of the value. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const char before[] = "<!doctype html>\n<p title=\"", between[] = "\">";
        struct buffer buffer = BUFFER(1 << 22);
        struct text all, value;
        const char *end;
        struct html html;

        if (size > 65536)
                return 0;
        html_begin(&html, &buffer);
        html_open(&html, "p");
        html_attribute_text(&html, "title", text_from_octets(data, size));
        html_text(&html, text_from_octets(data, size));
        assert(html_finish(&html) == 0);
        all = buffer_text(&buffer);
        assert(text_starts_with(all, before) && text_ends_with(all, "</p>\n"));
        value = (struct text){ all.at + strlen(before), all.len - strlen(before) };
        end = memchr(value.at, '"', value.len);
        assert(end && memcmp(end, between, strlen(between)) == 0);
        value.len = (size_t)(end - value.at);
        assert(!memchr(value.at, '<', value.len) && !memchr(value.at, '>', value.len));
        assert(2 * value.len + strlen(before) + strlen(between) + strlen("</p>\n") == all.len);
        assert(memcmp(value.at, end + strlen(between), value.len) == 0);
        buffer_done(&buffer);
        return 0;
}
