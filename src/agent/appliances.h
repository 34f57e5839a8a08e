// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Appliances: the badge readers that are connected, whoever dialled whom.
 *
 *   1. An appliance costs a thread and a few kilobytes, whatever it sends and however slowly; a frame that
 * has not ended after some seconds is dropped.
 *   2. Whoever comes too often is hung up on, and not somebody else: of one address the connection that is
 * there the longest gives way to a new one (an appliance that lost power has left one behind); of appliances
 * that nobody has bound there are a few, for a while. How many, and how long, is in [readers] of the
 * settings.
 *   3. Where all places are taken, the one gives way that has been silent the longest among those that any
 *      address may claim to be; one whose address is bound stays.
 */

#include <netinet/in.h>

#include "agent/swipes.h"

/* A socket of an appliance, and who it is. Its parts are copied. */
struct appliance_call {
        struct swipes *swipes;
        struct reader_peer peer;
        int fd; /* taken over in any case */
};

/* In a thread of its own. */
void appliances_take(const struct appliance_call *call);
/* In this thread, until it is over. */
void appliances_serve(const struct appliance_call *call);

/* Hangs up on those of which answer is true; their threads end by themselves. */
void appliances_hang_up(bool (*answer)(const void *context, const struct reader_peer *peer),
                        const void *context);
/* From now on nobody is taken, or is again. */
void appliances_open(bool open);

struct appliances_count {
        unsigned dialled, dialling_us, unknown;
};
struct appliances_count appliances_count(void);
