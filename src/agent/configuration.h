// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the service has told this agent to be: which of its features are on, and for each of its modules a
 * member of its own.
 *
 *      { "agent": …, "features": { "readers": true, … }, "readers": …, "discovery": …, …,
 *        "secrets": { "discovery": …, … } }
 *
 *   1. Every part hears of it by one call, at the start (configuration_start()) and whenever it was fetched
 *      and something of that part is another than before. Calls come one at a time.
 *   2. The last good one is kept in the state folder ("configuration.json"), so that an agent that starts
 *      without a line to the service knows what it is. "secrets" are never written: they are there after the
 *      service was heard, and in memory only.
 *   3. What is not understood as a whole changes nothing. What one part does not understand is that part's
 *      affair: it keeps what it had, the log names it, and the others go on.
 *
 * A feature that the configuration does not name is on: the switches are there to switch off.
 */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define CONFIGURATION_OCTETS_MAX ((size_t)4 << 20)
#define CONFIGURATION_PARTS_MAX  16

struct configuration;

/* What a part is told. The values are borrowed for the call. */
struct configuration_member {
        bool is_on;           /* its switch among the features */
        const json_t *value;  /* its member; NULL: the configuration has none */
        const json_t *secret; /* its member of "secrets"; NULL: none, or not known without a line */
};

struct configuration_part {
        const char *name; /* of the member and of the switch; static */
        /*
         * Becomes what it is told, at once: when it returns after is_on was false, its listeners are closed
         * and its work has ended or will end without asking anybody. Not 0: not understood or not possible,
         * and it stays what it was; a fault is logged as one.
         */
        int (*apply)(void *context, const struct configuration_member *member);
        void *context;
};

enum configuration_refusal {
        CONFIGURATION_MALFORMED = 1, /* no object, or of another agent */
};

/* directory: the state folder, which stays open. Reads what was kept there. */
int configuration_new(int directory, struct configuration **ret);
void configuration_free(struct configuration *configuration);

/* Before the start. The part is copied. */
void configuration_add(struct configuration *configuration, const struct configuration_part *part);

/* Tells every part what is known: what was kept, or nothing (all on, without members). */
void configuration_start(struct configuration *configuration);

/* Takes what the service has answered: keeps it, and tells the parts. CONFIGURATION_MALFORMED. */
int configuration_take(struct configuration *configuration, struct text octets);

/* This machine is another agent from now on (enrolled anew): what was kept is not its. */
void configuration_forget(int directory);

/* Whether one was ever heard, now or before the start. */
bool configuration_is_known(struct configuration *configuration);
bool configuration_has_on(struct configuration *configuration, const char *feature);

/* The strings member.list[].name, in a new array, which the caller frees. */
json_t *configuration_names(struct configuration *configuration, const char *member, const char *list,
                            const char *name);

/* "readers directory …": names of the features that are on, in the order in which the parts were added, for
 * people. Cut where it does not fit. */
void configuration_features(struct configuration *configuration, char *to, size_t size);
