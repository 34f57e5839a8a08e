// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One flush for many.
 *
 * Whoever has written and wants it durable joins. The first becomes the leader and flushes; those who come
 * while it does cannot know whether their octets were taken along, so they wait for the next flush, which the
 * first of them leads. Nobody waits for company.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct flush {
        pthread_mutex_t lock;
        pthread_cond_t ended;
        uint64_t started, done; /* numbers of flushes */
        bool is_running;
};

void flush_init(struct flush *flush);
void flush_done(struct flush *flush);

/* On return everything that this thread wrote to fd is durable. A flush that fails ends the process. True for
 * the leaders, so that flushes can be counted. */
bool flush_join(struct flush *flush, int fd);
