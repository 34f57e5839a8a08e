// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What is done alike with programs on other machines that enrol with a code: agents and converters. */

#include "cli/session.h"

struct outpost_words {
        const char *path;    /* "/v1/agents" */
        const char *noun;    /* "agent" */
        const char *program; /* "imprimatur-agent" */
};

/* Adds what the body says, which is taken over, and prints its code and what to do with it. */
int outpost_add(struct invocation *invocation, const struct outpost_words *words, json_t *body);

/* Makes a new code for what is there, at a path with its id in the middle, and prints it likewise. */
int outpost_make_code(struct invocation *invocation, const struct outpost_words *words, const char *pattern);

/* Deletes what is in that list by its name; the question has the name in its middle. */
int outpost_delete(struct invocation *invocation, const char *list, const char *pattern, const char *before,
                   const char *after);
