// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-message.h"

#include <string.h>

/* Extensions and trailers carry nothing for us; more than this over a whole body is an attack. */
#define OVERHEAD_MAX_OCTETS 16384

enum chunked_state {
        SIZE,         /* 1*HEXDIG */
        EXTENSION,    /* from ';' up to CR */
        SIZE_LF,      /* the LF of that line */
        DATA,         /* left octets */
        DATA_CR,      /* the CR LF after them */
        DATA_LF,      /* */
        TRAILER,      /* start of a trailer line, or of the last empty line */
        TRAILER_NAME, /* up to ':' */
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        ENDED,
        BROKEN,
};

static bool digit_add(struct http_chunked *c, char octet)
{
        uint8_t value;

        if (octet >= '0' && octet <= '9')
                value = (uint8_t)(octet - '0');
        else if (octet >= 'a' && octet <= 'f')
                value = (uint8_t)(octet - 'a' + 10);
        else if (octet >= 'A' && octet <= 'F')
                value = (uint8_t)(octet - 'A' + 10);
        else
                return false;
        /* 15 digits stay below 2^63; nobody sends leading zeros beyond that in good faith. */
        if (c->digits == 15)
                return false;
        c->digits++;
        c->left = c->left << 4 | value;
        return true;
}

static uint8_t size_step(struct http_chunked *c, char octet)
{
        if (digit_add(c, octet))
                return SIZE;
        if (c->digits == 0)
                return BROKEN;
        if (octet == '\r')
                return SIZE_LF;
        return octet == ';' ? EXTENSION : BROKEN;
}

static uint8_t size_lf_step(struct http_chunked *c, char octet)
{
        if (octet != '\n')
                return BROKEN;
        c->digits = 0;
        return c->left > 0 ? DATA : TRAILER;
}

/* Everything but the data itself, octet by octet. */
static uint8_t step(struct http_chunked *c, char octet)
{
        struct text one = { &octet, 1 };

        switch (c->state) {
        case SIZE: return size_step(c, octet);
        case EXTENSION:
                if (octet == '\r')
                        return SIZE_LF;
                return ++c->overhead <= OVERHEAD_MAX_OCTETS && http_is_field_value(one) ? EXTENSION : BROKEN;
        case SIZE_LF: return size_lf_step(c, octet);
        case DATA_CR: return octet == '\r' ? DATA_LF : BROKEN;
        case DATA_LF: return octet == '\n' ? SIZE : BROKEN;
        case TRAILER:
                if (octet == '\r')
                        return LAST_LF;
                return ++c->overhead <= OVERHEAD_MAX_OCTETS && http_is_token(one) ? TRAILER_NAME : BROKEN;
        case TRAILER_NAME:
                if (octet == ':')
                        return TRAILER_VALUE;
                return ++c->overhead <= OVERHEAD_MAX_OCTETS && http_is_token(one) ? TRAILER_NAME : BROKEN;
        case TRAILER_VALUE:
                if (octet == '\r')
                        return TRAILER_LF;
                return ++c->overhead <= OVERHEAD_MAX_OCTETS && http_is_field_value(one) ? TRAILER_VALUE
                                                                                        : BROKEN;
        case TRAILER_LF: return octet == '\n' ? TRAILER : BROKEN;
        case LAST_LF: return octet == '\n' ? ENDED : BROKEN;
        default: return BROKEN;
        }
}

int http_chunked_decode(struct http_chunked *chunked, char *octets, size_t len, size_t *ret_consumed,
                        size_t *ret_decoded)
{
        size_t at = 0, decoded = 0;

        while (at < len && chunked->state != ENDED) {
                if (chunked->state == DATA) {
                        size_t piece = len - at < chunked->left ? len - at : (size_t)chunked->left;

                        if (decoded != at)
                                memmove(octets + decoded, octets + at, piece);
                        decoded += piece;
                        at += piece;
                        chunked->left -= piece;
                        if (chunked->left == 0)
                                chunked->state = DATA_CR;
                        continue;
                }
                chunked->state = step(chunked, octets[at++]);
                if (chunked->state == BROKEN)
                        return HTTP_BAD;
        }
        *ret_consumed = at;
        *ret_decoded = decoded;
        return chunked->state == ENDED ? 0 : HTTP_MORE;
}
