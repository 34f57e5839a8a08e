// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Deposits on their way to the service (offline/deposit.h).
 *
 *   1. A deposit is removed after the service's yes, and not before. Sent again it is the same submission,
 * for its id is the key.
 *   2. What the service would not have is kept until its time is over, and administrators see it there (POST
 * /v1/agent/deposits). What may be otherwise tomorrow (nobody knows whose it is, the queue is off) is asked
 * for again; the rest only when somebody has decided something (drain_wake()), who may also have it removed.
 *   3. While the service is out of reach one attempt follows another with patience; a line that is back
 *      (drain_wake()) ends that.
 *
 * A thread of its own hands on what lies there; drain_one() is for whoever has just taken something in.
 */

#include "offline/callers.h"
#include "offline/deposit.h"
#include "outpost/service.h"

struct drain;

enum drain_refusal {
        DRAIN_AWAY = 1, /* the service is out of reach, or cannot now */
        DRAIN_LATER,    /* it would not have it as things are */
        DRAIN_NEVER,    /* it would never have it */
        DRAIN_UNWANTED, /* an administrator has discarded it */
        DRAIN_DAMAGED,  /* what lies there is not what was written */
};

struct drain_settings {
        int64_t again_ms; /* after which what was refused is tried again */
        int64_t keep_ms;  /* for how long at most */
        bool stays; /* only what is told of them is handed on, and the octets stay here (relay/stays.h) */
};

#define DRAIN_WORD 48

/* callers: who learns whose a deposit was, by its owner's mark; may be NULL. */
int drain_new(const struct drain_settings *settings, struct service *service, struct deposits *deposits,
              struct callers *callers, struct drain **ret);
/* Starts its thread, which ends with the program. */
int drain_start(struct drain *drain);
/* The line is back, or somebody has decided something: whatever lies there is tried at once. */
void drain_wake(struct drain *drain);
/* Where that goes of which the service says that it is to stay, in place of being refused. Before the start.
 */
void drain_set_staying(struct drain *drain, struct drain *staying);
/* Such a one: settled or not, it lies at the other from then on, taken by the caller. DEPOSIT_NOT_FOUND. */
int drain_keep_here(struct drain *drain, struct id id);
#define DRAIN_SITE_ONLY "site-only" /* the word for it */
/* Something more lies there. */
void drain_notice(struct drain *drain);

/*
 * Hands on one that the caller has taken. 0: the service has it, and it is removed; or, where it stays, the
 * service knows of it, and it is the caller's to give. Otherwise it lies there
 * as before; ret_word is the service's code ("submitter-unknown"), empty where it said none. timeout_ms: for
 * all of it; 0: as long as something moves. Where the service was out of reach a moment ago it is not asked.
 */
int drain_one(struct drain *drain, struct id id, uint32_t timeout_ms, char ret_word[DRAIN_WORD]);

/* Hands on one that was released here, as what it is: a job with a delivery that is on paper or on its way.
 * It stays, until the outcome was heard, too. incarnation: of our journal now. Refusals of drain_one(). */
int drain_released(struct drain *drain, const struct deposit_entry *entry, uint64_t incarnation,
                   char ret_word[DRAIN_WORD]);
