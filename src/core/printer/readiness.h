// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Readiness: whether a printer could be printed to now, way by way. Its agent tries (no document, no name
 * leaves), the service asks the agent as it does for a printer's state (core/printer/printer-state.h), and
 * keeps the last report.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "core/printer/printer.h"

#define READINESS_OCTETS 8192

/* checks is JSON that the door has looked into; seen_ms 0: there is none yet. */
struct readiness {
        int64_t seen_ms;
        bool is_new;          /* the agent has answered this very question */
        struct buffer checks; /* the caller's */
};

/* What is known, asked for anew: waits at most wait_ms. CORE_NOT_FOUND (also at another's site),
 * CORE_FORBIDDEN. */
int readiness_ask(struct core *core, const struct actor *actor, struct id printer, int64_t wait_ms,
                  struct readiness *ret);

/* For an agent, as printer_questions_take() and printer_state_keep(). CORE_BAD_VALUE: too long. */
int readiness_take(struct core *core, const struct actor *agent, struct printer *ret, size_t max,
                   size_t *ret_count);
int readiness_keep(struct core *core, const struct actor *agent, struct id printer, struct text checks);
