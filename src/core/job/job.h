// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Jobs: what somebody has sent and what became of it.
 *
 * Three things are always true, and this folder is the only place that can break them:
 *
 *   1. A document's key leaves the keeper only for an armed delivery of its job (or for a rendition of it).
 *   2. A job is released by its owner. An administrator can delete a job; he cannot read it, nor its title.
 *   3. A job whose state is past HELD and RELEASING for good loses its document's key, then its octets.
 */

#include "core/actor.h"
#include "core/release/ledger.h"
#include "core/report/price.h"
#include "core/job/ticket.h"

struct job {
        struct id id;
        uint32_t number; /* the IPP job-id, unique in the tenant */
        struct id queue;
        struct id owner;
        char owner_name[CORE_EMAIL];
        char title[CORE_TITLE]; /* "" for everyone but the owner and delegates whom he lets see it */
        char format[CORE_FORMAT];
        uint64_t size_octets;
        enum job_state state;
        char reason[CORE_WORDS]; /* why it is in this state, a keyword of ours: "printer-refused", "expired",
                                    … */
        struct ticket ticket;
        int64_t created_ms;
        int64_t expires_ms;     /* of its document; 0: it is gone, or being delivered */
        int64_t processing_ms;  /* first armed; 0: never */
        int64_t done_ms;        /* 0: not yet */
        struct id only_printer; /* where alone it comes out; zero: anywhere */
        struct id
                stays_at; /* the agent that keeps its document (core/job/stay.h); zero: it is here, or gone */
        uint32_t document_pages; /* of the document, as it was looked into; 0: not known (yet) */
        bool has_colour_pages;
        uint32_t colour_pages; /* that hold more than shades of grey */
        struct cost cost; /* what it would cost, or, once it came out, what it did (core/report/price.h) */
        /* Its last delivery, where there was one. */
        bool has_delivery;
        struct id delivery;
        enum delivery_state delivery_state;
        struct id printer;
        uint32_t pages; /* as far as the printer told */
        char way[8];    /* how the printer was spoken to: "ipps", "ipp", "raw", "lpd"; empty: not known */
};

struct job_filter {
        bool everyone;           /* administrators: jobs of all people; otherwise the actor's own */
        const struct id *person; /* administrators: of one person; his delegates: the held ones */
        const struct id *queue;
        const enum job_state *states; /* NULL: all */
        size_t state_count;
        bool newest_first; /* otherwise oldest first */
        struct id after;   /* zero: from the start */
};

/* The owner finds it, an administrator (without the title), and while it is held a delegate. CORE_NOT_FOUND.
 */
int job_find(struct core *core, const struct actor *actor, struct id id, struct job *ret);
int job_find_by_number(struct core *core, const struct actor *actor, uint32_t number, struct job *ret);
/* Costs the same whatever number of jobs is held. CORE_FORBIDDEN (everyone, for a person). */
int job_list(struct core *core, const struct actor *actor, const struct job_filter *filter, struct job *ret,
             size_t max, size_t *ret_count);
/* How many jobs wait in a queue, all people's (queued-job-count): a counter, not a search. */
int job_count_queued(struct core *core, struct id tenant, struct id queue, uint32_t *ret);
/* RECEIVING, HELD, or RELEASING and not yet armed: cancels, destroys the key, frees the octets.
 * CORE_NOT_FOUND, CORE_NOT_HELD. */
int job_delete(struct core *core, const struct actor *actor, struct id id);
/* Changes the ticket of a held job. CORE_NOT_FOUND, CORE_NOT_HELD. */
int job_set_ticket(struct core *core, const struct actor *actor, struct id id, const struct ticket *ticket);
/* A held job waits once more as long as one that is sent now. CORE_NOT_FOUND, CORE_NOT_HELD, CORE_SITE_ONLY
 * (an agent keeps its document, for as long as was agreed). */
int job_keep(struct core *core, const struct actor *actor, struct id id);
/* The owner will never collect it, or has seen that an UNCERTAIN or SENT one came out: ends it for good. */
int job_settle(struct core *core, const struct actor *actor, struct id id);

struct job_event {
        int64_t at_ms;
        char kind[CORE_NAME];
        char detail[CORE_WORDS];
};
/* What happened to it, oldest first. CORE_NOT_FOUND. */
int job_timeline(struct core *core, const struct actor *actor, struct id id, struct job_event *ret,
                 size_t max, size_t *ret_count);
