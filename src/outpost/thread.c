// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/thread.h"

#include <pthread.h>

#include "base/outcome.h"

int thread_start(void *(*run)(void *), void *context)
{
        pthread_t thread;
        int r = pthread_create(&thread, NULL, run, context);

        if (r)
                return fault(-r);
        pthread_detach(thread);
        return 0;
}
