// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"

void buffer_init(struct buffer *buffer, size_t max)
{
        *buffer = (struct buffer){ .max = max };
}

void buffer_done(struct buffer *buffer)
{
        free(buffer->at);
        *buffer = (struct buffer){ .max = buffer->max };
}

void buffer_wipe(struct buffer *buffer)
{
        if (buffer->at)
                explicit_bzero(buffer->at, buffer->size);
        buffer_done(buffer);
}

void buffer_clear(struct buffer *buffer)
{
        if (buffer->len)
                explicit_bzero(buffer->at, buffer->len);
        buffer->len = 0;
        buffer->failure = 0;
}

/* One octet more than asked for, so that buffer_string() never has to grow. */
static int reserve(struct buffer *buffer, size_t len)
{
        size_t size = buffer->size ? buffer->size : 64;
        char *at;

        if (buffer->failure)
                return buffer->failure;
        if (len > buffer->max - buffer->len)
                return buffer->failure = fault(-EMSGSIZE);
        if (buffer->len + len + 1 <= buffer->size)
                return 0;
        while (size < buffer->len + len + 1)
                size *= 2;
        at = realloc(buffer->at, size);
        if (!at)
                return buffer->failure = fault(-ENOMEM);
        buffer->at = at;
        buffer->size = size;
        return 0;
}

char *buffer_extend(struct buffer *buffer, size_t len)
{
        char *at;

        if (reserve(buffer, len) < 0)
                return NULL;
        at = buffer->at + buffer->len;
        buffer->len += len;
        return at;
}

void buffer_add(struct buffer *buffer, const void *octets, size_t len)
{
        char *at = buffer_extend(buffer, len);

        if (at && len)
                memcpy(at, octets, len);
}

void buffer_add_text(struct buffer *buffer, struct text text)
{
        buffer_add(buffer, text.at, text.len);
}

void buffer_add_string(struct buffer *buffer, const char *string)
{
        buffer_add(buffer, string, strlen(string));
}

void buffer_add_octet(struct buffer *buffer, uint8_t octet)
{
        buffer_add(buffer, &octet, 1);
}

void buffer_add_u16(struct buffer *buffer, uint16_t value)
{
        buffer_add(buffer, (uint8_t[]){ (uint8_t)(value >> 8), (uint8_t)value }, 2);
}

void buffer_add_u32(struct buffer *buffer, uint32_t value)
{
        buffer_add_u16(buffer, (uint16_t)(value >> 16));
        buffer_add_u16(buffer, (uint16_t)value);
}

void buffer_vformat(struct buffer *buffer, const char *format, va_list args)
{
        va_list again;
        int len;

        va_copy(again, args);
        len = vsnprintf(NULL, 0, format, args);
        if (len >= 0 && reserve(buffer, (size_t)len) == 0) {
                vsnprintf(buffer->at + buffer->len, (size_t)len + 1, format, again);
                buffer->len += (size_t)len;
        }
        va_end(again);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        buffer_vformat(buffer, format, args);
        va_end(args);
}

void buffer_consume(struct buffer *buffer, size_t len)
{
        if (len == 0 || buffer->len == 0)
                return;
        if (len > buffer->len)
                len = buffer->len;
        memmove(buffer->at, buffer->at + len, buffer->len - len);
        buffer->len -= len;
        explicit_bzero(buffer->at + buffer->len, len);
}

struct text buffer_text(const struct buffer *buffer)
{
        return (struct text){ buffer->at ? buffer->at : "", buffer->len };
}

const char *buffer_string(struct buffer *buffer)
{
        if (buffer->failure || reserve(buffer, 0) < 0)
                return NULL;
        buffer->at[buffer->len] = 0;
        return buffer->at;
}
