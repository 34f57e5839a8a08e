// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/ledger.h"

#include <string.h>

#include "base/scope.h"

static const char *const job_names[JOB_STATES] = {
        [JOB_RECEIVING] = "receiving", [JOB_HELD] = "held",       [JOB_RELEASING] = "releasing",
        [JOB_DONE] = "done",           [JOB_DELETED] = "deleted", [JOB_EXPIRED] = "expired",
        [JOB_REJECTED] = "rejected",
};

static const char *const delivery_names[DELIVERY_STATES] = {
        [DELIVERY_REQUESTED] = "requested", [DELIVERY_OFFERED] = "offered",
        [DELIVERY_ARMED] = "armed",         [DELIVERY_PRINTED] = "printed",
        [DELIVERY_SENT] = "sent",           [DELIVERY_NOT_PRINTED] = "not-printed",
        [DELIVERY_UNCERTAIN] = "uncertain", [DELIVERY_CANCELLED] = "cancelled",
        [DELIVERY_CLOSED] = "closed",
};

/* Rows: from. Columns: to. What is not true here cannot be written to the database. */
static const bool job_table[JOB_STATES][JOB_STATES] = {
        [JOB_RECEIVING] = { [JOB_HELD] = true, [JOB_DELETED] = true, [JOB_REJECTED] = true },
        [JOB_HELD] = { [JOB_RELEASING] = true, [JOB_DELETED] = true, [JOB_EXPIRED] = true },
        [JOB_RELEASING] = { [JOB_HELD] = true, [JOB_DONE] = true, [JOB_DELETED] = true },
        /* Print again, while its document is kept. */
        [JOB_DONE] = { [JOB_RELEASING] = true },
};

static const bool delivery_table[DELIVERY_STATES][DELIVERY_STATES] = {
        /* ARMED without an offer: by the home of its job, while the line was down (core/job/home.h).
         * UNCERTAIN without having been ARMED: only after a backup was restored, or that home was lost. */
        [DELIVERY_REQUESTED] = { [DELIVERY_OFFERED] = true,
                                 [DELIVERY_ARMED] = true,
                                 [DELIVERY_UNCERTAIN] = true,
                                 [DELIVERY_CANCELLED] = true,
                                 [DELIVERY_NOT_PRINTED] = true },
        [DELIVERY_OFFERED] = { [DELIVERY_REQUESTED] = true,
                               [DELIVERY_ARMED] = true,
                               [DELIVERY_UNCERTAIN] = true,
                               [DELIVERY_CANCELLED] = true,
                               [DELIVERY_NOT_PRINTED] = true },
        /* Back to REQUESTED only with the agent's proof that nothing arrived. */
        [DELIVERY_ARMED] = { [DELIVERY_REQUESTED] = true,
                             [DELIVERY_PRINTED] = true,
                             [DELIVERY_SENT] = true,
                             [DELIVERY_NOT_PRINTED] = true,
                             [DELIVERY_UNCERTAIN] = true },
        /* Late proof, or the owner's word. */
        [DELIVERY_UNCERTAIN] = { [DELIVERY_REQUESTED] = true,
                                 [DELIVERY_PRINTED] = true,
                                 [DELIVERY_SENT] = true,
                                 [DELIVERY_NOT_PRINTED] = true,
                                 [DELIVERY_CLOSED] = true },
        [DELIVERY_SENT] = { [DELIVERY_CLOSED] = true },
        [DELIVERY_PRINTED] = { [DELIVERY_CLOSED] = true },
};

const char *job_state_name(enum job_state state)
{
        return job_names[state];
}

const char *delivery_state_name(enum delivery_state state)
{
        return delivery_names[state];
}

bool job_state_parse(const char *name, enum job_state *ret)
{
        for (size_t i = 0; i < JOB_STATES; i++) {
                if (strcmp(job_names[i], name) == 0) {
                        *ret = (enum job_state)i;
                        return true;
                }
        }
        return false;
}

bool delivery_state_parse(const char *name, enum delivery_state *ret)
{
        for (size_t i = 0; i < DELIVERY_STATES; i++) {
                if (strcmp(delivery_names[i], name) == 0) {
                        *ret = (enum delivery_state)i;
                        return true;
                }
        }
        return false;
}

bool job_may_become(enum job_state from, enum job_state to)
{
        return job_table[from][to];
}

bool delivery_may_become(enum delivery_state from, enum delivery_state to)
{
        return delivery_table[from][to];
}

bool delivery_is_open(enum delivery_state state)
{
        return state == DELIVERY_REQUESTED || state == DELIVERY_OFFERED || state == DELIVERY_ARMED;
}
