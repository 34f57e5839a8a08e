// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/delivery.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/scope.h"
#include "courier/attempt.h"

#define FEED_MAX ((size_t)4 * 1024 * 1024)

const struct courier_limits courier_limits_default = {
        .connect_ms = 5000,
        .answer_ms = 30000,
        .stall_ms = 1800000,
        .echo_ms = 2000,
};

bool courier_identity_has_key(const struct courier_identity *identity)
{
        return identity->fingerprint[0] || identity->is_issued;
}

bool courier_identity_accepts(const struct courier_identity *identity, const char *fingerprint)
{
        struct text seen = text_from(fingerprint);

        if (!courier_identity_has_key(identity))
                return true;
        if (identity->fingerprint[0] && text_equal_nocase(text_from(identity->fingerprint), seen))
                return true;
        for (size_t i = 0; i < identity->issued_count; i++)
                if (identity->issued[i][0] && text_equal_nocase(text_from(identity->issued[i]), seen))
                        return true;
        return false;
}

const char *courier_result_name(enum courier_result result)
{
        static const char *const names[] = { "printed", "sent", "not-printed", "uncertain" };

        return names[result];
}

void attempt_settle(struct attempt *attempt, enum courier_result result, const char *reason)
{
        attempt->outcome->result = result;
        attempt->outcome->may_retry = false;
        snprintf(attempt->outcome->reason, sizeof(attempt->outcome->reason), "%s", reason);
}

void attempt_not_printed(struct attempt *attempt, const char *reason, bool may_retry)
{
        attempt_settle(attempt, COURIER_NOT_PRINTED, reason);
        attempt->outcome->may_retry = may_retry;
}

void attempt_uncertain(struct attempt *attempt, const char *reason)
{
        attempt_settle(attempt, COURIER_UNCERTAIN, reason);
}

const char *attempt_job_name(const struct attempt *attempt)
{
        const struct courier_order *order = attempt->order;

        return order->forward.user[0] && order->forward.title[0] ? order->forward.title : order->name;
}

const char *attempt_wire_reason(int refusal)
{
        switch (refusal) {
        case WIRE_NO_ADDRESS: return "no-address";
        case WIRE_REFUSED: return "connect-refused";
        case WIRE_TIMEOUT: return "timeout";
        case WIRE_NO_TLS: return "tls-failed";
        case WIRE_CLOSED: return "closed-by-printer";
        case WIRE_BROKEN: return "connection-broken";
        default: return "fault";
        }
}

void attempt_progress(const struct attempt *attempt, const char *reason, uint32_t pages)
{
        if (attempt->observer->progress)
                attempt->observer->progress(attempt->observer->context, text_from(reason), pages);
}

void attempt_feed_init(struct attempt_feed *feed, const struct courier_source *source)
{
        *feed = (struct attempt_feed){ .source = source };
        buffer_init(&feed->piece, FEED_MAX);
        pjl_filter_init(&feed->filter);
}

void attempt_feed_done(struct attempt_feed *feed)
{
        if (feed->piece.at)
                explicit_bzero(feed->piece.at, feed->piece.size);
        buffer_done(&feed->piece);
}

/* A piece may be filtered away entirely, so that one pull is not always enough. */
int attempt_feed_peek(struct attempt_feed *feed, struct text *ret)
{
        while (feed->at == feed->piece.len && !feed->ended) {
                struct text plain = { "", 0 };
                int r = feed->source->pull(feed->source->context, &plain);

                if (r)
                        return r;
                buffer_clear(&feed->piece);
                feed->at = 0;
                feed->ended = plain.len == 0;
                if (feed->ended)
                        pjl_filter_finish(&feed->filter, &feed->piece);
                else
                        pjl_filter_push(&feed->filter, plain, &feed->piece);
                if (feed->piece.failure)
                        return feed->piece.failure;
        }
        *ret = (struct text){ feed->piece.at + feed->at, feed->piece.len - feed->at };
        return 0;
}

void attempt_feed_take(struct attempt_feed *feed, size_t len)
{
        feed->at += len;
}

static void deliver_at(struct attempt *attempt)
{
        switch (attempt->address->scheme) {
        case ADDRESS_IPPS:
        case ADDRESS_IPP: ipp_deliver(attempt); break;
        case ADDRESS_RAW: raw_deliver(attempt); break;
        case ADDRESS_LPD: lpr_deliver(attempt); break;
        }
}

/* Whether the next address may be tried, from its first octet. */
static bool may_go_on(const struct attempt *attempt)
{
        return attempt->outcome->result == COURIER_NOT_PRINTED && attempt->outcome->may_retry &&
               !attempt->is_final && attempt->source->rewind(attempt->source->context) == 0;
}

/* Only IPPS is encrypted: who reads of the delivery is to know. */
static void note_attempt(const struct attempt *attempt)
{
        snprintf(attempt->outcome->by, sizeof(attempt->outcome->by), "%s",
                 address_scheme_name(attempt->address->scheme));
        log_write(LOG_NOTICE, "delivery-attempt", "name", attempt->order->name, "by",
                  address_scheme_name(attempt->address->scheme), "result",
                  courier_result_name(attempt->outcome->result), "reason", attempt->outcome->reason, NULL);
}

void courier_deliver(const struct courier_order *order, const struct courier_source *source,
                     const struct courier_observer *observer, struct courier_outcome *ret)
{
        struct attempt attempt = {
                .order = order,
                .source = source,
                .observer = observer,
                .outcome = ret,
        };

        *ret = (struct courier_outcome){ .result = COURIER_NOT_PRINTED };
        attempt_not_printed(&attempt, "no-address", true);
        for (int scheme = ADDRESS_IPPS; scheme <= ADDRESS_LPD; scheme++)
                for (size_t i = 0; i < order->address_count; i++) {
                        if ((int)order->addresses[i].scheme != scheme)
                                continue;
                        attempt.address = &order->addresses[i];
                        deliver_at(&attempt);
                        note_attempt(&attempt);
                        if (!may_go_on(&attempt))
                                return;
                }
}

void courier_ask(const struct courier_order *order, const struct courier_trace *trace,
                 const struct courier_observer *observer, struct courier_outcome *ret)
{
        struct attempt attempt = {
                .order = order,
                .observer = observer,
                .address = &trace->address,
                .outcome = ret,
        };

        *ret = (struct courier_outcome){ .result = COURIER_UNCERTAIN };
        if (trace->address.scheme == ADDRESS_IPPS || trace->address.scheme == ADDRESS_IPP)
                ipp_ask(&attempt, trace);
        else
                attempt_uncertain(&attempt, "interrupted");
        note_attempt(&attempt);
}
