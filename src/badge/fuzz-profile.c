// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "badge/card.h"
#include "badge/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const struct card_profile *a, const struct card_profile *b)
{
        return a->base == b->base && a->reversed == b->reversed && a->drop_bits == b->drop_bits &&
               a->mask_octets == b->mask_octets && a->keep_bits == b->keep_bits &&
               a->width_octets == b->width_octets && a->least_digits == b->least_digits &&
               memcmp(a->mask, b->mask, sizeof(a->mask)) == 0 && strcmp(a->match, b->match) == 0;
}

/* A line with the profile, then a frame. What was parsed is formatted and parsed equal, and the card that it
 * makes of the frame has whole octets. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct card_profile profile, again;
        static char words[PROFILE_MAX];
        struct text text, frame;
        struct card card;

        text_cut(text_from_octets(data, size), '\n', &text, &frame);
        if (profile_parse(text, &profile) != 0)
                return 0;
        profile_format(&profile, words);
        assert(profile_parse(text_from(words), &again) == 0);
        assert(is_same(&profile, &again));
        if (card_parse(frame, &profile, &card) == 0)
                assert(strlen(card.number) % 2 == 0 && strlen(card.number) < CARD_NUMBER);
        return 0;
}
