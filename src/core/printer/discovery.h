// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * How an agent looks for printers: where, when, how fast, and what it shows to those that ask who is asking.
 *
 * Settings and credentials are JSON that the door has looked into. Credentials are sealed with the tenant's
 * field key and given to nobody but the agent, which keeps them in memory alone.
 */

#include "base/buffer.h"
#include "core/printer/discovery-run.h"

#define DISCOVERY_SETTINGS_OCTETS    16384
#define DISCOVERY_CREDENTIALS_OCTETS 8192
#define DISCOVERY_PRINTERS_MAX       10000 /* of one agent, that it is told to look at */

/* What is there; credentials NULL: not asked for. Empty where nothing was set. CORE_NOT_FOUND (also another
 * site's agent), CORE_FORBIDDEN. */
int discovery_find(struct core *core, const struct actor *actor, struct id agent, struct buffer *settings,
                   struct buffer *credentials);
/* credentials.at NULL: those that are there stay; writes: some of them are for writing. CORE_BAD_VALUE: too
 * long.
 */
int discovery_set(struct core *core, const struct actor *actor, struct id agent, struct text settings,
                  struct text credentials, bool writes);

/* For the agent itself. */
struct discovery_target {
        struct id printer;
        char address[SIGHTING_ADDRESS]; /* where it was seen last */
        char uuid[64], spki[65];
        bool counts; /* its counters of copies, scans and faxes are wanted */
};
/* Faults only; settings may be NULL. */
int discovery_of_agent(struct core *core, const struct actor *agent, struct buffer *settings,
                       struct buffer *credentials);
/* Printers of its site that were discovered, after an id, so many at a time; and what it is to begin. */
int discovery_targets(struct core *core, const struct actor *agent, struct discovery_target *ret, size_t max,
                      size_t *ret_count, struct discovery_run *ret_run);
