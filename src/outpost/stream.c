// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/stream.h"

#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "outpost/thread.h"

#define AGAIN_LEAST_MS 100
#define AGAIN_MOST_MS  5000
#define REVOKED_MS     30000
#define LONG_ENOUGH_MS 5000 /* a stream that lived so long was a good one */

static void note(struct stream *stream, bool is_open, const char *why)
{
        pthread_mutex_lock(&stream->lock);
        stream->is_open = is_open;
        snprintf(stream->why, sizeof(stream->why), "%s", why);
        pthread_mutex_unlock(&stream->lock);
}

void stream_state(struct stream *stream, char *to, size_t size)
{
        pthread_mutex_lock(&stream->lock);
        if (stream->is_open)
                snprintf(to, size, "connected");
        else
                snprintf(to, size, "not connected%s%s", stream->why[0] ? ": " : "", stream->why);
        pthread_mutex_unlock(&stream->lock);
}

static void opened(void *context)
{
        note(context, true, "");
}

static bool on_event(void *context, struct text name, struct text data)
{
        struct stream *stream = context;

        return stream->event(stream->context, name, data);
}

static int follow(struct stream *stream, int *ret_status)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        struct http_client_events events = {
                .path = stream->path, .opened = opened, .event = on_event, .context = stream
        };
        int r;

        r = service_client(stream->service, &client);
        if (r)
                return r;
        log_write(LOG_NOTICE, "channel-opens", NULL);
        r = http_client_events(client, &events, ret_status);
        note(stream, false, r > 0 ? http_client_complaint(client) : "");
        log_write(LOG_NOTICE, "channel-closed", "why", r > 0 ? http_client_complaint(client) : "", NULL);
        return r;
}

/* Many agents that lose one service do not come back in step. */
static int64_t next_wait(int64_t wait_ms)
{
        int64_t longer = wait_ms * 2 < AGAIN_MOST_MS ? wait_ms * 2 : AGAIN_MOST_MS;

        return longer / 2 + (int64_t)(random_u64() % (uint64_t)(longer / 2 + 1));
}

static void *run(void *context)
{
        struct stream *stream = context;
        int64_t wait_ms = AGAIN_LEAST_MS;
        int unknown = 0; /* times in a row */

        for (;;) {
                int64_t since_ms = clock_monotonic_ms();
                int status = 0, r = stream->introduce ? stream->introduce(stream->context) : 0;
                bool is_unknown = r == SERVICE_UNKNOWN_US;

                if (r == 0) {
                        r = follow(stream, &status);
                        is_unknown = status == 401 || status == 403;
                } else {
                        note(stream, false, service_complaint());
                        log_write(LOG_NOTICE, "service-not-reached", "why", service_complaint(), NULL);
                }
                if (r < 0)
                        log_fault("channel-failed", r);
                if (clock_monotonic_ms() - since_ms >= LONG_ENOUGH_MS)
                        wait_ms = AGAIN_LEAST_MS;
                if (!is_unknown) {
                        unknown = 0;
                } else if (++unknown > 1) {
                        /* Not only because the key was renewed meanwhile. */
                        log_write(LOG_ERROR, "not-known-to-service", "why", service_complaint(), NULL);
                        (void)poll(NULL, 0, REVOKED_MS);
                }
                (void)poll(NULL, 0, (int)wait_ms);
                wait_ms = next_wait(wait_ms);
        }
        return NULL;
}

int stream_start(struct stream *stream)
{
        pthread_mutex_init(&stream->lock, NULL);
        return thread_start(run, stream);
}
