// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Cards: from the frame of any reader to one canonical number.
 *
 * The canonical number of a card is its octets as upper-case hexadecimal, two digits an octet. Leading zeros
 * stay, because they are part of what the card says; a profile can pad to a fixed width where one reader
 * drops them and another does not.
 *
 * Frames that readers send:
 *
 *      04A1B2C3D4              what a keyboard-mode reader would type
 *      ;04A1B2C3D4?  %04A1…    the same with one lead (; * %) and one trail (? /)
 *      04A1B2C3D4=17           the same with a decimal check number
 *      \04A1[B2C3D4           the same with what some keyboards make of their own codes: \ and [ are dropped
 *      {0x00BB,1,0x0000,80;0x000000801CD1931B2F14}     ASCII Command Protocol: kind, count, flags, bits; id
 *      {0x0000,0,0x00,0;0x00} {0xFFFF,0,0x00,0;0x00}   the same, without a card
 *      rfid:…  RF Ideas>…  {OK}                        the reader's own talk; an answer may follow a prompt
 *
 * Zeros in front of an answer's id that its bits do not reach are the answer's and not the card's.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define CARD_OCTETS_MAX 32
#define CARD_NUMBER     (2 * CARD_OCTETS_MAX + 1)

enum card_refusal {
        CARD_IS_TALK = 1, /* the reader speaks of itself: ignore it */
        CARD_IS_ABSENT,   /* "no card" in the reader's words: ignore it */
        CARD_MALFORMED,   /* no number in the profile's base, too short or too long; no part that its pattern
                             fits */
};

struct card_profile; /* badge/profile.h */

struct card {
        char number[CARD_NUMBER];
};

/* Returns 0 or a card_refusal; *ret is written only on 0. */
int card_parse(struct text frame, const struct card_profile *profile, struct card *ret);
