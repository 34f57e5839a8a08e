// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Channel: asks one printer by IPP (RFC 8010 over HTTP/1.1), with the connection kept between questions.
 *
 *      struct ipp_builder b = channel_begin(&channel, IPP_GET_JOB_ATTRIBUTES);
 *      ipp_add_integer(&b, "job-id", 17);
 *      r = channel_ask(&channel, &b, &answer);
 *
 * Every new connection compares the printer's key before it is used. A question on a kept connection that the
 * printer had closed meanwhile is asked once more on a new one; a document is never sent twice.
 */

#include "base/arena.h"
#include "courier/attempt.h"
#include "ipp/build.h"
#include "ipp/message.h"

enum channel_refusal {
        CHANNEL_CLOSED = 1, /* no connection, or it broke: channel.reason */
        CHANNEL_OTHER_KEY,  /* the printer's key is none of those it may have */
        CHANNEL_STALLED,    /* no answer, or no progress, in time */
        CHANNEL_NO_IPP,     /* an answer that is no IPP: channel.reason */
        CHANNEL_UNREADABLE, /* the document could not be had from its source */
};

struct channel {
        const struct courier_address *address;
        const struct courier_limits *limits;
        const struct courier_identity *wanted;
        struct courier_identity seen;
        struct wire *wire;
        struct arena *arena; /* of the question and its answer */
        struct buffer answer;
        int32_t request_id;
        int64_t until_ms; /* of clock_monotonic_ms(): every answer has to be there by then; 0: no such time */
        const char *reason;

        /* Of the last channel_send(). */
        bool document_began;   /* octets of it were given to the connection */
        bool document_arrived; /* all of them, and the other end has acknowledged every one */
        uint64_t octets_acked;

        /* Called now and then while a document makes no progress; may be NULL. */
        void (*on_quiet)(void *context);
        void *context;
};

void channel_init(struct channel *channel, const struct attempt *attempt);
void channel_done(struct channel *channel);

/* A question with charset, language, printer-uri and requesting-user-name; the last answer is gone. */
struct ipp_builder channel_begin(struct channel *channel, uint16_t operation);

/* Asks, and parses the answer into *ret, which lives until the next channel_begin(). Connects where needed.
 */
int channel_ask(struct channel *channel, struct ipp_builder *question, struct ipp_message *ret);

/* The same with the document behind the question; limited by stall_ms without progress. */
int channel_send(struct channel *channel, struct ipp_builder *question, struct attempt_feed *feed,
                 struct ipp_message *ret);
