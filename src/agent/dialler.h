// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Dialler: connections to readers that listen, one for each that the configuration names with a port. A
 * thread of its own dials each, again and again: after a second, then after twice as long, at most a minute;
 * sooner or later by up to a quarter, so that a hundred of them do not come at once. For agent/swipes.c.
 */

#include "agent/swipes.h"

/* Begins with those that are new, hangs up on those that are gone or another now. Calls come one at a time.
 */
void dialler_apply(struct swipes *swipes, bool is_on);

/* How many are to be dialled. */
unsigned dialler_count(void);
