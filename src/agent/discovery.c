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

#include "agent/tally.h"
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
        bool is_woken; /* somebody may want a run */
        struct order order;
        struct id last_wanted; /* the run that somebody wanted last, and that we began */
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

        if (sighting_is_printer(sighting))
                tally_printer(sighting->address, sighting->device.make_and_model);
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
        struct scan_counts counts = { .addresses = 0 };
        const char *outcome;
        int r = 0;

        run->batch = json_array();
        run->told_ms = clock_monotonic_ms() - TELL_MS; /* that it has begun is told at once */
        run->is_outside_hours = !is_within_hours(run); /* whoever wants it */
        if (!run->is_outside_hours)
                r = scan_run(&options, &observer, &counts);
        if (r < 0)
                log_fault("discovery-failed", r);
        outcome = run->is_outside_hours ? "outside-hours" : r ? "stopped" : "done";
        log_run(run, outcome, &counts);
        tell(run, &counts, outcome);
        json_decref(run->batch);
}

/* What we may show, whom to ask, and whether somebody wants a run: asked for before each, and wiped after it.
 * Keys are made of passphrases here, some milliseconds each. False without a line, or where it is not
 * understood. */
static bool fetch(struct discovery *discovery, struct secrets **ret)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(CONFIGURATION_OCTETS_MAX);
        size_t unusable = 0;
        char count[24];
        json_t *json;
        int r = service_discovery(discovery->service, &octets);

        if (r)
                return false;
        json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        r = secrets_parse(json, ret, &unusable);
        json_decref(json);
        snprintf(count, sizeof(count), "%zu", unusable);
        if (unusable)
                log_write(LOG_WARNING, "discovery-credentials-unusable", "count", count, NULL);
        if (r < 0)
                log_fault("discovery-not-begun", r);
        else if (r)
                log_write(LOG_ERROR, "discovery-malformed", NULL);
        return r == 0;
}

/*
 * How it is to be done, as the service has it now. The channel brings the same, and later than the run that
 * somebody wanted right after he had changed it.
 */
static void fetch_order(struct discovery *discovery, struct run *run)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(CONFIGURATION_OCTETS_MAX);
        json_t *json;

        if (service_configuration(discovery->service, &octets) != 0)
                return;
        json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        if (json_is_object(json) && look_order_parse(json_object_get(json, "discovery"), &run->order) != 0)
                log_write(LOG_ERROR, "discovery-malformed", NULL);
        json_decref(json);
}

/* Waits until somebody may want something, or something is due; what that leaves is *ret_past. */
static bool wait_for_cause(struct discovery *discovery, struct run *run, struct schedule_past *ret_past)
{
        bool is_due = false, is_woken = false;

        pthread_mutex_lock(&discovery->lock);
        for (;;) {
                time_t now = time(NULL);
                struct timespec until;
                struct tm local;

                *ret_past = discovery->past;
                is_woken = discovery->is_on && discovery->is_woken;
                is_due = discovery->is_on && !is_woken && localtime_r(&now, &local) &&
                         schedule_next(&discovery->order.schedule, &local, ret_past, &run->purpose);
                if (is_woken || is_due)
                        break;
                clock_gettime(CLOCK_MONOTONIC, &until);
                until.tv_sec += LOOK_UP_S;
                (void)pthread_cond_timedwait(&discovery->changed, &discovery->lock, &until);
        }
        discovery->is_woken = false;
        run->order = discovery->order;
        atomic_store(&discovery->stop, false);
        pthread_mutex_unlock(&discovery->lock);
        return is_due;
}

/* Whether there is something to do, with what it needs. */
static bool begin(struct discovery *discovery, struct run *run, struct secrets **ret)
{
        struct schedule_past past;
        bool is_due = wait_for_cause(discovery, run, &past);

        if (!fetch(discovery, ret)) {
                clock_pause(AGAIN_S * 1000);
                discovery_wake(discovery);
                return false;
        }
        if (is_due) {
                run->id = id_new();
                discovery->past = past;
                past_write(discovery);
                fetch_order(discovery, run);
                return true;
        }
        if (id_is_zero((*ret)->run) || id_equal((*ret)->run, discovery->last_wanted))
                return false;
        discovery->last_wanted = run->id = (*ret)->run;
        run->purpose = (*ret)->purpose;
        fetch_order(discovery, run);
        return true;
}

static void *work(void *context)
{
        struct discovery *discovery = context;

        for (;;) {
                SCOPED(secrets_freep) struct secrets *secrets = NULL;
                struct run run = { .discovery = discovery };

                if (!begin(discovery, &run, &secrets))
                        continue;
                run_once(&run, secrets);
                discovery_wake(discovery); /* another may be wanted by now */
        }
        return NULL;
}

/* ---- from the channel ---- */

void discovery_wake(struct discovery *discovery)
{
        pthread_mutex_lock(&discovery->lock);
        discovery->is_woken = true;
        pthread_cond_broadcast(&discovery->changed);
        pthread_mutex_unlock(&discovery->lock);
}

int discovery_apply(void *context, const struct configuration_member *member)
{
        struct discovery *discovery = context;
        struct order order;
        int r = look_order_parse(member->value, &order);

        pthread_mutex_lock(&discovery->lock);
        discovery->is_on = member->is_on;
        if (!member->is_on)
                atomic_store(&discovery->stop, true);
        if (r == 0)
                discovery->order = order;
        pthread_cond_broadcast(&discovery->changed);
        pthread_mutex_unlock(&discovery->lock);
        return r;
}

bool discovery_order(struct discovery *discovery, struct order *ret)
{
        bool is_on;

        pthread_mutex_lock(&discovery->lock);
        *ret = discovery->order;
        is_on = discovery->is_on;
        pthread_mutex_unlock(&discovery->lock);
        return is_on;
}

int discovery_start(struct service *service, int directory, struct discovery **ret)
{
        struct discovery *discovery = calloc(1, sizeof(*discovery));
        pthread_condattr_t attributes;

        if (!discovery)
                return fault(-ENOMEM);
        discovery->service = service;
        discovery->directory = directory;
        look_order_init(&discovery->order);
        pthread_mutex_init(&discovery->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&discovery->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        past_read(discovery);
        *ret = discovery;
        return thread_start(work, discovery);
}
