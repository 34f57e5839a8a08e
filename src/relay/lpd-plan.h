// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the configuration says of the LPD door: where it is, to which queues it leads, and for whom. A value.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/network.h"
#include "base/text.h"
#include "lpd/control.h"

#define LPD_PLAN_QUEUES   32
#define LPD_PLAN_NETWORKS 32

struct lpd_plan {
        bool enabled;
        bool reserved_ports; /* only from ports below 1024, as RFC 1179, section 3.1, has it */
        uint16_t port;
        char networks[LPD_PLAN_NETWORKS * NETWORK_STRING]; /* who may come in: a list (base/network.h) */
        char queues[LPD_PLAN_QUEUES][LPD_QUEUE_MAX + 1];
        size_t queue_count;
};

enum lpd_plan_refusal {
        LPD_PLAN_MALFORMED = 1,
};

/* *ret is written only on 0. */
int lpd_plan_parse(const json_t *member, struct lpd_plan *ret);
bool lpd_plan_has(const struct lpd_plan *plan, struct text queue);
