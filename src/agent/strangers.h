// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Strangers: appliances that call and that nobody has bound to a printer. The last ones are kept for who asks
 * how the agent fares, and the service is told of each now and then ([readers] strangers_again); whoever
 * pretends to be many has only the older ones forgotten.
 *
 * Safe from every thread.
 */

#include "agent/service.h"
#include "agent/settings.h"
#include "badge/reader.h"

#define STRANGERS_MAX 64 /* [readers] strangers may say less */

struct strangers;

struct stranger {
        enum reader_model model;
        char address[64];
        int64_t at_ms; /* of the last call; since 1970 */
};

/* Its thread tells the service. */
int strangers_start(const struct agent_settings *settings, struct service *service, struct strangers **ret);

void strangers_note(struct strangers *strangers, enum reader_model model, const char *address);

/* How many others there were since the start: more than are kept, where one has given way. */
uint64_t strangers_count(struct strangers *strangers);
/* The latest first. */
size_t strangers_list(struct strangers *strangers, struct stranger ret[STRANGERS_MAX]);
