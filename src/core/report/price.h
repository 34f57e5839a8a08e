// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Prices: what a print costs.
 *
 *   1. Amounts are whole thousandths of the tenant's currency, and are added up as they are; nothing is
 * rounded but what is shown to people. 5 of EUR is half a cent.
 *   2. A print costs its sides with something on them, each as grey or as colour, and its sheets of paper. A
 *      printer may have prices of its own, all three, in the tenant's currency.
 *   3. Where no currency is set there are no prices, and nobody sees a cost. Of what nobody knows how many
 * pages it had the cost is not known either, which is another thing than nothing.
 *   4. What was printed keeps what it cost on that day (core/report/report-total.h). Before that it is an
 * estimate: the ticket as defaults and policies make it, at that printer, or at one that can do everything.
 */

#include "core/actor.h"

#define PRICE_CURRENCY 4
#define PRICE_MAX      1000000 /* a thousand */

struct price_list {
        char currency[PRICE_CURRENCY]; /* "EUR" (ISO 4217); empty: there are no prices */
        uint32_t grey, colour;         /* a side */
        uint32_t sheet;
};
bool price_list_is_valid(const struct price_list *list);

struct cost {
        char currency[PRICE_CURRENCY]; /* empty: not known, or there are no prices */
        int64_t amount;
        bool is_estimate;
};
struct report_use;
/* Pure. */
struct cost price_use(const struct price_list *list, const struct report_use *use);

struct db_tx;
/* A printer's; zero: the tenant's. Faults only. */
int price_list_find(struct db_tx *tx, struct id tenant, struct id printer, struct price_list *ret);
int prices_forget(struct db_tx *tx, struct id tenant, struct id printer);

struct job;
/* What each of these would cost that is not printed yet; of the others nothing is touched. No more questions
 * to the database than a few a job, and one where there are no prices. Faults only. */
int prices_estimate(struct db_tx *tx, struct id tenant, struct job *jobs, size_t count);

/* What somebody sees of a printer. *ret_own: they are not the tenant's. CORE_NOT_FOUND, CORE_FORBIDDEN. */
int printer_prices_get(struct core *core, const struct actor *actor, struct id printer,
                       struct price_list *ret, bool *ret_own);
/* own NULL: the tenant's from now on; its currency is not read. CORE_NOT_FOUND, CORE_FORBIDDEN,
 * CORE_BAD_VALUE. */
int printer_prices_set(struct core *core, const struct actor *actor, struct id printer,
                       const struct price_list *own);
