// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Strangers: appliances that call and that nobody has bound to a printer. The last ones are kept for who asks
 * how the agent fares, and the service is told of each at most once in ten minutes; whoever pretends to be
 * many has only the older ones forgotten.
 *
 * Safe from every thread.
 */

#include "agent/service.h"
#include "badge/reader.h"

#define STRANGERS_MAX 32

struct strangers;

struct stranger {
        enum reader_model model;
        char address[64];
        int64_t at_ms; /* of the last call; since 1970 */
};

/* Its thread tells the service. */
int strangers_start(struct service *service, struct strangers **ret);

void strangers_note(struct strangers *strangers, enum reader_model model, const char *address);

/* The latest first. */
size_t strangers_list(struct strangers *strangers, struct stranger ret[STRANGERS_MAX]);
