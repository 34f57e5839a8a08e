// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The pulse: while something is under way the service hears from us every few seconds, so that it may take a
 * silence for our end and let others go on. Who has nothing in hand says nothing.
 */

#include "agent/carrier.h"
#include "agent/service.h"

struct pulse {
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
};

/* In a thread of its own; *pulse must live on. */
int pulse_start(struct pulse *pulse);
