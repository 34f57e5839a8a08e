// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settling: what a ticket becomes when its job meets a printer.
 *
 *      chosen at the printer  over  sent with the job  over  defaults (person, queue, site, tenant)
 *      then what policies force, and what they refuse
 *      then what the printer cannot do
 *
 * Nothing that somebody asked for is left out in silence: whatever does not come out as it was asked for is a
 * note. What only a default asked for is no conflict, for nobody was asked; it is left out where the printer
 * cannot do it.
 *
 * settle() is pure. settle_job() finds for a job what it needs. Steps that need more than that (which paper
 * is loaded, who pays) have their place in settle_job(), each as one call that may change ret->ticket and
 * adds its notes with settled_add().
 */

#include "core/job/policy.h"
#include "core/report/price.h"
#include "core/job/ticket.h"

struct db_tx;
struct job;
struct job_row;
struct printer;

#define SETTLED_NOTES   20
#define SETTLED_CHOICES 512

enum settled_kind {
        SETTLED_FORCED,         /* by a policy */
        SETTLED_CONFLICT,       /* the printer cannot do what was asked for */
        SETTLED_NOT_LOADED,     /* the paper asked for is in none of its trays; value: what would be taken */
        SETTLED_LEFT_OUT,       /* nor what a default would have */
        SETTLED_SUBSTITUTED,    /* other paper is taken for what is in none of its trays */
        SETTLED_TOO_MANY_PAGES, /* these are not to be printed at all: a policy's limit, */
        SETTLED_PAGES_UNKNOWN,  /* which cannot be told yet, */
        SETTLED_NO_SUCH_PAGES,  /* or none of the pages asked for is there */
};
/* "policy", "printer-cannot", "media-not-loaded", "too-many-pages", …: what the API and the timeline say. */
const char *settled_reason(enum settled_kind kind);

struct settled_note {
        enum settled_kind kind;
        const struct ticket_member *option;
        char asked[TICKET_VALUE];      /* as ticket_value() says it; empty: nothing was */
        char value[TICKET_VALUE];      /* what it becomes; empty: as the printer does */
        char choices[SETTLED_CHOICES]; /* of a conflict: what the printer can, with commas between */
        char title[POLICY_TITLE];      /* of the policy */
};

struct settled {
        struct ticket ticket;    /* as it goes to the printer */
        uint32_t pages;          /* of the document that are printed, of one copy; 0: not known */
        bool needs_job_password; /* a policy wants it held at the printer (core/job/job-password.h) */
        struct settled_note notes[SETTLED_NOTES];
        size_t note_count;
};

/* What the printer cannot do (now) and was asked for; and what is not to be printed at all, whatever is
 * chosen. */
bool settled_is_conflict(const struct settled_note *note);
bool settled_conflicts(const struct settled *settled);
bool settled_refuses(const struct settled *settled);
/* A note with its kind and option, to be filled; there is always room for one of each kind and option. */
struct settled_note *settled_add(struct settled *settled, enum settled_kind kind, const char *option);

struct settle_question {
        const struct ticket *chosen; /* NULL: nothing */
        const struct ticket *sent;
        const struct ticket *defaults; /* the nearest first */
        size_t default_count;
        const struct policy *policies;
        size_t policy_count;
        const struct printer *printer;
        uint32_t pages;     /* of the document; 0: not known, */
        bool pages_come;    /* but will be in a moment */
        bool is_grey;       /* no page of it has a colour */
        uint32_t from_page; /* none before this one; 0: from the first */
};
void settle(const struct settle_question *question, struct settled *ret);

/* For a job at a printer, of the tenant's both. Faults only. */
struct settle_options {
        const struct ticket *chosen;
        uint32_t from_page;
        bool pages_come; /* they will be counted, though nobody has begun to */
};
int settle_job(struct db_tx *tx, struct id tenant, const struct job_row *job, const struct printer *printer,
               const struct settle_options *options, struct settled *ret);

/* The same before anybody has said where: at a printer that is nobody's (its id is zero) too, and without
 * what is loaded there. For what a job would cost. Faults only. */
int settle_estimate(struct db_tx *tx, struct id tenant, const struct job *job, const struct printer *printer,
                    struct settled *ret);

/* What comes out otherwise than it was asked for, for the job's timeline. Faults only. */
int settled_note_changes(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                         const struct settled *settled);

/* Why it was not released, likewise. */
int settled_note_left(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                      const struct settled *settled);
/* One of these notes. */
int settled_note_one_left(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                          const struct settled_note *note);

/*
 * What a job would become at a printer and cost there, for whoever may change it: for its owner before he
 * releases it.
 * CORE_NOT_FOUND (job, printer), CORE_BAD_VALUE (chosen).
 */
int settle_look(struct core *core, const struct actor *actor, struct id job, struct id printer,
                const struct ticket *chosen, struct settled *ret, struct cost *ret_cost);
