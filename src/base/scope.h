// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdlib.h>
#include <unistd.h>

/* The variable is cleaned by fn(&variable) on every way out of its block. */
#define SCOPED(fn) __attribute__((cleanup(fn)))

/* Hands the value on and leaves NULL behind, so the scope frees nothing. p is evaluated once. */
#define take(p)                                 \
        __extension__({                         \
                __typeof__(p) *place_ = &(p);   \
                __typeof__(p) taken_ = *place_; \
                *place_ = NULL;                 \
                taken_;                         \
        })

/* Likewise for a file descriptor, which leaves -1 behind. */
static inline int take_fd(int *fd)
{
        int taken = *fd;

        *fd = -1;
        return taken;
}

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static inline void freep(void *p)
{
        free(*(void **)p);
}

static inline void closep(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}
