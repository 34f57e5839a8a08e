// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Looks once a day whether there is an update (update/manifest.h), and says so.
 *
 * The agent installs nothing: it has no right to, and starts no other program. A good manifest of a newer
 * version is said in the log, and in automatic mode also written down in the state folder ("update-wanted":
 * the version), where a small unit of the administrator's finds it, which asks the packages of the system,
 * with signatures of their own, for that version (decision 38). The greatest sequence seen is kept
 * ("update-sequence"): an older manifest is never taken again.
 */

#include "agent/service.h"
#include "agent/settings.h"

struct update {
        const struct agent_settings *settings;
        struct service *service;
        int directory; /* the state folder */
};

enum update_refusal {
        UPDATE_BAD_KEY = 1, /* [update] key: 64 hexadecimal digits a line, at most four */
        UPDATE_BAD_MODE,
};

/* In a thread of its own, where there is a key; *update must live on. */
int update_start(struct update *update);
