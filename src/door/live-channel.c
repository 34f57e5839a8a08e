// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/live-channel.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"
#include "core/live.h"
#include "crypt/random.h"
#include "net/http-exchange.h"

#define BUCKETS     256
#define QUEUE_MAX   1024   /* events that wait for our thread */
#define BATCH       32     /* of these, at a time */
#define AGAIN_MAX   48     /* told again to who comes again; more would not fit into his queue */
#define KEPT_MS     300000 /* after the last of a tenant's streams its events are kept for */
#define CHECK_BATCH 32
#define TICK_MS     1000
#define NUMBER_MAX  40
#define DATA_MAX    256

/* Freed by the server's word that it has ended, and by nothing else. */
struct stream {
        struct live_channel *channel;
        struct http_server *server;
        struct http_events events;
        struct live_listener listener;
        int64_t checked_ms;
        int64_t until_ms; /* 0: as long as what it was opened by */
        struct stream *next;
};

struct tenant_streams {
        struct id tenant;
        uint64_t since; /* every event of the tenant after this number was seen */
        int64_t empty_ms;
        struct stream *first;
        struct tenant_streams *next;
};

struct kept {
        uint64_t number; /* 0: nothing yet */
        struct live_event event;
};

struct live_channel {
        struct live_limits limits;
        struct core *core;
        uint32_t start; /* tells one life of the service from another */
        pthread_t thread;
        bool is_running;

        pthread_mutex_t lock; /* of tenants and their streams, kept and number */
        struct tenant_streams *tenants[BUCKETS];
        uint32_t count;
        struct kept *kept;
        uint64_t number;

        pthread_mutex_t queue_lock; /* of the four below; held for a copy and no longer */
        pthread_cond_t queued;
        struct live_event *queue;
        size_t queue_first, queue_count;
        bool is_lost, is_stopping;

        _Atomic uint32_t listening[BUCKETS]; /* tenants in the bucket */
        _Atomic uint64_t told, resyncs, refused;
};

struct live_limits live_limits_default(void)
{
        return (struct live_limits){
                .streams = 10000, .of_person = 32, .of_session = 8, .kept = 1024, .check_ms = 60000
        };
}

struct live_limits live_limits_read(struct config *config, const char *section)
{
        struct live_limits l = live_limits_default();

        l.streams = (uint32_t)config_number(config, section, "streams", l.streams, 1, 1 << 20);
        l.of_person = (uint32_t)config_number(config, section, "of_person", l.of_person, 1, 1 << 20);
        l.of_session = (uint32_t)config_number(config, section, "of_session", l.of_session, 1, 1 << 20);
        l.kept = (uint32_t)config_number(config, section, "kept", l.kept, 1, 1 << 16);
        l.check_ms = config_duration_ms(config, section, "check", l.check_ms, 1000, 3600000);
        return l;
}

int live_channel_new(const struct live_limits *limits, struct live_channel **ret)
{
        struct live_channel *channel = calloc(1, sizeof(*channel));

        if (!channel)
                return fault(-ENOMEM);
        channel->limits = *limits;
        channel->queue = calloc(QUEUE_MAX, sizeof(*channel->queue));
        channel->kept = calloc(limits->kept, sizeof(*channel->kept));
        if (!channel->queue || !channel->kept) {
                free(channel->queue);
                free(channel->kept);
                free(channel);
                return fault(-ENOMEM);
        }
        random_octets(&channel->start, sizeof(channel->start));
        pthread_mutex_init(&channel->lock, NULL);
        pthread_mutex_init(&channel->queue_lock, NULL);
        pthread_cond_init(&channel->queued, NULL);
        *ret = channel;
        return 0;
}

void live_channel_free(struct live_channel *channel)
{
        if (!channel)
                return;
        live_channel_stop(channel);
        for (size_t i = 0; i < BUCKETS; i++)
                while (channel->tenants[i]) {
                        struct tenant_streams *tenant = channel->tenants[i];

                        channel->tenants[i] = tenant->next;
                        free(tenant);
                }
        pthread_cond_destroy(&channel->queued);
        pthread_mutex_destroy(&channel->queue_lock);
        pthread_mutex_destroy(&channel->lock);
        free(channel->queue);
        free(channel->kept);
        free(channel);
}

/* The last octets of an id are random. */
static size_t bucket_of(struct id tenant)
{
        return tenant.octets[ID_OCTETS - 1] % BUCKETS;
}

/* ---- told by core ---- */

bool live_channel_wanted(void *context, struct id tenant)
{
        struct live_channel *channel = context;

        return atomic_load_explicit(&channel->listening[bucket_of(tenant)], memory_order_acquire) > 0;
}

void live_channel_tell(void *context, const struct live_event *event)
{
        struct live_channel *channel = context;

        pthread_mutex_lock(&channel->queue_lock);
        if (channel->queue_count < QUEUE_MAX)
                channel->queue[(channel->queue_first + channel->queue_count++) % QUEUE_MAX] = *event;
        else
                channel->is_lost = true;
        pthread_cond_signal(&channel->queued);
        pthread_mutex_unlock(&channel->queue_lock);
}

struct batch {
        struct live_event events[BATCH];
        size_t count;
        bool is_lost;
};

/* False when it is time to stop. */
static bool take_batch(struct live_channel *channel, struct batch *batch)
{
        struct timespec until;
        bool on;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += TICK_MS / 1000;
        batch->count = 0;
        pthread_mutex_lock(&channel->queue_lock);
        while (!channel->queue_count && !channel->is_lost && !channel->is_stopping)
                if (pthread_cond_clockwait(&channel->queued, &channel->queue_lock, CLOCK_MONOTONIC, &until))
                        break;
        while (batch->count < BATCH && channel->queue_count) {
                batch->events[batch->count++] = channel->queue[channel->queue_first];
                channel->queue_first = (channel->queue_first + 1) % QUEUE_MAX;
                channel->queue_count--;
        }
        batch->is_lost = channel->is_lost && !channel->queue_count;
        if (batch->is_lost)
                channel->is_lost = false;
        on = !channel->is_stopping;
        pthread_mutex_unlock(&channel->queue_lock);
        return on;
}

/* ---- told to streams ---- */

static void format_number(const struct live_channel *channel, uint64_t number, char ret[NUMBER_MAX])
{
        snprintf(ret, NUMBER_MAX, "%08x-%llu", (unsigned)channel->start, (unsigned long long)number);
}

static bool parse_number(const struct live_channel *channel, struct text text, uint64_t *ret)
{
        char own[NUMBER_MAX];
        struct text start, number;

        format_number(channel, 0, own);
        return text_cut(text, '-', &start, &number) && start.len == 8 && memcmp(start.at, own, 8) == 0 &&
               text_number(number, UINT64_MAX >> 1, ret);
}

static void send(struct stream *stream, const char *name, uint64_t number, const char *data)
{
        char id[NUMBER_MAX];

        format_number(stream->channel, number, id);
        http_events_send_id(stream->server, stream->events, name, id, text_from(data));
}

/* Kinds and keywords are ours: nothing in them needs escaping. */
static void format_event(const struct live_event *event, bool nameless, char ret[DATA_MAX])
{
        char id[ID_STRING];

        id_format(event->id, id);
        if (nameless || id_is_zero(event->id))
                snprintf(ret, DATA_MAX, "{\"kind\":\"%s\",\"id\":null,\"what\":\"%s\"}", event->kind,
                         event->what);
        else
                snprintf(ret, DATA_MAX, "{\"kind\":\"%s\",\"id\":\"%s\",\"what\":\"%s\"}", event->kind, id,
                         event->what);
}

static bool tell_one(struct stream *stream, const struct kept *kept)
{
        char data[DATA_MAX];
        bool nameless;

        if (!live_is_for(&kept->event, &stream->listener, &nameless))
                return false;
        format_event(&kept->event, nameless, data);
        send(stream, "live", kept->number, data);
        atomic_fetch_add(&stream->channel->told, 1);
        return true;
}

static void resync(struct stream *stream)
{
        send(stream, "resync", stream->channel->number, "{}");
        atomic_fetch_add(&stream->channel->resyncs, 1);
}

/* His page is told where it is his sign-in that is over; else he comes again, and is judged anew. */
static void end(struct stream *stream, enum live_end why)
{
        if (why == LIVE_ENDS_SESSION)
                send(stream, "ended", stream->channel->number, "{}");
        http_events_close(stream->server, stream->events);
}

static struct tenant_streams *find_tenant(struct live_channel *channel, struct id id)
{
        for (struct tenant_streams *t = channel->tenants[bucket_of(id)]; t; t = t->next)
                if (id_equal(t->tenant, id))
                        return t;
        return NULL;
}

static void tell_tenant(struct live_channel *channel, const struct live_event *event)
{
        struct tenant_streams *tenant = find_tenant(channel, event->tenant);
        struct kept *kept;

        if (!tenant)
                return;
        channel->number++;
        kept = &channel->kept[channel->number % channel->limits.kept];
        *kept = (struct kept){ channel->number, *event };
        for (struct stream *stream = tenant->first; stream; stream = stream->next) {
                tell_one(stream, kept);
                if (live_ends(event, &stream->listener))
                        end(stream, event->end);
        }
}

static void resync_all(struct live_channel *channel)
{
        /* Nobody can go on from before what was lost. */
        channel->number++;
        for (size_t i = 0; i < BUCKETS; i++)
                for (struct tenant_streams *t = channel->tenants[i]; t; t = t->next) {
                        t->since = channel->number;
                        for (struct stream *stream = t->first; stream; stream = stream->next)
                                resync(stream);
                }
}

/* The same said again a moment ago: once is enough. */
static bool is_repeated(const struct batch *batch, size_t at)
{
        const struct live_event *event = &batch->events[at];

        for (size_t i = at + 1; i < batch->count; i++)
                if (id_equal(batch->events[i].id, event->id) &&
                    strcmp(batch->events[i].what, event->what) == 0 &&
                    id_equal(batch->events[i].tenant, event->tenant) && !event->end)
                        return true;
        return false;
}

static void tell_batch(struct live_channel *channel, const struct batch *batch)
{
        if (!batch->count && !batch->is_lost)
                return;
        pthread_mutex_lock(&channel->lock);
        for (size_t i = 0; i < batch->count; i++)
                if (!is_repeated(batch, i))
                        tell_tenant(channel, &batch->events[i]);
        if (batch->is_lost)
                resync_all(channel);
        pthread_mutex_unlock(&channel->lock);
}

/* ---- once a minute ---- */

struct due {
        struct http_server *server;
        struct http_events events;
        struct live_listener listener; /* its actor alone */
        int64_t until_ms;
};

static size_t find_due(struct live_channel *channel, int64_t now, struct due ret[CHECK_BATCH])
{
        size_t count = 0;

        pthread_mutex_lock(&channel->lock);
        for (size_t i = 0; i < BUCKETS; i++)
                for (struct tenant_streams *t = channel->tenants[i]; t; t = t->next)
                        for (struct stream *s = t->first; s && count < CHECK_BATCH; s = s->next) {
                                if (now - s->checked_ms < channel->limits.check_ms)
                                        continue;
                                s->checked_ms = now;
                                ret[count++] = (struct due){
                                        s->server, s->events, { .actor = s->listener.actor }, s->until_ms
                                };
                        }
        pthread_mutex_unlock(&channel->lock);
        return count;
}

static void check(struct live_channel *channel, int64_t now)
{
        struct due due[CHECK_BATCH];
        size_t count;

        do {
                count = find_due(channel, now, due);
                for (size_t i = 0; i < count; i++) {
                        bool is_good = true;
                        int r = live_check(channel->core, &due[i].listener, &is_good);

                        if (r < 0)
                                log_fault("live-check", r);
                        if (r || !is_good || (due[i].until_ms && now >= due[i].until_ms))
                                http_events_close(due[i].server, due[i].events);
                }
        } while (count == CHECK_BATCH);
}

static void forget_empty(struct live_channel *channel, int64_t now)
{
        pthread_mutex_lock(&channel->lock);
        for (size_t i = 0; i < BUCKETS; i++) {
                struct tenant_streams **at = &channel->tenants[i];

                while (*at) {
                        struct tenant_streams *tenant = *at;

                        if (tenant->first || now - tenant->empty_ms < KEPT_MS) {
                                at = &tenant->next;
                                continue;
                        }
                        *at = tenant->next;
                        atomic_fetch_sub(&channel->listening[i], 1);
                        free(tenant);
                }
        }
        pthread_mutex_unlock(&channel->lock);
}

static void *run(void *context)
{
        struct live_channel *channel = context;
        struct batch batch;
        int64_t looked_ms = clock_monotonic_ms();

        while (take_batch(channel, &batch)) {
                int64_t now = clock_monotonic_ms();

                tell_batch(channel, &batch);
                if (now - looked_ms < TICK_MS)
                        continue;
                looked_ms = now;
                check(channel, now);
                forget_empty(channel, now);
        }
        return NULL;
}

int live_channel_start(struct live_channel *channel, struct core *core)
{
        int error;

        channel->core = core;
        error = pthread_create(&channel->thread, NULL, run, channel);
        if (error)
                return fault(-error);
        channel->is_running = true;
        return 0;
}

void live_channel_stop(struct live_channel *channel)
{
        if (!channel || !channel->is_running)
                return;
        pthread_mutex_lock(&channel->queue_lock);
        channel->is_stopping = true;
        pthread_cond_signal(&channel->queued);
        pthread_mutex_unlock(&channel->queue_lock);
        pthread_join(channel->thread, NULL);
        channel->is_running = false;
}

void live_channel_stopp(struct live_channel **channel)
{
        live_channel_stop(*channel);
}

/* ---- streams come and go ---- */

static void stream_free(struct stream *stream)
{
        if (!stream)
                return;
        live_listener_done(&stream->listener);
        free(stream);
}

static void stream_freep(struct stream **stream)
{
        stream_free(*stream);
}

static void unlist(struct live_channel *channel, struct stream *stream)
{
        struct tenant_streams *tenant = find_tenant(channel, stream->listener.actor.tenant);
        struct stream **at = &tenant->first;

        while (*at != stream)
                at = &(*at)->next;
        *at = stream->next;
        tenant->empty_ms = clock_monotonic_ms();
        channel->count--;
}

static void stream_ended(void *context, struct http_events events)
{
        struct stream *stream = context;
        struct live_channel *channel = stream->channel;

        (void)events;
        pthread_mutex_lock(&channel->lock);
        unlist(channel, stream);
        pthread_mutex_unlock(&channel->lock);
        stream_free(stream);
}

static bool has_room(const struct live_channel *channel, const struct tenant_streams *tenant,
                     const struct actor *actor)
{
        uint32_t of_person = 0, of_session = 0;

        for (const struct stream *s = tenant->first; s; s = s->next) {
                of_person += id_equal(s->listener.actor.id, actor->id);
                of_session +=
                        !id_is_zero(actor->session) && id_equal(s->listener.actor.session, actor->session);
        }
        return channel->count < channel->limits.streams && of_person < channel->limits.of_person &&
               of_session < channel->limits.of_session;
}

/* From now on the tenant's events come. */
static struct tenant_streams *have_tenant(struct live_channel *channel, struct id id)
{
        struct tenant_streams *tenant = find_tenant(channel, id);
        size_t bucket = bucket_of(id);

        if (tenant)
                return tenant;
        tenant = calloc(1, sizeof(*tenant));
        if (!tenant)
                return NULL;
        channel->number++;
        *tenant = (struct tenant_streams){ .tenant = id,
                                           .since = channel->number,
                                           .empty_ms = clock_monotonic_ms(),
                                           .next = channel->tenants[bucket] };
        channel->tenants[bucket] = tenant;
        atomic_fetch_add(&channel->listening[bucket], 1);
        return tenant;
}

/* Whether all that was told since is still here, and little enough. */
static bool can_go_on(const struct live_channel *channel, const struct tenant_streams *tenant,
                      const struct stream *stream, uint64_t last)
{
        size_t count = 0;
        bool nameless;

        if (last < tenant->since || last > channel->number || channel->number - last >= channel->limits.kept)
                return false;
        for (uint64_t n = last + 1; n <= channel->number; n++) {
                const struct kept *kept = &channel->kept[n % channel->limits.kept];

                count += kept->number == n && live_is_for(&kept->event, &stream->listener, &nameless);
        }
        return count <= AGAIN_MAX;
}

/* What was missed, or that it is not known; or that nothing can have been. */
static void begin(struct live_channel *channel, const struct tenant_streams *tenant, struct stream *stream,
                  struct text last)
{
        uint64_t number = 0;

        if (last.len &&
            !(parse_number(channel, last, &number) && can_go_on(channel, tenant, stream, number))) {
                resync(stream);
                return;
        }
        for (uint64_t n = number + 1; last.len && n <= channel->number; n++) {
                const struct kept *kept = &channel->kept[n % channel->limits.kept];

                if (kept->number == n)
                        tell_one(stream, kept);
        }
        send(stream, "ready", channel->number, "{}");
}

static int list_in(struct live_channel *channel, struct http_exchange *x, struct stream *stream,
                   struct text last)
{
        struct tenant_streams *tenant = have_tenant(channel, stream->listener.actor.tenant);
        int r;

        if (!tenant)
                return fault(-ENOMEM);
        if (!has_room(channel, tenant, &stream->listener.actor))
                return LIVE_CHANNEL_FULL;
        r = http_respond_events(x, stream_ended, stream, &stream->events);
        if (r)
                return r;
        stream->next = tenant->first;
        tenant->first = stream;
        channel->count++;
        begin(channel, tenant, stream, last);
        return 0;
}

/* What ended between the look at who comes and the list was told to nobody: so once more, afterwards. */
static int look_again(struct live_channel *channel, struct http_server *server, struct http_events events,
                      const struct actor *actor)
{
        struct live_listener listener = { .actor = *actor };
        bool is_good = false;
        int r = live_check(channel->core, &listener, &is_good);

        if (r || !is_good)
                http_events_close(server, events);
        return r;
}

int live_channel_open(struct live_channel *channel, struct http_exchange *x, const struct actor *actor,
                      struct text last)
{
        SCOPED(stream_freep) struct stream *stream = calloc(1, sizeof(*stream));
        struct http_events events;
        int r;

        if (!stream)
                return fault(-ENOMEM);
        r = live_listener_init(channel->core, actor, &stream->listener);
        if (r)
                return r < 0 ? r : LIVE_CHANNEL_OVER;
        stream->channel = channel;
        stream->server = x->server;
        stream->checked_ms = clock_monotonic_ms();
        if (!id_is_zero(actor->grant))
                stream->until_ms = stream->checked_ms + core_settings(channel->core)->grant.access_ms;
        pthread_mutex_lock(&channel->lock);
        r = list_in(channel, x, stream, last);
        events = stream->events;
        pthread_mutex_unlock(&channel->lock);
        if (r == LIVE_CHANNEL_FULL)
                atomic_fetch_add(&channel->refused, 1);
        if (r)
                return r;
        /* The server's from now on. */
        stream = NULL;
        return look_again(channel, x->server, events, actor);
}

struct live_figures live_channel_count(struct live_channel *channel)
{
        struct live_figures figures;

        pthread_mutex_lock(&channel->lock);
        figures.streams = channel->count;
        pthread_mutex_unlock(&channel->lock);
        figures.told = atomic_load(&channel->told);
        figures.resyncs = atomic_load(&channel->resyncs);
        figures.refused = atomic_load(&channel->refused);
        return figures;
}
