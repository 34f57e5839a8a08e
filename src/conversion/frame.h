// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Frames: how the renderer answers. Its output is one stream of them:
 *
 *      type      1 octet, enum frame_type
 *      length    4 octets, big endian, at most FRAME_OCTETS_MAX
 *      contents  that many octets
 *
 * FRAME_END is the last and has no contents; a stream without it was cut off, and what it held is worth
 * nothing. A part that is longer than a frame is several frames of its type, one after another.
 *
 * The renderer runs programs that may have become an attacker's: whoever reads believes no length and no
 * order, and stops at the first frame it does not expect. Pure; borrows what it is given.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define FRAME_HEADER_OCTETS 5
#define FRAME_OCTETS_MAX    65536

enum frame_type {
        FRAME_DOCUMENT = 'D', /* what was made of it, in the language that was asked for */
        FRAME_FACTS = 'F',    /* conversion/facts.h */
        FRAME_BASE = 'B',     /* an inspected document as PDF, where it is none */
        FRAME_IMAGE = 'I',    /* a page, as JPEG */
        FRAME_END = 'E',
};

/* What stands before length octets of a type. */
void frame_header(enum frame_type type, size_t length, uint8_t ret[FRAME_HEADER_OCTETS]);

/* Reads a stream in whatever pieces it comes. The fields are private. */
struct frame_reader {
        uint8_t header[FRAME_HEADER_OCTETS];
        uint8_t header_len;
        uint32_t left; /* of the frame's contents */
        bool has_ended;
};

struct frame {
        enum frame_type type;
        struct text octets; /* a piece of its contents, of at least one octet but for FRAME_END */
};

enum frame_refusal {
        FRAME_MORE = 1, /* all that was given is used up */
        FRAME_BAD,      /* no stream of frames, or something after its end */
};

/* The next piece out of *octets, which becomes the rest. 0, FRAME_MORE, FRAME_BAD. */
int frame_take(struct frame_reader *reader, struct text *octets, struct frame *ret);

/* Whether FRAME_END has come: the stream is whole. */
bool frame_has_ended(const struct frame_reader *reader);
