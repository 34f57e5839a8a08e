// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "badge/card.h"
#include "badge/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first octets choose the profile; a canonical number read again is the same number. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct card_profile profile = { 0 };
        struct badge_splitter splitter;
        struct text octets, frame;
        struct card card, again;

        if (size < 4)
                return 0;
        profile = (struct card_profile){ data[0] & 1 ? CARD_DECIMAL : CARD_HEXADECIMAL,
                                         data[0] & 2,
                                         data[1],
                                         data[2],
                                         data[3],
                                         data[0] >> 2 };
        octets = text_from_octets(data + 4, size - 4);
        badge_splitter_init(&splitter);
        while (badge_splitter_next(&splitter, &octets, &frame)) {
                assert(frame.len > 0 && frame.len <= BADGE_FRAME_MAX);
                if (card_parse(frame, &profile, &card) == 0) {
                        profile = (struct card_profile){ .least_digits = 1 };
                        assert(card_parse(text_from(card.number), &profile, &again) == 0);
                        assert(strcmp(card.number, again.number) == 0);
                }
        }
        assert(octets.len == 0);
        (void)badge_splitter_flush(&splitter, &frame);
        return 0;
}
