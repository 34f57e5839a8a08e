// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Costs (core/report/price.h) as people read them, and as the API tells them. */

#include <jansson.h>

#include "core/notice/mail-words.h"
#include "core/report/price.h"

#define MONEY_STRING 40

/* "0.08 EUR", "0,085 EUR" in German: two places, or three where the third is not 0. */
void money_format(int64_t amount, const char currency[PRICE_CURRENCY], enum language language,
                  char ret[MONEY_STRING]);

/* {"amount", "currency", "estimated"}, or null. */
json_t *cost_json(const struct cost *cost);
