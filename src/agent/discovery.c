// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/discovery.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "discovery/scan.h"
#include "os/file.h"
#include "outpost/thread.h"

#define PAST_FILE   "discovery.json"
#define PAST_OCTETS 1024
#define LOOK_UP_S   15 /* at the clock */
#define BATCH_MAX   32 /* sightings in one message */
#define TELL_MS     5000
#define AGAIN_S     2
#define AGAIN_MAX   300 /* ten minutes without a line end a run */

struct discovery {
        struct service *service;
        int directory;
        pthread_mutex_t lock;
        pthread_cond_t changed; /* by the monotonic clock */
        bool is_on;
        struct order order;
        struct secrets *secrets; /* NULL: not heard of yet */
        struct secrets *in_use;  /* by the run; freed by it where it is another by then */
        struct id last_wanted;   /* the run that somebody wanted last, and that we began */
        struct schedule_past past;
        atomic_bool stop; /* the run */
};

/* One run; of the discovery's thread alone. */
struct run {
        struct discovery *discovery;
        struct id id;
        enum purpose purpose;
        struct order order;
        json_t *batch;
        int64_t told_ms;
        bool is_over; /* the service says so, or cannot be told */
        bool is_outside_hours;
};

/* ---- what was done ---- */

static void past_read(struct discovery *discovery)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(PAST_OCTETS);
        json_int_t discovered = 0, meters = 0;
        json_t *json;

        if (file_read_at(discovery->directory, PAST_FILE, PAST_OCTETS, &octets) != 0)
                return;
        json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        if (json &&
            json_unpack(json, "{s:I, s:I}", "discovery_day", &discovered, "meters_day", &meters) == 0) {
                discovery->past.discovery_day = discovered;
                discovery->past.meters_day = meters;
        }
        json_decref(json);
}

/* Where it cannot be written, a start does it again: no harm but packets. */
static void past_write(const struct discovery *discovery)
{
        char octets[128];
        int r;

        snprintf(octets, sizeof(octets), "{\"discovery_day\": %" PRId64 ", \"meters_day\": %" PRId64 "}\n",
                 discovery->past.discovery_day, discovery->past.meters_day);
        r = file_replace_at(discovery->directory, PAST_FILE, 0600, text_from(octets));
        if (r < 0)
                log_fault("discovery-not-noted", r);
}

/* ---- to the service ---- */

static json_t *progress_json(const struct scan_counts *counts)
{
        return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "addresses", (json_int_t)counts->addresses,
                         "asked", (json_int_t)counts->asked, "answered", (json_int_t)counts->answered,
                         "found", (json_int_t)counts->found, "packets", (json_int_t)counts->packets, "octets",
                         (json_int_t)counts->octets);
}

static void note_refused(const struct http_client_response *response)
{
        json_t *json = json_loadb(response->body.at, response->body.len, 0, NULL), *value;
        size_t i;

        json_array_foreach(json_object_get(json, "refused"), i, value)
        {
                log_write(LOG_WARNING, "sighting-not-taken", "why",
                          json_string_value(json_object_get(value, "why")), NULL);
        }
        json_decref(json);
}

/* Waits a little; false where the run was stopped meanwhile. */
static bool wait_again(struct discovery *discovery)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += AGAIN_S;
        pthread_mutex_lock(&discovery->lock);
        while (!atomic_load(&discovery->stop) &&
               pthread_cond_timedwait(&discovery->changed, &discovery->lock, &until) != ETIMEDOUT)
                ;
        pthread_mutex_unlock(&discovery->lock);
        return !atomic_load(&discovery->stop);
}

/* Until it was heard. The service may hear it twice: sightings are matched by who was seen. */
static void tell(struct run *run, const struct scan_counts *counts, const char *outcome)
{
        char id[ID_STRING];
        bool is_done = strcmp(outcome, "going") != 0;
        json_t *json;

        id_format(run->id, id);
        json = json_pack("{s:s, s:s, s:b, s:s, s:O}", "run", id, "purpose", purpose_name(run->purpose),
                         "done", is_done, "outcome", outcome, "sightings", run->batch);
        if (counts)
                json_object_set_new(json, "progress", progress_json(counts));
        for (int tries = 0; !run->is_over; tries++) {
                SCOPED(http_client_response_done) struct http_client_response response = { 0 };
                int r = service_ask_json(run->discovery->service, "POST", "/sightings", json_incref(json),
                                         &response);

                if (r == 0) {
                        note_refused(&response);
                        break;
                }
                if (r < 0)
                        log_fault("sightings-failed", r);
                else if (r == SERVICE_STALE || r == SERVICE_CONFUSED)
                        log_write(LOG_NOTICE, "sightings-not-taken", "why", service_complaint(), NULL);
                if (r < 0 || r == SERVICE_STALE || r == SERVICE_CONFUSED || tries >= AGAIN_MAX ||
                    !wait_again(run->discovery))
                        run->is_over = true;
        }
        json_decref(json);
        json_array_clear(run->batch);
        run->told_ms = clock_monotonic_ms();
}

static int see(void *context, const struct sighting *sighting)
{
        struct run *run = context;
        json_t *json = sighting_format(sighting);

        if (!json || json_array_append_new(run->batch, json) != 0)
                return fault(-ENOMEM);
        if (json_array_size(run->batch) >= BATCH_MAX)
                tell(run, NULL, "going");
        return run->is_over;
}

static bool is_within_hours(const struct run *run)
{
        time_t now = time(NULL);
        struct tm local;

        return localtime_r(&now, &local) && schedule_is_open(&run->order.schedule, &local);
}

static bool go_on(void *context, const struct scan_counts *counts)
{
        struct run *run = context;

        run->is_outside_hours = !is_within_hours(run);
        if (!run->is_outside_hours && clock_monotonic_ms() - run->told_ms >= TELL_MS)
                tell(run, counts, "going");
        return !run->is_over && !run->is_outside_hours;
}

/* ---- runs ---- */

static void log_run(const struct run *run, const char *outcome, const struct scan_counts *counts)
{
        char id[ID_STRING], addresses[24], found[24], packets[24], unproved[24];

        id_format(run->id, id);
        snprintf(addresses, sizeof(addresses), "%" PRIu64, counts->asked);
        snprintf(found, sizeof(found), "%" PRIu64, counts->found);
        snprintf(packets, sizeof(packets), "%" PRIu64, counts->packets);
        snprintf(unproved, sizeof(unproved), "%" PRIu64, counts->unproved);
        log_write(LOG_NOTICE, "discovery-run", "run", id, "purpose", purpose_name(run->purpose), "outcome",
                  outcome, "asked", addresses, "found", found, "packets", packets, "unproved", unproved,
                  NULL);
}

static void run_once(struct run *run, const struct secrets *secrets)
{
        struct scan_observer observer = { see, go_on, run };
        struct scan_options options = { &run->order, secrets, run->purpose, &run->discovery->stop };
        struct scan_counts counts;
        const char *outcome;
        int r;

        run->batch = json_array();
        run->told_ms = clock_monotonic_ms() - TELL_MS; /* that it has begun is told at once */
        r = scan_run(&options, &observer, &counts);
        if (r < 0)
                log_fault("discovery-failed", r);
        outcome = run->is_outside_hours ? "outside-hours" : r ? "stopped" : "done";
        log_run(run, outcome, &counts);
        tell(run, &counts, outcome);
        json_decref(run->batch);
}

/* Under the lock. */
static bool is_wanted(struct discovery *discovery, struct run *ret)
{
        const struct secrets *secrets = discovery->secrets;

        if (id_is_zero(secrets->run) || id_equal(secrets->run, discovery->last_wanted))
                return false;
        discovery->last_wanted = ret->id = secrets->run;
        ret->purpose = secrets->purpose;
        return true;
}

static bool is_due(struct discovery *discovery, struct run *ret)
{
        time_t now = time(NULL);
        struct tm local;

        if (!localtime_r(&now, &local) ||
            !schedule_next(&discovery->order.schedule, &local, &discovery->past, &ret->purpose))
                return false;
        ret->id = id_new();
        past_write(discovery);
        return true;
}

/* Until there is something to do; what it needs is *ret and discovery->in_use. */
static void wait_for_run(struct discovery *discovery, struct run *ret)
{
        *ret = (struct run){ .discovery = discovery };
        pthread_mutex_lock(&discovery->lock);
        for (;;) {
                struct timespec until;

                if (discovery->is_on && discovery->secrets &&
                    (is_wanted(discovery, ret) || is_due(discovery, ret)))
                        break;
                clock_gettime(CLOCK_MONOTONIC, &until);
                until.tv_sec += LOOK_UP_S;
                (void)pthread_cond_timedwait(&discovery->changed, &discovery->lock, &until);
        }
        ret->order = discovery->order;
        discovery->in_use = discovery->secrets;
        atomic_store(&discovery->stop, false);
        pthread_mutex_unlock(&discovery->lock);
}

static void end_use(struct discovery *discovery)
{
        pthread_mutex_lock(&discovery->lock);
        if (discovery->in_use != discovery->secrets)
                secrets_free(discovery->in_use);
        discovery->in_use = NULL;
        pthread_mutex_unlock(&discovery->lock);
}

static void *work(void *context)
{
        struct discovery *discovery = context;
        struct run run;

        for (;;) {
                wait_for_run(discovery, &run);
                run_once(&run, discovery->in_use);
                end_use(discovery);
        }
        return NULL;
}

/* ---- from the configuration ---- */

/* Keys are made of passphrases here, some milliseconds each, and only where something is another. */
static int read_secrets(const struct configuration_member *member, struct secrets **ret)
{
        size_t unusable = 0;
        char count[24];
        int r;

        if (!member->secret)
                return 0;
        r = secrets_parse(member->secret, ret, &unusable);
        snprintf(count, sizeof(count), "%zu", unusable);
        if (unusable)
                log_write(LOG_WARNING, "discovery-credentials-unusable", "count", count, NULL);
        return r;
}

int discovery_apply(void *context, const struct configuration_member *member)
{
        struct discovery *discovery = context;
        SCOPED(secrets_freep) struct secrets *secrets = NULL;
        struct order order;
        int r;

        r = order_parse(member->value, &order);
        if (r == 0)
                r = read_secrets(member, &secrets);
        pthread_mutex_lock(&discovery->lock);
        discovery->is_on = member->is_on;
        if (!member->is_on)
                atomic_store(&discovery->stop, true);
        if (r == 0) {
                discovery->order = order;
                if (discovery->secrets != discovery->in_use)
                        secrets_free(discovery->secrets);
                discovery->secrets = take(secrets);
        }
        pthread_cond_broadcast(&discovery->changed);
        pthread_mutex_unlock(&discovery->lock);
        return r;
}

int discovery_start(struct service *service, int directory, struct discovery **ret)
{
        struct discovery *discovery = calloc(1, sizeof(*discovery));
        pthread_condattr_t attributes;

        if (!discovery)
                return fault(-ENOMEM);
        discovery->service = service;
        discovery->directory = directory;
        order_init(&discovery->order);
        pthread_mutex_init(&discovery->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&discovery->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        past_read(discovery);
        *ret = discovery;
        return thread_start(work, discovery);
}
