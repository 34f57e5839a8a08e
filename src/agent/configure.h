// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settings of printers, written on behalf of the service (discovery/configure.h), one printer after the
 * other, each within CONFIGURE_LIMIT_MS. What came of it is told until it was heard. Nothing is written while
 * discovery is switched off, nor to what is excluded from it; its port, time and tries are discovery's.
 */

#include "agent/discovery.h"
#include "agent/service.h"

#define CONFIGURE_LIMIT_MS 10000

struct configurer;

/* Starts its thread, which lives as long as the process. */
int configurer_start(struct service *service, struct discovery *discovery, struct configurer **ret);
/* There may be something to write. Does not block. */
void configurer_wake(struct configurer *configurer);
