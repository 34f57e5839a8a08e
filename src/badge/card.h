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
 *      {0x00BB,1,0x0000,80;0x000000801CD1931B2F14}     ASCII Command Protocol: kind, count, flags, bits; id
 *      {0x0000,0,0x00,0;0x00} {0xFFFF,0,0x00,0;0x00}   the same, without a card
 *      rfid:…  RF Ideas>…  {OK}                        the reader's own talk
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define CARD_OCTETS_MAX 32
#define CARD_NUMBER     (2 * CARD_OCTETS_MAX + 1)

enum card_refusal {
        CARD_IS_TALK = 1, /* the reader speaks of itself: ignore it */
        CARD_IS_ABSENT,   /* "no card" in the reader's words: ignore it */
        CARD_MALFORMED,   /* no number in the profile's base, too short or too long */
};

enum card_base {
        CARD_HEXADECIMAL,
        CARD_DECIMAL,
};

/* How a reader writes numbers. All zero is the default: hexadecimal, first octet first, nothing cut. */
struct card_profile {
        enum card_base base;
        bool reversed;         /* the last octet comes first */
        unsigned drop_bits;    /* cut off at the end: parity */
        unsigned keep_bits;    /* what is left after that, counted from the end; 0: all of it */
        unsigned width_octets; /* zeros are put in front up to this length */
        unsigned least_digits; /* a shorter number is noise; 0: CARD_LEAST_DIGITS */
};

#define CARD_LEAST_DIGITS 6

struct card {
        char number[CARD_NUMBER];
};

/* Returns 0 or a card_refusal; *ret is written only on 0. */
int card_parse(struct text frame, const struct card_profile *profile, struct card *ret);
