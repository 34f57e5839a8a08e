// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/settings.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/process.h"

/* Names or numbers, with commas between them. */
static bool read_uids(const char *list, struct service_uids *ret)
{
        struct text rest = text_from(list), name;

        for (bool more = rest.len > 0; more;) {
                char string[64];

                more = text_cut(rest, ',', &name, &rest);
                if (ret->count == SERVICE_UIDS_MAX || !text_copy(text_trim(name), string, sizeof(string)) ||
                    process_find_user(string, &ret->at[ret->count]) != 0)
                        return false;
                ret->count++;
        }
        return true;
}

static int complain(char complaint[512], const char *name)
{
        snprintf(complaint, 512, "[keeper] %s: names a user whom this machine does not know", name);
        return CONFIG_BAD_VALUE;
}

int settings_read(struct config *config, struct settings *ret, char complaint[512])
{
        const char *users, *makers;
        char ourselves[16];
        int r;

        snprintf(ourselves, sizeof(ourselves), "%u", (unsigned int)geteuid());
        memset(ret, 0, sizeof(*ret));
        ret->socket = config_string(config, "keeper", "socket", "/run/imprimatur/keeper.sock");
        ret->state = config_string(config, "keeper", "state", "/var/lib/imprimatur/keeper");
        ret->master_key = config_string(config, "keeper", "master_key", "/var/lib/imprimatur/master.key");
        ret->user = config_string(config, "keeper", "user", NULL);
        users = config_string(config, "keeper", "users", ourselves);
        makers = config_string(config, "keeper", "makers", "");
        ret->clients_max = (size_t)config_number(config, "keeper", "clients_max", 64, 1, 1024);
        ret->held_max = (size_t)config_number(config, "keeper", "held_max", 8192, 64, 1 << 20);
        ret->opens_per_minute =
                (uint32_t)config_number(config, "keeper", "opens_per_minute", 6000, 0, 1000000);
        ret->checkpoints_per_minute =
                (uint32_t)config_number(config, "keeper", "checkpoints_per_minute", 1200, 0, 1000000);
        ret->sweep_ms = config_duration_ms(config, "keeper", "sweep", 600000, 100, 86400000);
        ret->grace_days = config_number(config, "keeper", "grace_days", 3, 0, 365);
        ret->days_ahead = config_number(config, "keeper", "days_ahead", 400, 1, 36500);

        r = config_finish(config);
        if (r) {
                snprintf(complaint, 512, "%s", config_complaint(config));
                return r;
        }
        if (!read_uids(users, &ret->users))
                return complain(complaint, "users");
        if (!read_uids(makers, &ret->makers))
                return complain(complaint, "makers");
        return 0;
}
