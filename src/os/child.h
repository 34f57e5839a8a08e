// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Children: other programs, started with a fixed argv and an environment we choose, with only the descriptors
 * we name, a limit on their time, and a reaper. No shell is ever involved.
 *
 * A struct child is used by one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum child_refusal {
        CHILD_NO_PROGRAM = 1, /* not there, or not executable */
        CHILD_TIMED_OUT,      /* it ran too long and was killed */
        CHILD_KILLED,         /* by a signal that was not ours */
        CHILD_FAILED,         /* exit status other than 0 */
};

struct child_options {
        const char *path;               /* absolute */
        const char *const *argv;        /* NULL-terminated */
        const char *const *environment; /* NULL-terminated; NULL means empty */
        int input;                      /* become its 0, 1 and 2; -1 means /dev/null */
        int output;
        int errors;
        const int *
                inherit; /* further descriptors it keeps, under their own numbers, ended by -1; may be NULL */
        bool is_idle;    /* it and its own children run only when nobody else wants the processor */
};

/* The fields are private. */
struct child {
        pid_t pid;
        int pidfd;
};

/* Starts it in a process group of its own. The descriptors stay ours. Ends with child_done(). */
int child_start(struct child *child, const struct child_options *options);
/* Kills its group where it still runs, and reaps it. */
void child_done(struct child *child);

/* Becomes readable at its end: for poll(2). Borrowed. */
int child_descriptor(const struct child *child);
/* Waits for its end until clock_monotonic_ms() is deadline_ms, then kills it. *ret_status (may be NULL): its
 * exit status or the signal. */
int child_wait(struct child *child, int64_t deadline_ms, int *ret_status);
