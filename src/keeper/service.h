// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The keeper at work: one thread, one poll(2), a bounded number of clients whom the kernel names. A client
 * that sends what is no request, or does not take its reply, is closed; nothing it does makes the others
 * wait.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct answerer;

#define SERVICE_UIDS_MAX 16

struct service_uids {
        uid_t at[SERVICE_UIDS_MAX];
        size_t count;
};

struct service_options {
        int listener;               /* of peer_listen() */
        int stop;                   /* readable when it is to end */
        struct service_uids users;  /* may ask for everything */
        struct service_uids makers; /* may have new document keys, and open none */
        uid_t owner;                /* as whom we run: may bring a master key, as may root */
        size_t clients_max;
        int64_t sweep_ms;   /* how often day keys that are over are looked for */
        int64_t grace_days; /* how long after their day they are destroyed unasked */
};

/* Returns 0 when stop became readable. */
int service_run(const struct service_options *options, const struct answerer *answerer);
