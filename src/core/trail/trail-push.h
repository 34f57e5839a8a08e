// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The audit trails on their way to where they are kept besides, such as a syslog collector: records and
 * checkpoints of each tenant, in order, each at least once. Whoever collects tells repeats by the number.
 *
 *      settled          earlier             sent                last
 *         |----------------|------------------|------------------|   of one tenant and one stream
 *         ^ never sent again                  ^ on this connection
 *
 * A collector acknowledges nothing. So what was sent is settled only when the connection has lived through
 * the time between two calls of trail_push_settle() since; where one ends, everything after "settled" is sent
 * again on the next. All positions are in the database: nothing is lost by ending the program, and nothing is
 * held in memory but the page under way.
 *
 * Whoever writes events is not involved. One thread pushes.
 */

#include "audit/checkpoint.h"
#include "core/trail/event.h"

enum trail_stream {
        TRAIL_RECORDS,
        TRAIL_CHECKPOINTS,
};

/* What comes next of one tenant and one stream. */
#define TRAIL_PUSH_MAX 64
struct trail_push {
        enum trail_stream stream;
        struct id tenant;
        size_t count; /* 0: no tenant after the one asked for has any more */
        union {
                struct event events[TRAIL_PUSH_MAX];
                struct audit_checkpoint checkpoints[TRAIL_PUSH_MAX];
        };
};

/* Whose trails: names of tenants with commas between them; NULL: all. */
int trail_push_next(struct core *core, enum trail_stream stream, const char *tenants, struct id after,
                    struct trail_push *ret);
int trail_push_sent(struct core *core, const struct trail_push *push);

/* A new connection: what is not settled has not been sent. */
int trail_push_begin(struct core *core);
int trail_push_settle(struct core *core);

/* How many records wait to be sent, and since when; core_read_figures() then tells. */
struct trail_waiting {
        uint64_t records;
        int64_t since_ms; /* when the oldest of them was written; 0: none waits */
};
int trail_push_measure(struct core *core, const char *tenants, struct trail_waiting *ret);

/* An event for those who operate the service: the operators' tenant, or where there is none every tenant. */
int trail_push_note(struct core *core, const char *kind, const char *words);
