// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Looks for printers and asks them for their data (discovery/scan.h), as the configuration's member
 * "discovery" says: where, when, how fast; by the names and passphrases of its secrets, which are in memory
 * alone; or at once, where somebody wants a run. What it sees goes to the service as it is seen, with how far
 * it has come.
 *
 * Switched off, it asks nobody from that moment on. Without a line to the service it waits: what nobody can
 * be told is not asked for.
 */

#include "agent/configuration.h"
#include "agent/service.h"
#include "discovery/order.h"

struct discovery;

/* Starts its thread, which lives as long as the process. directory: the state folder, in which it notes when
 * it did what, so that a start does not do it again. */
int discovery_start(struct service *service, int directory, struct discovery **ret);
/* Somebody may want a run. Does not block. */
void discovery_wake(struct discovery *discovery);
/* How it looks now; false while it is switched off. */
bool discovery_order(struct discovery *discovery, struct order *ret);
/* A configuration_part of the name "discovery"; context is the struct discovery. */
int discovery_apply(void *context, const struct configuration_member *member);
