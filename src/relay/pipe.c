// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/pipe.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"

struct pipe {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        size_t size, start, len;
        bool has_reader, ended, broken;
        uint8_t octets[];
};

int pipe_new(size_t octets, struct pipe **ret)
{
        struct pipe *pipe = calloc(1, sizeof(*pipe) + octets);

        if (!pipe)
                return fault(-ENOMEM);
        pthread_mutex_init(&pipe->lock, NULL);
        pthread_cond_init(&pipe->changed, NULL);
        pipe->size = octets;
        *ret = pipe;
        return 0;
}

void pipe_free(struct pipe *pipe)
{
        if (!pipe)
                return;
        pthread_cond_destroy(&pipe->changed);
        pthread_mutex_destroy(&pipe->lock);
        explicit_bzero(pipe->octets, pipe->size);
        free(pipe);
}

void pipe_freep(struct pipe **pipe)
{
        pipe_free(*pipe);
}

static size_t put_some(struct pipe *pipe, struct text octets)
{
        size_t at = (pipe->start + pipe->len) % pipe->size;
        size_t room = pipe->size - pipe->len, straight = pipe->size - at;
        size_t n = octets.len < room ? octets.len : room;

        n = n < straight ? n : straight;
        memcpy(pipe->octets + at, octets.at, n);
        pipe->len += n;
        return n;
}

int pipe_write(struct pipe *pipe, struct text octets)
{
        int r = 0;

        pthread_mutex_lock(&pipe->lock);
        while (octets.len && !pipe->broken) {
                if (pipe->len == pipe->size) {
                        pthread_cond_wait(&pipe->changed, &pipe->lock);
                        continue;
                }
                size_t n = put_some(pipe, octets);

                octets = (struct text){ octets.at + n, octets.len - n };
                pthread_cond_broadcast(&pipe->changed);
        }
        if (pipe->broken)
                r = PIPE_BROKEN;
        pthread_mutex_unlock(&pipe->lock);
        return r;
}

static void set(struct pipe *pipe, bool *flag)
{
        pthread_mutex_lock(&pipe->lock);
        *flag = true;
        pthread_cond_broadcast(&pipe->changed);
        pthread_mutex_unlock(&pipe->lock);
}

void pipe_end(struct pipe *pipe)
{
        set(pipe, &pipe->ended);
}

void pipe_break(struct pipe *pipe)
{
        set(pipe, &pipe->broken);
}

static size_t take_some(struct pipe *pipe, void *to, size_t size)
{
        size_t straight = pipe->size - pipe->start;
        size_t n = pipe->len < size ? pipe->len : size;

        n = n < straight ? n : straight;
        memcpy(to, pipe->octets + pipe->start, n);
        pipe->start = (pipe->start + n) % pipe->size;
        pipe->len -= n;
        return n;
}

int pipe_read(struct pipe *pipe, void *to, size_t size, size_t *ret_length)
{
        int r = 0;

        pthread_mutex_lock(&pipe->lock);
        pipe->has_reader = true;
        pthread_cond_broadcast(&pipe->changed);
        while (!pipe->len && !pipe->ended && !pipe->broken)
                pthread_cond_wait(&pipe->changed, &pipe->lock);
        /* Broken goes before what is still there: a part is never read to its end. */
        if (pipe->broken) {
                r = PIPE_BROKEN;
        } else {
                *ret_length = take_some(pipe, to, size);
                pthread_cond_broadcast(&pipe->changed);
        }
        pthread_mutex_unlock(&pipe->lock);
        return r;
}

bool pipe_await_reader(struct pipe *pipe)
{
        bool has;

        pthread_mutex_lock(&pipe->lock);
        while (!pipe->has_reader && !pipe->broken)
                pthread_cond_wait(&pipe->changed, &pipe->lock);
        has = pipe->has_reader;
        pthread_mutex_unlock(&pipe->lock);
        return has;
}
