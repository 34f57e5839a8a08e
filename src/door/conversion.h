// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Why a document could not be converted, in the words of each door. */

struct conversion_refusal {
        const char *reason;     /* ours, as it stands in the job's timeline */
        const char *ipp_reason; /* among job-state-reasons (RFC 8011, 5.3.8; PWG 5100.13, 6.3.2) */
        const char *sentence;   /* for whoever sent it */
};

/* Static; NULL where the reason is another one. */
const struct conversion_refusal *conversion_refusal_find(const char *reason);
