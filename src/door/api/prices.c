// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What printing costs at a printer, where that is not what it costs elsewhere. The tenant's prices are of its
 * reports' settings. */

#include "core/report/price.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"
#include "door/api/api.h"

static json_t *prices_json(const struct price_list *list, bool is_own)
{
        return json_pack("{s:o, s:I, s:I, s:I, s:b}", "currency", json_words_or_null(list->currency),
                         "price_grey", (json_int_t)list->grey, "price_colour", (json_int_t)list->colour,
                         "price_sheet", (json_int_t)list->sheet, "own", is_own);
}

static int answer(struct request *request, struct id printer)
{
        struct price_list list;
        bool is_own;
        int r = printer_prices_get(request->core, &request->actor, printer, &list, &is_own);

        return r ? request_refuse(request, r) : request_answer(request, 200, prices_json(&list, is_own));
}

static int set(struct request *request, const struct price_list *own)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        if (r == 0)
                r = printer_prices_set(request->core, &request->actor, printer.id, own);
        return r ? request_refuse(request, r) : answer(request, printer.id);
}

int printer_prices_answer(struct request *request)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : answer(request, printer.id);
}

static void take_price(struct members *members, const char *name, uint32_t *to)
{
        int64_t number;

        if (members_number(members, name, MEMBER_REQUIRED, 0, PRICE_MAX, &number))
                *to = (uint32_t)number;
}

int printer_prices_set_answer(struct request *request)
{
        struct price_list own = { .currency = "" };
        struct members members;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        take_price(&members, "price_grey", &own.grey);
        take_price(&members, "price_colour", &own.colour);
        take_price(&members, "price_sheet", &own.sheet);
        return members_finish(&members) ? set(request, &own) : request_complain(request, &members);
}

int printer_prices_delete_answer(struct request *request)
{
        return set(request, NULL);
}
