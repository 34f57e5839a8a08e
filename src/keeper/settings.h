// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The keeper's settings, section [keeper]. */

#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "keeper/service.h"

struct settings {
        const char *socket;     /* where the service finds it */
        const char *state;      /* day keys, keys of the audit trails; never in a backup */
        const char *master_key; /* file */
        const char *user;       /* whom to become; NULL: nobody else */
        struct service_uids users;
        struct service_uids makers;
        size_t clients_max;
        size_t held_max;
        uint32_t opens_per_minute;
        uint32_t checkpoints_per_minute;
        int64_t sweep_ms;
        int64_t grace_days;
        int64_t days_ahead;
};

/* Texts are borrowed from config. A refusal is one of enum config_refusal; the sentence is added to
 * complaint. */
int settings_read(struct config *config, struct settings *ret, char complaint[512]);
