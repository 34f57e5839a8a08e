// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "conversion/media.h"

#include <string.h>

#include "base/text.h"

#define POINTS_PER_MM   (72.0 / 25.4)
#define POINTS_PER_INCH 72.0
#define MEDIA_LEAST     36.0 /* half an inch */
#define MEDIA_MOST      14400.0

/* Digits with at most one point, as in "8.5". */
static bool decimal_parse(struct text t, double *ret)
{
        double value = 0, place = 0;

        if (t.len == 0 || t.len > 8)
                return false;
        for (size_t i = 0; i < t.len; i++) {
                if (t.at[i] == '.' && place == 0 && i > 0) {
                        place = 1;
                        continue;
                }
                if (t.at[i] < '0' || t.at[i] > '9')
                        return false;
                place *= 10;
                value = place > 0 ? value + (t.at[i] - '0') / place : value * 10 + (t.at[i] - '0');
        }
        *ret = value;
        return true;
}

bool media_parse(const char *name, struct media *ret)
{
        const char *at = strrchr(name, '_');
        struct text size, width, height;
        double unit, w, h;

        for (const char *c = name; *c; c++)
                if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", *c))
                        return false;
        if (!at || at == name)
                return false;
        size = text_from(at + 1);
        if (text_ends_with(size, "mm"))
                unit = POINTS_PER_MM;
        else if (text_ends_with(size, "in"))
                unit = POINTS_PER_INCH;
        else
                return false;
        size.len -= 2;
        if (!text_cut(size, 'x', &width, &height) || !decimal_parse(width, &w) || !decimal_parse(height, &h))
                return false;
        if (w * unit < MEDIA_LEAST || w * unit > MEDIA_MOST || h * unit < MEDIA_LEAST ||
            h * unit > MEDIA_MOST)
                return false;
        *ret = (struct media){ .width = w * unit, .height = h * unit };
        return text_copy(text_from(name), ret->name, sizeof(ret->name));
}

static bool range_parse(struct text range, uint64_t *ret_from, uint64_t *ret_to)
{
        struct text head, tail;

        if (!text_cut(range, '-', &head, &tail)) {
                if (!text_number(range, PAGES_MOST, ret_from))
                        return false;
                *ret_to = *ret_from;
                return true;
        }
        if (!text_number(head, PAGES_MOST, ret_from))
                return false;
        *ret_to = PAGES_MOST;
        return tail.len == 0 || text_number(tail, PAGES_MOST, ret_to);
}

static bool range_is_valid(struct text range, uint64_t *last)
{
        uint64_t from, to;

        if (!range_parse(range, &from, &to) || from <= *last || to < from)
                return false;
        *last = to;
        return true;
}

bool pages_are_valid(const char *pages)
{
        struct text rest = text_from(pages), range;
        uint64_t last = 0;
        bool more = true;

        while (more) {
                more = text_cut(rest, ',', &range, &rest);
                if (!range_is_valid(range, &last))
                        return false;
        }
        return true;
}

bool pages_have(const char *pages, uint32_t page)
{
        struct text rest = text_from(pages), range;
        bool more = pages[0];
        uint64_t from, to;

        while (more) {
                more = text_cut(rest, ',', &range, &rest);
                if (range_parse(range, &from, &to) && page >= from && page <= to)
                        return true;
        }
        return !pages[0];
}
