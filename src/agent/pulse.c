// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/pulse.h"

#include <poll.h>

#include "base/log.h"
#include "outpost/thread.h"

#define PULSE_MS 5000

static void *run(void *context)
{
        struct pulse *pulse = context;

        for (;;) {
                int r = 0;

                (void)poll(NULL, 0, PULSE_MS);
                if (carrier_is_busy(pulse->carrier))
                        r = service_alive(pulse->service, journal_incarnation(pulse->journal));
                if (r < 0)
                        log_fault("pulse-failed", r);
        }
        return NULL;
}

int pulse_start(struct pulse *pulse)
{
        return thread_start(run, pulse);
}
