// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The printers of the site, asked what they do and which paper is in them (courier/state.h), on behalf of the
 * service.
 *
 * The service says "printers" on the channel; a worker fetches which ones, asks them, and tells what they
 * said; with them come the names and passphrases by which they are asked by SNMP. Who holds a badge to a
 * reader wants to know it in a moment: its printer is asked then, too, where we know how, and was not asked
 * just now.
 */

#include "agent/credentials.h"
#include "agent/service.h"
#include "agent/settings.h"

struct printers;

/* Starts the workers, which live as long as the process. */
int printers_start(const struct agent_settings *settings, struct service *service,
                   struct credentials *credentials, struct printers **ret);
/* There may be questions. Does not block. */
void printers_wake(struct printers *printers);
/* Somebody stands at this printer. Does not block. */
void printers_refresh(struct printers *printers, struct id printer);
