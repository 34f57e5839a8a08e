// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Badge and PIN: at a reader that wants both, a badge releases nothing and waits for its PIN.
 *
 *      badge shown  --->  WAITS, at most badge_wait_ms  --- its holder's PIN, told anywhere --->  a release
 *                              '--- another badge at that printer, or the time is over ---> nothing
 *
 *   1. A card's number is no secret: whoever copied the card has not the PIN.
 *   2. One badge waits at a printer, the last one shown. Its PIN is the one of its holder's account, guessed
 * at as core/sign-in/guess.h counts it, whoever tells it.
 *   3. The right PIN uses the waiting badge up, whatever is released then.
 */

#include "core/actor.h"
#include "core/sign-in/sign-in.h"

/* At a printer; the person's actor is who shows it. Faults only. */
int badge_wait_begin(struct core *core, const struct actor *person, struct id printer, struct id reader);

/* The PIN of whoever's badge waits there. CORE_WRONG_CREDENTIALS (also where none waits, after the same
 * work), CORE_LOCKED, CORE_BUSY. ret->actor.via is filled in before. */
int badge_wait_confirm(struct core *core, struct id tenant, struct id printer, struct text pin,
                       struct text source, struct sign_in *ret);
