// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readers: which badge reader stands at which printer, and what an agent needs to know of it.
 *
 *   1. A swipe releases at the printer that the reader is bound to, and nowhere else.
 *   2. A reader is known by the agent it belongs to, its model and its address; without an address it stands
 * for any appliance of its model, which whoever reaches that port may claim to be. One that the agent dials
 * has an address.
 *   3. Which models an agent listens for is set for the tenant, and for an agent in its place. A model that
 * is switched off has no listener.
 */

#include "badge/profile.h"
#include "badge/reader.h"
#include "core/actor.h"

#define READER_ADDRESS 64

struct reader {
        struct id id;
        char name[CORE_NAME];
        struct id agent;
        enum reader_model model;
        char address[READER_ADDRESS]; /* of the appliance; empty: any that connects to the model's port */
        uint16_t dial_port;           /* the agent dials it there; 0: it dials the agent */
        struct id printer;
        bool newest_only; /* otherwise a swipe releases all held jobs */
        bool opens_panel; /* a swipe releases nothing: it signs in at the printer's panel (core/panel/panel.h)
                           */
        bool wants_pin;   /* a badge alone releases nothing (core/release/release.h) */
        bool has_feedback; /* otherwise it is spoken to as its model usually is */
        enum reader_feedback feedback;
        char profile[PROFILE_MAX]; /* how it writes numbers (badge/profile.h) */
        int64_t created_ms;
};

/* Fills id and created_ms. CORE_FORBIDDEN, CORE_BAD_VALUE, CORE_NOT_FOUND (agent, printer), CORE_TAKEN (name;
 * or that agent has one of that model and address). */
int reader_make(struct core *core, const struct actor *actor, struct reader *reader);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int reader_find(struct core *core, const struct actor *actor, struct id id, struct reader *ret);
/* Administrators all, those of sites what releases there, an agent its own. */
int reader_list(struct core *core, const struct actor *actor, struct id after, struct reader *ret, size_t max,
                size_t *ret_count);
/* Replaces all but id, agent and created_ms. As reader_make(), and CORE_NOT_FOUND. */
int reader_change(struct core *core, const struct actor *actor, const struct reader *reader);
int reader_delete(struct core *core, const struct actor *actor, struct id id);

/* An agent heard from an appliance that nobody has bound: an event, a few in an hour of one agent. */
int reader_unknown(struct core *core, const struct actor *agent, enum reader_model model,
                   struct text address);

struct reader_switch {
        bool is_on;
        uint16_t port; /* 0: as the agent's own settings say */
        bool is_own;   /* said for this agent, not for the tenant */
};

/* What is in force at an agent, or, agent zero, what the tenant says. By model. CORE_FORBIDDEN,
 * CORE_NOT_FOUND. */
int reader_switches_find(struct core *core, const struct actor *actor, struct id agent,
                         struct reader_switch ret[READER_MODELS]);
/* Says it, for those with is_own; the others have what stands above them: an agent's the tenant's, the
 * tenant's the default (all but "line" are on). As above. */
int reader_switches_change(struct core *core, const struct actor *actor, struct id agent,
                           const struct reader_switch switches[READER_MODELS]);
