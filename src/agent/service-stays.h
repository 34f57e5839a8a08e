// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the service says of documents that stay here, and what it hears of them (core/job/stay.h). */

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "outpost/service.h"

#define SERVICE_STAYS_ONCE 200

struct service_stay {
        struct id deposit;
        bool is_over;
};

/* Those after the given one, in the order of their ids; *ret_more: there are others behind them. */
int service_stays(struct service *service, struct id after, struct service_stay ret[SERVICE_STAYS_ONCE],
                  size_t *ret_count, bool *ret_more);
/* SERVICE_STALE: it was said before. */
int service_stay_removed(struct service *service, struct id deposit);
/* SERVICE_STALE: not now, it is under way; or it was said before. */
int service_stay_lost(struct service *service, struct id deposit);
