// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Badges and places: one badge that is shown at two sites within a minute (badge_two_sites_ms) was copied, or
 * one of two readers is not where we think. It is an event of its own, and the tenant says whether it
 * releases anything then (struct tenant, refuses_two_sites). What was released at the first place cannot be
 * taken back.
 *
 * A swipe's site is its printer's, or else its agent's; without one nothing is known of the place.
 */

#include "core/actor.h"

struct db_tx;

struct badge_place {
        struct id badge, site;
        struct id before_site; /* where it was seen last, and when; zero: never */
        int64_t before_ms;
        struct id agent, printer; /* of the reader */
        int64_t now_ms;
};

/* Whether it cannot be here by right. */
bool badge_place_is_strange(const struct core *core, const struct badge_place *place);
/* That it is strange, as an event of its holder; and that it is here now. */
int badge_place_tell(struct core *core, const struct actor *holder, const struct badge_place *place);
/* That it is here now, and was used. */
int badge_place_keep(struct db_tx *tx, struct id tenant, const struct badge_place *place);
/* The same without a transaction of somebody's, where its place would not be news. */
int badge_place_note(struct core *core, struct id tenant, const struct badge_place *place);
