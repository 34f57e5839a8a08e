// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Reports: what was printed, without names. A person stands there as a pseudonym, the same in every report of
 * one month and another in the next and in every other tenant, made with a key that never leaves the service.
 * There are no titles.
 */

#include "base/secret.h"
#include "core/report/accounting.h"
#include "core/job/job.h"

#define REPORT_PSEUDONYM 33 /* 32 hexadecimal digits, NUL */

struct report_row {
        struct id id; /* of the job: where the next page starts, and nothing else */
        char person[REPORT_PSEUDONYM];
        struct id queue;
        struct id printer; /* zero: it went to none */
        enum job_state state;
        char reason[CORE_WORDS];
        char format[CORE_FORMAT];
        char account[ACCOUNTING_NAME]; /* who paid (core/report/accounting.h); whose name there may be his own
                                          is left out */
        uint64_t size_octets;
        uint32_t pages;
        int64_t created_ms, done_ms;
};

/* Of a person, in a month (its first day, UTC, since 1970). */
void report_pseudonym(const struct secret *key, struct id person, int64_t month, char ret[REPORT_PSEUDONYM]);
int report_pseudonym_key(struct core *core, struct id tenant, struct secret *ret);

/* The oldest first, after this id. CORE_FORBIDDEN. */
int report_jobs(struct core *core, const struct actor *actor, struct id after, struct report_row *ret,
                size_t max, size_t *ret_count);
