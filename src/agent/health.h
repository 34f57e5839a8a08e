// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * How this agent is: told to the service once a day, at the start, and at once where the clock has jumped or
 * the disk has become full, or is no longer; and within a minute where a badge reader has called that nobody
 * has bound.
 */

#include "agent/channel.h"
#include "agent/configuration.h"
#include "agent/journal.h"
#include "agent/service.h"
#include "agent/strangers.h"

#define HEALTH_DISK_LEAST ((uint64_t)32 << 20) /* below it a disk counts as full */

struct health {
        struct service *service;
        struct configuration *configuration;
        struct channel_parts *channel;
        struct journal *journal;
        struct strangers *strangers;
        struct offline *offline;
        int directory;      /* the state folder */
        int64_t every_ms;   /* 0: nothing is told */
        int64_t started_ms; /* clock_boot_ms(); its own */
};

/* What is told; the caller owns it. NULL where memory is out. */
json_t *health_describe(const struct health *health);
bool health_disk_is_full(const struct health *health, uint64_t *ret_free, uint64_t *ret_total);

/* In a thread of its own; *health must live on. */
int health_start(struct health *health);
