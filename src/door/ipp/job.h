// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Jobs as IPP clients see them (RFC 8011, section 5.3; PWG 5100.7; PWG 5100.11 for held jobs). Pure.
 *
 *      RECEIVING                       pending             job-incoming
 *      HELD                            pending-held        job-held-for-release, job-hold-until-specified
 *      RELEASING, requested, offered   pending             none
 *      RELEASING, armed                processing          job-printing
 *      printed                         completed           job-completed-successfully
 *      sent                            completed           job-completed-with-warnings: nobody confirmed it
 *      uncertain                       aborted             aborted-by-system: something may have come out
 *      deleted, cancelled              canceled            job-canceled-by-user
 *      expired, rejected               aborted             aborted-by-system
 *      deleted, for want of a password aborted             document-password-error, aborted-by-system
 *
 * A held job that asks for its document's password says document-password-error in place of the second
 * reason. A job whose delivery proved NOT_PRINTED is HELD again, with a message that says so; where that was
 * because no pages could be made of its document, a reason of IPP's stands there, too (door/conversion.h).
 */

#include "core/job/job.h"
#include "door/ipp/view.h"

struct ipp_job_status {
        enum ipp_job_state state;
        const char *reasons[2]; /* the second may be NULL */
        const char *message;    /* a sentence for people */
};

struct ipp_job_status ipp_job_status(const struct job *job, enum queue_kind kind);

/* completed, canceled or aborted. */
bool ipp_job_is_over(const struct job *job, enum queue_kind kind);

/* Adds the job attributes; the caller has begun the group and set the filter. */
void ipp_describe_job(struct ipp_builder *b, const struct ipp_view *view, const struct job *job);
