// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A bounded pipe between two threads: the one that takes a client's octets, and the one that sends them on.
 * Who writes waits while it is full, who reads while it is empty; either may break it, and then neither waits
 * again.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct pipe;

enum pipe_refusal {
        PIPE_BROKEN = 1, /* nobody reads any more; or, to a reader, its end will never come */
};

int pipe_new(size_t octets, struct pipe **ret);
/* Once neither side uses it. What it held is wiped. */
void pipe_free(struct pipe *pipe);
void pipe_freep(struct pipe **pipe);

int pipe_write(struct pipe *pipe, struct text octets);
/* That was all. */
void pipe_end(struct pipe *pipe);
void pipe_break(struct pipe *pipe);

/* At least one octet, or *ret_length 0 at the end. */
int pipe_read(struct pipe *pipe, void *to, size_t size, size_t *ret_length);

/* Waits until the reader has asked for an octet (true), or the pipe was broken before it did (false). */
bool pipe_await_reader(struct pipe *pipe);
