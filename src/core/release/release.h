// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Release: a person's order to print held jobs at a printer, the one function for all ways of identifying.
 *
 * Pressing the button makes the release's id; the same id again finds the same release and orders nothing
 * twice. A job is turned from HELD to RELEASING by comparing and setting in one transaction, and the database
 * keeps at most one open delivery per job: a second swipe finds nothing to release.
 */

#include "base/arena.h"
#include "core/report/accounting.h"
#include "core/release/delivery.h"
#include "core/release/settle.h"

#define RELEASE_LEFT_MAX 256
#define RELEASE_JOBS_MAX 256 /* of one order; what is held beyond waits for the next */

enum release_method {
        RELEASE_API,
        RELEASE_PIN,
        RELEASE_BADGE,
        RELEASE_DIRECT, /* a queue that prints at once */
        RELEASE_IPP,    /* IPP's Release-Job on a direct queue's held job */
        RELEASE_CODE,   /* a one-time code */
};
const char *release_method_name(enum release_method method);

/* What its owner could say, so that it would be released: "accounting-needed", …; NULL: it is something else.
 */
const char *release_word(int refusal);

enum release_selection {
        RELEASE_ALL,
        RELEASE_NEWEST,
        RELEASE_LISTED,
};

struct release_order {
        struct id id; /* zero: a new one */
        struct id printer;
        struct id owner; /* zero: the actor; otherwise whose delegate he is: of ALL and NEWEST */
        enum release_method method;
        struct id code; /* RELEASE_CODE: the code, which is used up where something is released; else zero */
        enum release_selection selection;
        const struct id *jobs; /* RELEASE_LISTED */
        size_t job_count;
        /* Print again: jobs whose last delivery is SENT or UNCERTAIN too (and kept ones that are DONE);
         * closes the old delivery for good. */
        bool again;
        /* NULL, or options that take the place of those in each job's ticket where set. */
        const struct ticket *ticket;
        /* What a printer cannot do is done as it can, and written to the job's timeline; else the job is
         * left out, and its owner told what there is to choose from. */
        bool adapts;
        bool leaves_words;  /* whoever waits there cannot be told: why a job was left out stands in its
                               timeline */
        bool first_copy;    /* one copy now; when it is out the job is held again with the rest of them */
        uint32_t from_page; /* nothing before this page of the document; 0: from the first */
        const struct accounting *accounting; /* who pays; NULL: nothing is said */
        struct text
                job_password; /* what is typed at the printer first (core/job/job-password.h); empty: none */
};

/*
 * The button's key makes the release's id, so that the same press finds the same release even where the first
 * answer was never stored. Version 8 of RFC 9562: an id of our own making.
 */
struct id release_id_of_key(struct id tenant, struct id person, struct text key);

struct release {
        struct id id;
        struct id person;
        struct id printer;
        enum release_method method;
        int64_t created_ms;
        struct release_item {
                struct id job;
                struct id delivery;
                enum delivery_state state;
                char reason[CORE_WORDS];
        } * items; /* in the arena */
        size_t item_count;
        /* What was left out, and why: a note for each reason, as far as there is room. */
        struct release_left {
                struct id job;
                int refusal; /* CORE_UNSUPPORTED: as the note says; else that */
                struct settled_note note;
        } * left; /* in the arena */
        size_t left_count;
};

/*
 * Nothing is released unless the answer is 0. CORE_NOT_FOUND (printer, a listed job that is not the actor's),
 * CORE_NOTHING_HELD, CORE_NOT_HELD (listed jobs, all of them busy or gone), CORE_NOT_ACCEPTING,
 * CORE_FORBIDDEN, CORE_BAD_FORMAT (no job of the selection can be printed there),
 * CORE_OTHER_PRINTER (listed jobs), CORE_NOT_ENCRYPTED, CORE_PASSWORD_NEEDED (nor
 * opened), CORE_ACCOUNTING_NEEDED, CORE_JOB_PASSWORD_NEEDED, CORE_JOB_PASSWORD_UNKNOWN, CORE_UNSUPPORTED
 * (none of it as it was asked for; then, too, ret->left says why), CORE_WRONG_CREDENTIALS (the code was used
 * meanwhile).
 */
int release(struct core *core, const struct actor *actor, const struct release_order *order,
            struct arena *arena, struct release *ret);
int release_find(struct core *core, const struct actor *actor, struct id id, struct arena *arena,
                 struct release *ret);

/* A swipe at a reader, reported by the reader's agent; released and leased to that agent in one transaction.
 */
struct swipe_order {
        struct id swipe; /* made by the agent for this swipe: the release's id */
        struct id reader;
        struct text badge; /* canonical number, 4 to 64 hexadecimal digits */
        uint64_t incarnation;
        uint32_t offers_max;
};

enum swipe_result {
        SWIPE_RELEASED,
        SWIPE_NOTHING_HELD,
        SWIPE_UNKNOWN_BADGE, /* an event; nothing released */
        SWIPE_ENROL,         /* unknown, and its holder may claim it now (core/person/enrolment.h) */
        SWIPE_BOUND,         /* it was, and is claimed, and is now known */
        SWIPE_PANEL,         /* known, and signed in at the printer's panel (core/panel/panel.h) */
        SWIPE_PIN,           /* known, and waits for its PIN (core/person/badge-wait.h) */
        SWIPE_REFUSED,       /* unknown reader, too many unknown badges, at another site just now
                                (core/person/badge-place.h),       printer switched off, nothing it can print */
};
const char *swipe_result_name(enum swipe_result result);

struct swipe {
        enum swipe_result result;
        size_t released;
        struct delivery_offer *offers; /* in the arena; those that need no rendition first */
        size_t offer_count;
};

/* Refuses only CORE_FORBIDDEN (not an agent) and CORE_STALE (incarnation); everything else is a result. */
int release_by_badge(struct core *core, const struct actor *agent, const struct swipe_order *order,
                     struct arena *arena, struct swipe *ret);
