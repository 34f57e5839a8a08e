// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/outcome.h"

static int make_room(struct page *page, size_t item_size, size_t max)
{
        page->items = calloc(max, item_size);
        if (!page->items)
                return fault(-ENOMEM);
        page->item_size = item_size;
        page->max = max;
        return 0;
}

bool request_page(struct request *request, size_t item_size, struct page *ret, int *ret_r)
{
        uint32_t most = request->door->settings.page_max;
        uint64_t limit = most < 50 ? most : 50;
        struct text text;

        *ret = (struct page){ 0 };
        if (http_query(request->x, "limit", &text) && (!text_number(text, most, &limit) || limit == 0)) {
                char detail[80];

                snprintf(detail, sizeof(detail), "\"limit\" is a number from 1 to %u.", most);
                *ret_r = request_bad(request, detail);
                return false;
        }
        if (http_query(request->x, "after", &text) && text.len && !id_parse(text, &ret->after)) {
                *ret_r = request_bad(request, "\"after\" is the \"next\" of an earlier page.");
                return false;
        }
        ret->limit = limit;
        *ret_r = make_room(ret, item_size, limit + 1);
        return *ret_r == 0;
}

int request_whole_page(size_t item_size, size_t max, struct page *ret)
{
        *ret = (struct page){ .limit = max };
        return make_room(ret, item_size, max);
}

void request_page_done(struct page *page)
{
        free(page->items);
        page->items = NULL;
}

static const void *item_of(const struct page *page, size_t i)
{
        return (const char *)page->items + i * page->item_size;
}

static json_t *format_items(const struct page *page, size_t shown,
                            json_t *(*format)(const void *item, void *context), void *context)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < shown; i++)
                if (json_array_append_new(array, format(item_of(page, i), context))) {
                        json_decref(array);
                        return NULL;
                }
        return array;
}

int request_answer_page(struct request *request, const struct page *page,
                        json_t *(*format)(const void *item, void *context), void *context)
{
        size_t shown = page->count < page->limit ? page->count : page->limit;
        json_t *items = format_items(page, shown, format, context);
        json_t *next = json_null();

        if (!items)
                return fault(-ENOMEM);
        if (page->count > page->limit) {
                struct id last;

                memcpy(&last, item_of(page, shown - 1), sizeof(last));
                next = json_of_id(last);
        }
        return request_answer(request, 200, json_pack("{s:o, s:o}", "items", items, "next", next));
}

/* "2026-01-31" (UTC); false where it is none. */
static bool read_day(struct text text, int64_t *ret)
{
        char string[11], again[11];
        struct tm tm = { 0 };

        if (!text_copy(text, string, sizeof(string)) || strlen(string) != 10 ||
            sscanf(string, "%4d-%2d-%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) != 3)
                return false;
        tm.tm_year -= 1900;
        tm.tm_mon--;
        *ret = (int64_t)timegm(&tm) / 86400;
        /* What is no day of the calendar comes out as another one. */
        return strftime(again, sizeof(again), "%Y-%m-%d", &tm) == 10 && strcmp(string, again) == 0;
}

bool request_query_day(struct request *request, const char *name, int64_t *to, int *ret_r)
{
        struct text word;

        if (!http_query(request->x, name, &word) || read_day(word, to))
                return true;
        *ret_r = request_bad(request, "Days are written as 2026-01-31.");
        return false;
}
