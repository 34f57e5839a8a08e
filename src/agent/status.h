// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The status page: one page over plain HTTP on this machine's own loopback address, off unless a port is set.
 *
 *   1. It only shows. There is nothing to send it, no cookie, no script, and nothing it loads.
 *   2. Nothing of people, jobs and documents stands on it, and no secret: what this agent is connected to,
 * what it does, which printers it has seen and which queues it serves.
 *   3. It answers by the names of the loopback alone (Host), so that a page from elsewhere, in a browser of
 * this machine, cannot read it by a name that leads here.
 */

#include "agent/health.h"
#include "agent/settings.h"

struct status {
        const struct agent_settings *settings;
        struct health *health;
};

enum status_refusal {
        STATUS_IN_USE = 1,
};

/* Listens; *status must live on. 0 also where it is off. */
int status_start(struct status *status);
