// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A crew: threads that serve whoever comes, and how many of them may wait for somebody else at a time.
 *
 *   1. At most half of a crew waits (but one always may); whoever would be more is told so at once. The other
 *      half goes on serving those for whom nobody else has to be asked.
 *   2. No kind of waiting takes more than what it leaves free for the others: where one kind alone floods, it
 *      gets half of what may wait, and a second kind finds room at once.
 *   3. A thread that waits already (it asks a directory, which asks for a name) is not counted again.
 *   4. Threads of no crew (those that work in the background) wait as they like.
 */

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum crew_wait {
        CREW_PROVIDERS,   /* other servers, over HTTPS */
        CREW_DIRECTORIES, /* and for the pause with which a wrong password is answered */
        CREW_NAMES,       /* the domain name system */
        CREW_PASSWORDS,   /* a turn at the slow comparison, and the comparison */
        CREW_IMAGES,      /* of pages, while a renderer makes them */
        CREW_PRINTERS,    /* their state, while an agent asks */
        CREW_WAITS,       /* none: how many kinds there are */
};

struct crew {
        pthread_mutex_t lock;
        uint32_t most;
        uint32_t waiting[CREW_WAITS];
};

void crew_init(struct crew *crew, uint32_t threads);
void crew_done(struct crew *crew);

/* The thread that calls is one of them from now on, to its end. */
void crew_join(struct crew *crew);

/* Before a wait, and after it where the first one said yes. */
bool crew_wait_begin(enum crew_wait kind);
void crew_wait_end(enum crew_wait kind);
