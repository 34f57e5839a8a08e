// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Documents that stay at their site (docs/decisions/0046-documents-that-stay.md): a job whose sealed octets
 * an agent has, while here are what is told of it and the box with the document's key.
 *
 *      agent                                       service
 *        sealed, on its disk    --- what is told --->  stay, job HELD
 *                               <--- its yes ---
 *        carries its own octets <--- offer, key ----   DELIVERY as ever: ARM is the only gate to paper
 *        removes it             <--- over ----------   job over: the box is wiped in that transaction
 *                               --- removed ------->   no stay
 *
 *   1. Octets of such a document never come here, and are in no vault. Whatever wants them (images, counting,
 *      conversion) says that it cannot be.
 *   2. Only its agent is offered its deliveries; elsewhere it is not released (CORE_AT_SITE).
 *   3. Over is over here first: without the box nobody can open what still lies on the agent's disk.
 *   4. What the agent has lost ends its job ("document-lost"), unless it is armed: what became of that the
 *      agent tells first.
 */

#include "core/job/job.h"
#include "crypt/box.h"
#include "crypt/hash.h"

struct job_row;
struct printer;
struct queue;

/* What an agent tells of a document that it keeps. */
struct stay_order {
        struct id agent;
        struct id deposit;
        uint8_t tenant_key[BOX_KEY_OCTETS];
        uint8_t box[BOX_SEALED_OCTETS];
        char format[CORE_FORMAT];
        uint64_t size_octets;
        uint64_t sealed_octets;
        uint8_t contents[HASH_OCTETS]; /* the same for the same contents, and nothing else */
};

struct stay {
        struct id job;
        struct id deposit;
        struct id agent;
        uint8_t tenant_key[BOX_KEY_OCTETS];
        uint8_t box[BOX_SEALED_OCTETS];
        char format[CORE_FORMAT];
        uint64_t size_octets;
        uint64_t sealed_octets;
};

struct db_tx;

/* Inside others' transactions. */

/* Whether a printer that the agent reaches, at a direct or secure queue that one, takes it as it is.
 * CORE_AS_IT_IS, CORE_AT_SITE. */
int stay_check_submit(struct db_tx *tx, struct id tenant, const struct queue *queue,
                      const struct stay_order *order);
int stay_insert(struct db_tx *tx, struct id tenant, struct id job, const struct stay_order *order);
/* DB_NO_ROW: it does not stay, or is over. */
int stay_find(struct db_tx *tx, struct id tenant, struct id job, struct stay *ret);
/* 0 where the job may come out there, as its ticket says. CORE_AT_SITE, CORE_AS_IT_IS. */
int stay_check_release(struct db_tx *tx, struct id tenant, const struct job_row *job,
                       const struct printer *printer, const struct ticket *ticket);
/* The job's document is no more: its agent is to remove what it has. *ret_was: there was one. */
int stay_end(struct db_tx *tx, struct id tenant, struct id job, bool *ret_was);
/* All of an agent that is no more. */
int stays_lose(struct core *core, struct db_tx *tx, struct id tenant, struct id agent, const char *cause);

/* What may be sent to a pull queue whose documents stay: the formats that the tenant's printers take as they
 * are, in place of the example's. Where there is no printer, the example's stay. */
int stay_unite_formats(struct core *core, struct id tenant, struct printer *example);

/* What an agent is to have, and to remove. */
#define STAYS_ONCE 256
struct stay_item {
        struct id deposit; /* the list's cursor */
        bool is_over;
};
/* CORE_FORBIDDEN. */
int stay_list(struct core *core, const struct actor *agent, struct id after, struct stay_item *ret,
              size_t max, size_t *ret_count);
/* The agent has removed it. CORE_NOT_FOUND: it has said so before; CORE_NOT_HELD: it is not over. */
int stay_removed(struct core *core, const struct actor *agent, struct id deposit);
/* The agent has it no more. Repeating it is harmless. CORE_NOT_FOUND; CORE_NOT_HELD: it is armed, tell it
 * again later. */
int stay_lost(struct core *core, const struct actor *agent, struct id deposit);
