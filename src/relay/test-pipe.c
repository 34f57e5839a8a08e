// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Octets through a small pipe between two threads: all of them, in order; and its end, which is told from a
 * break. */

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "relay/pipe.h"

#define TOTAL 300000u

static void *write_all(void *context)
{
        struct pipe *pipe = context;
        uint8_t piece[777];
        size_t sent = 0;

        while (sent < TOTAL) {
                size_t n = TOTAL - sent < sizeof(piece) ? TOTAL - sent : sizeof(piece);

                for (size_t i = 0; i < n; i++)
                        piece[i] = (uint8_t)((sent + i) * 31 >> 3);
                assert(pipe_write(pipe, text_from_octets(piece, n)) == 0);
                sent += n;
        }
        pipe_end(pipe);
        return NULL;
}

static void test_through(void)
{
        struct pipe *pipe;
        pthread_t thread;
        uint8_t piece[501];
        size_t len = 1, got = 0;

        assert(pipe_new(1024, &pipe) == 0);
        assert(pthread_create(&thread, NULL, write_all, pipe) == 0);
        while (len) {
                assert(pipe_read(pipe, piece, sizeof(piece), &len) == 0);
                for (size_t i = 0; i < len; i++)
                        assert(piece[i] == (uint8_t)((got + i) * 31 >> 3));
                got += len;
        }
        assert(got == TOTAL);
        pthread_join(thread, NULL);
        pipe_free(pipe);
}

static void *break_it(void *context)
{
        pipe_break(context);
        return NULL;
}

/* Who waits on a full one is told; what was left in a broken one is never read. */
static void test_break(void)
{
        struct pipe *pipe;
        pthread_t thread;
        char piece[64] = { 0 };
        size_t len;

        assert(pipe_new(32, &pipe) == 0);
        assert(pthread_create(&thread, NULL, break_it, pipe) == 0);
        assert(pipe_write(pipe, text_from_octets(piece, sizeof(piece))) == PIPE_BROKEN);
        assert(!pipe_await_reader(pipe));
        assert(pipe_read(pipe, piece, sizeof(piece), &len) == PIPE_BROKEN);
        pthread_join(thread, NULL);
        pipe_free(pipe);
}

int main(void)
{
        test_through();
        test_break();
        return 0;
}
