// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What a tenant wants of its reports: whether people have names there, how long all of it is kept, by which
 * calendar, and what paper costs. */

#include "base/time-zone.h"
#include "core/actor.h"
#include "core/report/price.h"

#define REPORT_DAYS_MAX 366

struct db_tx;

struct report_setting {
        bool names;
        uint32_t job_days;   /* 1 to REPORT_DAYS_MAX; 0: as long as the service keeps jobs, at most that */
        uint32_t total_days; /* 1 to REPORT_DAYS_MAX, at least job_days */
        char time_zone[TIME_ZONE_NAME];
        struct price_list prices;
};

/* As they are where nobody has said anything. */
struct report_setting report_setting_default(void);

/* CORE_FORBIDDEN. */
int report_setting_get(struct core *core, const struct actor *actor, struct report_setting *ret);
/* CORE_FORBIDDEN, CORE_BAD_VALUE (also an unknown time zone). */
int report_setting_change(struct core *core, const struct actor *actor, const struct report_setting *setting);

int report_setting_find(struct db_tx *tx, struct id tenant, struct report_setting *ret);
/* Its time zone; UTC where the system does not know it any more. */
int report_setting_zone(const struct report_setting *setting, const struct time_zone **ret);
