// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Refused deposits: what an agent took in while it could not reach us, said yes to, and brought, and what we
 * would not have as it is. Nothing of it is lost: the agent keeps it, sealed, until its time is over, and an
 * administrator sees why and decides.
 *
 *      brought -> REFUSED --the same again, and it is taken-----------------> a job, and no row
 *                   |----- given to a person ----> brought -> taken -------^
 *                   '----- discarded ------------> brought -> the agent removes it
 *
 *   1. The document stays at the agent. Here is that it is there, why it was refused, and who could own it.
 *   2. Wrong credentials are not tried again: no repetition counts as another guess.
 *   3. Whoever decides cannot give it to himself, unless it claims to be his: it would be a way to read what
 * others print. Who gave what to whom is in the trail.
 */

#include "base/network.h"
#include "core/core.h"
#include "core/job/submitter.h"

#define REFUSED_DEPOSITS_MAX 10000 /* of one tenant; of more only the trail tells */

struct refused_deposit {
        struct id id; /* the deposit's */
        struct id agent;
        char door[16];               /* deposit_door_name() */
        char reason[CORE_NAME];      /* the problem's code */
        char queue[CORE_NAME];       /* empty: not known, as the others */
        char client[NETWORK_STRING]; /* the address that the agent saw */
        char user[SUBMITTER_USER];   /* whom the client said it is of (LPD) */
        struct id claimed;           /* whose name came with wrong credentials; zero: nobody's */
        char claimed_email[CORE_EMAIL];
        struct id person; /* whom it was given to; zero: nobody */
        char person_email[CORE_EMAIL];
        uint64_t octets; /* sealed */
        bool is_discarded;
        int64_t made_ms, refused_ms, until_ms; /* until: then the agent forgets it */
};

/* An agent brought it and it was refused, for the first time or again: a row, and "deposit-refused" where the
 * reason is another one than before. deposit->person is for whom it was brought, as refused_deposit_find()
 * had it: to him it is not given any more. Fills agent and refused_ms; claimed is whoever has claimed_email.
 */
int refused_deposit_note(struct core *core, const struct actor *agent, struct refused_deposit *deposit);
/* What is known of one that an agent brings. CORE_NOT_FOUND: nothing. */
int refused_deposit_find(struct core *core, const struct actor *agent, struct id id,
                         struct refused_deposit *ret);
/* The service has it. */
int refused_deposit_settle(struct core *core, const struct actor *agent, struct id id);

/* The oldest first, without those that were discarded. CORE_FORBIDDEN. */
int refused_deposit_list(struct core *core, const struct actor *actor, struct id after,
                         struct refused_deposit *ret, size_t max, size_t *ret_count);
/* Whose it is from now on: its agent is asked for it. CORE_FORBIDDEN (also: to himself), CORE_NOT_FOUND (it,
 * or no such person who can sign in). */
int refused_deposit_give(struct core *core, const struct actor *actor, struct id id, struct id person,
                         struct refused_deposit *ret);
/* Its agent removes it. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int refused_deposit_discard(struct core *core, const struct actor *actor, struct id id);
/* Whom it was given to, as whoever acts then. CORE_NOT_FOUND: he is not there any more, or is switched off.
 */
int refused_deposit_owner(struct core *core, const struct actor *agent, const struct refused_deposit *deposit,
                          struct actor *ret);
