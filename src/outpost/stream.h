// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The channel: one idle stream on which the service says that something has changed. What it says is only a
 * nudge; whoever hears it then asks. A stream that breaks is opened again, with patience.
 */

#include <pthread.h>

#include "outpost/service.h"

struct stream {
        struct service *service;
        const char *path; /* static */
        /* Each time before it is opened: a refusal or a fault of service.h, and it is tried again later.
         * NULL: nothing is to be said before. */
        int (*introduce)(void *context);
        /* false ends the stream, which is then opened again. */
        bool (*event)(void *context, struct text name, struct text data);
        void *context;
        pthread_mutex_t lock; /* the stream's own, as are the next */
        bool is_open;
        char why[512];
};

/* "connected", or not and why. */
void stream_state(struct stream *stream, char *to, size_t size);

/* Runs in a thread of its own from here on; *stream must live on. */
int stream_start(struct stream *stream);
