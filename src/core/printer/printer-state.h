// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The state of a printer: what it said of itself last, and when. Its agent asks it (courier/state.h), the
 * service asks the agent:
 *
 *      who wants to know             service                         agent
 *      printer_state_ask() -> WANTED wakes ("printers") ------------>
 *                             ASKED  printer_questions_take() <----- asks the printer
 *                             told   printer_state_keep()    <------ what it said
 *      returns  <-
 *
 *   1. What was told is kept with its time, and is fresh for a while (printer_state_fresh_ms): nobody is
 * asked meanwhile.
 *   2. Whoever asks waits no longer than he says, in no transaction, and gets then what is known, however
 * old.
 *   3. A printer is asked once for all who wait for it. One that did not answer is left alone for ten
 *      seconds, so that it costs one person a wait, and not everybody.
 */

#include "core/printer/printer.h"

#define PRINTER_TRAYS   16
#define PRINTER_REASONS 16

enum printer_condition {
        PRINTER_UNKNOWN,
        PRINTER_IDLE,
        PRINTER_PROCESSING,
        PRINTER_STOPPED,
};
/* "unknown", "idle", "processing", "stopped". */
const char *printer_condition_name(enum printer_condition condition);

struct printer_tray {
        char source[CORE_NAME]; /* a keyword */
        char media[CORE_NAME];  /* PWG 5101.1; empty: not known */
        char type[CORE_NAME];   /* media-type; empty: not known */
        int32_t level;          /* percent; -1: not known */
        bool ready;             /* something lies in it, and it can be used */
};

struct printer_state {
        int64_t seen_ms; /* 0: nothing is known yet */
        enum printer_condition condition;
        char reasons[PRINTER_REASONS][CORE_NAME]; /* printer-state-reasons */
        size_t reason_count;
        struct printer_tray trays[PRINTER_TRAYS];
        size_t tray_count;
};

/* Whether that is what may be kept: keywords, and levels in their range. */
bool printer_state_is_valid(const struct printer_state *state);

/* The columns of the database: "tray-1 iso_a4_210x297mm stationery 40 1;…", "-" for what is empty. Pure. */
#define PRINTER_TRAYS_TEXT 4096
void printer_trays_format(const struct printer_state *state, char ret[PRINTER_TRAYS_TEXT]);
/* False where it is none; ret->trays is written in every case. */
bool printer_trays_parse(struct text text, struct printer_state *ret);

/* What is known. Faults only. */
int printer_state_find(struct core *core, struct id tenant, struct id printer, struct printer_state *ret);

/*
 * The same, asked anew where it is not fresh: waits at most wait_ms for the answer; 0 asks and does not wait.
 * Faults only.
 */
int printer_state_ask(struct core *core, struct id tenant, const struct printer *printer, int64_t wait_ms,
                      struct printer_state *ret);

struct printer_desk;
/* For an agent: printers of a desk that are to be asked, each given out once. CORE_FORBIDDEN (no agent). */
int printer_desk_give(struct core *core, struct printer_desk *desk, const struct actor *agent,
                      struct printer *ret, size_t max, size_t *ret_count);
/* Those whose state is wanted. */
int printer_questions_take(struct core *core, const struct actor *agent, struct printer *ret, size_t max,
                           size_t *ret_count);
/*
 * What a printer said, also where nobody had asked; state NULL: it said nothing. Media are named by the
 * standard's names where they have its sizes. CORE_NOT_FOUND (also another agent's printer), CORE_BAD_VALUE,
 * CORE_FORBIDDEN.
 */
int printer_state_keep(struct core *core, const struct actor *agent, struct id printer,
                       const struct printer_state *state);
