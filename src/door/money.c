// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/money.h"

#include <stdio.h>

void money_format(int64_t amount, const char currency[PRICE_CURRENCY], enum language language,
                  char ret[MONEY_STRING])
{
        const char point = language == LANGUAGE_GERMAN ? ',' : '.';
        long long whole = amount / 1000, rest = amount % 1000;

        if (rest % 10)
                snprintf(ret, MONEY_STRING, "%lld%c%03lld\u00a0%s", whole, point, rest, currency);
        else
                snprintf(ret, MONEY_STRING, "%lld%c%02lld\u00a0%s", whole, point, rest / 10, currency);
}

json_t *cost_json(const struct cost *cost)
{
        if (!cost->currency[0])
                return json_null();
        return json_pack("{s:I, s:s, s:b}", "amount", (json_int_t)cost->amount, "currency", cost->currency,
                         "estimated", cost->is_estimate);
}
