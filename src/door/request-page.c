// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

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
