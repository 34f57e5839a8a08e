// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Meters: what printers' counters stand at, as devices tell it. Of each day the last reading is kept; what
 * was used between two days is their difference, unless another device has taken its place.
 *
 * Counters of copies, scans and faxes are usage of people: they are kept only where the tenant wants that and
 * the printer is named for it. Both are off at first, and what is switched off is not even asked for.
 */

#include "core/printer/sighting.h"

#define METERS_OF_DAY 64 /* of one printer */

struct meter {
        int64_t day; /* since 1970 */
        char name[CORE_NAME], unit[CORE_NAME];
        int64_t value;
        int64_t used; /* since the reading before; -1: there is none, or it went back */
        bool is_usage;
        int64_t seen_ms;
        struct id printer;
};

/* From a day on, by day and name. CORE_NOT_FOUND (also at another's site), CORE_FORBIDDEN. */
int meter_list(struct core *core, const struct actor *actor, struct id printer, int64_t since_day,
               struct meter *ret, size_t max, size_t *ret_count);

/* One row a day and printer: what the device counted, beside what was printed by us. */
#define USAGE_COUNTERS 16
struct usage {
        int64_t day;
        struct id printer;
        struct meter counters[USAGE_COUNTERS]; /* is_usage */
        size_t counter_count;
        uint32_t deliveries;
        uint64_t pages;
};
/* Days from since to before until. CORE_FORBIDDEN: RIGHT_REPORTS. */
int usage_report(struct core *core, const struct actor *actor, int64_t since_day, int64_t until_day,
                 struct usage *ret, size_t max, size_t *ret_count);
/* Whether counters are kept: of the tenant (printer zero), and of one of its printers. */
int usage_is_on(struct core *core, const struct actor *actor, struct id printer, bool *ret);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. Switching the tenant's off forgets what was counted. */
int usage_switch(struct core *core, const struct actor *actor, struct id printer, bool on);

struct db_tx;
struct teller;
/* In the transaction of a sighting. */
int meters_keep(struct db_tx *tx, const struct teller *teller, struct id printer, struct id discovered,
                const struct sighting *sighting);
