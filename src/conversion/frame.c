// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/frame.h"

#include <string.h>

void frame_header(enum frame_type type, size_t length, uint8_t ret[FRAME_HEADER_OCTETS])
{
        ret[0] = (uint8_t)type;
        ret[1] = (uint8_t)(length >> 24);
        ret[2] = (uint8_t)(length >> 16);
        ret[3] = (uint8_t)(length >> 8);
        ret[4] = (uint8_t)length;
}

static bool is_type(uint8_t octet)
{
        switch (octet) {
        case FRAME_DOCUMENT:
        case FRAME_FACTS:
        case FRAME_BASE:
        case FRAME_IMAGE:
        case FRAME_END: return true;
        default: return false;
        }
}

static int begin(struct frame_reader *reader)
{
        const uint8_t *h = reader->header;
        uint32_t length = (uint32_t)h[1] << 24 | (uint32_t)h[2] << 16 | (uint32_t)h[3] << 8 | h[4];
        bool is_end = h[0] == FRAME_END;

        /* An empty frame that ends nothing would let a stream go on for ever without saying anything. */
        if (!is_type(h[0]) || length > FRAME_OCTETS_MAX || is_end != (length == 0))
                return FRAME_BAD;
        reader->left = length;
        reader->has_ended = is_end;
        return 0;
}

int frame_take(struct frame_reader *reader, struct text *octets, struct frame *ret)
{
        size_t len;
        int r;

        if (reader->has_ended)
                return octets->len ? FRAME_BAD : FRAME_MORE;
        if (reader->left == 0) {
                len = FRAME_HEADER_OCTETS - reader->header_len;
                if (len > octets->len)
                        len = octets->len;
                memcpy(reader->header + reader->header_len, octets->at, len);
                reader->header_len = (uint8_t)(reader->header_len + len);
                *octets = text_from_octets(octets->at + len, octets->len - len);
                if (reader->header_len < FRAME_HEADER_OCTETS)
                        return FRAME_MORE;
                r = begin(reader);
                if (r)
                        return r;
                reader->header_len = 0;
        }
        len = reader->left < octets->len ? reader->left : octets->len;
        if (len == 0 && !reader->has_ended)
                return FRAME_MORE;
        *ret = (struct frame){ (enum frame_type)reader->header[0], text_from_octets(octets->at, len) };
        *octets = text_from_octets(octets->at + len, octets->len - len);
        reader->left -= (uint32_t)len;
        return 0;
}

bool frame_has_ended(const struct frame_reader *reader)
{
        return reader->has_ended;
}
