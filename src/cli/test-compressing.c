// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whatever is sent, and in whatever pieces it is pulled, comes out as it was; only what shrinks is
 * compressed. */
#include "cli/compressing.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/text.h"

#define MOST (1 << 20)

static char document[MOST], sent[2 * MOST], got[MOST + 1];

static void fill(size_t len, bool is_random)
{
        uint32_t seed = 1;

        for (size_t i = 0; i < len; i++) {
                seed = seed * 1664525 + 1013904223;
                document[i] = is_random ? (char)(seed >> 24) : "a line of text\n"[i % 15];
        }
}

static size_t inflate_sent(size_t len)
{
        z_stream z = { .next_in = (Bytef *)sent, .avail_in = (uInt)len, .next_out = (Bytef *)got };

        z.avail_out = sizeof(got);
        assert(inflateInit2(&z, 15 + 16) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0);
        inflateEnd(&z);
        return z.total_out;
}

static void send_in_pieces(size_t len, size_t piece, bool is_gzip)
{
        SCOPED(freep) struct compressing *compressing = malloc(sizeof(*compressing));
        SCOPED(closep) int fd = memfd_create("document", MFD_CLOEXEC);
        size_t all = 0, n = 0;

        assert(compressing && fd >= 0 && write(fd, document, len) == (ssize_t)len &&
               lseek(fd, 0, SEEK_SET) == 0);
        assert(compressing_begin(compressing, fd) == 0 && compressing->is_gzip == is_gzip);
        do {
                assert(all + piece <= sizeof(sent));
                assert(compressing_pull(compressing, sent + all, piece, &n) == 0);
                all += n;
        } while (n > 0);
        compressing_done(compressing);
        if (!is_gzip) {
                assert(all == len && memcmp(sent, document, len) == 0);
                return;
        }
        assert(all < len / 2 && inflate_sent(all) == len && memcmp(got, document, len) == 0);
}

int main(void)
{
        static const size_t sizes[] = { 0, 1, 1000, 5000, COMPRESSING_SAMPLE, COMPRESSING_SAMPLE + 1, MOST };
        static const size_t pieces[] = { 1000, 16384, 100000 };

        for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++)
                for (size_t p = 0; p < ARRAY_LENGTH(pieces); p++) {
                        printf("%zu in pieces of %zu\n", sizes[i], pieces[p]);
                        fflush(stdout);
                        fill(sizes[i], false);
                        send_in_pieces(sizes[i], pieces[p], sizes[i] > 1023);
                        fill(sizes[i], true);
                        send_in_pieces(sizes[i], pieces[p], false);
                }
        return 0;
}
