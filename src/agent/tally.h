// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What this agent counts of itself while it runs, for its report to the service and for its status page: how
 * deliveries ended and why not well, which printers it has seen, and what its clock did. In memory only, of
 * this start; nothing of a person, a job or a document. Of the process; safe from every thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "courier/delivery.h"

#define TALLY_REASONS_MAX  32
#define TALLY_PRINTERS_MAX 1024

struct tally_reason {
        char reason[64];
        uint64_t count;
};

struct tally_clock {
        bool is_known;
        int64_t offset_ms;      /* of the service's clock, from ours */
        int64_t jumped_unix_ms; /* when ours last jumped, by its new time; 0: never */
        int64_t jumped_by_ms;
};

struct tally {
        uint64_t results[4]; /* by enum courier_result */
        struct tally_reason reasons[TALLY_REASONS_MAX];
        size_t reason_count;
        uint64_t badges_unknown; /* swipes */
        struct tally_clock clock;
};

void tally_delivery(const struct courier_outcome *outcome);
void tally_badge_unknown(void);
/* A printer answered at that address, as this make and model. The first TALLY_PRINTERS_MAX are kept. */
void tally_printer(const char *address, const char *make_and_model);
void tally_offset(int64_t offset_ms);

/* Compares the clock of the wall with that which never jumps (clock_unix_ms(), clock_boot_ms()). True where
 * it has jumped since the last look by two seconds or more. By one thread. */
bool tally_look_at_clock(int64_t unix_ms, int64_t boot_ms);

void tally_get(struct tally *ret);
/* In the order in which they were seen; false at the end. */
bool tally_get_printer(size_t index, char ret_address[64], char ret_make_and_model[128]);
