// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Whether printers could be printed to now, tried on behalf of the service: every address is connected to,
 * IPP is asked what the printer is, with the identity that is pinned and, where that fails, without; then
 * SNMP, by the credentials of the agent's discovery. What it says of its formats and its clock is compared
 * with what the service would send, and with the service's time. No document and no name leaves. How long
 * each way and all of one printer may take is in [printers] of the settings.
 */

#include <stdint.h>

#include "agent/credentials.h"
#include "agent/service.h"
#include "agent/settings.h"

struct readiness;

/* Starts its thread, which lives as long as the process. */
int readiness_start(const struct agent_settings *settings, struct service *service,
                    struct credentials *credentials, struct readiness **ret);
/* There may be questions. Does not block. */
void readiness_wake(struct readiness *readiness);
