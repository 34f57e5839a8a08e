// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What most nouns do alike: list, show, make, delete. Each opens a session of its own. */

#include "cli/session.h"
#include "cli/table.h"

int list_run(struct invocation *invocation, const char *path, const struct column *columns, const char *none);
int show_run(struct invocation *invocation, const char *path, const struct column *columns);
/* Sends the body, which is taken over, and shows the answer. */
int change_run(struct session *session, const char *method, const char *path, json_t *body,
               const struct column *columns);
/* Asks a question, in whose middle stands the first operand, and deletes. */
int delete_run(struct session *session, const char *path, const char *before, const char *after);
