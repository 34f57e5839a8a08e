// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * job-password (PWG 5100.11): digits that a person types at the printer, which holds his job until then. Told
 * with the release, or demanded there by a policy; only printers whose row says how many digits they know
 * (password_digits) get jobs with one.
 *
 * It is in memory alone (core/unwritten.h), for the delivery it belongs to, until that has ended, and leaves
 * us with the document's key. A restart forgets it: then nothing is printed, and the job is held again.
 */

#include "core/release/settle.h"
#include "core/unwritten.h"

struct delivery_row;
struct printer;

#define JOB_PASSWORD_LEAST 4  /* digits, where the printer knows no more; six, where it does */
#define JOB_PASSWORD_MOST  16 /* digits */
#define JOB_PASSWORD       (JOB_PASSWORD_MOST + 1)

/* Digits, as many as may be. */
bool job_password_is_possible(struct text password);

/* For core's own files. */

int job_passwords_new(struct core *core);
/*
 * Whether a job may go to the printer with this one (empty: none): 0, CORE_JOB_PASSWORD_NEEDED (a policy
 * wants one), CORE_JOB_PASSWORD_UNKNOWN (the printer has none, or of other lengths).
 */
int job_password_check(const struct settled *settled, const struct printer *printer, struct text password);
/* With a delivery in this transaction. CORE_BUSY (too many are kept). */
int job_password_keep(struct core *core, struct db_tx *tx, struct id tenant, struct id delivery,
                      struct id owner, struct text password);
/* Whether the delivery goes with one; *ret (may be NULL): it, to be wiped. CORE_NOT_FOUND: it has one, which
 * is lost. */
int job_password_of(struct core *core, const struct delivery_row *delivery, struct unwritten_secret *ret);
