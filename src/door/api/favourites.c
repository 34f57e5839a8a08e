// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/favourite.h"

#include "base/scope.h"
#include "door/api/api.h"

static json_t *format_mine(const void *item, void *context)
{
        const struct printer_mine *mine = item;
        json_t *value = printer_listed_json(&mine->printer, context);

        if (value && (json_object_set_new(value, "favourite", json_boolean(mine->is_favourite)) ||
                      json_object_set_new(value, "released", json_of_time(mine->released_ms)))) {
                json_decref(value);
                return NULL;
        }
        return value;
}

int printers_mine_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r = request_whole_page(sizeof(struct printer_mine), PRINTERS_MINE_MAX, &page);

        if (r == 0)
                r = printers_mine(request->core, &request->actor, page.items, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_mine, request);
}

static int turn(struct request *request,
                int (*to)(struct core *core, const struct actor *actor, struct id printer))
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r == 0)
                r = to(request->core, &request->actor, printer.id);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int favourite_mark_answer(struct request *request)
{
        return turn(request, favourite_mark);
}

int favourite_unmark_answer(struct request *request)
{
        return turn(request, favourite_unmark);
}
