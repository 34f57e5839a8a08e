// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What would happen to a print of somebody's at a printer, without any print: for who makes the policies, so
 * that one can be believed before it meets people. It is what settle_job() would make of such a job, but for
 * what lies in the printer's trays at that moment; nothing is written.
 */

#include "core/release/settle.h"

struct settle_trial {
        struct id person;
        struct id queue; /* zero: of no queue */
        struct id printer;
        struct ticket sent;
        uint32_t pages; /* of the document; 0: not known */
        bool is_grey;   /* no page of it has a colour */
};

struct settle_trial_outcome {
        bool may_print; /* the printer is open to this person */
        struct settled settled;
        struct policy policies[POLICIES_MAX]; /* that hold, oldest first */
        size_t policy_count;
};

/* CORE_FORBIDDEN (RIGHT_POLICIES), CORE_NOT_FOUND (person, printer), CORE_BAD_VALUE (sent). */
int settle_try(struct core *core, const struct actor *actor, const struct settle_trial *trial,
               struct settle_trial_outcome *ret);
