// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The channel: one idle stream on which the service says that something has changed. What it says is only a
 * nudge; the agent then asks. A stream that breaks is opened again, with patience.
 */

#include "agent/carrier.h"
#include "agent/directory.h"
#include "agent/journal.h"
#include "agent/readers.h"
#include "agent/service.h"

struct channel_parts {
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
        struct readers *readers;
        struct directory *directory;
        bool introduced; /* the channel's own */
};

/* Runs in a thread of its own from here on; parts must live on. */
int channel_start(struct channel_parts *parts);
