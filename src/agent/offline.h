// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Going on without a line: keeps what is at home here (agent/homes.h) and who is known (agent/known.h) as the
 * service says while it can be reached, and releases by badge while it cannot.
 *
 * A thread of its own talks with the service. Releasing waits for nobody.
 */

#include <stdatomic.h>

#include "agent/carrier.h"
#include "agent/configuration.h"
#include "agent/homes.h"
#include "agent/journal.h"
#include "agent/known.h"
#include "agent/service.h"

struct deposits;
struct offline;

enum offline_refusal {
        OFFLINE_REFUSED = 1, /* *ret_why says it */
        OFFLINE_NOTHING,     /* nothing of his is at home here, or can be printed at this printer */
};

int offline_new(struct service *service, struct journal *journal, struct homes *homes,
                struct deposits *deposits, struct known *known, struct carrier *carrier,
                struct offline **ret);
int offline_start(struct offline *offline);
/* The part "offline" of the configuration. */
int offline_apply(void *context, const struct configuration_member *member);
/* Another agent has our key, and perhaps what is at home here: nothing is released any more. */
void offline_stand_back(struct offline *offline);
/* The service wants something back, or has something to take. Does not block. */
void offline_wake(struct offline *offline);

/* What lies here, and how it stands with who is known. */
struct offline_count {
        size_t homes;    /* jobs whose home is here */
        size_t deposits; /* submitted here, and not at the service yet */
        int64_t age_s;   /* since the service was heard, of the snapshot */
        int64_t left_s;  /* for which it may be used without a line; 0: it may not */
};
struct offline_count offline_count(struct offline *offline);

/* Whether its site is set to go on without a line. */
bool offline_is_on(struct offline *offline);
/* Whether the service could not be reached when it was last asked. */
bool offline_is_down(struct offline *offline);

/*
 * What a badge releases here while the line is down, of what is at home here and of what was submitted here
 * meanwhile: all of it, or the newest. *ret_count: how many jobs are
 * on their way to the printer by then. ret_why: a keyword.
 */
int offline_release(struct offline *offline, const char *number, struct id printer, bool newest_only,
                    size_t *ret_count, const char **ret_why);
