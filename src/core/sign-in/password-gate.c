// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/outcome.h"
#include "core/state.h"

/* A password check takes 64 MiB and a third of a second of a core: a few run at once, some wait, the rest are
 * told so. */
struct password_gate {
        pthread_mutex_t lock;
        pthread_cond_t free;
        uint32_t running;
        uint32_t waiting;
};

int password_gate_new(struct core *core)
{
        core->password_gate = calloc(1, sizeof(*core->password_gate));
        if (!core->password_gate)
                return fault(-ENOMEM);
        pthread_mutex_init(&core->password_gate->lock, NULL);
        pthread_cond_init(&core->password_gate->free, NULL);
        return 0;
}

void password_gate_free(struct core *core)
{
        if (!core->password_gate)
                return;
        pthread_cond_destroy(&core->password_gate->free);
        pthread_mutex_destroy(&core->password_gate->lock);
        free(core->password_gate);
}

int password_gate_enter(struct core *core)
{
        struct password_gate *gate = core->password_gate;
        int r = 0;

        if (!crew_wait_begin(CREW_PASSWORDS))
                return CORE_BUSY;
        pthread_mutex_lock(&gate->lock);
        if (gate->running >= core->settings.password_checks_max &&
            gate->waiting >= core->settings.password_waiting_max) {
                r = CORE_BUSY;
        } else {
                gate->waiting++;
                while (gate->running >= core->settings.password_checks_max)
                        pthread_cond_wait(&gate->free, &gate->lock);
                gate->waiting--;
                gate->running++;
        }
        pthread_mutex_unlock(&gate->lock);
        if (r)
                crew_wait_end(CREW_PASSWORDS);
        return r;
}

void password_gate_leave(struct core *core)
{
        struct password_gate *gate = core->password_gate;

        pthread_mutex_lock(&gate->lock);
        gate->running--;
        pthread_cond_signal(&gate->free);
        pthread_mutex_unlock(&gate->lock);
        crew_wait_end(CREW_PASSWORDS);
}
