// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Submitters: whose a document is that came in a language without proof of who sends it (LPD). A rule says
 * that a user's name, from a network, is a person.
 *
 *   1. What counts is the address that the agent saw, never the host's name that the sender tells.
 *   2. A rule for the user's own name goes before one for every user; among these the narrower network, and
 *      at the same network the one of the agent's site.
 *   3. A rule with a domain in place of a person takes the user's name for what stands before the "@" of the
 *      person's address.
 *   4. Who is found is asked what everybody is asked: disabled people, full queues and suspended tenants are
 *      refused as elsewhere.
 *
 * Users' names are compared without the case of their letters: mainframes know capitals only.
 */

#include "base/network.h"
#include "core/actor.h"

#define SUBMITTER_USER   64 /* with NUL */
#define SUBMITTERS_MAX   10000
#define SUBMITTER_ANYONE "*"

struct submitter {
        struct id id;
        char network[NETWORK_STRING]; /* "192.0.2.7", "10.1.0.0/16" */
        char user[SUBMITTER_USER];    /* in small letters; "*": every user there */
        struct id person;             /* zero: domain says who */
        char person_email[CORE_EMAIL];
        char domain[CORE_EMAIL]; /* "example.org"; empty: person says who */
        struct id site;          /* of agents of this site only; zero: of all */
        int64_t created_ms;
};

/* Fills id, created_ms and person_email, and puts user and domain into small letters. CORE_FORBIDDEN,
 * CORE_BAD_VALUE (a domain is for every user), CORE_NOT_FOUND (person, site), CORE_TAKEN (there is such a
 * rule), CORE_LIMIT_REACHED. */
int submitter_make(struct core *core, const struct actor *actor, struct submitter *submitter);
/* CORE_FORBIDDEN. */
int submitter_list(struct core *core, const struct actor *actor, struct id after, struct submitter *ret,
                   size_t max, size_t *ret_count);
/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int submitter_delete(struct core *core, const struct actor *actor, struct id id);

/* Who sends from there, as whoever acts from then on. CORE_NOT_FOUND: no rule, or nobody that it leads to;
 * the trail tells of it ("submitter-unknown"). The agent is the one that saw the address. */
int submitter_find(struct core *core, const struct actor *agent, struct text address, struct text user,
                   struct actor *ret);
/* Whoever held his badge to a reader of the agent's while its line was down. CORE_NOT_FOUND. */
int submitter_of_badge(struct core *core, const struct actor *agent, struct id person, enum via via,
                       struct actor *ret);
