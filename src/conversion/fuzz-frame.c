// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>

#include "conversion/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct count {
        size_t octets;
        int outcome;
        bool has_ended;
};

static struct count read_in_pieces_of(struct text stream, size_t most)
{
        struct frame_reader reader = { .left = 0 };
        struct count count = { .outcome = FRAME_MORE };

        while (stream.len > 0 && count.outcome == FRAME_MORE) {
                struct text piece = { stream.at, stream.len < most ? stream.len : most };
                struct frame frame;

                stream = text_from_octets(stream.at + piece.len, stream.len - piece.len);
                while ((count.outcome = frame_take(&reader, &piece, &frame)) == 0) {
                        assert(frame.octets.len > 0 || frame.type == FRAME_END);
                        count.octets += frame.octets.len;
                }
        }
        count.has_ended = frame_has_ended(&reader);
        return count;
}

/* The pieces in which a stream comes change nothing of what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct count whole = read_in_pieces_of(text_from_octets(data, size), size ? size : 1);
        struct count octets = read_in_pieces_of(text_from_octets(data, size), 1);

        assert(whole.octets == octets.octets && whole.outcome == octets.outcome &&
               whole.has_ended == octets.has_ended && whole.octets <= size);
        return 0;
}
