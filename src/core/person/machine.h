// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Machines: accounts of programs such as an ERP or a laboratory's (ROLE_MACHINE). A machine submits to the
 * queues it was given and to no other, none at first, and has a limit of waiting jobs of its own.
 */

#include "core/actor.h"

#define MACHINE_QUEUES_MAX 32

struct machine {
        struct id account;
        uint32_t jobs_max; /* waiting at once; 0: as many as a person may have */
        struct id queues[MACHINE_QUEUES_MAX];
        size_t queue_count;
};

/* CORE_FORBIDDEN, CORE_NOT_FOUND (no machine's account). */
int machine_find(struct core *core, const struct actor *actor, struct id account, struct machine *ret);
/* Replaces limit and queues. Also CORE_BAD_VALUE: a queue that does not exist. */
int machine_change(struct core *core, const struct actor *actor, const struct machine *machine);
