// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "courier/http-answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A head and what follows it, as an answer would be read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets(data, size), piece;
        struct http_chunks chunks = { 0 };
        struct http_answer answer;
        size_t length = 0, total = 0;

        if (http_answer_scan(octets, &length) != 0 ||
            http_answer_parse((struct text){ octets.at, length }, &answer) != 0)
                return 0;
        assert(length <= size && answer.status >= 100 && !(answer.chunked && answer.has_length));
        octets.at += length;
        octets.len -= length;
        while (octets.len > 0 && !http_chunks_ended(&chunks) &&
               http_chunks_next(&chunks, &octets, &piece) == 0)
                total += piece.len;
        assert(total <= size);
        return 0;
}
