// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "conversion/charset.h"
#include "conversion/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was found is found again when it is declared; a part of the document is never more sure of something
 * else than the document; its body is a part of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets(data, size);

        for (int declared = FORMAT_UNKNOWN; declared < FORMAT_COUNT; declared++) {
                enum format format = sniff(octets, true, (enum format)declared).format;
                struct text body = sniff_body(octets, format);

                assert(format >= FORMAT_UNKNOWN && format < FORMAT_COUNT);
                assert(!format || sniff(octets, true, format).format == format);
                assert(body.at >= octets.at && body.at + body.len <= octets.at + octets.len);
        }
        assert(charset_guess(octets, false) < CHARSET_COUNT);
        return 0;
}
