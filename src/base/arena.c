// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_OCTETS 4096

struct block {
        struct block *next;
        alignas(max_align_t) char octets[];
};

struct arena {
        struct block *blocks;
        char *at;
        size_t left;
        size_t used;
        size_t max;
};

struct arena *arena_new(size_t max_octets)
{
        struct arena *arena = calloc(1, sizeof(*arena));

        if (arena)
                arena->max = max_octets;
        return arena;
}

void arena_free(struct arena *arena)
{
        struct block *next;

        if (!arena)
                return;
        for (struct block *block = arena->blocks; block; block = next) {
                next = block->next;
                free(block);
        }
        free(arena);
}

void arena_freep(struct arena **arena)
{
        arena_free(*arena);
}

static bool grow(struct arena *arena, size_t octets)
{
        size_t size = octets > BLOCK_OCTETS ? octets : BLOCK_OCTETS;
        struct block *block;

        if (size > arena->max - arena->used)
                return false;
        block = malloc(sizeof(*block) + size);
        if (!block)
                return false;
        block->next = arena->blocks;
        arena->blocks = block;
        arena->at = block->octets;
        arena->left = size;
        arena->used += size;
        return true;
}

void *arena_alloc(struct arena *arena, size_t octets)
{
        void *at;

        if (octets > SIZE_MAX / 2)
                return NULL;
        octets = (octets + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
        if (octets > arena->left && !grow(arena, octets))
                return NULL;
        at = arena->at;
        arena->at += octets;
        arena->left -= octets;
        return memset(at, 0, octets);
}

char *arena_text(struct arena *arena, struct text text)
{
        char *copy = arena_alloc(arena, text.len + 1);

        if (copy && text.len)
                memcpy(copy, text.at, text.len);
        return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
        va_list args;
        char *at;
        int len;

        va_start(args, format);
        len = vsnprintf(NULL, 0, format, args);
        va_end(args);
        if (len < 0)
                return NULL;
        at = arena_alloc(arena, (size_t)len + 1);
        if (!at)
                return NULL;
        va_start(args, format);
        vsnprintf(at, (size_t)len + 1, format, args);
        va_end(args);
        return at;
}
