// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One IPP request and its answer, inside the door.
 *
 *      gather attributes -> parse -> check -> whose, which queue, which job -> the operation's begin()
 *                                                      -> document octets …  -> the operation's end()
 *
 * An operation answers in begin() or, where it takes a document, in end(). Its functions return 0, having
 * answered (or, from begin(), wanting the document); a core_refusal, which the exchange answers by the table
 * in ipp-refusal.c; or a fault.
 */

#include "core/actor.h"
#include "core/job/job.h"
#include "core/job/stay.h"
#include "door/ipp/document.h"
#include "door/ipp/template.h"
#include "door/ipp/view.h"
#include "door/ipp/ipp.h"
#include "ipp/build.h"
#include "ipp/get.h"

struct ipp_handler;

struct ipp_door {
        struct core *core;
        struct tls_server *tls;
        struct ipp_door_settings settings;
        int64_t started_ms;
};

struct ipp_exchange {
        struct ipp_door *door;
        struct core *core;
        struct http_exchange *http;
        struct arena *arena; /* of the request's values and the answer's */

        /* From the address and the credentials. */
        char came[CORE_NAME]; /* the client's address; by an agent's door, ADDRESS@AGENT */
        bool is_relayed;      /* by an agent (door/ipp/relayed.h) */
        bool stays;           /* the agent keeps the document, and it does not come */
        struct stay_order stay;
        bool has_queue;
        struct queue queue;
        struct printer
                printer;      /* what the queue can do: a direct queue's printer, or what any of them could */
        uint32_t path_number; /* the job the address names; 0: none */
        bool has_actor;
        bool is_invited;          /* credentials were wrong, and there is a page to register at */
        char invited[CORE_EMAIL]; /* the name that came with them; empty: too long for an address */
        struct actor actor;
        struct ipp_view view;

        /* The request. */
        struct buffer gathered;
        struct ipp_scan scan;
        struct ipp_message request;
        const struct ipp_handler *operation;
        const struct ipp_attribute *attributes;     /* of the operation group */
        const struct ipp_attribute *job_attributes; /* of the job group; NULL where there is none */
        uint32_t job_number;                        /* the target, where the operation has a job as target */

        /* For operations with a document. */
        bool wants_document;
        struct ipp_document document;
        struct text password; /* the document's; of what was gathered */
        struct ipp_template template;
        struct job job;
        bool last_document;
        struct id submitted; /* its acceptance is what we answer; zero: nothing */
};

/* Begins the answer: the operation group is open, and holds a status-message where sentence is not NULL. */
struct ipp_builder ipp_exchange_begin(struct ipp_exchange *e, enum ipp_status status, const char *sentence);
/* Sends it. */
int ipp_exchange_answer(struct ipp_exchange *e, struct ipp_builder *b);

/* An answer without further groups. */
int ipp_exchange_say(struct ipp_exchange *e, enum ipp_status status, const char *sentence);
/* The same with the unsupported attributes of e->template. */
int ipp_exchange_refuse_template(struct ipp_exchange *e);
/* The unsupported value of one attribute. */
int ipp_exchange_refuse_value(struct ipp_exchange *e, const char *name, enum ipp_status status,
                              const char *sentence);

/* The job that the request names: the actor's own, of this queue. CORE_NOT_FOUND. */
int ipp_exchange_find_job(struct ipp_exchange *e, struct job *ret);

/* successful-ok, or -ignored-or-substituted-attributes with their group, and the job's own few attributes
 * (RFC 8011, section 4.2.1.2). */
int ipp_exchange_answer_job(struct ipp_exchange *e, const struct job *job);
