// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "audit/line.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/trail.h"
#include "os/file.h"

#define BATCH   64
#define WAIT_S  1
#define RETRY_S 5

struct witness {
        const struct witness_settings *settings;
        struct core *core;
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;
        int last; /* outcome, so that what fails each time is logged once */
};

const char *witness_complaint(const struct witness_settings *settings)
{
        if (settings->file && settings->file[0] != '/')
                return "[audit] checkpoints: a path from the root";
        return NULL;
}

/* False when it is time to stop. */
static bool wait_seconds(struct witness *witness, int seconds)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += seconds;
        pthread_mutex_lock(&witness->lock);
        while (!witness->stop)
                if (pthread_cond_timedwait(&witness->changed, &witness->lock, &until) == ETIMEDOUT)
                        break;
        stop = witness->stop;
        pthread_mutex_unlock(&witness->lock);
        return !stop;
}

/* Opened anew each time, so that it may be moved away. */
static int tell_file(struct witness *witness, const struct audit_checkpoint *checkpoints, size_t count)
{
        SCOPED(buffer_done) struct buffer lines = BUFFER((size_t)BATCH * AUDIT_LINE_MAX);
        SCOPED(closep) int fd = -1;
        int r;

        for (size_t i = 0; i < count; i++)
                audit_checkpoint_line(AUDIT_CHECKPOINT, &checkpoints[i], &lines);
        if (lines.failure)
                return fault(lines.failure);
        fd = open(witness->settings->file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
        if (fd < 0)
                return fault(-errno);
        r = file_write(fd, lines.at, lines.len);
        if (r == 0 && fdatasync(fd) < 0)
                r = fault(-errno);
        return r;
}

static void complain_once(struct witness *witness, int r)
{
        if (r && r != witness->last)
                log_fault("checkpoints-not-written", r);
        else if (r == 0 && witness->last)
                log_write(LOG_NOTICE, "checkpoints-written-again", NULL);
        witness->last = r;
}

/* *ret_count: how many there were. */
static int tell_some(struct witness *witness, size_t *ret_count)
{
        SCOPED(freep) struct audit_checkpoint *checkpoints = calloc(BATCH, sizeof(*checkpoints));
        int r;

        *ret_count = 0;
        if (!checkpoints)
                return fault(-ENOMEM);
        r = trail_untold(witness->core, checkpoints, BATCH, ret_count);
        if (r || *ret_count == 0)
                return r;
        r = tell_file(witness, checkpoints, *ret_count);
        return r ? r : trail_told(witness->core, checkpoints, *ret_count);
}

static void *run(void *context)
{
        struct witness *witness = context;
        int wait_s = WAIT_S;

        while (wait_seconds(witness, wait_s)) {
                size_t count;
                int r;

                do
                        r = tell_some(witness, &count);
                while (r == 0 && count == BATCH);
                complain_once(witness, r);
                wait_s = r ? RETRY_S : WAIT_S;
        }
        return NULL;
}

int witness_start(const struct witness_settings *settings, struct core *core, struct witness **ret)
{
        struct witness *witness;
        int error;

        if (!settings->file)
                return 0;
        witness = calloc(1, sizeof(*witness));
        if (!witness)
                return fault(-ENOMEM);
        witness->settings = settings;
        witness->core = core;
        pthread_mutex_init(&witness->lock, NULL);
        pthread_cond_init(&witness->changed, NULL);
        error = pthread_create(&witness->thread, NULL, run, witness);
        if (error) {
                free(witness);
                return fault(-error);
        }
        *ret = witness;
        return 0;
}

void witness_stopp(struct witness **at)
{
        struct witness *witness = *at;

        if (!witness)
                return;
        pthread_mutex_lock(&witness->lock);
        witness->stop = true;
        pthread_cond_signal(&witness->changed);
        pthread_mutex_unlock(&witness->lock);
        pthread_join(witness->thread, NULL);
        pthread_cond_destroy(&witness->changed);
        pthread_mutex_destroy(&witness->lock);
        free(witness);
        *at = NULL;
}
