// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/encoding.h"
#include "base/id.h"
#include "base/scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a parser accepts, its formatter writes back the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(8192);
        struct text text = text_from_octets(data, size);
        char octets[4096], string[ID_STRING];
        struct id id;
        size_t length;

        if (base64_parse(text, octets, sizeof(octets), &length)) {
                base64_format(octets, length, &buffer);
                assert(text_equal(buffer_text(&buffer), text));
        }
        if (base64url_parse(text, octets, sizeof(octets) / 4 * 3, &length)) {
                char digits[sizeof(octets) + 1];

                base64url_format(octets, length, digits);
                assert(text_equal_string(text, digits));
        }
        if (percent_parse(text, octets, sizeof(octets), &length))
                assert(length <= size && !memchr(octets, 0, length) == !memchr(data, 0, size));
        if (id_parse(text, &id)) {
                id_format(id, string);
                assert(text_equal_nocase(text, text_from(string)));
        }
        (void)text_is_printable(text);
        return 0;
}
