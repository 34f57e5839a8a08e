// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "core/job/intake.h"
#include "core/state.h"

/*
 * The jobs whose acknowledgement is known to have left for the client, newest first and a bounded number of
 * them: only a repetition within submit_retry_ms asks. What a restart forgets counts as unanswered, which is
 * the safe side.
 */

#define SLOTS 16384 /* a power of two */

struct answered {
        pthread_mutex_t lock;
        struct id jobs[SLOTS];
};

static size_t slot_of(struct id job)
{
        /* The last octets of an id are random. */
        return ((size_t)job.octets[14] << 8 | job.octets[15]) & (SLOTS - 1);
}

int answered_new(struct core *core)
{
        core->answered = calloc(1, sizeof(*core->answered));
        if (!core->answered)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->answered->lock, NULL);
        return 0;
}

void answered_free(struct core *core)
{
        if (core->answered)
                pthread_mutex_destroy(&core->answered->lock);
        free(core->answered);
}

void intake_answered(struct core *core, struct id job)
{
        pthread_mutex_lock(&core->answered->lock);
        core->answered->jobs[slot_of(job)] = job;
        pthread_mutex_unlock(&core->answered->lock);
}

bool answered_has(struct core *core, struct id job)
{
        bool has;

        pthread_mutex_lock(&core->answered->lock);
        has = id_equal(core->answered->jobs[slot_of(job)], job);
        pthread_mutex_unlock(&core->answered->lock);
        return has;
}
