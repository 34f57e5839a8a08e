// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The service, as the agent's threads ask it. Connections are kept in a pool, the last one used is the first
 * one taken, so that the connection a swipe goes over is warm. Each call blocks its thread for a bounded
 * time.
 *
 * Safe from every thread. Keys pass through here and are wiped; nothing of an answer is logged.
 */

#include <stdbool.h>
#include <stdint.h>

#include "agent/offer.h"
#include "base/buffer.h"
#include "base/secret.h"
#include "courier/delivery.h"
#include "net/http-client.h"

struct service;

enum service_refusal {
        SERVICE_UNREACHABLE = 1, /* nothing of the question left us */
        SERVICE_SILENT,          /* no whole answer: it may have acted */
        SERVICE_BUSY,            /* 429 or 5xx: ask again later */
        SERVICE_UNKNOWN_AGENT,   /* 401 or 403: not enrolled, or revoked */
        SERVICE_STALE,           /* 404, 409 or 410: the service has gone on without us */
        SERVICE_CONFUSED,        /* another 4xx, or an answer that makes no sense */
};

struct service_options {
        const char *url;
        const char *ca_path;
        const char *identity_path; /* certificate and key, PEM */
};

int service_new(const struct service_options *options, struct service **ret);
void service_free(struct service *service);
void service_freep(struct service **service);
/* The identity file has changed: connections made with the old one are not used again. */
void service_renew(struct service *service);

/* Asks something without meaning on up to count kept connections, so that they stay open. */
void service_warm(struct service *service, size_t count);

/* For the event stream, which is no question: a client of its own. The caller frees it. */
int service_client(struct service *service, struct http_client **ret);

/* Makes the code's agent ours; *ret is the answer, JSON. */
int service_enrol(struct service *service, struct text code, const char *name, struct buffer *ret);
int service_announce_key(struct service *service, const char *fingerprint);
int service_configuration(struct service *service, struct buffer *ret);
/*
 * Tells which journal we have, and, once after a start, which deliveries it names (NULL: not said): what else
 * was offered or armed to us goes back. starts is the configuration's; SERVICE_STALE where it is another by
 * now: read it and tell again.
 */
int service_incarnation(struct service *service, uint64_t incarnation, uint64_t starts,
                        const struct id *journal, size_t journal_count);

int service_lease(struct service *service, uint64_t incarnation, size_t max, struct offer *ret,
                  size_t *ret_count);

enum swipe_result {
        SWIPE_RELEASED,
        SWIPE_NOTHING_HELD,
        SWIPE_UNKNOWN_BADGE,
        SWIPE_ENROL, /* unknown, and its holder may claim it now */
        SWIPE_BOUND, /* claimed, and now known */
        SWIPE_REFUSED,
};
struct swipe {
        struct id id; /* the same for every try */
        struct id reader;
        const char *badge;
};
/* Releases and leases in one. */
int service_swipe(struct service *service, uint64_t incarnation, const struct swipe *swipe,
                  enum swipe_result *ret, struct offer *ret_offers, size_t max, size_t *ret_count);

/* Adds a question to the directory to *to, as JSON, which the caller wipes; {"questions": []} where there is
 * none. */
int service_directory_questions(struct service *service, struct buffer *to);
/* An answer, or a part of one: JSON. SERVICE_STALE: nobody waits for it. */
int service_directory_answer(struct service *service, struct text answer);

/* Sealed octets from offset on, to give(); not 0 of it stops. *ret_got: how many it took. */
int service_fetch(struct service *service, const struct offer *offer, uint64_t offset,
                  int (*give)(void *context, struct text octets), void *context, uint64_t *ret_got);

/* The document's key. */
int service_arm(struct service *service, const struct offer *offer, uint64_t incarnation, struct secret *ret);

int service_report(struct service *service, struct id delivery, uint32_t epoch, uint64_t incarnation,
                   const struct courier_outcome *outcome);
int service_progress(struct service *service, struct id delivery, uint32_t epoch, const char *reason,
                     uint32_t pages);
/* What was seen of a printer whose identity the service does not know yet. */
int service_pin(struct service *service, struct id printer, const struct courier_identity *seen);

/* Why the last refusal of this thread: a sentence for people. */
const char *service_complaint(void);
