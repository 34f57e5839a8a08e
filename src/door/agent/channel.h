// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The agents' channels, and in another object of the kind the converters': which agent has an event stream
 * open, so that it can be woken.
 *
 * What is pushed is only a nudge ("delivery", "configuration"): the agent then asks, and everything that
 * matters is in the database. A lost nudge costs time, never a job. An agent has at most one stream; a new
 * one takes the place of the old. Safe from every thread; nothing here blocks on a client.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"

struct agent_channel;
struct http_exchange;

int agent_channel_new(struct agent_channel **ret);
/* After the server has stopped: then every stream has ended. */
void agent_channel_free(struct agent_channel *channel);
void agent_channel_freep(struct agent_channel **channel);

/* gone() is told of each whose stream has ended and is not followed by another, on a worker thread; before
 * the first stream. */
void agent_channel_watch(struct agent_channel *channel,
                         void (*gone)(void *context, struct id tenant, struct id agent), void *context);

/* Answers the exchange with the agent's stream and says the events at once (ended by NULL), so that what
 * happened while it was away is not missed. */
int agent_channel_open(struct agent_channel *channel, struct http_exchange *x, struct id tenant,
                       struct id agent, const char *const *events);
/* Says the event to the agent, where it listens; the zero id means all agents of the tenant. For
 * core_parts.wake_agent. */
void agent_channel_wake(struct agent_channel *channel, struct id tenant, struct id agent, const char *event);
/* Says it to all, of every tenant. */
void agent_channel_wake_all(struct agent_channel *channel, const char *event);
/* The agent has been revoked: ends its stream. */
void agent_channel_close(struct agent_channel *channel, struct id agent);
bool agent_channel_has(struct agent_channel *channel, struct id agent);
size_t agent_channel_count(struct agent_channel *channel);
