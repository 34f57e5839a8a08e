// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "render/bare.h"

#include <stdio.h>
#include <string.h>

#define UEL   "\x1b%-12345X"
#define ENTER "ENTER LANGUAGE = PCLXL\n"
#define RESET  \
        "\x1b" \
        "E"
#define URF_HEADER 12
#define URF_PAGES  8

static bool is_changed(enum format to)
{
        return to == FORMAT_PCL_XL || to == FORMAT_PCL || to == FORMAT_APPLE_RASTER;
}

/* All but the last octets goes on. */
static int pass(struct bare *bare, struct text octets)
{
        size_t all = bare->tail_len + octets.len, ready, from_tail;
        int r = 0;

        if (all <= BARE_TAIL) {
                memcpy(bare->tail + bare->tail_len, octets.at, octets.len);
                bare->tail_len = all;
                return 0;
        }
        ready = all - BARE_TAIL;
        from_tail = ready < bare->tail_len ? ready : bare->tail_len;
        if (from_tail)
                r = bare->to(bare->context, text_from_octets(bare->tail, from_tail));
        if (r)
                return r;
        memmove(bare->tail, bare->tail + from_tail, bare->tail_len - from_tail);
        bare->tail_len -= from_tail;
        ready -= from_tail;
        if (ready)
                r = bare->to(bare->context, text_from_octets(octets.at, ready));
        memcpy(bare->tail + bare->tail_len, octets.at + ready, octets.len - ready);
        bare->tail_len += octets.len - ready;
        return r;
}

/* "Page ready", and the reset that cljet5c begins every page with. */
static const char between[] = "\x1b*rC\x0c\x1b"
                              "E";
#define BETWEEN_LEN   (sizeof(between) - 1)
#define SECOND_ESCAPE 5 /* where a match may begin anew */

static int match(struct bare *bare, char octet)
{
        size_t kept = bare->matched == SECOND_ESCAPE + 1;
        int r;

        if (octet == between[bare->matched]) {
                if (++bare->matched < BETWEEN_LEN)
                        return 0;
                bare->matched = 0;
                return pass(bare, text_from_octets(between, SECOND_ESCAPE));
        }
        r = pass(bare, text_from_octets(between, bare->matched - kept));
        bare->matched = kept;
        if (r)
                return r;
        if (kept)
                return match(bare, octet);
        bare->matched = octet == between[0];
        return bare->matched ? 0 : pass(bare, text_from_octets(&octet, 1));
}

static int pass_pages(struct bare *bare, struct text octets)
{
        int r = 0;

        while (r == 0 && octets.len > 0) {
                const char *escape = memchr(octets.at, between[0], octets.len);
                size_t len = 1;

                if (bare->matched) {
                        r = match(bare, octets.at[0]);
                } else if (escape == octets.at) {
                        bare->matched = 1;
                } else {
                        len = escape ? (size_t)(escape - octets.at) : octets.len;
                        r = pass(bare, text_from_octets(octets.at, len));
                }
                octets = text_from_octets(octets.at + len, octets.len - len);
        }
        return r;
}

static int begin_pcl(struct bare *bare, struct text head)
{
        static const char *const sides[] = {
                [ORDER_SIDES_UNSAID] = RESET,
                [ORDER_ONE_SIDED] = RESET "\x1b&l0S",
                [ORDER_TWO_SIDED_LONG_EDGE] = RESET "\x1b&l1S",
                [ORDER_TWO_SIDED_SHORT_EDGE] = RESET "\x1b&l2S",
        };
        int r = pass(bare, text_from(sides[bare->order->sides]));

        if (r == 0 && text_starts_with(head, RESET))
                head = text_from_octets(head.at + strlen(RESET), head.len - strlen(RESET));
        return r ? r : pass_pages(bare, head);
}

static int begin_urf(struct bare *bare, struct text head)
{
        if (head.len >= URF_HEADER)
                for (int i = 0; i < 4; i++)
                        bare->head[URF_PAGES + i] = (char)(bare->pages >> (24 - 8 * i));
        return pass(bare, head);
}

static int begin_pcl_xl(struct bare *bare, struct text head)
{
        const char *enter = memmem(head.at, head.len, ENTER, strlen(ENTER));

        if (text_starts_with(head, UEL) && enter) {
                size_t skipped = (size_t)(enter - head.at) + strlen(ENTER);

                head = text_from_octets(head.at + skipped, head.len - skipped);
        }
        return pass(bare, head);
}

static int begin(struct bare *bare)
{
        struct text head = text_from_octets(bare->head, bare->head_len);

        bare->is_begun = true;
        switch (bare->order->to) {
        case FORMAT_PCL: return begin_pcl(bare, head);
        case FORMAT_APPLE_RASTER: return begin_urf(bare, head);
        default: return begin_pcl_xl(bare, head);
        }
}

static int pass_on(struct bare *bare, struct text octets)
{
        return bare->order->to == FORMAT_PCL ? pass_pages(bare, octets) : pass(bare, octets);
}

int bare_add(struct bare *bare, struct text octets)
{
        size_t room = BARE_HEAD - bare->head_len;
        size_t len = octets.len < room ? octets.len : room;
        int r;

        if (!is_changed(bare->order->to))
                return bare->to(bare->context, octets);
        if (bare->is_begun)
                return pass_on(bare, octets);
        memcpy(bare->head + bare->head_len, octets.at, len);
        bare->head_len += len;
        if (bare->head_len < BARE_HEAD)
                return 0;
        r = begin(bare);
        return r ? r : pass_on(bare, text_from_octets(octets.at + len, octets.len - len));
}

int bare_finish(struct bare *bare)
{
        struct text tail;
        int r = 0;

        if (!is_changed(bare->order->to))
                return 0;
        if (!bare->is_begun)
                r = begin(bare);
        if (r == 0 && bare->matched)
                r = pass(bare, text_from_octets(between, bare->matched));
        if (r)
                return r;
        tail = text_from_octets(bare->tail, bare->tail_len);
        if (bare->order->to == FORMAT_PCL_XL && text_ends_with(tail, UEL))
                tail.len -= strlen(UEL);
        if (tail.len)
                r = bare->to(bare->context, tail);
        if (r == 0 && bare->order->to == FORMAT_PCL && !text_ends_with(tail, RESET))
                r = bare->to(bare->context, TEXT_OF(RESET));
        return r;
}
