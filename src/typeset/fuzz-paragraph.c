// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "conversion/charset.h"
#include "typeset/paragraph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the text, what is laid out is well-formed and without controls, and every octet is read once. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(buffer_done) struct buffer paragraph = BUFFER(PARAGRAPH_OCTETS + 1);
        struct text text = text_from_octets(data, size);
        enum paragraph_end end;

        for (size_t before = size; paragraph_next(&text, &paragraph, &end); before = text.len) {
                struct text read = buffer_text(&paragraph);

                assert(!paragraph.failure && text.len < before);
                for (size_t at = 0; at < read.len;) {
                        uint32_t code = utf8_next(read, &at);

                        assert(code == '\t' || (code >= 0x20 && code != 0x7f));
                }
        }
        return 0;
}
