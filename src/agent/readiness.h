// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whether printers could be printed to now, tried on behalf of the service: every address is connected to,
 * IPP is asked what the printer is, with the identity that is pinned and, where that fails, without; then
 * SNMP. No document and no name leaves. Everything of one printer ends within READINESS_LIMIT_MS.
 */

#include <stdint.h>

#include "agent/service.h"
#include "agent/settings.h"

#define READINESS_LIMIT_MS 10000

struct readiness;

/* Starts its thread, which lives as long as the process. */
int readiness_start(const struct agent_settings *settings, struct service *service, struct readiness **ret);
/* There may be questions. Does not block. */
void readiness_wake(struct readiness *readiness);
