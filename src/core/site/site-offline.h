// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Sites that go on while their line is down: whether, for how long, and with the jobs of which queues. */

#include "core/site/site.h"

#define OFFLINE_HOURS_MIN     1
#define OFFLINE_HOURS_MAX     720
#define OFFLINE_HOURS         24
#define OFFLINE_JOBS          256
#define OFFLINE_JOBS_MAX      512 /* as many as an agent's journal has room for */
#define OFFLINE_MEGABYTES     1024
#define OFFLINE_MEGABYTES_MAX 1048576
#define OFFLINE_QUEUES_MAX    64

struct site_offline {
        bool enabled;
        uint32_t hours; /* without contact, after which nothing is released there any more */
        uint32_t jobs;  /* that wait at one agent, at most */
        uint32_t megabytes;
        struct id queues[OFFLINE_QUEUES_MAX]; /* whose jobs' home is the site */
        size_t queue_count;
};

/* As it is where nobody has said anything. */
struct site_offline site_offline_default(void);

/* CORE_FORBIDDEN, CORE_NOT_FOUND. */
int site_offline_find(struct core *core, const struct actor *actor, struct id site, struct site_offline *ret);
/* The whole of it. Its agents hear of it. CORE_FORBIDDEN, CORE_NOT_FOUND (a queue, too), CORE_BAD_VALUE,
 * CORE_TAKEN (a queue whose jobs' home is another site). */
int site_offline_set(struct core *core, const struct actor *actor, struct id site,
                     const struct site_offline *offline);
/* Of the site that an agent stands at; switched off where it stands at none. */
int site_offline_of_agent(struct core *core, struct id tenant, struct id agent, struct id *ret_site,
                          struct site_offline *ret);
