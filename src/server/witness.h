// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The thread that writes checkpoints of the audit trails to a file besides, as lines of an export. Each is
 * written at least once.
 */

struct core;
struct witness;

struct witness_settings {
        const char *file; /* NULL: none */
};

/* What is wrong with them, as a sentence; NULL: nothing. */
const char *witness_complaint(const struct witness_settings *settings);

/* Nothing to do where there is none: *ret stays NULL. */
int witness_start(const struct witness_settings *settings, struct core *core, struct witness **ret);
void witness_stopp(struct witness **witness);
