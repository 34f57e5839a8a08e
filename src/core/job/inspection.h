// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Inspections: what a job's document holds. Wanted when it has arrived, made by a renderer in its cell; what
 * the owner alone may see of it is sealed with the tenant's field key.
 */

#include "conversion/facts.h"
#include "core/actor.h"

enum inspection_state {
        INSPECTION_NONE,    /* its format is none that can be looked into */
        INSPECTION_WAITING, /* not yet */
        INSPECTION_DONE,
        INSPECTION_FAILED,
};
const char *inspection_state_name(enum inspection_state state);

struct inspection {
        enum inspection_state state;
        char reason[CORE_WORDS]; /* why it failed, a keyword: "document-password-needed", … */
        bool has_secret;         /* its password was given (core/job/document-password.h) */
        uint32_t base;           /* the artefact that has it as PDF where it is none; 0: none */
        struct facts facts;      /* of a job that is the actor's own; else its numbers alone */
};

/* Whoever finds the job (core/job/job.h) finds this. CORE_NOT_FOUND. */
int inspection_find(struct core *core, const struct actor *actor, struct id job, struct inspection *ret);
