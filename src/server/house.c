// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/live.h"
#include "db/db.h"
#include "identity/identity.h"
#include "keys/keys.h"
#include "os/file.h"
#include "cells/formats.h"
#include "server/service.h"
#include "vault/vault.h"

#define NAMES_ASKED_MAX 2

void complain(const char *format, ...)
{
        va_list args;

        fputs("imprimaturd: ", stderr);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fputc('\n', stderr);
}

static int open_state(struct house *house, const struct settings *settings)
{
        SCOPED(closep) int fd = -1;
        int r;

        r = directory_open(settings->state, &fd);
        if (r) {
                complain("%s: our folder cannot be opened: %s. Make it, or set [server] state, or run as the "
                         "user it belongs to.",
                         settings->state, r < 0 ? strerror(-r) : "no such folder");
                return HOUSE_CLOSED;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
                complain("%s: another imprimaturd works in this folder. Stop it first.", settings->state);
                return HOUSE_CLOSED;
        }
        house->state_fd = take_fd(&fd);
        return 0;
}

static int open_keeper(struct house *house, const struct settings *settings)
{
        int r = keys_open(&settings->keys, &house->keys);

        if (r == 0)
                return 0;
        if (r == -EPERM)
                complain(
                        "%s: this keeper belongs to another user. Set [keeper] owner to the user it runs as.",
                        settings->keys.path);
        else
                complain(
                        "%s: no keeper answers here (%s). Start it first: systemctl start imprimatur-keeper, "
                        "or imprimatur-keeper --config FILE",
                        settings->keys.path, r < 0 ? strerror(-r) : "refused");
        return HOUSE_CLOSED;
}

static int open_database(struct house *house, const struct settings *settings)
{
        int r = db_open(&settings->db, &house->db);

        if (r == 0)
                return 0;
        if (r == DB_NEWER)
                complain("%s: a newer version of Imprimatur has written this database. Install that version.",
                         settings->db.path);
        else
                complain("%s: the database cannot be opened: %s", settings->db.path,
                         r < 0 ? strerror(-r) : "refused");
        return HOUSE_CLOSED;
}

static int open_vault(struct house *house, const struct settings *settings)
{
        int r = vault_open(&settings->vault, &house->vault);

        if (r == 0)
                return 0;
        complain("%s: the vault cannot be opened: %s", settings->vault.path,
                 r < 0 ? strerror(-r) : "refused");
        return HOUSE_CLOSED;
}

static int open_identity(struct house *house, const struct settings *settings)
{
        int r = identity_new(&settings->identity, &house->identity);

        if (r == 0)
                return 0;
        complain("[fetch] %s",
                 r < 0 ? strerror(-r)
                       : "allow is a list of networks, addresses and host names; ports of ports");
        return HOUSE_CLOSED;
}

static void wake_agent(void *context, struct id tenant, struct id agent, const char *event)
{
        struct house *house = context;

        agent_channel_wake(house->channel, tenant, agent, event);
}

static void wake_render(void *context)
{
        struct house *house = context;

        renderer_wake(house->renderer);
        agent_channel_wake_all(house->converters, "work");
}

static void wake_panel(void *context, struct id tenant, struct id panel)
{
        struct house *house = context;

        agent_channel_wake(house->panels, tenant, panel, "guest");
}

/* An answer may take seconds, in which it occupies a thread: few at once. */
static int check_txt(void *context, const char *name, struct text wanted)
{
        struct house *house = context;
        int r;

        if (!crew_wait_begin(CREW_NAMES))
                return CORE_BUSY;
        if (atomic_fetch_add(&house->names_asked, 1) < NAMES_ASKED_MAX)
                r = names_check_txt(house->names, name, wanted);
        else
                r = NAMES_UNREACHABLE;
        atomic_fetch_sub(&house->names_asked, 1);
        crew_wait_end(CREW_NAMES);
        switch (r) {
        case NAMES_NONE:
        case NAMES_BAD: return CORE_NOT_PROVED;
        case NAMES_UNREACHABLE: return CORE_BUSY;
        default: return r;
        }
}

static void agent_gone(void *context, struct id tenant, struct id agent)
{
        struct house *house = context;

        live_agent(house->core, tenant, agent, "agent-disconnected");
}

static void wake_directory(void *context, struct id tenant, struct id agent)
{
        wake_agent(context, tenant, agent, "directory");
}

static bool is_connected(void *context, struct id agent)
{
        struct house *house = context;

        return agent_channel_has(house->channel, agent);
}

static int open_directory(struct house *house, const struct settings *settings)
{
        struct ldap_parts parts = settings->directory;

        parts.wake = wake_directory;
        parts.is_connected = is_connected;
        parts.context = house;
        return ldap_open(&parts);
}

static int open_core(struct house *house, const struct settings *settings)
{
        struct core_parts parts = {
                .db = house->db,
                .vault = house->vault,
                .keys = house->keys,
                .settings = settings->core,
                .wake_agent = wake_agent,
                .wake_render = wake_render,
                .wake_panel = wake_panel,
                .wake_context = house,
                .live_wanted = live_channel_wanted,
                .live_tell = live_channel_tell,
                .live_context = house->live,
                .method_drivers = identity_drivers,
                .method_context = house->identity,
                .check_txt = check_txt,
                .txt_context = house,
                .badges = &ldap_badges,
        };
        int r;

        house->names = &settings->names;
        parts.settings.own_formats = house->formats;
        r = core_open(&parts, &house->core);
        agent_channel_watch(house->channel, agent_gone, house);

        if (r == 0)
                return 0;
        complain("%s: what is kept here cannot be taken up: %s. The log has more.", settings->state,
                 r < 0 ? strerror(-r) : "refused");
        return HOUSE_CLOSED;
}

/* Without cells nothing is read here; where the renderer does not say what it reads, each document tells how
 * it goes. */
static int learn_formats(const struct cells_settings *settings, struct format_set *ret)
{
        int r;

        *ret = (struct format_set){ 0 };
        if (settings->cells == 0)
                return 0;
        r = cells_learn_formats(settings, ret);
        if (r == CELLS_NO_ANSWER)
                *ret = (struct format_set){ UINT64_MAX };
        return r < 0 ? r : 0;
}

int house_open(struct house *house, const struct settings *settings)
{
        int r;

        *house = (struct house){ .state_fd = -1 };
        r = open_state(house, settings);
        if (r == 0)
                r = open_keeper(house, settings);
        if (r == 0)
                r = open_database(house, settings);
        if (r == 0)
                r = open_vault(house, settings);
        if (r == 0)
                r = agent_channel_new(&house->channel);
        if (r == 0)
                r = agent_channel_new(&house->converters);
        if (r == 0)
                r = live_channel_new(&settings->live, &house->live);
        if (r == 0)
                r = agent_channel_new(&house->panels);
        if (r == 0)
                r = learn_formats(&settings->renderer, &house->formats);
        if (r == 0)
                r = renderer_new(&settings->renderer, &house->renderer);
        if (r == 0)
                r = open_identity(house, settings);
        if (r == 0)
                r = open_directory(house, settings);
        if (r == 0)
                r = open_core(house, settings);
        if (r)
                house_done(house);
        return r;
}

void house_done(struct house *house)
{
        if (house->core)
                core_close(house->core);
        identity_free(house->identity);
        ldap_close();
        renderer_free(house->renderer);
        agent_channel_free(house->channel);
        agent_channel_free(house->converters);
        live_channel_free(house->live);
        agent_channel_free(house->panels);
        if (house->vault)
                vault_close(house->vault);
        db_close(house->db);
        keys_closep(&house->keys);
        closep(&house->state_fd);
        *house = (struct house){ .state_fd = -1 };
}
