// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/channel.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>

#include "agent/thread.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/random.h"

#define AGAIN_LEAST_MS 100
#define AGAIN_MOST_MS  5000
#define REVOKED_MS     30000
#define LONG_ENOUGH_MS 5000 /* a stream that lived so long was a good one */

static int load_configuration(struct channel_parts *parts)
{
        SCOPED(buffer_done) struct buffer configuration = BUFFER((size_t)1024 * 1024);
        int r;

        r = service_configuration(parts->service, &configuration);
        if (r)
                return r;
        if (readers_load(parts->readers, buffer_text(&configuration)) != 0)
                log_write(LOG_ERROR, "configuration-malformed", NULL);
        return 0;
}

static bool on_event(void *context, struct text name, struct text data)
{
        struct channel_parts *parts = context;

        if (text_equal_string(name, "delivery"))
                carrier_wake(parts->carrier);
        else if (text_equal_string(name, "configuration"))
                (void)load_configuration(parts);
        else if (text_equal_string(name, "directory"))
                directory_wake(parts->directory);
        return true;
}

/* How often the service has heard what our journal names. */
static int ask_starts(struct channel_parts *parts, uint64_t *ret)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER((size_t)1024 * 1024);
        json_t *json, *starts;
        int r;

        r = service_configuration(parts->service, &answer);
        if (r)
                return r;
        json = json_loadb((const char *)answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        starts = json_object_get(json, "starts");
        r = json_is_integer(starts) ? 0 : SERVICE_CONFUSED;
        *ret = (uint64_t)json_integer_value(starts);
        json_decref(json);
        return r;
}

/* What the journal names now, before anything new is begun. */
static int introduce_first(struct channel_parts *parts, uint64_t starts)
{
        struct id *journal = calloc(JOURNAL_OPEN_MAX, sizeof(*journal));
        struct journal_entry entry;
        size_t count = 0;
        int r;

        if (!journal)
                return fault(-ENOMEM);
        while (count < JOURNAL_OPEN_MAX && journal_get(parts->journal, count, &entry))
                journal[count++] = entry.delivery;
        r = service_incarnation(parts->service, journal_incarnation(parts->journal), starts, journal, count);
        free(journal);
        return r;
}

/*
 * The service hears which journal we have before it offers us anything. The list of what the journal names is
 * told until it was heard, and then no more: told later, it would lack what was begun meanwhile. A message
 * whose answer got lost may still be on its way; the next one that is heard makes it void (starts).
 */
static int introduce(struct channel_parts *parts)
{
        uint64_t starts;
        int r;

        r = ask_starts(parts, &starts);
        if (r)
                return r;
        if (parts->introduced)
                r = service_incarnation(parts->service, journal_incarnation(parts->journal), starts, NULL, 0);
        else
                r = introduce_first(parts, starts);
        if (r)
                return r;
        parts->introduced = true;
        return load_configuration(parts);
}

static int follow(struct channel_parts *parts, int *ret_status)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        struct http_client_events events = { .path = "/v1/agent/events",
                                             .event = on_event,
                                             .context = parts };
        int r;

        r = service_client(parts->service, &client);
        if (r)
                return r;
        log_write(LOG_NOTICE, "channel-opens", NULL);
        r = http_client_events(client, &events, ret_status);
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
        struct channel_parts *parts = context;
        int64_t wait_ms = AGAIN_LEAST_MS;
        int unknown = 0; /* times in a row */

        for (;;) {
                int64_t since_ms = clock_monotonic_ms();
                int status = 0, r = introduce(parts);

                if (r == 0) {
                        carrier_open(parts->carrier);
                        r = follow(parts, &status);
                } else {
                        log_write(LOG_NOTICE, "service-not-reached", "why", service_complaint(), NULL);
                }
                if (r < 0)
                        log_fault("channel-failed", r);
                if (clock_monotonic_ms() - since_ms >= LONG_ENOUGH_MS)
                        wait_ms = AGAIN_LEAST_MS;
                if (r != SERVICE_UNKNOWN_AGENT && status != 401 && status != 403) {
                        unknown = 0;
                } else if (++unknown > 1) {
                        /* Not only because the key was renewed meanwhile. */
                        log_write(LOG_ERROR, "agent-not-known-to-service", NULL);
                        (void)poll(NULL, 0, REVOKED_MS);
                }
                (void)poll(NULL, 0, (int)wait_ms);
                wait_ms = next_wait(wait_ms);
        }
        return NULL;
}

int channel_start(struct channel_parts *parts)
{
        return thread_start(run, parts);
}
