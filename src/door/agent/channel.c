// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/agent/channel.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "net/http-exchange.h"

#define BUCKETS 16384

/* Freed by the server's word that the stream has ended, and by nothing else; in the table until then or until
 * another stream took its place. */
struct stream {
        struct agent_channel *channel;
        struct http_server *server;
        struct http_events events;
        struct id tenant;
        struct id agent;
        bool listed;
        struct stream *next;
};

struct agent_channel {
        pthread_mutex_t lock;
        struct stream *buckets[BUCKETS];
        size_t count;
        void (*gone)(void *context, struct id tenant, struct id agent); /* may be NULL */
        void *context;
};

int agent_channel_new(struct agent_channel **ret)
{
        struct agent_channel *channel = calloc(1, sizeof(*channel));

        if (!channel)
                return fault(-ENOMEM);
        pthread_mutex_init(&channel->lock, NULL);
        *ret = channel;
        return 0;
}

void agent_channel_free(struct agent_channel *channel)
{
        if (!channel)
                return;
        pthread_mutex_destroy(&channel->lock);
        free(channel);
}

void agent_channel_freep(struct agent_channel **channel)
{
        agent_channel_free(*channel);
}

void agent_channel_watch(struct agent_channel *channel,
                         void (*gone)(void *context, struct id tenant, struct id agent), void *context)
{
        channel->gone = gone;
        channel->context = context;
}

/* The last octets of an id are random. */
static struct stream **bucket(struct agent_channel *channel, struct id agent)
{
        uint32_t hash;

        memcpy(&hash, agent.octets + ID_OCTETS - sizeof(hash), sizeof(hash));
        return &channel->buckets[hash % BUCKETS];
}

static struct stream *find(struct agent_channel *channel, struct id agent)
{
        for (struct stream *stream = *bucket(channel, agent); stream; stream = stream->next)
                if (id_equal(stream->agent, agent))
                        return stream;
        return NULL;
}

static void unlist(struct agent_channel *channel, struct stream *stream)
{
        struct stream **at = bucket(channel, stream->agent);

        if (!stream->listed)
                return;
        while (*at != stream)
                at = &(*at)->next;
        *at = stream->next;
        stream->listed = false;
        channel->count--;
}

static void stream_ended(void *context, struct http_events events)
{
        struct stream *stream = context;
        struct agent_channel *channel = stream->channel;

        bool was_last;

        pthread_mutex_lock(&channel->lock);
        was_last = stream->listed;
        unlist(channel, stream);
        pthread_mutex_unlock(&channel->lock);
        if (was_last && channel->gone)
                channel->gone(channel->context, stream->tenant, stream->agent);
        free(stream);
}

/* Lists the stream and takes the agent's earlier one out; its handle is 0 where there was none. */
static struct http_events list(struct agent_channel *channel, struct stream *stream)
{
        struct http_events earlier = { 0 };
        struct stream *old, **at;

        pthread_mutex_lock(&channel->lock);
        old = find(channel, stream->agent);
        if (old) {
                earlier = old->events;
                unlist(channel, old);
        }
        at = bucket(channel, stream->agent);
        stream->next = *at;
        *at = stream;
        stream->listed = true;
        channel->count++;
        pthread_mutex_unlock(&channel->lock);
        return earlier;
}

int agent_channel_open(struct agent_channel *channel, struct http_exchange *x, struct id tenant,
                       struct id agent, const char *const *names)
{
        struct http_server *server = x->server;
        struct http_events events, earlier;
        struct stream *stream = calloc(1, sizeof(*stream));
        int r;

        if (!stream)
                return fault(-ENOMEM);
        *stream = (struct stream){ .channel = channel, .server = server, .tenant = tenant, .agent = agent };
        r = http_respond_events(x, stream_ended, stream, &stream->events);
        if (r) {
                free(stream);
                return r;
        }
        /* stream_ended() does not come before our caller has returned, so the stream lives here. */
        events = stream->events;
        earlier = list(channel, stream);
        if (earlier.handle)
                http_events_close(server, earlier);
        for (; *names; names++)
                http_events_send(server, events, *names, (struct text)TEXT("{}"));
        return 0;
}

/* Those of the tenant, or all where it is NULL. */
static void wake_all(struct agent_channel *channel, const struct id *tenant, const char *event)
{
        size_t left = agent_channel_count(channel);

        /* The lock is not held while sending: a slow stream is closed by that, and its end comes here. */
        for (size_t i = 0; i < BUCKETS && left; i++) {
                struct {
                        struct http_server *server;
                        struct http_events events;
                } found[64];
                size_t count = 0;

                pthread_mutex_lock(&channel->lock);
                for (struct stream *s = channel->buckets[i]; s && count < ARRAY_LENGTH(found); s = s->next) {
                        left -= left > 0;
                        if (tenant && !id_equal(s->tenant, *tenant))
                                continue;
                        found[count].server = s->server;
                        found[count++].events = s->events;
                }
                pthread_mutex_unlock(&channel->lock);
                for (size_t k = 0; k < count; k++)
                        http_events_send(found[k].server, found[k].events, event, (struct text)TEXT("{}"));
        }
}

/* The handle of the agent's stream, or 0. */
static struct http_events handle_of(struct agent_channel *channel, struct id agent, struct http_server **ret)
{
        struct http_events events = { 0 };
        struct stream *stream;

        pthread_mutex_lock(&channel->lock);
        stream = find(channel, agent);
        if (stream) {
                events = stream->events;
                *ret = stream->server;
        }
        pthread_mutex_unlock(&channel->lock);
        return events;
}

void agent_channel_wake(struct agent_channel *channel, struct id tenant, struct id agent, const char *event)
{
        struct http_server *server;
        struct http_events events;

        if (id_is_zero(agent)) {
                wake_all(channel, &tenant, event);
                return;
        }
        events = handle_of(channel, agent, &server);
        if (events.handle)
                http_events_send(server, events, event, (struct text)TEXT("{}"));
}

void agent_channel_wake_all(struct agent_channel *channel, const char *event)
{
        wake_all(channel, NULL, event);
}

void agent_channel_close(struct agent_channel *channel, struct id agent)
{
        struct http_server *server;
        struct http_events events = handle_of(channel, agent, &server);

        if (events.handle)
                http_events_close(server, events);
}

bool agent_channel_has(struct agent_channel *channel, struct id agent)
{
        struct http_server *server;

        return handle_of(channel, agent, &server).handle != 0;
}

size_t agent_channel_count(struct agent_channel *channel)
{
        size_t count;

        pthread_mutex_lock(&channel->lock);
        count = channel->count;
        pthread_mutex_unlock(&channel->lock);
        return count;
}
