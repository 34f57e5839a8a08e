// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Listeners: the ports that readers dial, one for each model that is switched on. For agent/swipes.c. */

#include "agent/swipes.h"

/* Opens what is to be open and closes the rest, at once; who is connected to what closes is hung up on. What
 * could not be opened is tried again every few seconds. Calls come one at a time. */
int listeners_apply(struct swipes *swipes, bool is_on, uint16_t *ret_port);

/* The ports that are open, by model; 0: closed. */
void listeners_ports(uint16_t ret[READER_MODELS]);
