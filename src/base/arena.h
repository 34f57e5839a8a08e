// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Arena: memory that dies together.
 *
 * Everything made while serving one request lives in the request's arena. What must outlive it is copied by
 * the one who keeps it. An arena has a maximum, so a request cannot make us allocate without bound; it is
 * used by one thread at a time.
 */

#include <stdarg.h>
#include <stddef.h>

#include "base/text.h"

struct arena;

/* Returns NULL where memory is out. */
struct arena *arena_new(size_t max_octets);
void arena_free(struct arena *arena);
void arena_freep(struct arena **arena);

/* Zeroed and aligned for any type; NULL at the maximum or where memory is out. */
void *arena_alloc(struct arena *arena, size_t octets);
/* NUL-terminated copies; NULL as above. */
char *arena_text(struct arena *arena, struct text text);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
