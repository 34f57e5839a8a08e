// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/swipes.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "agent/appliances.h"
#include "agent/dialler.h"
#include "agent/listeners.h"
#include "agent/tally.h"
#include "badge/card.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define CONFIGURATION_MS 5000
#define TRIES_MS         4000 /* a person waits at the reader */
#define TRY_AGAIN_MS     100
#define OFFERS_MAX       64

bool swipes_may_complain(struct swipes *swipes, enum swipes_complaint complaint)
{
        int_fast64_t now_ms = clock_monotonic_ms(), last_ms = atomic_load(&swipes->complained_ms[complaint]);

        return (!last_ms || now_ms - last_ms >= 1000) &&
               atomic_compare_exchange_strong(&swipes->complained_ms[complaint], &last_ms, now_ms);
}

void swipes_tell_unknown(struct swipes *swipes, const struct reader_peer *peer)
{
        if (swipes_may_complain(swipes, SWIPES_UNKNOWN))
                log_write(LOG_WARNING, "reader-unknown", "model", reader_model_name(peer->model), "address",
                          peer->address, NULL);
        strangers_note(swipes->strangers, peer->model, peer->address);
}

/*
 * Asks until the service answers, for as long as a person waits at the reader, and not longer: what is
 * released after he has gone lies in the tray for everybody. Tried again it is the same swipe, which is
 * released once.
 */
static int ask(struct swipes *swipes, const struct swipe *swipe, struct offer *offers, enum swipe_result *ret,
               size_t *ret_count)
{
        int64_t until_ms = clock_monotonic_ms() + TRIES_MS;
        int r;

        for (;;) {
                size_t room = carrier_room(swipes->carrier);

                r = service_swipe(swipes->service, journal_incarnation(swipes->journal), swipe, ret, offers,
                                  room < OFFERS_MAX ? room : OFFERS_MAX, ret_count);
                if ((r != SERVICE_UNREACHABLE && r != SERVICE_SILENT && r != SERVICE_BUSY) ||
                    clock_monotonic_ms() >= until_ms)
                        return r;
                (void)poll(NULL, 0, TRY_AGAIN_MS);
        }
}

static const struct {
        const char *event;
        enum reader_sign sign;
} results[] = {
        [SWIPE_RELEASED] = { "swipe-released", READER_ACCEPTED },
        [SWIPE_NOTHING_HELD] = { "swipe-nothing-held", READER_REFUSED },
        [SWIPE_UNKNOWN_BADGE] = { "swipe-unknown-badge", READER_UNKNOWN },
        [SWIPE_ENROL] = { "swipe-enrol", READER_UNKNOWN },
        [SWIPE_BOUND] = { "swipe-bound", READER_ACCEPTED },
        [SWIPE_PANEL] = { "swipe-panel", READER_ACCEPTED },
        [SWIPE_PIN] = { "swipe-pin-wanted", READER_PIN },
        [SWIPE_REFUSED] = { "swipe-refused", READER_REFUSED },
};

/* Without a line: what is at home here. Where a PIN is wanted, only the service can say that it is the right
 * one. */
static enum reader_sign release_offline(struct swipes *swipes, const struct reader_binding *reader,
                                        const char *number)
{
        char id[ID_STRING], jobs[16];
        const char *why = reader->opens_panel ? "panel" : "pin-wanted";
        size_t count = 0;
        int r = OFFLINE_REFUSED;

        if (!reader->wants_pin && !reader->opens_panel)
                r = offline_release(swipes->offline, number, reader->printer, reader->newest_only, &count,
                                    &why);
        id_format(reader->id, id);
        snprintf(jobs, sizeof(jobs), "%zu", count);
        if (r == 0)
                log_write(LOG_NOTICE, "swipe-released-offline", "reader", id, "jobs", jobs, NULL);
        else if (r > 0)
                log_write(LOG_NOTICE, "swipe-refused-offline", "reader", id, "why", why, NULL);
        else
                log_fault("swipe-failed", r);
        return r == 0 ? READER_ACCEPTED : READER_REFUSED;
}

static enum reader_sign release(struct swipes *swipes, const struct reader_binding *reader,
                                const char *number)
{
        SCOPED(freep) struct offer *offers = calloc(OFFERS_MAX, sizeof(*offers));
        struct swipe swipe = { .id = id_new(), .reader = reader->id, .badge = number };
        enum swipe_result result = SWIPE_REFUSED;
        char id[ID_STRING];
        int64_t came_ms = clock_monotonic_ms();
        size_t count = 0;
        int r;

        if (offline_is_down(swipes->offline))
                return release_offline(swipes, reader, number);
        printers_refresh(swipes->printers, reader->printer);
        r = offers ? ask(swipes, &swipe, offers, &result, &count) : fault(-ENOMEM);
        if ((r == SERVICE_UNREACHABLE || r == SERVICE_SILENT) && offline_is_on(swipes->offline) &&
            clock_monotonic_ms() - came_ms < 2 * TRIES_MS) {
                offline_wake(swipes->offline);
                return release_offline(swipes, reader, number);
        }
        if (r == 0)
                carrier_carry(swipes->carrier, offers, count);
        /* Released, but nothing that we could carry at once: converted first, or behind another. */
        if (r == 0 && result == SWIPE_RELEASED && count == 0)
                carrier_wake(swipes->carrier);
        id_format(reader->id, id);
        if (r == 0 && result == SWIPE_UNKNOWN_BADGE)
                tally_badge_unknown();
        if (r == 0)
                log_write(LOG_NOTICE, results[result].event, "reader", id, NULL);
        else if (r > 0)
                log_write(LOG_WARNING, "swipe-not-answered", "reader", id, "why", service_complaint(), NULL);
        else
                log_fault("swipe-failed", r);
        return r == 0 ? results[result].sign : READER_REFUSED;
}

/* A frame of a reader that somebody has bound. */
static int take_of(struct swipes *swipes, const struct reader_binding *reader,
                   const struct swipe_frame *frame, enum reader_sign *ret_sign)
{
        struct card card;
        int r = card_parse(frame->octets, &reader->profile, &card);

        if (r == CARD_IS_TALK || r == CARD_IS_ABSENT || (r && frame->may_be_version))
                return SWIPE_SILENTLY;
        if (r) {
                if (swipes_may_complain(swipes, SWIPES_MALFORMED))
                        log_write(LOG_WARNING, "card-malformed", "model", reader_model_name(reader->model),
                                  "address", frame->peer.address, NULL);
                *ret_sign = READER_UNKNOWN;
                return 0;
        }
        r = SWIPE_SILENTLY;
        if (!readers_is_repeated(swipes->readers, &frame->peer, card.number, swipes->settings->repeat_ms)) {
                *ret_sign = release(swipes, reader, card.number);
                r = 0;
        }
        explicit_bzero(&card, sizeof(card));
        return r;
}

/* An answer to a question for a card that is not there is asked for several times a second. */
static bool is_idle_talk(struct text octets)
{
        static const struct card_profile profile;
        struct card card;
        int r = card_parse(octets, &profile, &card);

        explicit_bzero(&card, sizeof(card));
        return r == CARD_IS_TALK || r == CARD_IS_ABSENT;
}

int swipes_take(struct swipes *swipes, const struct swipe_frame *frame, enum reader_feedback *feedback,
                enum reader_sign *ret_sign)
{
        struct reader_binding reader;

        if (is_idle_talk(frame->octets))
                return SWIPE_SILENTLY;
        if (!readers_may_send(swipes->readers, &frame->peer, swipes->settings->rate)) {
                if (swipes_may_complain(swipes, SWIPES_TOO_FAST))
                        log_write(LOG_WARNING, "reader-too-fast", "address", frame->peer.address, NULL);
                return SWIPE_TOO_OFTEN;
        }
        if (readers_find(swipes->readers, &frame->peer, CONFIGURATION_MS, &reader) != 0) {
                swipes_tell_unknown(swipes, &frame->peer);
                *ret_sign = READER_UNKNOWN;
                return 0;
        }
        *feedback = reader.feedback;
        return take_of(swipes, &reader, frame, ret_sign);
}

int swipes_apply(struct swipes *swipes, bool is_on, uint16_t *ret_port)
{
        int r;

        appliances_open(is_on);
        r = listeners_apply(swipes, is_on, ret_port);
        dialler_apply(swipes, is_on);
        return r;
}
