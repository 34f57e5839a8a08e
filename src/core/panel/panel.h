// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Panels: a browser that stands at a printer, in its own screen or on a tablet beside it.
 *
 *      panel_make(): a code ---> panel_bind(): a secret, kept by that browser ---> panel_delete()
 *
 *   1. A panel belongs to one printer. Which one it is follows from its secret (256 random bits, of which the
 *      SHA-256 is kept) and from nothing that its browser says.
 *   2. It shows a code of its own that is another one every minute and good for two at most
 *      (core/panel/panel-code.h). A photograph of it, or the code of another printer, opens nothing.
 *   3. Somebody is signed in there by what he shows at the panel itself, or comes as its guest: he typed its
 *      code on his phone, held his badge to the printer's reader, or an adapter in the device knows him. A
 *      guest waits half a minute, one at a panel, and only while nobody is signed in there.
 *   4. What is opened there is a panel's session (core/sign-in/session.h), which does little and is soon
 * over.
 */

#include "core/actor.h"
#include "core/sign-in/credential.h"
#include "core/site/outpost.h"

#define CREDENTIAL_PANEL "pnl_"
#define CREDENTIAL_GUEST "pgs_"
#define PANELS_MAX       16 /* of one printer */
#define PANEL_WORDS      512
#define PANEL_LIVE_MS    150000
#define PANEL_GUEST_MS   30000

struct panel {
        struct id id, printer;
        char name[CORE_NAME];
        bool is_bound;
        int64_t created_ms;
        int64_t expires_ms;      /* of its code, until it is bound */
        int64_t bound_ms;        /* 0: not yet */
        int64_t seen_ms;         /* its browser asked for a page: up to a minute old; 0: never */
        char words[PANEL_WORDS]; /* on its idle screen; empty: the tenant's */
};

/* One of the printer's, with the code that binds it, told this once. CORE_FORBIDDEN, CORE_NOT_FOUND
 * (printer), CORE_BAD_VALUE, CORE_TAKEN (name), CORE_LIMIT_REACHED (PANELS_MAX). */
int panel_make(struct core *core, const struct actor *actor, struct id printer, struct text name,
               struct panel *ret, char ret_code[OUTPOST_CODE]);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int panel_list(struct core *core, const struct actor *actor, struct id printer, struct id after,
               struct panel *ret, size_t max, size_t *ret_count);
int panel_find(struct core *core, const struct actor *actor, struct id id, struct panel *ret);
/* What stands on its idle screen: one line of printable text. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE.
 */
int panel_say_words(struct core *core, const struct actor *actor, struct id id, struct text words,
                    struct panel *ret);
/* Its browser is none from the next request on, and whoever is signed in there is not any more. */
int panel_delete(struct core *core, const struct actor *actor, struct id id);

struct panel_place {
        struct id tenant, panel, printer;
};
/* Whoever shows the code becomes the panel. The secret is told this once. CORE_WRONG_CREDENTIALS,
 * CORE_LOCKED. */
int panel_bind(struct core *core, struct text code, struct text source, struct panel_place *ret,
               char ret_secret[CREDENTIAL_STRING]);
/* Which panel shows this. CORE_WRONG_CREDENTIALS. */
int panel_recognise(struct core *core, struct text secret, struct panel_place *ret);
/* The words of its idle screen; empty where it has none of its own, or is none. Faults only. */
int panel_words_look(struct core *core, const struct panel_place *place, char ret[PANEL_WORDS]);

/* Any browser, at a printer of a tenant that lets it: ret->panel is zero. CORE_NOT_FOUND. */
int panel_place_unbound(struct core *core, struct id printer, struct panel_place *ret);

/* ---- what a tenant wants of its panels ---- */

struct panel_policy {
        bool unbound;        /* any browser may be a printer's panel, without codes and badges */
        bool prints_at_once; /* who signs in there has everything printed that is held */
        bool presence;       /* a release from elsewhere takes the panel's code, where the printer has one */
        bool hides_titles;   /* documents are numbered there, not named */
        char words[PANEL_WORDS]; /* on idle screens that have none of their own */
};
/* Everybody of the tenant may know. Faults only. */
int panel_policy_look(struct core *core, struct id tenant, struct panel_policy *ret);
/* CORE_FORBIDDEN, CORE_BAD_VALUE. */
int panel_policy_set(struct core *core, const struct actor *actor, const struct panel_policy *policy);
