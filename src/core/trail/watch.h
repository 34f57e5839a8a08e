// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What is written down although it changes nothing: who came, who looked at what is not his, who was refused.
 *
 *   1. The same person who comes the same way again, or looks at the same thing again, is written down once
 * in a quarter of an hour (watch_again_ms): a program that shows its token with every request, or looks every
 * second how a job fares, does not fill the trail.
 *   2. Refusals cannot fill the disk. Of one source at most 10 a minute are written one by one, of one tenant
 *      at most 100; the others are counted, and one event a minute says how many ("refusals-counted").
 *   3. A look that cannot be written down is not granted: the fault goes to whoever looked.
 *
 * Memory is bounded whatever comes: old entries give way, which at worst writes an event once more.
 */

#include "core/actor.h"

/* Whoever has just proved who he is: "signed-in", with "method=…" (our own word). */
int watch_sign_in(struct core *core, const struct actor *actor, const char *method);
/* The same has just been written by somebody else in a transaction of his. */
void watch_signed_in(struct core *core, const struct actor *actor, const char *method);

/* The actor looks at something of somebody else's, or at who has looked: kind is the event ("looked",
 * "job-viewed"), words its detail, subject the thing or the person. */
int watch_look(struct core *core, const struct actor *actor, const char *kind, const char *words,
               struct id subject);

/* Whether one more refusal in this tenant (zero: of no tenant), from who's source, is written by itself; if
 * not, it has been counted. */
bool watch_may_note(struct core *core, struct id tenant, const struct actor *who);
/* The actor was refused what he asked for: "refused" with "right=… reason=…", our own words. Of whoever
 * belongs to no tenant the log is told. */
int watch_refusal(struct core *core, const struct actor *actor, const char *right, const char *reason);

/* Says how many refusals were only counted, where a minute is over; the sweeper calls it. */
int watch_sweep(struct core *core, int64_t now);
