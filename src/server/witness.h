// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The thread that tells checkpoints of the audit trails to where they are kept besides: a syslog collector
 * and a file, to which lines as those of an export are added. Each is told at least once, those of a time
 * without the collector when it is there again.
 */

struct core;
struct witness;

struct witness_settings {
        const char *syslog;  /* "tls://HOST:6514" or "tcp://HOST:601"; NULL: none */
        const char *ca_path; /* PEM; NULL: the system's authorities */
        const char *file;    /* NULL: none */
};

/* What is wrong with them, as a sentence; NULL: nothing. */
const char *witness_complaint(const struct witness_settings *settings);

/* Nothing to do where neither is set: *ret stays NULL. */
int witness_start(const struct witness_settings *settings, struct core *core, struct witness **ret);
void witness_stopp(struct witness **witness);
