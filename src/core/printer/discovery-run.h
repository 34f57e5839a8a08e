// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Runs: an agent looks through its networks once. Wanted by an administrator, or begun by the agent when its
 * schedule says so, which then makes the id.
 *
 *      WANTED -> GOING -> DONE | STOPPED | OUTSIDE-HOURS
 *
 * Of each agent the last RUNS_KEPT are kept.
 */

#include "core/printer/sighting.h"

#define DISCOVERY_RUNS_KEPT 20

struct discovery_run {
        struct id id;
        struct id agent;
        enum discovery_purpose purpose;
        enum discovery_outcome state;
        struct discovery_progress progress;
        int64_t created_ms, told_ms, ended_ms; /* 0: not yet */
};

/* CORE_NOT_FOUND (no such agent, or of another site), CORE_FORBIDDEN, CORE_TAKEN (one of this purpose is
 * wanted or going). */
int discovery_run_make(struct core *core, const struct actor *actor, struct id agent,
                       enum discovery_purpose purpose, struct discovery_run *ret);
/* Newest first. */
int discovery_run_list(struct core *core, const struct actor *actor, struct id agent,
                       struct discovery_run *ret, size_t max, size_t *ret_count);
/* What is wanted or going is stopped: its agent hears so when it tells next. CORE_NOT_FOUND. */
int discovery_run_stop(struct core *core, const struct actor *actor, struct id run);

struct db_tx;
struct teller;
/* In the transaction of what was told. CORE_STALE: it is over. */
int discovery_run_told(struct db_tx *tx, const struct teller *teller, const struct sightings *sightings);
/* What that agent is to begin; zero: nothing. */
int discovery_run_next(struct db_tx *tx, struct id tenant, struct id agent, struct discovery_run *ret);
