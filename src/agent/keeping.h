// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Keeps what stays here (relay/stays.h) as the service says: at each start, when the line is back, when it is
 * woken, and now and then.
 *
 *      what is over at the service                is removed, durably, and then the service hears that it is
 *      what the service counts on and is not here is told to it as lost
 *      what the service does not know of          is removed: no client has heard yes to it
 *
 * What somebody is at (taken) is left alone, and so is what waits to be handed on.
 */

#include "agent/service.h"

struct channel_parts;
struct keeping;
struct stays;

/* every_ms: how often without being woken. */
int keeping_new(struct service *service, struct stays *stays, struct channel_parts *channel, int64_t every_ms,
                struct keeping **ret);
int keeping_start(struct keeping *keeping);
/* Does not block. */
void keeping_wake(struct keeping *keeping);
