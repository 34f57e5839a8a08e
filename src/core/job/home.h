// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The home of a job: who may release it, the service or one agent. It moves by a handshake
 * (models/home.pml, docs/decisions/0045-home-of-a-job.md):
 *
 *      agent                                       service
 *        which are to be taken?  ---------------->  held jobs of the site's queues, and which are wanted back
 *        take (giving, nonce)    ---------------->  home = agent, giving + 1
 *        its ledger: HOMED       <----------------  offers for its printers, the document's key in a box
 *        its ledger: RETURNED
 *        back (giving)           ---------------->  home = service, giving + 1
 *        its ledger: RELEASED, then paper
 *        released (giving)       ---------------->  an armed delivery of this agent's, home = service
 *
 *   1. While the home is an agent, nothing of the job is leased; a release waits, and says that it does
 *      (HOME_REASON). Every message names its giving, and is about no other.
 *   2. The service takes nothing back by itself, and by no time: only the agent gives back, and only the
 *      journal that took it.
 *   3. Where that journal is lost, and where a backup was restored, what was at home there is UNCERTAIN.
 */

#include "core/release/delivery.h"
#include "crypt/box.h"

#define HOME_REASON       "waits-for-site"
#define HOME_LIST_MAX     64
#define HOME_PRINTERS_MAX 16

struct home_item {
        struct id job;
        uint64_t giving;
};

struct home_list {
        struct home_item give[HOME_LIST_MAX]; /* to be taken */
        size_t give_count;
        struct home_item asked[HOME_LIST_MAX]; /* the agent's, to be given back */
        size_t asked_count;
};

/* CORE_FORBIDDEN (not an agent), CORE_STALE (incarnation). */
int home_list(struct core *core, const struct actor *agent, uint64_t incarnation, struct home_list *ret);

struct home_taking {
        struct id job;
        uint64_t giving;
        uint64_t incarnation;
        uint64_t nonce; /* the same for every try */
};
struct home_taken {
        uint64_t giving;
        struct id person; /* whose it is */
        int64_t created_ms;
        int64_t expires_ms; /* of the job; 0: it does not */
        uint8_t box[BOX_SEALED_OCTETS];
        struct delivery_offer *offers; /* one a printer, without a delivery; in the arena */
        size_t offer_count;
};
/* CORE_STALE: it is not to be had (any more); CORE_BAD_FORMAT: no printer there takes it as it is, and it is
 * not offered again; CORE_BUSY: later again; CORE_DESTROYED. */
int home_take(struct core *core, const struct actor *agent, const struct home_taking *taking,
              struct arena *arena, struct home_taken *ret);
/* The sealed octets. CORE_STALE, CORE_DESTROYED. */
int home_open_document(struct core *core, const struct actor *agent, struct id job, uint64_t giving,
                       struct vault_reader **ret, uint64_t *ret_sealed_octets);

struct home_back {
        struct id job;
        uint64_t giving;
        uint64_t incarnation;
        bool is_lost; /* the agent cannot read what it has of it: nobody knows what became of it */
};
/* Repeating it is harmless. CORE_STALE: another journal's, which has to be waited for. */
int home_give_back(struct core *core, const struct actor *agent, const struct home_back *back);

struct home_release {
        struct id job;
        uint64_t giving; /* of a home */
        uint64_t incarnation;
        struct id delivery; /* made by the agent: it names it in its reports from now on, with epoch 1 */
        struct id release;
        struct id printer;
        int64_t at_ms; /* by the agent's clock */
};
/* Repeating it is harmless. CORE_STALE. */
int home_released(struct core *core, const struct actor *agent, const struct home_release *release);

/*
 * Inside the transaction that takes it in: a deposit that the agent has released by itself
 * (offline/deposit.h). From its first moment on the job has the delivery that is on paper or on its way, and
 * so is at no moment one that could be released once more. Repeating it is harmless. CORE_STALE: another
 * journal's.
 */
int home_release_deposit(struct core *core, struct db_tx *tx, const struct actor *agent,
                         const struct home_release *release);

/* Inside others' transactions. What was at home at the agent, but under this journal (0: none), is UNCERTAIN.
 */
int homes_lose(struct core *core, struct db_tx *tx, struct id tenant, struct id agent, uint64_t incarnation,
               const char *cause);
/* A delivery that was just ordered says so where its job is at home at an agent, which is then to be asked.
 */
int home_wait(struct db_tx *tx, struct id tenant, struct id job, struct id delivery, bool *ret_is_away);
/* Of every agent: a backup was restored. */
int homes_lose_all(struct core *core, struct db_tx *tx, struct id tenant, const char *cause);
/* Whose home a job is; zero: the service's. */
int home_of_job(struct db_tx *tx, struct id tenant, struct id job, struct id *ret_agent);
