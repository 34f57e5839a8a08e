// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Terms: how an agent may release by itself what was submitted to it while its line was down
 * (offline/deposit.h). Nobody can be asked then, so what the service would decide is told before: for each
 * queue whose jobs' home is the site, and each printer there, what becomes of a job without any wishes, and
 * which wishes are simply granted. Whatever else somebody asks for waits for the line.
 *
 * Not in it are pairs where more has to be known: where a policy holds for anybody, an account is asked for,
 * or a server's queue wants a name. People with a default ticket of their own wait, too.
 */

#include "core/release/delivery.h"

#define TERMS_PAIRS_MAX  64
#define TERMS_PEOPLE_MAX 4096

/* Bits by the place in terms_sides, …; of media by the place in the printer's. */
struct terms_can {
        bool copies;
        uint32_t sides;
        uint32_t colours;
        uint32_t qualities; /* 1 << print-quality */
        uint32_t media;
};
extern const char *const terms_sides[3];
extern const char *const terms_colours[3];

struct terms {
        struct terms_pair {
                char queue[CORE_NAME];
                struct delivery_offer offer; /* without a document, a job, a delivery */
                struct terms_can can;
        } pairs[TERMS_PAIRS_MAX];
        size_t pair_count;
        struct id people[TERMS_PEOPLE_MAX]; /* who have a default ticket of their own, sorted */
        size_t person_count;
};

/* For an agent; none where its site does not go on without a line. CORE_FORBIDDEN. */
int terms_find(struct core *core, const struct actor *agent, struct terms *ret);
