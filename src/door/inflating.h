// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Octets that a client compressed, piece by piece with bounded memory. A bomb is found by what comes out for
 * what came in, long before anything is full.
 */

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "base/text.h"

struct config;

struct inflating_limits {
        uint32_t expansion_max;         /* octets that one octet may become; default 200 */
        uint64_t expansion_free_octets; /* not counted; default 64 MiB: blank raster pages compress well */
};

struct inflating_limits inflating_limits_default(void);
/* Reads expansion_max and expansion_free_octets of [ipp], which hold for every door. */
struct inflating_limits inflating_limits_read(struct config *config);

enum inflating_format {
        INFLATING_GZIP,    /* RFC 1952 */
        INFLATING_DEFLATE, /* RFC 1951, without a wrapper */
};

enum inflating_refusal {
        INFLATING_BAD = 1, /* no such data, cut, or something behind its end */
        INFLATING_EXPANDS, /* beyond what is allowed: a bomb */
        INFLATING_REFUSED, /* by to(), whose answer is inflating->refusal */
};

struct inflating {
        struct inflating_limits limits;
        enum inflating_format format;
        /* Takes at most 32 KiB at once; a refusal of its own, or a fault, ends it. */
        int (*to)(void *context, struct text octets);
        void *context;

        /* Its own. */
        int refusal;
        bool has_begun;
        bool has_ended; /* the compressed data's end was seen */
        z_stream z;
        uint64_t octets_in;
        uint64_t octets_out;
};

/* A piece of what came. 0, inflating_refusal, or a fault; after either of the latter only done(). */
int inflating_write(struct inflating *inflating, struct text octets);
/* All has come. 0 or INFLATING_BAD; nothing at all is nothing. */
int inflating_finish(const struct inflating *inflating);
/* Harmless for one of zeros. */
void inflating_done(struct inflating *inflating);
