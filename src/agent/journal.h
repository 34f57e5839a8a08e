// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The journal: what this agent was about to do when it died.
 *
 *      ARMING ----> SENDING ----> JOB ----> SENT ----> OUTCOME ----> CLOSED
 *        |            |  ^ the next address   (IPP only: JOB, SENT)
 *        '------------'--------------------------------^ any of them may come to an outcome
 *
 *   1. SENDING and JOB are on the disk before the call returns, and so before the octet they announce.
 *   2. A delivery without SENDING has sent nothing. One with it may have, unless its OUTCOME says otherwise.
 *   3. The journal has a random number, its incarnation, which is made with it. A journal that is missing or
 *      damaged is replaced by a new one with a new incarnation, and the service then voids what it granted
 *      to the old one. A torn end is no damage: what it was to say had not been promised.
 *   4. Records have one size and carry a number and a hash, so that a lost or changed one is noticed.
 *
 * Safe from every thread. Where the disk cannot keep a promise, the process stops (os/file.h).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "courier/delivery.h"

#define JOURNAL_OPEN_MAX 512

struct journal;

enum journal_refusal {
        JOURNAL_FULL = 1, /* JOURNAL_OPEN_MAX deliveries are open */
        JOURNAL_UNKNOWN,  /* no such delivery is open */
};

enum journal_stage {
        JOURNAL_ARMING = 1,
        JOURNAL_SENDING,
        JOURNAL_JOB,
        JOURNAL_SENT,
        JOURNAL_OUTCOME,
        JOURNAL_CLOSED,
};

struct journal_entry {
        struct id delivery;
        uint32_t epoch;
        struct id printer;
        enum journal_stage stage;
        char uri[ADDRESS_URI]; /* of the last attempt */
        struct courier_identity identity;
        int32_t job_id;
        bool sent;
        struct courier_outcome outcome; /* of stage OUTCOME, without what was seen of the printer */
};

/* Opens the journal of a state folder, or begins a new one; *ret_is_new tells. */
int journal_open(int directory, struct journal **ret, bool *ret_is_new);
void journal_close(struct journal *journal);
void journal_closep(struct journal **journal);

uint64_t journal_incarnation(const struct journal *journal);

/* What is open, oldest first: for the start. False at the end. */
bool journal_get(struct journal *journal, size_t index, struct journal_entry *ret);

/* A delivery will be armed; opens its entry. It survives our death, but not that of the machine. */
int journal_arming(struct journal *journal, struct id delivery, uint32_t epoch, struct id printer);
int journal_sending(struct journal *journal, struct id delivery, const char *uri,
                    const struct courier_identity *identity);
int journal_job(struct journal *journal, struct id delivery, int32_t job_id);
int journal_sent(struct journal *journal, struct id delivery);
int journal_outcome(struct journal *journal, struct id delivery, const struct courier_outcome *outcome);
/* The service has acknowledged the outcome, or will never want it. */
int journal_closed(struct journal *journal, struct id delivery);
