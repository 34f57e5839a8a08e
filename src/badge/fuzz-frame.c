// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "badge/card.h"
#include "badge/frame.h"
#include "badge/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_frame(struct text frame, const struct card_profile *profile)
{
        static const struct card_profile plain = { .least_digits = 1 };
        struct card card, again;

        assert(frame.len > 0 && frame.len <= BADGE_FRAME_MAX);
        if (card_parse(frame, profile, &card) != 0)
                return;
        assert(card_parse(text_from(card.number), &plain, &again) == 0);
        assert(strcmp(card.number, again.number) == 0);
}

/* The first octets choose the profile; a canonical number read again is the same number. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct card_profile profile = { 0 };
        struct badge_splitter splitter;
        struct text octets, frame;

        if (size < 4)
                return 0;
        profile.base = (enum card_base)(data[0] % 3);
        profile.reversed = data[0] & 4;
        profile.drop_bits = data[1];
        profile.keep_bits = data[2];
        profile.width_octets = data[3] % (CARD_OCTETS_MAX + 1);
        profile.least_digits = data[0] >> 3;
        octets = text_from_octets(data + 4, size - 4);
        badge_splitter_init(&splitter);
        while (badge_splitter_next(&splitter, &octets, &frame))
                read_frame(frame, &profile);
        assert(octets.len == 0);
        if (badge_splitter_flush(&splitter, &frame))
                read_frame(frame, &profile);
        assert(!badge_splitter_is_open(&splitter));
        return 0;
}
