// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Events: what happened, to whom, by whom. Written in the transaction of the change itself: no change without
 * its event, no event without its change. They carry ids and our own keywords, never documents, titles, PINs,
 * badges or passwords.
 */

#include "core/actor.h"

struct event {
        struct id id;
        int64_t at_ms;
        char kind[CORE_NAME]; /* "job-held", "badge-unknown", … (docs/words.md) */
        char actor_kind[16];
        struct id actor;
        struct id subject;       /* the job, printer, person … it is about; zero: none */
        char detail[CORE_WORDS]; /* name=value words */
        char via[16];            /* how he came: "api", "ipp", … (enum via) */
        char source[CORE_NAME];  /* from where: an address; empty: the service itself */
};

/* Oldest first, from after on; subject NULL: all. CORE_FORBIDDEN: administrators only. */
int event_list(struct core *core, const struct actor *actor, const struct id *subject, struct id after,
               struct event *ret, size_t max, size_t *ret_count);

/* An event that goes with no other change, such as a refused sign-in. subject may be zero. */
int event_note(struct core *core, struct id tenant, const struct actor *actor, const char *kind,
               struct id subject, const char *detail);
