// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Alarms: alerts that no printer's own table has (core/notice/alert.h), but that an agent's readers gave
 * cause for, or the service itself. They are listed and told as those are, to whom the routes say:
 *
 *      concerns      code               severity      about
 *      badgeReader   unknown-appliance  warning       an agent: an appliance calls that nobody has bound
 *      badge         unknown-badge      information   a printer: a card is shown that is nobody's
 *      badge         two-sites          critical      a printer: a card is shown that was at another site
 * just now
 *
 *      report        report-not-sent    warning       neither: a report by mail was not sent
 *
 * Whose card it was stands in the trail, and not in what is told. What is seen again is the same alarm, and
 * over where it was not seen for alarm_over_ms; of one agent so many are open at a time.
 */

#include "core/notice/alert.h"

#define ALARMS_OF_AGENT 64

struct alarm {
        struct id agent, printer; /* zero: none */
        enum alert_severity severity;
        const char *concerns, *code, *description;
};

struct db_tx;
int alarm_raise_in(struct db_tx *tx, struct id tenant, const struct alarm *alarm, int64_t now_ms);
int alarm_raise(struct core *core, struct id tenant, const struct alarm *alarm);

/* The agent is revoked: what is about printers stays. */
int alarms_forget_agent(struct db_tx *tx, struct id tenant, struct id agent);
