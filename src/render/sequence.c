// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/sequence.h"

static uint32_t parts(uint32_t of, uint32_t size)
{
        return of / size + (of % size > 0);
}

static bool has_two_sides(const struct order *order)
{
        return order->booklet || order->sides == ORDER_TWO_SIDED_LONG_EDGE ||
               order->sides == ORDER_TWO_SIDED_SHORT_EDGE;
}

void sequence_init(struct sequence *sequence, const struct order *order, uint32_t pages)
{
        uint32_t places = order->booklet ? 2 : order->number_up;
        uint32_t unit = has_two_sides(order) ? 2 : 1;
        uint32_t sides = order->booklet ? 2 * parts(pages, 4) : parts(pages, places);

        *sequence = (struct sequence){
                .pages = pages,
                .places = places,
                .sides = sides,
                .unit = unit,
                .units = parts(sides, unit),
                .copies = order->copies,
                .uncollated = order->collate == ORDER_UNCOLLATED,
                .booklet = order->booklet,
                .reverse = order->reverse,
        };
}

uint64_t sequence_count(const struct sequence *sequence)
{
        /* A last back that is blank need not be sent, where nothing comes after it. */
        if (sequence->copies == 1 && !sequence->reverse)
                return sequence->sides;
        return (uint64_t)sequence->units * sequence->unit * sequence->copies;
}

uint32_t sequence_side(const struct sequence *sequence, uint64_t time)
{
        uint64_t unit = time / sequence->unit;
        uint32_t side;

        unit = sequence->uncollated ? unit / sequence->copies : unit % sequence->units;
        if (sequence->reverse)
                unit = sequence->units - 1 - unit;
        side = (uint32_t)unit * sequence->unit + (uint32_t)(time % sequence->unit);
        return side < sequence->sides ? side : SEQUENCE_NONE;
}

/* The outermost sheet of a quire is the first: on its front the last page and the first, on its back the
 * second and the last but one. */
static uint32_t booklet_page(const struct sequence *sequence, uint32_t side, uint32_t place)
{
        uint32_t last = sequence->units * 4 - 1;
        bool from_the_end = place == side % 2;

        return from_the_end ? last - side : side;
}

uint32_t sequence_page(const struct sequence *sequence, uint32_t side, uint32_t place)
{
        uint32_t page =
                sequence->booklet ? booklet_page(sequence, side, place) : side * sequence->places + place;

        return page < sequence->pages ? page : SEQUENCE_NONE;
}
