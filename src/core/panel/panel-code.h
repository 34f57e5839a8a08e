// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The code that a panel shows, as letters and in a QR code; and the guest that it lets in.
 *
 *      minute 1        minute 2        minute 3 ... 10            later
 *      shown, good --> good still -->  CORE_CODE_OLD (scan again)  CORE_NOT_FOUND
 *
 *   1. A code is eight consonants (34 bits) of an HMAC over the panel and the minute, under a key that only
 *      this process has: nothing is stored, and a restart makes those on the screens worthless.
 *   2. Each try counts as a guess of whoever is signed in and tries (core/sign-in/guess.h): twenty in an
 * hour.
 *   3. It shows that somebody is there, and is worth no more: he must be signed in to use it, and comes in as
 *      himself. docs/decisions/0051-a-code-of-the-minute.md has the figures.
 */

#include "core/panel/panel.h"

#define PANEL_CODE      10 /* "WDJB-MJHT", NUL */
#define PANEL_CODE_MS   60000
#define PANEL_GUEST_WAY 16

/* What the panel shows now, and how long it is shown. Faults only. */
int panel_code_make(struct core *core, const struct panel_place *place, int64_t now_ms, char ret[PANEL_CODE],
                    int64_t *ret_left_ms);

/* Whether it is, or was some minutes ago, a panel's of his tenant: not counted, and so told to nobody; it
 * says who is to be asked. Faults only. */
int panel_code_is_known(struct core *core, const struct actor *actor, struct text code, bool *ret);
/* Whose code that is, of the actor's tenant. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_LOCKED, CORE_CODE_OLD. */
int panel_code_look(struct core *core, const struct actor *actor, struct text code, struct panel_place *ret);

/* The actor, who typed it elsewhere, shall be signed in at that panel: as above, and CORE_BUSY (somebody is
 * there). Its page takes him over; core_parts.wake_panel. */
int panel_invite(struct core *core, const struct actor *actor, struct text code, struct panel_place *ret);

/*
 * Before a release at a printer by somebody who is not at its panel: 0 where the tenant does not ask for it,
 * or the printer has no panel. CORE_PRESENCE_NEEDED (no code), CORE_CODE_OLD, CORE_CODE_ELSEWHERE (another
 * printer's), CORE_NOT_FOUND, CORE_LOCKED.
 */
int panel_presence_check(struct core *core, const struct actor *actor, struct id printer, struct text code);

/* A badge was held to a reader at the printer: its holder becomes the guest of a panel there at which nobody
 * is. CORE_BUSY (somebody is, at all of them), CORE_NOT_FOUND (there is no panel that is alive). */
int panel_come_by_badge(struct core *core, const struct actor *person, struct id printer);

/*
 * An adapter in the device, which has the panel's secret, says who is there: *ret is to be shown by the
 * panel's browser within half a minute (a path's query), once. The person was signed in by the caller.
 */
int panel_hand_over(struct core *core, const struct panel_place *place, const struct actor *person,
                    char ret[CREDENTIAL_STRING]);

/* Whose badge that is, for an adapter; counted as a reader's. CORE_WRONG_CREDENTIALS, CORE_LOCKED. */
int panel_badge_look(struct core *core, const struct panel_place *place, struct text number,
                     struct text source, struct actor *ret);

/* The guest of the panel, if there is one: taken once. token: what its browser shows; empty where it shows
 * nothing. CORE_NOTHING_HELD: nobody waits. */
int panel_take_guest(struct core *core, const struct panel_place *place, struct text token, struct actor *ret,
                     char ret_method[PANEL_GUEST_WAY]);
/* The session that has just begun there. */
int panel_note_session(struct core *core, const struct panel_place *place, struct id session);
