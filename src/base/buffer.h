// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Buffer: octets that grow at the end, up to a maximum given at birth.
 *
 * A failure is sticky: after the first one (-ENOMEM, or -EMSGSIZE at the maximum) nothing more is added and
 * buffer.failure says why, so a formatter writes everything and asks once at the end.
 */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct buffer {
        char *at;
        size_t len;
        size_t size;
        size_t max;
        int failure;
};

#define BUFFER(octets_max)          \
        {                           \
                .max = (octets_max) \
        }

void buffer_init(struct buffer *buffer, size_t max);
void buffer_done(struct buffer *buffer);
/* The same for what was secret: zeros first. */
void buffer_wipe(struct buffer *buffer);
/* Empties it, wiping, and forgets a failure; the memory stays. */
void buffer_clear(struct buffer *buffer);

void buffer_add(struct buffer *buffer, const void *octets, size_t len);
void buffer_add_text(struct buffer *buffer, struct text text);
void buffer_add_string(struct buffer *buffer, const char *string);
void buffer_add_octet(struct buffer *buffer, uint8_t octet);
void buffer_add_u16(struct buffer *buffer, uint16_t value); /* network byte order, as all of them */
void buffer_add_u32(struct buffer *buffer, uint32_t value);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_vformat(struct buffer *buffer, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));

/* Room for len more octets, uninitialised, or NULL after a failure; the caller fills all of them. */
char *buffer_extend(struct buffer *buffer, size_t len);

/* Drops the first len octets; nothing of them stays behind. */
void buffer_consume(struct buffer *buffer, size_t len);

/* What it holds, borrowed until the next change. */
struct text buffer_text(const struct buffer *buffer);
/* The same as a NUL-terminated string, or NULL after a failure. */
const char *buffer_string(struct buffer *buffer);
