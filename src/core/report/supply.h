// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Supplies: how full what printers use up was on each day, and when it will be empty
 * (core/report/supply-forecast.h).
 *
 * Of each day the last level is kept, where the device counts it, for as long as totals are (report-setting).
 * Another device at the printer, or another supply in its place, begins anew.
 */

#include "core/printer/sighting.h"
#include "core/report/supply-forecast.h"

#define SUPPLIES_OF_PRINTER 64
#define SUPPLY_QUIET_DAYS   30 /* what was not told for so long is not shown */

struct supply {
        struct id id, printer;
        char printer_name[CORE_TITLE];
        char name[CORE_NAME], type[CORE_NAME],
                colour[CORE_NAME]; /* as the device says, perhaps cut; or empty */
        int32_t level;             /* of a thousand */
        int64_t seen_ms;
        int64_t empty_day; /* SUPPLY_NO_DAY: not known */
};

struct supply_filter {
        struct id printer, site; /* zero: all */
};
/* What ends first comes first. Site administrators: of their sites. CORE_FORBIDDEN
 * (RIGHT_PRINTERS_INSPECT). */
int supply_list(struct core *core, const struct actor *actor, const struct supply_filter *filter,
                struct id after, struct supply *ret, size_t max, size_t *ret_count);

struct db_tx;
struct teller;
/* In the transaction of a sighting. */
int supplies_keep(struct db_tx *tx, const struct teller *teller, struct id printer, struct id discovered,
                  const struct sighting *sighting);
