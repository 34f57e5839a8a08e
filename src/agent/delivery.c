// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/delivery.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/document.h"
#include "agent/service-homes.h"
#include "agent/service-stays.h"
#include "agent/tally.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define GRANT_MS        10000
#define REPORT_LEAST_MS 50
#define REPORT_MOST_MS  5000

enum delivery_refusal {
        DELIVERY_DROPPED = 1, /* nothing to report */
        DELIVERY_GRANT_OVER,
};

static void log_delivery(const struct delivery *delivery, enum log_level level, const char *event,
                         const char *why)
{
        char string[ID_STRING];

        id_format(delivery->offer.delivery, string);
        log_write(level, event, "delivery", string, "why", why, NULL);
}

static void not_printed(struct courier_outcome *outcome, const char *reason, bool may_retry)
{
        *outcome = (struct courier_outcome){ .result = COURIER_NOT_PRINTED, .may_retry = may_retry };
        snprintf(outcome->reason, sizeof(outcome->reason), "%s", reason);
}

static bool grant_is_over(const struct delivery *delivery)
{
        int64_t grant_ms = delivery->offer.grant_ms ? delivery->offer.grant_ms : GRANT_MS;

        /* What is at home here was granted once and for all. */
        return !delivery->offer.is_home && clock_boot_ms() - delivery->armed_ms >= grant_ms;
}

/*
 * A grant that ran out while an address did not answer is asked for again: whether this delivery is still
 * ours is decided where it was the first time, by the service.
 */
static int renew_grant(struct delivery *delivery)
{
        SCOPED(secret_done) struct secret key = { { 0 } };

        if (!grant_is_over(delivery))
                return 0;
        delivery->armed_ms = clock_boot_ms();
        if (service_arm(delivery->service, &delivery->offer, journal_incarnation(delivery->journal), &key,
                        delivery->offer.order.job_password) != 0)
                return DELIVERY_GRANT_OVER;
        return grant_is_over(delivery) ? DELIVERY_GRANT_OVER : 0;
}

/* After the journal has it, the grant is looked at again: the disk may have taken its time. */
static int on_begin(void *context, const struct courier_address *address)
{
        struct delivery *delivery = context;
        int r;

        r = renew_grant(delivery);
        if (r)
                return r;
        r = journal_sending(delivery->journal, delivery->offer.delivery, address->uri,
                            &delivery->offer.order.identity);
        if (r)
                return fold(r);
        return grant_is_over(delivery) ? DELIVERY_GRANT_OVER : 0;
}

static int on_job(void *context, const struct courier_address *address, int32_t job_id)
{
        struct delivery *delivery = context;
        int r;

        r = renew_grant(delivery);
        if (r)
                return r;
        r = journal_job(delivery->journal, delivery->offer.delivery, job_id);
        if (r)
                return fold(r);
        return grant_is_over(delivery) ? DELIVERY_GRANT_OVER : 0;
}

static void on_sent(void *context)
{
        struct delivery *delivery = context;

        (void)journal_sent(delivery->journal, delivery->offer.delivery);
}

static void on_progress(void *context, struct text reason, uint32_t pages)
{
        struct delivery *delivery = context;

        delivery->progress(delivery->context, reason, pages);
}

static struct courier_observer observer_of(struct delivery *delivery)
{
        return (struct courier_observer){ on_begin, on_job, on_sent, on_progress, delivery };
}

/*
 * Asks for the key until there is an answer or the lease is over. Where answers got lost we may be armed and
 * not know it; then nothing was sent, which is what is reported.
 */
static int arm(struct delivery *delivery, struct secret *ret_key, struct courier_outcome *outcome)
{
        struct offer *offer = &delivery->offer;
        bool maybe_armed = false;
        int r;

        for (;;) {
                delivery->armed_ms = clock_boot_ms();
                r = service_arm(delivery->service, offer, journal_incarnation(delivery->journal), ret_key,
                                offer->order.job_password);
                if (r == 0 || r == SERVICE_STALE || r == SERVICE_UNKNOWN_US)
                        break;
                maybe_armed |= r != SERVICE_UNREACHABLE;
                if (service_is_away(delivery->service) ||
                    clock_boot_ms() - delivery->came_ms >= offer->lease_ms)
                        break;
                clock_pause(REPORT_LEAST_MS);
        }
        if (r == 0)
                return 0;
        log_delivery(delivery, LOG_NOTICE, "delivery-not-armed", service_complaint());
        if (r == SERVICE_STALE || r == SERVICE_UNKNOWN_US || !maybe_armed)
                return DELIVERY_DROPPED;
        not_printed(outcome, "not-armed", true);
        return 0;
}

static void deliver(struct delivery *delivery, struct document *document, struct courier_outcome *outcome)
{
        struct courier_source source = document_source(document);
        struct courier_observer observer = observer_of(delivery);

        courier_deliver(&delivery->offer.order, &source, &observer, outcome);
        explicit_bzero(delivery->offer.order.job_password, COURIER_JOB_PASSWORD);
}

/* One of our own: its key came with the badge, and the ledger has the release. */
static int carry_home(struct delivery *delivery, struct courier_outcome *outcome)
{
        const struct offer *offer = &delivery->offer;
        SCOPED(document_freep) struct document *document = NULL;
        uint64_t offset, octets;
        int fd = -1, r;

        outcome->reason[0] = 0;
        r = offer->is_deposit
                    ? deposit_open_document(delivery->deposits, offer->home_job, &fd, &offset, &octets)
                    : homes_open_document(delivery->homes, offer->home_job, &fd, &offset, &octets);
        if (r == 0)
                r = document_from_file(fd, offset, offer, &document);
        if (r == 0)
                r = journal_arming(delivery->journal, offer->delivery, offer->epoch, offer->printer);
        if (r == 0)
                r = document_open(document, &offer->home_key, offer);
        secret_done(&delivery->offer.home_key);
        if (r)
                not_printed(outcome, "document-damaged", false);
        else
                deliver(delivery, document, outcome);
        /* Nobody stands there any more when the service hears it: nothing comes out by itself. */
        outcome->may_retry = false;
        return r < 0 ? r : 0;
}

/* The document stays here. DELIVERY_DROPPED: it does no more, which the service hears, and ends the job. */
static int open_staying(struct delivery *delivery, struct document **ret)
{
        struct offer *offer = &delivery->offer;
        char room[DEPOSIT_SEAL_ID];
        struct text seal_id = deposit_document_id(&offer->stay, room);
        uint64_t offset, octets;
        int fd = -1, r;

        r = deposit_open_document(delivery->stays, offer->stay, &fd, &offset, &octets);
        if (r == 0 && octets != offer->sealed_octets) {
                close(fd);
                r = DEPOSIT_DAMAGED;
        }
        if (r < 0)
                return r;
        if (r) {
                log_delivery(delivery, LOG_ERROR, "document-lost", "it is not here any more, or has changed");
                (void)service_stay_lost(delivery->service, offer->stay);
                return DELIVERY_DROPPED;
        }
        memcpy(offer->seal_id, seal_id.at, seal_id.len);
        offer->seal_id_length = seal_id.len;
        return document_from_file(fd, offset, offer, ret);
}

/*
 * From the offer to the outcome; not 0 where there is none. The document is fetched before it is armed: once
 * armed, nothing but the printer stands between the key and the paper.
 */
static int carry(struct delivery *delivery, struct courier_outcome *outcome)
{
        const struct offer *offer = &delivery->offer;
        SCOPED(document_freep) struct document *document = NULL;
        SCOPED(secret_done) struct secret key = { { 0 } };
        int r;

        outcome->reason[0] = 0;
        if (!id_is_zero(offer->stay))
                r = open_staying(delivery, &document);
        else
                r = document_fetch(delivery->service, delivery->directory, delivery->memory_octets, offer,
                                   delivery->came_ms + offer->lease_ms, &document);
        if (r == DELIVERY_DROPPED && !id_is_zero(offer->stay))
                return r;
        if (r) {
                log_delivery(delivery, LOG_NOTICE, "document-not-fetched", service_complaint());
                return r;
        }
        r = journal_arming(delivery->journal, offer->delivery, offer->epoch, offer->printer);
        if (r)
                return fold(r);
        r = arm(delivery, &key, outcome);
        if (r || outcome->reason[0])
                return r;
        r = document_open(document, &key, offer);
        if (r)
                not_printed(outcome, "document-damaged", false);
        else
                deliver(delivery, document, outcome);
        return 0;
}

/* What a crash has left: nothing was sent before SENDING, and afterwards the printer may know. */
static int resume(struct delivery *delivery, struct courier_outcome *outcome)
{
        const struct journal_entry *entry = &delivery->entry;
        struct courier_order *order = &delivery->offer.order;
        struct courier_observer observer = observer_of(delivery);
        struct courier_trace trace = { .job_id = entry->job_id, .sent = entry->sent };
        char string[ID_STRING];

        id_format(entry->delivery, string);
        snprintf(order->name, sizeof(order->name), "imprimatur %s", string);
        order->identity = entry->identity;
        if (entry->stage == JOURNAL_OUTCOME) {
                *outcome = entry->outcome;
        } else if (entry->stage == JOURNAL_ARMING) {
                not_printed(outcome, "interrupted", !delivery->offer.is_home);
        } else if (courier_address_parse(text_from(entry->uri), &trace.address) == 0) {
                courier_ask(order, &trace, &observer, outcome);
        } else {
                *outcome = (struct courier_outcome){ .result = COURIER_UNCERTAIN, .reason = "interrupted" };
        }
        return 0;
}

/*
 * Repeats the outcome until the service has it, or says that it will never want it. False where the line is
 * down: it stands in the journal, and the printer is not to wait for the line.
 */
static bool report(struct delivery *delivery, const struct courier_outcome *outcome)
{
        const struct offer *offer = &delivery->offer;
        int64_t wait_ms = REPORT_LEAST_MS;
        int r;

        for (;;) {
                r = service_report(delivery->service, offer->delivery, offer->epoch,
                                   journal_incarnation(delivery->journal), outcome);
                if (r == 0 || r == SERVICE_STALE || r == SERVICE_CONFUSED)
                        break;
                if (service_is_away(delivery->service))
                        return false;
                clock_pause(wait_ms);
                wait_ms = 2 * wait_ms < REPORT_MOST_MS ? 2 * wait_ms : REPORT_MOST_MS;
        }
        if (r)
                log_delivery(delivery, LOG_WARNING, "outcome-not-wanted", service_complaint());
        return true;
}

/* Of one that we released: first that we did, then what became of it. False where nobody hears it now. */
static bool report_home(struct delivery *delivery, const struct courier_outcome *outcome)
{
        struct home_entry entry;
        int r = 0;

        if (homes_find_delivery(delivery->homes, delivery->offer.delivery, &entry) == 0)
                r = service_home_released(delivery->service, &entry, journal_incarnation(delivery->journal));
        if (r == 0)
                r = service_report(delivery->service, delivery->offer.delivery, delivery->offer.epoch,
                                   journal_incarnation(delivery->journal), outcome);
        if (r && r != SERVICE_STALE && r != SERVICE_CONFUSED)
                return false;
        if (r)
                log_delivery(delivery, LOG_WARNING, "outcome-not-wanted", service_complaint());
        /* Before the journal forgets it: without the one and with the other it would be told as not begun. */
        (void)homes_forget(delivery->homes, delivery->offer.home_job);
        return true;
}

/*
 * Of a deposit that we released: it goes to the service as what it is, then what became of it, then it is
 * removed. Repeated from any point it is the same job and the same delivery.
 */
static bool report_deposit(struct delivery *delivery, const struct courier_outcome *outcome)
{
        uint64_t incarnation = journal_incarnation(delivery->journal);
        char word[DRAIN_WORD] = "";
        struct deposit_entry entry;
        int r = 0;

        if (deposit_find_released(delivery->deposits, delivery->offer.delivery, &entry) == 0)
                r = drain_released(delivery->drain, &entry, incarnation, word);
        if (r == DRAIN_LATER)
                log_delivery(delivery, LOG_WARNING, "deposit-refused-for-now", word);
        if (r < 0)
                log_fault("deposit-not-handed-on", r);
        if (r && r != DRAIN_NEVER)
                return false;
        if (r == 0) {
                r = service_report(delivery->service, delivery->offer.delivery, delivery->offer.epoch,
                                   incarnation, outcome);
                if (r && r != SERVICE_STALE && r != SERVICE_CONFUSED)
                        return false;
                text_copy(text_from(service_complaint()), word, sizeof(word));
        }
        if (r)
                log_delivery(delivery, LOG_WARNING, "outcome-not-wanted", word);
        else
                log_delivery(delivery, LOG_NOTICE, "deposit-handed-on", "released here");
        (void)deposit_remove(delivery->deposits, delivery->offer.home_job);
        return true;
}

static void pin(const struct delivery *delivery, const struct courier_outcome *outcome)
{
        const struct courier_identity *known = &delivery->offer.order.identity, *seen = &outcome->seen;
        struct courier_identity more = { .uuid = "" };

        bool forwards = delivery->offer.order.forward.user[0];

        if ((outcome->result != COURIER_PRINTED && !(forwards && outcome->result == COURIER_SENT)) ||
            delivery->resumes)
                return;
        /* A server's queue is no device: its key is all that tells it from another. */
        if (!known->uuid[0] && !forwards)
                memcpy(more.uuid, seen->uuid, sizeof(more.uuid));
        if (!courier_identity_has_key(known))
                memcpy(more.fingerprint, seen->fingerprint, sizeof(more.fingerprint));
        if (more.uuid[0] || more.fingerprint[0])
                (void)service_pin(delivery->service, delivery->offer.printer, &more);
}

/* False where nobody hears it now: carried again later, it is only told. */
static bool settle(struct delivery *delivery, const struct courier_outcome *outcome)
{
        bool is_heard;

        /* Over a line that is dead every question takes its time, and the printer stands still meanwhile. */
        if (service_is_away(delivery->service))
                is_heard = false;
        else if (!delivery->offer.is_home)
                is_heard = report(delivery, outcome);
        else
                is_heard = delivery->offer.is_deposit ? report_deposit(delivery, outcome)
                                                      : report_home(delivery, outcome);
        if (is_heard)
                return true;
        delivery->resumes = delivery->is_parked = true;
        delivery->entry.delivery = delivery->offer.delivery;
        delivery->entry.stage = JOURNAL_OUTCOME;
        delivery->entry.outcome = *outcome;
        return false;
}

bool delivery_carry(struct delivery *delivery)
{
        struct courier_outcome outcome = { .result = COURIER_NOT_PRINTED };
        int r;

        r = delivery->resumes         ? resume(delivery, &outcome)
            : delivery->offer.is_home ? carry_home(delivery, &outcome)
                                      : carry(delivery, &outcome);
        if (r < 0)
                log_fault("delivery-failed", r);
        if (r == 0) {
                if (journal_outcome(delivery->journal, delivery->offer.delivery, &outcome) < 0)
                        log_delivery(delivery, LOG_ERROR, "outcome-not-journaled", outcome.reason);
                if (!delivery->is_parked && (!delivery->offer.is_home || !delivery->resumes))
                        tally_delivery(&outcome);
                if (!settle(delivery, &outcome))
                        return false;
                if (!delivery->offer.is_home)
                        pin(delivery, &outcome);
        }
        (void)journal_closed(delivery->journal, delivery->offer.delivery);
        return true;
}
