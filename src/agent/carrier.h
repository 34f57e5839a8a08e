// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The carrier: offers in, paper out.
 *
 * A fixed number of threads each carry one offer at a time, and never two to one printer:
 *
 *      fetch -> journal ARMING -> arm -> open the seal -> [courier: journal SENDING, octets, …]
 *            -> journal OUTCOME -> report until acknowledged -> journal CLOSED
 *
 *   1. The first octet goes within grant_ms of *sending* the question that armed, on a clock that goes on
 *      while the machine sleeps; otherwise it is not sent and the service hears NOT_PRINTED.
 *   2. The agent holds a document's key only between arming and the outcome.
 *   3. What the journal says was open when we started is settled before anything new to the same printer.
 *
 * A thread of its own asks for offers: when it is woken, when an outcome has been acknowledged, and now and
 * then. It also tells the service what keeps a printer.
 */

#include "agent/journal.h"
#include "agent/service.h"
#include "agent/settings.h"

struct carrier;

struct homes;
struct deposits;
struct drain;
/* What we release ourselves, and by whom deposits go to the service; before the start. */
void carrier_set_own(struct carrier *carrier, struct homes *homes, struct deposits *deposits,
                     struct drain *drain);
/* What stays here, for offers of it; before the start. */
void carrier_set_stays(struct carrier *carrier, struct deposits *stays);
/* The service can be reached again: what waits to be reported is. */
void carrier_unpark(struct carrier *carrier);

int carrier_new(const struct agent_settings *settings, struct service *service, struct journal *journal,
                int directory, struct carrier **ret);

/* Starts the threads, with what the journal has left open. Once. */
int carrier_start(struct carrier *carrier);

/* The service knows our journal: from here on offers are asked for. */
void carrier_open(struct carrier *carrier);
/* The service has told us that there may be offers, or that it hears us again. Does not block. */
void carrier_wake(struct carrier *carrier);

/* Another machine has taken our place: no offer is asked for any more, and what is under way ends. */
void carrier_close(struct carrier *carrier);
/* Whether something is under way. */
bool carrier_is_busy(struct carrier *carrier);

/* How many offers could be carried at once now; for carrier_carry(). */
size_t carrier_room(struct carrier *carrier);
/* Offers that came with a swipe. What does not fit is left to its lease. Does not block. */
void carrier_carry(struct carrier *carrier, const struct offer *offers, size_t count);

/* Asks for nothing more, and waits until nothing is under way, or until clock_monotonic_ms() is deadline_ms.
 */
void carrier_stop(struct carrier *carrier, int64_t deadline_ms);
