// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Writes a PDF 1.4 of plain pages to a file, front to back in bounded memory: only the place of each object
 * is remembered. A failure is sticky (pdf.failure), so a caller writes everything and asks once,
 * pdf_finish().
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct pdf {
        int fd;
        int failure; /* a fault, or RENDER_LIMIT */
        uint64_t offset;
        uint64_t offset_max;
        uint32_t pages_max;
        uint64_t *objects; /* where each begins; 0: not written yet */
        uint32_t objects_count;
        uint32_t objects_size;
        uint32_t *pages; /* their objects */
        uint32_t pages_count;
        uint64_t stream_start;
        uint32_t stream_length; /* object that tells the length of the open stream */
        char *pending;          /* octets on their way to the file */
        size_t pending_len;
};

int pdf_init(struct pdf *pdf, int fd, uint64_t octets_max, uint32_t pages_max);
void pdf_done(struct pdf *pdf);

/* A number for an object that is written later, or earlier than what points at it. */
uint32_t pdf_reserve(struct pdf *pdf);
void pdf_object_begin(struct pdf *pdf, uint32_t object);
void pdf_object_end(struct pdf *pdf);
/* An object that is a stream; dictionary is what stands in it besides its length. */
void pdf_stream_begin(struct pdf *pdf, uint32_t object, const char *dictionary);
void pdf_stream_end(struct pdf *pdf);

void pdf_add(struct pdf *pdf, const void *octets, size_t len);
void pdf_format(struct pdf *pdf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A page of that size in points; resources is a dictionary. */
void pdf_page(struct pdf *pdf, double width, double height, uint32_t content, const char *resources);

/* The rest, and how many pages there are. Once. */
int pdf_finish(struct pdf *pdf);
