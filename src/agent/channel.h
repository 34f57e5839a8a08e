// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The agent's end of the channel (outpost/stream.h): what it says before it listens, and what it does when it
 * hears something.
 */

#include <stdatomic.h>

#include "agent/carrier.h"
#include "agent/keeping.h"
#include "agent/configuration.h"
#include "agent/configure.h"
#include "agent/directory.h"
#include "agent/discovery.h"
#include "agent/journal.h"
#include "agent/offline.h"
#include "agent/printers.h"
#include "agent/readiness.h"
#include "agent/service.h"
#include "outpost/stream.h"
#include "relay/drain.h"

struct channel_parts {
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
        struct configuration *configuration;
        struct directory *directory;
        struct discovery *discovery;
        struct printers *printers;
        struct readiness *readiness;
        struct configurer *configurer;
        struct drain *drain;
        struct offline *offline;
        struct drain *staying; /* of what stays here */
        struct keeping *keeping;
        bool introduced; /* the channel's own, as are the next */
        uint64_t starts; /* the number of this start, once introduced */
        atomic_bool is_superseded;
        struct stream stream;
};

#define CHANNEL_STATE 640
/* "connected", or not and why, for people. */
void channel_state(struct channel_parts *parts, char ret[CHANNEL_STATE]);

/* Another machine that has our key has started after us: nothing is carried here until we start again. */
bool channel_is_superseded(struct channel_parts *parts);

/* Runs in a thread of its own from here on; parts must live on. */
int channel_start(struct channel_parts *parts);
