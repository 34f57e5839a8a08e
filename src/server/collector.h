// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The thread that sends the audit trails to a syslog collector: every checkpoint, and where the settings say
 * so every record. In order, at least once, a page in memory at a time (core/trail/trail-push.h). Where the
 * collector is not there it is tried again, after a second first, then up to a minute later; an event says
 * when it has been away for long, and when it is back.
 */

#include <stdbool.h>
#include <stdint.h>

struct core;
struct collector;

struct collector_settings {
        const char *syslog;  /* where (net/syslog-client.h); NULL: nowhere */
        const char *ca_path; /* PEM; NULL: the system's authorities */
        bool records;
        const char *tenants; /* whose records: names with commas between them; NULL: all */
        int64_t again_ms;    /* what was sent in the last so long is sent again on a new connection */
        int64_t alarm_ms;    /* away for so long is worth an event */
};

/* What is wrong with them, as a sentence; NULL: nothing. */
const char *collector_complaint(const struct collector_settings *settings);

/* Nothing to do where there is none: *ret stays NULL. */
int collector_start(const struct collector_settings *settings, struct core *core, struct collector **ret);
void collector_stopp(struct collector **collector);
