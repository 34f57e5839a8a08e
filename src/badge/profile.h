// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Profiles: how one reader writes numbers, in the words of its administrator.
 *
 *      hexadecimal / decimal / auto    the base; hexadecimal is not said
 *      reversed                        the last octet comes first
 *      drop=1                          so many bits are cut off at the end: parity
 *      mask=00FFFF                     only these bits stay, counted from the end: without a facility code
 *      keep=16                         the same for the last so many
 *      width=5                         zeros are put in front up to so many octets
 *      least=8                         fewer digits are noise; 6 is not said
 *      match=^;(\d+)=                  the last word, up to the end: which part of the frame is the number
 *                                      (badge/pattern.h); then nothing else is stripped from it
 *
 * Words are separated by one space each; they apply in the order of this list but for "match", which is
 * first. The empty text is the default: hexadecimal, first octet first, nothing cut.
 */

#include "badge/card.h"
#include "badge/pattern.h"

enum card_base {
        CARD_HEXADECIMAL,
        CARD_DECIMAL,
        /* A letter makes it hexadecimal, as do the lengths of 4, 7 and 8 whole octets; else it is decimal. Of
         * some cards that is a wrong guess: whoever knows the base says it. */
        CARD_AUTO,
};

struct card_profile {
        enum card_base base;
        bool reversed;
        unsigned drop_bits;    /* below CARD_BITS_MAX */
        unsigned mask_octets;  /* 0: none */
        unsigned keep_bits;    /* 0: all */
        unsigned width_octets; /* at most CARD_OCTETS_MAX */
        unsigned least_digits; /* 0: CARD_LEAST_DIGITS */
        uint8_t mask[CARD_OCTETS_MAX];
        char match[PATTERN_MAX + 1]; /* empty: none; else a good pattern */
};

#define CARD_LEAST_DIGITS 6
#define CARD_BITS_MAX     (8 * CARD_OCTETS_MAX)
#define PROFILE_MAX       320 /* with its NUL */

enum profile_refusal {
        PROFILE_MALFORMED = 1, /* an unknown word, one twice, a number beyond its range */
        PROFILE_BAD_PATTERN,
};

int profile_parse(struct text text, struct card_profile *ret);

/* The same in the words above; what was parsed is parsed equal. */
void profile_format(const struct card_profile *profile, char ret[PROFILE_MAX]);
