// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Live: what pages are told of while they are open.
 *
 *      event_add(), live_job(), …  --commit-->  core_parts.live_tell()  -->  whoever listens and may see it
 *
 * Five things are always true:
 *
 *   1. Nothing is told before it is on the disk, and nothing that was rolled back (db_after_commit()).
 *   2. What is told is what to ask for again: a kind, an id, and a keyword of ours. Never a title, a name or
 * a document; whoever asks again is judged again.
 *   3. Who may see something is judged by its right (core/right.h) and whose it is, as the API would judge
 * it: the owner and his delegates, those who mind the site, those who reach the whole tenant.
 *   4. Where nobody of a tenant listens (core_parts.live_wanted()), nothing is looked up and nothing told.
 *   5. What takes a session, token or right away ends the streams that were opened by it (enum live_end); who
 *      still may come opens another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/actor.h"
#include "core/person/delegate.h"

struct db_tx;

/* Which streams end with the event. */
enum live_end {
        LIVE_GOES_ON,
        LIVE_ENDS_SESSION, /* that of event.id */
        LIVE_ENDS_TOKEN,
        LIVE_ENDS_GRANT,
        LIVE_ENDS_PERSON, /* all of event.id */
        LIVE_ENDS_TENANT, /* all of the tenant: they come again if they still may */
};

struct live_event {
        struct id tenant;
        const char *kind; /* a literal: "job", "printer", … */
        char what[CORE_NAME];
        struct id id;
        enum right right; /* to see it */
        enum live_end end;
        struct id owner;    /* whose it is; zero: nobody's */
        struct id site;     /* where it stands; zero: nowhere */
        bool has_site;      /* it stands somewhere, or could: REACH_SITE counts */
        bool is_restricted; /* a printer that not everybody sees */
        bool is_public;     /* a printer that guests see */
        size_t delegate_count;
        struct id delegates[DELEGATES_MAX]; /* of the owner, where it is a job */
};

/* Somebody who listens, as he came. */
struct live_listener {
        struct actor actor;
        bool is_guest;
        struct id *sites; /* of a site administrator */
        size_t site_count;
};

/* CORE_FORBIDDEN: not for people. */
int live_listener_init(struct core *core, const struct actor *actor, struct live_listener *ret);
void live_listener_done(struct live_listener *listener);

/*
 * Whether he is told. *ret_nameless: without the id, because he may know printers but perhaps not this one;
 * he then asks for what he has on his page.
 */
bool live_is_for(const struct live_event *event, const struct live_listener *listener, bool *ret_nameless);
/* Whether his stream is over with it. */
bool live_ends(const struct live_event *event, const struct live_listener *listener);
/* Whether what he came with is still good: false where session, token or person are gone. */
int live_check(struct core *core, const struct live_listener *listener, bool *ret_good);

/* In the transaction of a change, of what a tenant's trail says of it; kinds that no page shows are passed
 * over. actor may be NULL. */
int live_of_event(struct db_tx *tx, struct id tenant, const struct actor *actor, const char *kind,
                  struct id subject);
/* Of what the trail does not say, for it changes too often. what is a literal. */
int live_job(struct db_tx *tx, struct id tenant, struct id job, const char *what);
int live_printer(struct db_tx *tx, struct id tenant, struct id printer, const char *what);
/* An alert about a printer or, where that is zero, an agent. */
int live_alert(struct db_tx *tx, struct id tenant, struct id alert, struct id printer, struct id agent,
               const char *what);
/* Outside of any transaction: an agent's connection came or went. */
void live_agent(struct core *core, struct id tenant, struct id agent, const char *what);
