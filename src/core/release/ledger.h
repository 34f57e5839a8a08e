// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The ledger: the states of jobs and deliveries, and which may follow which.
 *
 *      JOB       RECEIVING -> HELD -> RELEASING -> DONE           (also DELETED, EXPIRED, REJECTED)
 *                               ^---------'  from NOT_PRINTED; and for the rest where one of several copies
 *                                            came out first (core/job/first-copy.c)
 *      DELIVERY  REQUESTED -> OFFERED -> ARMED -> PRINTED | SENT | NOT_PRINTED | UNCERTAIN | CANCELLED
 *                    ^-----------'  the lease ran out: another epoch        ^ late proof may settle UNCERTAIN
 *
 * The table in ledger.c is the only place that says what is legal; every change of state in the database goes
 * through it, and models/transitions.txt and the Promela models say the same.
 */

#include <stdbool.h>

enum job_state {
        JOB_RECEIVING,
        JOB_HELD,
        JOB_RELEASING,
        JOB_DONE,
        JOB_DELETED,
        JOB_EXPIRED,
        JOB_REJECTED,
        JOB_STATES,
};

enum delivery_state {
        DELIVERY_REQUESTED,
        DELIVERY_OFFERED,
        DELIVERY_ARMED,
        DELIVERY_PRINTED,     /* the printer said so */
        DELIVERY_SENT,        /* all octets taken, the printer cannot say */
        DELIVERY_NOT_PRINTED, /* proof that nothing arrived */
        DELIVERY_UNCERTAIN,   /* octets may have arrived */
        DELIVERY_CANCELLED,   /* before it was armed */
        DELIVERY_CLOSED,      /* an UNCERTAIN or SENT one whose owner asked to print again, or gave up */
        DELIVERY_STATES,
};

/* The word in the database, the API and events: "held", "not-printed". */
const char *job_state_name(enum job_state state);
const char *delivery_state_name(enum delivery_state state);
bool job_state_parse(const char *name, enum job_state *ret);
bool delivery_state_parse(const char *name, enum delivery_state *ret);

bool job_may_become(enum job_state from, enum job_state to);
bool delivery_may_become(enum delivery_state from, enum delivery_state to);

/* REQUESTED, OFFERED or ARMED: at most one such per job. */
bool delivery_is_open(enum delivery_state state);
