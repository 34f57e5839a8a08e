// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Attempts: one document at one address, by one protocol. What raw.c, lpr.c and ipp.c share.
 *
 * Each *_deliver() writes *ret in every case. Only NOT_PRINTED with may_retry and without is_final lets the
 * next address be tried.
 */

#include "base/buffer.h"
#include "courier/delivery.h"
#include "courier/wire.h"
#include "pjl/filter.h"

/* The document on its way: filtered of foreign PJL, in pieces. */
struct attempt_feed {
        const struct courier_source *source;
        struct pjl_filter filter;
        struct buffer piece; /* what pull gave, filtered */
        size_t at;           /* how much of it has gone */
        bool ended;
};

void attempt_feed_init(struct attempt_feed *feed, const struct courier_source *source);
void attempt_feed_done(struct attempt_feed *feed);
/* What is to go next, borrowed until attempt_feed_take(); empty at the end. Not 0: the source failed. */
int attempt_feed_peek(struct attempt_feed *feed, struct text *ret);
void attempt_feed_take(struct attempt_feed *feed, size_t len);

struct attempt {
        const struct courier_order *order;
        const struct courier_source *source;
        const struct courier_observer *observer;
        const struct courier_address *address;
        struct courier_outcome *outcome;
        bool is_final; /* no other address may be tried, although nothing was printed */
};

/* Write the outcome. reason is a keyword. */
void attempt_not_printed(struct attempt *attempt, const char *reason, bool may_retry);
void attempt_uncertain(struct attempt *attempt, const char *reason);
void attempt_settle(struct attempt *attempt, enum courier_result result, const char *reason);
/* What the job is called at the printer. Borrowed. */
const char *attempt_job_name(const struct attempt *attempt);
/* The keyword for a wire_refusal, or "fault". */
const char *attempt_wire_reason(int refusal);
void attempt_progress(const struct attempt *attempt, const char *reason, uint32_t pages);

void raw_deliver(struct attempt *attempt);
void lpr_deliver(struct attempt *attempt);
void ipp_deliver(struct attempt *attempt);
/* See courier_ask(). */
void ipp_ask(struct attempt *attempt, const struct courier_trace *trace);
