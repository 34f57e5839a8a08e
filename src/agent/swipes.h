// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Swipes: listens where badge readers dial, and turns a card into offers to carry.
 *
 *   1. A card from an appliance nobody has bound releases nothing.
 *   2. A card's number is told to the service and to nobody else: not to the log, not to a disk.
 *   3. Connections and frames have limits, a flood costs only whoever sends it.
 *
 * A thread for each port, and one for each connection: between the card and the service nobody is waited for.
 */

#include "agent/carrier.h"
#include "agent/journal.h"
#include "agent/printers.h"
#include "agent/readers.h"
#include "agent/service.h"
#include "agent/settings.h"

struct swipes {
        const struct agent_settings *settings;
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
        struct readers *readers;
        struct printers *printers;
};

enum swipes_refusal {
        SWIPES_BAD_ADDRESS = 1, /* [readers] listen is no address of this machine */
        SWIPES_IN_USE,          /* a port is taken */
};

/* Listens on every port that is not off; swipes must live on. ret_port: the one a refusal is about. Nothing
 * where it listens already. */
int swipes_start(struct swipes *swipes, uint16_t *ret_port);
/* Listens no more, and hangs up on the readers that are connected. swipes_start() begins again. */
void swipes_stop(struct swipes *swipes);
