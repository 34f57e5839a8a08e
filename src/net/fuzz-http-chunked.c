// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "net/http-message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decodes in pieces of their own allocation; the body is gathered in to. */
static int decode(const uint8_t *data, size_t size, size_t piece, char *to, size_t *ret_decoded,
                  size_t *ret_used)
{
        struct http_chunked chunked = { 0 };
        int r = HTTP_MORE;

        *ret_decoded = *ret_used = 0;
        while (r == HTTP_MORE && *ret_used < size) {
                size_t len = size - *ret_used < piece ? size - *ret_used : piece, consumed = 0, decoded = 0;
                SCOPED(freep) char *copy = malloc(len);

                assert(copy);
                memcpy(copy, data + *ret_used, len);
                r = http_chunked_decode(&chunked, copy, len, &consumed, &decoded);
                if (r == HTTP_BAD)
                        break;
                assert(decoded <= consumed && consumed <= len && (r == 0 || consumed == len));
                memcpy(to + *ret_decoded, copy, decoded);
                *ret_decoded += decoded;
                *ret_used += consumed;
        }
        return r;
}

/* However the octets are cut, the body is the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        SCOPED(freep) char *whole = malloc(size + 1);
        SCOPED(freep) char *pieces = malloc(size + 1);
        size_t decoded, used, decoded_pieces, used_pieces;
        int r, s;

        assert(whole && pieces);
        r = decode(data, size, size ? size : 1, whole, &decoded, &used);
        for (size_t piece = 1; piece < 8; piece += 3) {
                s = decode(data, size, piece, pieces, &decoded_pieces, &used_pieces);
                assert(r == s);
                if (r != HTTP_BAD)
                        assert(decoded == decoded_pieces && used == used_pieces &&
                               memcmp(whole, pieces, decoded) == 0);
        }
        return 0;
}
