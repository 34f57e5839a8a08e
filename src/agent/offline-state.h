// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The inside of agent/offline.h: keeping (offline.c), releasing (offline-release.c), and what of a deposit
 * can be (offline-deposit.c). */

#include <pthread.h>

#include "agent/offline.h"
#include "offline/deposit.h"

struct offline {
        struct service *service;
        struct journal *journal;
        struct homes *homes;
        struct deposits *deposits;
        struct known *known;
        struct carrier *carrier;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool is_on;
        bool stands_back;
        bool wake;
        struct home_entry entries[HOMES_MAX]; /* of the thread */
};

/* Its time at the service is over. */
bool offline_home_is_over(const struct home_entry *entry);

/*
 * How a deposit that this holder's badge opens can be printed at this printer; *ret lacks its delivery, and
 * the caller wipes its key. 0, or a refusal, of which *ret_why says which.
 */
int offline_deposit_offer(struct offline *offline, const struct deposit_entry *entry,
                          const struct snapshot_holder *holder, struct id printer, struct offer *ret,
                          const char **ret_why);
