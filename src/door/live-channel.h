// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The live channel: everybody's open pages, and what each is told (core/live.h).
 *
 *      writer's thread --live_channel_tell()--> queue --our thread--> streams of those who may see it
 *                                                        \--> the last so many events, for who comes again
 *
 *   1. Whoever tells never waits: not for a client, not for a database, not for who else comes or goes.
 *   2. Nothing grows. What our thread does not get done in time, or a client does not take, is forgotten, and
 *      who missed it is told "resync": ask for everything again.
 *   3. Each event has an id, "<this start>-<number>". Who comes again with the last one he has
 * (Last-Event-ID) gets what he missed, where all of it is still here, and else "resync".
 *   4. A stream ends with what it was opened by. That is noticed by the event that says so; a session that
 *      nobody used, and a token that is over, once a minute.
 *
 * Events of the stream: "ready" (nothing was missed), "resync", "live" {"kind", "id", "what"}, "ended". Safe
 * from every thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "base/text.h"

struct actor;
struct config;
struct core;
struct http_exchange;
struct live_channel;
struct live_event;

struct live_limits {
        uint32_t streams;    /* of all; default 10,000 */
        uint32_t of_person;  /* default 32 */
        uint32_t of_session; /* default 8 */
        uint32_t kept;       /* events, for who comes again; default 1,024 */
        int64_t check_ms;    /* between two looks whether a session or token is over; default 1 min */
};

struct live_limits live_limits_default(void);
/* Reads [section] of the settings. */
struct live_limits live_limits_read(struct config *config, const char *section);

enum live_channel_refusal {
        LIVE_CHANNEL_FULL = 1, /* too many streams of this session, this person, or of all */
        LIVE_CHANNEL_OVER,     /* what he came with has ended, or is not a person's */
};

int live_channel_new(const struct live_limits *limits, struct live_channel **ret);
/* Starts the thread; before the first stream. core is borrowed until live_channel_stop(). */
int live_channel_start(struct live_channel *channel, struct core *core);
/* Ends the thread, while the streams may still be there. */
void live_channel_stop(struct live_channel *channel);
void live_channel_stopp(struct live_channel **channel);
/* After the server has stopped: then every stream has ended. */
void live_channel_free(struct live_channel *channel);

/* For core_parts: neither waits for anything. */
bool live_channel_wanted(void *channel, struct id tenant);
void live_channel_tell(void *channel, const struct live_event *event);

/* Answers the exchange with a stream. last: Last-Event-ID; empty where there is none. */
int live_channel_open(struct live_channel *channel, struct http_exchange *x, const struct actor *actor,
                      struct text last);

struct live_figures {
        uint64_t streams;
        uint64_t told;    /* events, once for each stream */
        uint64_t resyncs; /* told instead */
        uint64_t refused; /* streams over a limit */
};
struct live_figures live_channel_count(struct live_channel *channel);
