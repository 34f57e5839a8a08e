// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One delivery, from an offer (or from what a crash has left of one) to an acknowledged outcome. */

#include "agent/homes.h"
#include "agent/journal.h"
#include "agent/offer.h"
#include "agent/service.h"
#include "relay/drain.h"
#include "offline/deposit.h"

struct carrier;

struct delivery {
        struct carrier *carrier; /* for its own use */
        struct service *service;
        struct journal *journal;
        struct homes *homes;       /* what is released by ourselves; NULL: nothing is */
        struct deposits *deposits; /* likewise */
        struct drain *drain;       /* by which those go to the service */
        struct deposits *stays;    /* what stays here */
        int directory;             /* of the state */
        uint64_t memory_octets;
        int64_t came_ms; /* clock_boot_ms(): its lease runs from before here */
        struct offer offer;

        bool resumes; /* after a crash: entry instead of a document */
        struct journal_entry entry;
        bool is_parked; /* its outcome is known here, and counted */

        /* What keeps the printer; called from the thread that carries. */
        void (*progress)(void *context, struct text reason, uint32_t pages);
        void *context;
        char reason[COURIER_REASON]; /* under the lock of progress() */
        uint32_t pages;

        int64_t armed_ms; /* clock_boot_ms() when the question that armed was sent */
};

/*
 * Blocks until the service has acknowledged the outcome, or does not want it. False where the line is down:
 * then it is in the journal, and is to be carried again later, when it only reports. The printer is free
 * meanwhile.
 */
bool delivery_carry(struct delivery *delivery);
