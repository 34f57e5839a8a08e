// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Badge frames: what a reader sends for one swipe.
 *
 * The link is plain TCP without header or length. A frame is printable ASCII ended by CR, LF, CRLF or NUL;
 * some firmware sends no end at all, so that a pause ends it too. Whoever owns the clock decides what a pause
 * is (150 to 300 ms) and calls badge_splitter_flush(); the splitter itself has no clock, does no I/O and
 * allocates nothing. Octets that are not printable are dropped. A frame longer than BADGE_FRAME_MAX is
 * dropped whole, up to its end.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define BADGE_FRAME_MAX 256

struct badge_splitter {
        char octets[BADGE_FRAME_MAX];
        size_t len;
        bool overlong; /* dropping up to the next end */
        bool given;    /* octets holds a frame that was handed out */
};

void badge_splitter_init(struct badge_splitter *splitter);
/* Wipes it: a card's number is not a secret, but it is nobody's business either. */
void badge_splitter_done(struct badge_splitter *splitter);

/*
 * Takes from the front of *octets. True: *ret_frame is one frame, never empty, without its end, borrowed
 * until the next call; there may be more in *octets. False: *octets is used up.
 */
bool badge_splitter_next(struct badge_splitter *splitter, struct text *octets, struct text *ret_frame);

/* The pause: true where it ended a frame. */
bool badge_splitter_flush(struct badge_splitter *splitter, struct text *ret_frame);

/* Whether a frame has begun, so that a pause means something. */
bool badge_splitter_is_open(const struct badge_splitter *splitter);
