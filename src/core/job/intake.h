// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Intake: the one way in, for all doors.
 *
 *      intake_open -> intake_write … -> intake_commit      or intake_abort
 *
 * Octets are sealed as they arrive, with bounded memory whatever the size. When intake_commit() has returned
 * 0 the document and its HELD job survive any loss of power, and only then may a door say yes. On a refusal
 * or fault, and after intake_abort(), nothing of it remains.
 *
 * A job is told its number before its document is here only where IPP's Create-Job asks for it: job_create()
 * writes a RECEIVING row that intake_open() then takes up; it is rejected when no document comes in time.
 * Otherwise the row is first written as HELD, and until then the vault's registry of live deposits protects
 * the octets from collection.
 *
 * An intake belongs to one thread at a time.
 */

#include "core/report/accounting.h"
#include "core/job/home.h"
#include "core/job/job.h"
#include "core/job/queue.h"

struct intake;
struct stay_order;

struct intake_order {
        const struct queue *queue;
        const struct actor *actor; /* its owner-to-be */
        struct text title;  /* printable text; cut at a character to CORE_TITLE - 1; empty: "untitled" */
        struct text format; /* a media type; decided by the door */
        struct ticket ticket;
        /* At a secure queue: released there as soon as it is stored. CORE_FORBIDDEN where the actor may not
         * release; CORE_BAD_VALUE at a pull queue, where nobody knows at which printer. */
        bool release_now;
        const struct accounting *accounting; /* who pays; NULL: nothing is said */
        /*
         * Tells a submission repeated by its client from a second one: up to 128 octets chosen by the client
         * (Idempotency-Key), which with other contents is CORE_KEY_REUSED. Empty: none.
         */
        struct text key;
        int64_t key_keep_ms; /* how long it is known; 0: five days */
        /*
         * For clients that bring no key (IPP): the same title and contents from the same person within
         * submit_retry_ms are the same submission, unless the first one's answer is known to have reached the
         * client (intake_answered). With a key, too, where it may have come without one before: what an agent
         * kept for a client whom we did not answer any more (sent_ms: when it came there).
         */
        bool is_same_by_contents;
        int64_t sent_ms; /* 0: now */
        /* The document's own (core/job/document-password.h), of use where it is a PDF; empty: none. Not kept
         * where nobody looks into documents. */
        struct text password;
        /* A job of job_create(), or the zero id. */
        struct id job;
        /* Released by an agent while its line was down, before anybody here heard of it (core/job/home.h; its
         * job is filled in): nothing refuses that any more but the limits of space. NULL: it was not. */
        const struct home_release *released;
        const struct actor *agent; /* by this one */
        /* It comes by an agent's own door, where a queue whose documents stay at their sites takes it. */
        bool is_at_site;
        /* Its document stays with that agent: nothing is written, and intake_commit() makes the job all the
         * same. Borrowed until then. */
        const struct stay_order *stay;
};

/* IPP's Create-Job. CORE_NOT_ACCEPTING, CORE_TOO_MANY_JOBS, CORE_FORBIDDEN, CORE_SITE_ONLY. */
int job_create(struct core *core, const struct intake_order *order, struct job *ret);

/* CORE_NOT_ACCEPTING, CORE_TOO_MANY_JOBS, CORE_STORAGE_FULL, CORE_BUSY (keeper), CORE_NOT_FOUND and
 * CORE_NOT_HELD (order.job), CORE_FORBIDDEN, CORE_BAD_VALUE (among others: a password that cannot be one),
 * CORE_SITE_ONLY. */
int intake_open(struct core *core, const struct intake_order *order, struct intake **ret);
/* The format may become known only with the first octets. */
void intake_set_format(struct intake *intake, struct text format);
/* CORE_TOO_LARGE, CORE_STORAGE_FULL: the intake can then only be aborted. */
int intake_write(struct intake *intake, struct text octets);
/* Closes the intake in any case. CORE_EMPTY, CORE_KEY_REUSED, CORE_STORAGE_FULL, CORE_TOO_MANY_JOBS,
 * CORE_NOT_FOUND (deleted meanwhile), CORE_ACCOUNTING_NEEDED (at a queue that prints at once); CORE_AT_SITE,
 * CORE_AS_IT_IS, CORE_BAD_FORMAT (of what stays). */
int intake_commit(struct intake *intake, struct job *ret);
void intake_abort(struct intake *intake);
void intake_abortp(struct intake **intake);

/* The door's yes has left for the client: a later submission with the same contents is a new one. */
void intake_answered(struct core *core, struct id job);
