// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A document on its way to the service, as gzip where its beginning shrinks by that: text, office documents
 * of old programs and rasters do, pictures and most PDFs do not. In bounded memory, from whatever can be
 * read.
 */

#include <stdbool.h>
#include <stddef.h>
#include <zlib.h>

#define COMPRESSING_SAMPLE 65536

struct compressing {
        int fd; /* borrowed */
        bool is_gzip;

        /* Its own. */
        bool has_ended;
        bool is_complete; /* all of the gzip is out */
        z_stream z;
        unsigned char sample[COMPRESSING_SAMPLE];
        size_t sample_len;
        size_t sample_at;
        unsigned char piece[COMPRESSING_SAMPLE];
};

/* Reads the beginning. 0 or a negative errno; is_gzip says what will come. */
int compressing_begin(struct compressing *compressing, int fd);
/* For struct http_source. */
int compressing_pull(void *compressing, char *to, size_t size, size_t *ret_length);
void compressing_done(struct compressing *compressing);
