// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What an agent asks the service, over outpost/service.h. Keys pass through here and are wiped; nothing of an
 * answer is logged.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/offer.h"
#include "base/buffer.h"
#include "base/secret.h"
#include "courier/delivery.h"
#include "outpost/service.h"

/*
 * Tells which journal we have, and, once after a start, which deliveries it names (NULL: not said): what else
 * was offered or armed to us goes back. starts is the configuration's; SERVICE_STALE where it is another by
 * now: read it and tell again.
 */
int service_incarnation(struct service *service, uint64_t incarnation, uint64_t starts,
                        const struct id *journal, size_t journal_count);

/* A word while something is under way, so that nobody thinks us gone. SERVICE_STALE: with this journal we are
 * not the agent any more. */
int service_alive(struct service *service, uint64_t incarnation);

/* Adds the manifest of an update. Nothing where there is none. */
int service_update(struct service *service, struct buffer *to);

/* Tells how we are (taken over); which time it is there. */
int service_health(struct service *service, json_t *health, int64_t *ret_unix_ms);

int service_lease(struct service *service, uint64_t incarnation, size_t max, struct offer *ret,
                  size_t *ret_count);

enum swipe_result {
        SWIPE_RELEASED,
        SWIPE_NOTHING_HELD,
        SWIPE_UNKNOWN_BADGE,
        SWIPE_ENROL, /* unknown, and its holder may claim it now */
        SWIPE_BOUND, /* claimed, and now known */
        SWIPE_PANEL, /* known, and signed in at the printer's panel */
        SWIPE_PIN,   /* known, and waits for its PIN */
        SWIPE_REFUSED,
};
struct swipe {
        struct id id; /* the same for every try */
        struct id reader;
        const char *badge;
};
/* An appliance that nobody has bound has called. */
int service_appliance(struct service *service, const char *model, const char *address);
/* Releases and leases in one. */
int service_swipe(struct service *service, uint64_t incarnation, const struct swipe *swipe,
                  enum swipe_result *ret, struct offer *ret_offers, size_t max, size_t *ret_count);

/* Adds a question to the directory to *to, as JSON, which the caller wipes; {"questions": []} where there is
 * none. */
int service_directory_questions(struct service *service, struct buffer *to);
/* An answer, or a part of one: JSON. SERVICE_STALE: nobody waits for it. */
int service_directory_answer(struct service *service, struct text answer);

/* Adds which printers are to be asked for their state, as JSON. */
int service_printer_questions(struct service *service, struct buffer *to);
/* What one said; state is taken over. */
int service_printer_state(struct service *service, struct id printer, json_t *state);

/* Adds which printers are to be tried, as JSON; and what came of one, which is taken over. */
int service_readiness_questions(struct service *service, struct buffer *to);
int service_readiness(struct service *service, struct id printer, json_t *checks);

/* Adds which printers are to be written to, as JSON with credentials, which the caller wipes; and what came
 * of one, which is taken over. SERVICE_STALE: nobody knows of it any more. */
int service_device_configurations(struct service *service, struct buffer *to);
int service_device_configured(struct service *service, struct id printer, json_t *what);

/* Adds what discovery may show, whom it asks, and what is to begin now, as JSON, which the caller wipes. */
int service_discovery(struct service *service, struct buffer *to);

/* Sealed octets from offset on, to give(); not 0 of it stops. *ret_got: how many it took. */
int service_fetch(struct service *service, const struct offer *offer, uint64_t offset,
                  int (*give)(void *context, struct text octets), void *context, uint64_t *ret_got);

/* The document's key, and the job-password: empty where there is none. */
int service_arm(struct service *service, const struct offer *offer, uint64_t incarnation, struct secret *ret,
                char ret_password[COURIER_JOB_PASSWORD]);

int service_report(struct service *service, struct id delivery, uint32_t epoch, uint64_t incarnation,
                   const struct courier_outcome *outcome);
int service_progress(struct service *service, struct id delivery, uint32_t epoch, const char *reason,
                     uint32_t pages);
/* What was seen of a printer whose identity the service does not know yet. */
int service_pin(struct service *service, struct id printer, const struct courier_identity *seen);
