// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Paper substitution: what is done where the sheets that a ticket asks for lie in no tray of the printer, as
 * far as it says (core/printer/printer-state.h). A printer's row says it, else its tenant's:
 *
 *      off      nothing: the printer asks whoever stands there
 *      ask      the job is not released as it is; the person is told what is loaded, and chooses
 *      choose   the nearest sheet that is loaded is taken (conversion/media-size.h), pages that do not fit
 * are made smaller, and the job's timeline says so
 *
 * At a badge reader nobody can be asked: the tenant's setting for what a printer cannot do
 * (holds_unsupported) says whether such a job stays held, or goes on as under "choose". What the printer does
 * not tell decides nothing.
 */

#include <stdint.h>

#include "base/id.h"

struct core;
struct db_tx;
struct job_row;
struct printer;
struct printer_state;
struct settled;

enum substitution {
        SUBSTITUTION_UNSAID, /* of a printer: as its tenant says; of a tenant: off */
        SUBSTITUTION_OFF,
        SUBSTITUTION_ASK,
        SUBSTITUTION_CHOOSE,
};
/* "" for what is unsaid, "off", "ask", "choose"; NULL at the end. */
extern const char *const substitution_words[];

/*
 * Before a transaction that settles jobs at a printer: where substitution is on there, its state is asked
 * for, and waited for at most wait_ms. A printer that is not there asks for nothing. Faults only.
 */
int substitution_prepare(struct core *core, struct id tenant, struct id printer, int64_t wait_ms);

/* The step of settle_job(): by what is known of the printer. Faults only. */
int substitution_settle(struct db_tx *tx, struct id tenant, const struct printer *printer,
                        const struct job_row *job, struct settled *settled);

/* The same by values. may_scale: the pages can be made to fit. Pure. */
void substitution_apply(enum substitution substitution, const struct printer_state *state, bool may_scale,
                        struct settled *settled);
