// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Swipes: turns what a badge reader sends into offers to carry.
 *
 *   1. A card from an appliance nobody has bound releases nothing.
 *   2. A card's number is told to the service and to nobody else: not to the log, not to a disk.
 *   3. Connections and frames have limits, a flood costs only whoever sends it.
 *
 * A thread for each port, one for each connection and one for each reader that we dial: between the card and
 * the service nobody is waited for.
 */

#include <stdatomic.h>

#include "agent/carrier.h"
#include "agent/journal.h"
#include "agent/offline.h"
#include "agent/printers.h"
#include "agent/readers.h"
#include "agent/service.h"
#include "agent/settings.h"
#include "agent/strangers.h"

/* What the log is told at most once a second of each. */
enum swipes_complaint {
        SWIPES_TOO_MANY,
        SWIPES_TOO_FAST,
        SWIPES_UNKNOWN,
        SWIPES_MALFORMED,
        SWIPES_COMPLAINTS
};

struct swipes {
        const struct agent_settings *settings;
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
        struct readers *readers;
        struct printers *printers;
        struct strangers *strangers;
        struct offline *offline;
        atomic_int_fast64_t complained_ms[SWIPES_COMPLAINTS]; /* its own */
};

bool swipes_may_complain(struct swipes *swipes, enum swipes_complaint complaint);

/* Nobody has bound it: the log is told, and the service. */
void swipes_tell_unknown(struct swipes *swipes, const struct reader_peer *peer);

/* What came from an appliance. */
struct swipe_frame {
        struct text octets;
        struct reader_peer peer;
        bool may_be_version; /* it was asked for its version: what is no card is that */
};

enum swipe_refusal {
        SWIPE_SILENTLY = 1, /* nothing to be shown: the reader's own talk, or the card still rests there */
        SWIPE_TOO_OFTEN,    /* hang up */
};

/* Until the service has answered, for as long as a person waits. On 0 *ret_sign is shown in *feedback, which
 * becomes what the reader's binding says now. */
int swipes_take(struct swipes *swipes, const struct swipe_frame *frame, enum reader_feedback *feedback,
                enum reader_sign *ret_sign);

/* ---- which ports are open, and which readers are dialled (agent/listeners.h, agent/dialler.h) ---- */

enum swipes_refusal {
        SWIPES_BAD_ADDRESS = 1, /* [readers] listen is no address of this machine */
        SWIPES_IN_USE,          /* a port is taken */
};

/*
 * Becomes what the readers' configuration says: opens and closes ports, dials and hangs up, at once. What
 * cannot be opened is tried again every few seconds; *ret_port is the first such one, and the refusal is
 * about it. swipes must live on. is_on false: all of it ends.
 */
int swipes_apply(struct swipes *swipes, bool is_on, uint16_t *ret_port);
