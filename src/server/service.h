// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The service's parts, opened in the order in which they need one another, closed in the other:
 *
 *      state folder (locked) -> keeper -> database -> vault -> identity -> core -> certificate -> server
 *
 * Two services never work in one state folder: the lock says so before anything is touched. Every part that
 * cannot be opened is told to people on standard error, with what to do.
 */

#include "core/core.h"
#include "door/agent/channel.h"
#include "door/live-channel.h"
#include "server/renderer.h"
#include "server/settings.h"

struct db;
struct identity;
struct keys;
struct vault;

/* What the product stands on. */
struct house {
        int state_fd; /* the lock */
        const struct names_settings *names;
        _Atomic unsigned int names_asked; /* at the moment */
        struct keys *keys;
        struct db *db;
        struct vault *vault;
        struct agent_channel *channel;
        struct agent_channel *converters;
        struct live_channel *live;
        struct agent_channel *panels; /* idle screens of printers, which are told when somebody comes */
        struct format_set formats;    /* that can be read on this machine */
        struct renderer *renderer;
        struct identity *identity;
        struct core *core;
};

enum house_refusal {
        HOUSE_CLOSED = 1, /* and why has been written to standard error */
};

int house_open(struct house *house, const struct settings *settings);
void house_done(struct house *house);

/* How we are told to stop (SIGTERM, SIGINT), and to load the certificate again (SIGHUP). Opened before the
 * first thread, so that all threads leave these signals to us. */
struct signals {
        int stop_fd;
        int reload_fd;
};

int signals_open(struct signals *signals);
void signals_done(struct signals *signals);

/* Serves until it is told to stop. HOUSE_CLOSED. */
int service_run(struct house *house, const struct settings *settings, const struct signals *signals);

/* Writes "imprimaturd: <what>: <errno's words or why>" with what to do. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
