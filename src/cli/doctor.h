// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Findings of "imprimatur doctor": what was looked at, whether it is well, and what to do where it is not. */

#include <jansson.h>
#include <stdbool.h>

#include "cli/session.h"

enum finding_kind {
        FINDING_GOOD,
        FINDING_WARNING,
        FINDING_BAD,
};

struct findings {
        json_t *items; /* [{"what", "state", "words", "advice"}] */
        size_t bad;
};

void finding_add(struct findings *findings, enum finding_kind kind, const char *what, const char *advice,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Of the service's machine: keeper, disk, certificate, programs, clock. Nothing where its settings are not
 * here. */
void doctor_look_at_host(struct findings *findings, const char *config_folder);
/* Through the API: the service, its agents, printers and queues. */
void doctor_look_at_service(struct findings *findings, struct session *session);
