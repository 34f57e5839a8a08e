// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Which printers are to be asked for their state, in memory (core/printer/printer-state.h). Safe from every
 * thread.
 */

#include "core/core.h"

struct printer_desk;

/* An agent that was woken has so long to say anything. */
int printer_desk_new(int64_t answer_ms, struct printer_desk **ret);
void printer_desk_free(struct printer_desk *desk); /* when nobody asks any more */

struct printer_wish {
        struct id tenant, printer;
        struct id agent; /* zero: any of the tenant */
};

/* Whether an agent has to be woken: it was not asked already, and did not stay silent a moment ago. */
bool printer_desk_want(struct printer_desk *desk, const struct printer_wish *wish);
/* Waits for an answer to what is wanted; false where none came by then, or none will. */
bool printer_desk_wait(struct printer_desk *desk, struct id tenant, struct id printer, int64_t until_ms);
/* The next printer that this agent is to ask. */
bool printer_desk_take(struct printer_desk *desk, struct id tenant, struct id agent, struct id *ret);
/* What was wanted is there, or (not told) will not come. */
void printer_desk_answer(struct printer_desk *desk, struct id tenant, struct id printer, bool told);
