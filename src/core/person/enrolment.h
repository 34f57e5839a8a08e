// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Enrolment: a badge that nobody knows is bound by the one who holds it, where the tenant allows it
 * (core/sign-in/admission.h).
 *
 *      an unknown badge at        its holder, signed in, says        the same badge at the
 *      printer X                  "the one at printer X"             same printer once more
 *         |                              |                                 |
 *         v        within 5 minutes      v        within 60 seconds        v
 *       SHOWN ----------------------> CLAIMED --------------------------> BOUND
 *         '------------------------------'--> CANCELLED, or its time is over: from the beginning again
 *
 * A badge bound to the wrong person would release that person's documents into other hands. So:
 *
 *   1. It is bound only to who is signed in, who names the printer, and at which exactly one unknown badge
 * was shown in the last minutes. Two different ones there, and nobody can claim any until their time is over.
 *   2. The claim picks out that badge before it is shown again; another unknown badge at that printer
 * meanwhile, or a second person's claim, cancels everything there. Whoever slips his own card in between
 * gains nothing, and the other learns of it.
 *   3. A badge of somebody's, also of a disabled person's, is never unknown.
 *   4. Claims are counted, 20 an hour a person; unknown badges are, at each reader (core/sign-in/guess.h).
 * Every step is an event, and the owner sees the badge with the last digits of its number among his.
 */

#include "core/person/badge.h"

#define ENROLMENT_SHOWN_MS   (5 * 60000)
#define ENROLMENT_CLAIMED_MS 60000

enum enrolment_state {
        ENROLMENT_SHOWN,
        ENROLMENT_CLAIMED,
        ENROLMENT_BOUND,
        ENROLMENT_CANCELLED,
};
/* "shown", "show-again", "bound", "cancelled". */
const char *enrolment_state_name(enum enrolment_state state);

struct enrolment {
        struct id id;
        struct id printer;
        char tail[BADGE_TAIL]; /* of the number: the holder may compare it with the card */
        enum enrolment_state state;
        int64_t expires_ms;
};

/* The badge just shown at that printer is mine. CORE_FORBIDDEN (not allowed here, or not a person),
 * CORE_NOT_FOUND (nothing was shown there), CORE_AMBIGUOUS (truths 1 and 2), CORE_LOCKED. The same person
 * again gets the same one. */
int enrolment_claim(struct core *core, const struct actor *actor, struct id printer, struct enrolment *ret);
/* One's own. CORE_NOT_FOUND. */
int enrolment_find(struct core *core, const struct actor *actor, struct id id, struct enrolment *ret);

/* An agent tells of a badge that nobody has. *ret_state: SHOWN (it can be claimed now), BOUND (it has just
 * been); CANCELLED for everything else, as where the tenant does not allow it. Faults only. */
int enrolment_shown(struct core *core, const struct actor *agent, struct id reader, struct id printer,
                    const struct badge_number *number, enum enrolment_state *ret_state);
