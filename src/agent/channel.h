// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The agent's end of the channel (outpost/stream.h): what it says before it listens, and what it does when it
 * hears something.
 */

#include "agent/carrier.h"
#include "agent/configuration.h"
#include "agent/directory.h"
#include "agent/discovery.h"
#include "agent/journal.h"
#include "agent/printers.h"
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
        struct drain *drain;
        bool introduced; /* the channel's own, as is the next */
        struct stream stream;
};

/* Runs in a thread of its own from here on; parts must live on. */
int channel_start(struct channel_parts *parts);
