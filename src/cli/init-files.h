// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The folders and settings that "imprimatur init" makes. Nothing that exists is overwritten. */

#include <stdbool.h>
#include <sys/types.h>

#define INIT_PATH 512

struct init_paths {
        char config[INIT_PATH];
        char state[INIT_PATH];
        char run[INIT_PATH];
        char service_conf[INIT_PATH];
        char keeper_conf[INIT_PATH];
        char socket[INIT_PATH];
        char master_key[INIT_PATH];
};

struct init_users {
        const char *service; /* NULL: whoever runs this */
        const char *keeper;
        uid_t service_uid;
        uid_t keeper_uid;
        gid_t service_gid;
};

struct invocation;

/* False after a complaint. */
bool init_paths_read(const struct invocation *invocation, struct init_paths *ret);
bool init_users_read(const struct invocation *invocation, struct init_users *ret);
bool init_folders_make(const struct init_paths *paths, const struct init_users *users);
bool init_settings_write(const struct invocation *invocation, const struct init_paths *paths,
                         const struct init_users *users);
