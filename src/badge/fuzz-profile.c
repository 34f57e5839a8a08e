// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "badge/card.h"
#include "badge/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line with the profile, then a frame. What was parsed is formatted and parsed equal, and makes of the
 * frame the same card. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct card_profile profile, again;
        char words[PROFILE_MAX], words_again[PROFILE_MAX];
        struct card card, card_again;
        struct text text, frame;
        int r;

        text_cut(text_from_octets(data, size), '\n', &text, &frame);
        if (profile_parse(text, &profile) != 0)
                return 0;
        profile_format(&profile, words);
        assert(profile_parse(text_from(words), &again) == 0);
        profile_format(&again, words_again);
        assert(strcmp(words, words_again) == 0);
        r = card_parse(frame, &profile, &card);
        assert(card_parse(frame, &again, &card_again) == r);
        if (r == 0)
                assert(strcmp(card.number, card_again.number) == 0 && strlen(card.number) % 2 == 0);
        return 0;
}
