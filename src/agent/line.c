// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/line.h"

#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "outpost/thread.h"

/* Whether it is down is told once. */
static bool set(struct service *service, bool is_down)
{
        if (!service_set_away(service, is_down))
                return false;
        log_write(LOG_NOTICE, is_down ? "line-is-down" : "line-is-back", NULL);
        return true;
}

void line_note(struct service *service, int r)
{
        if (r >= 0)
                (void)set(service, r == SERVICE_UNREACHABLE || r == SERVICE_SILENT);
}

/* Half of the time is for the answer, the other half at most between two questions. */
static void look(struct line *line)
{
        bool was_down = service_is_away(line->service);
        int r = service_reach(line->service, (uint32_t)(line->notice_ms / 2));

        line_note(line->service, r);
        if (!was_down || r)
                return;
        carrier_unpark(line->carrier);
        drain_wake(line->drain);
        carrier_wake(line->carrier);
        offline_wake(line->offline);
}

static void *run(void *context)
{
        struct line *line = context;

        for (;;) {
                int64_t until_ms = clock_monotonic_ms() + line->notice_ms / 2;

                look(line);
                until_ms -= clock_monotonic_ms();
                if (until_ms > 0)
                        (void)poll(NULL, 0, (int)until_ms);
        }
        return NULL;
}

int line_start(struct line *line)
{
        return thread_start(run, line);
}
