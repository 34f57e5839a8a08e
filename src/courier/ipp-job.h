// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The job at an IPP printer after its document has gone, or may have: asked about until it has come to an
 * end.
 *
 *      what the printer says                        outcome
 *      completed, whole document                    PRINTED
 *      completed, perhaps not the whole             UNCERTAIN
 *      it waits for its job-password, whole doc.    SENT
 *      aborted or canceled, 0 impressions           NOT_PRINTED, no retry by itself
 *      the same with more, or unknown               UNCERTAIN
 *      it does not know the job                     UNCERTAIN
 */

#include "courier/channel.h"

struct ipp_job {
        struct attempt *attempt;
        struct channel *channel;
        int32_t id;
        bool whole;         /* the printer has, or is known to have taken, the whole document */
        const char *reason; /* why we cancelled it, where we did; else NULL */
        /* What the printer could not do of the ticket (ipp_ticket_left_out()), where that is still known. */
        char left_out[COURIER_REASON - sizeof("completed-without-") + 1];
};

/* Writes the attempt's outcome; waits for it as long as the printer makes progress. */
void ipp_job_follow(struct ipp_job *job);
/* Asks the printer to cancel it, and follows it to its end. */
void ipp_job_cancel_and_follow(struct ipp_job *job, const char *reason);
/* Asks the printer to cancel it; true where it said yes. */
bool ipp_job_cancel(struct channel *channel, int32_t id);

/* What keeps the printer, as a progress report. */
void ipp_printer_show(const struct attempt *attempt);
