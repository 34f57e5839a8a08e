// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "server/collector.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "audit/syslog.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/trail-push.h"
#include "net/syslog-client.h"

#define WAIT_MS      1000
#define WAIT_MOST_MS 60000
#define MEASURE_MS   5000
#define HOST_SIZE    256

struct collector {
        const struct collector_settings *settings;
        struct core *core;
        char host[HOST_SIZE];
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool stop;

        /* Of the thread alone. */
        struct syslog_client *client; /* NULL: not connected */
        struct trail_push page;
        int64_t settle_ms, measure_ms; /* when that is due, by the monotonic clock */
        int64_t away_ms;               /* since when nothing gets through; 0: it does */
        bool is_alarmed;
        int last; /* outcome, so that what fails each time is logged once */
};

const char *collector_complaint(const struct collector_settings *settings)
{
        if (settings->syslog && !syslog_address_is_valid(settings->syslog))
                return "[audit] syslog: tls://HOST:6514, tcp://HOST:601 or unix:/PATH";
        if (!settings->syslog && (settings->ca_path || settings->records || settings->tenants))
                return "[audit] syslog: not set, and other settings of it are";
        if (settings->tenants && !settings->records)
                return "[audit] syslog_tenants: set, and [audit] syslog_records is not";
        return NULL;
}

/* False when it is time to stop. */
static bool wait_ms(struct collector *collector, int64_t ms)
{
        struct timespec until;
        bool stop;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += ms / 1000;
        until.tv_nsec += ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
                until.tv_nsec -= 1000000000;
                until.tv_sec++;
        }
        pthread_mutex_lock(&collector->lock);
        while (!collector->stop)
                if (pthread_cond_timedwait(&collector->changed, &collector->lock, &until) == ETIMEDOUT)
                        break;
        stop = collector->stop;
        pthread_mutex_unlock(&collector->lock);
        return !stop;
}

static bool is_stopping(struct collector *collector)
{
        bool stop;

        pthread_mutex_lock(&collector->lock);
        stop = collector->stop;
        pthread_mutex_unlock(&collector->lock);
        return stop;
}

static void format(const struct collector *collector, size_t i, struct buffer *to)
{
        const struct trail_push *page = &collector->page;
        struct audit_record record;

        if (page->stream == TRAIL_CHECKPOINTS) {
                audit_checkpoint_syslog(&page->checkpoints[i], collector->host, to);
                return;
        }
        event_to_record(&page->events[i], page->tenant, &record);
        audit_record_syslog(&record, page->events[i].hash, collector->host, to);
}

static int send_page(struct collector *collector)
{
        SCOPED(buffer_done) struct buffer all = BUFFER((size_t)TRAIL_PUSH_MAX * AUDIT_SYSLOG_MAX);
        struct text messages[TRAIL_PUSH_MAX];
        size_t begins[TRAIL_PUSH_MAX + 1] = { 0 }, count = collector->page.count;
        int r;

        for (size_t i = 0; i < count; i++) {
                format(collector, i, &all);
                begins[i + 1] = all.len;
        }
        if (all.failure)
                return fault(all.failure);
        for (size_t i = 0; i < count; i++)
                messages[i] = text_from_octets(all.at + begins[i], begins[i + 1] - begins[i]);
        r = syslog_client_send(collector->client, messages, count);
        return r ? r : trail_push_sent(collector->core, &collector->page);
}

/* The figures of what waits, from time to time. */
static int measure(struct collector *collector, bool is_due)
{
        struct trail_waiting waiting;
        int64_t now_ms = clock_monotonic_ms();

        if (!collector->settings->records || (!is_due && now_ms < collector->measure_ms))
                return 0;
        collector->measure_ms = now_ms + MEASURE_MS;
        return trail_push_measure(collector->core, collector->settings->tenants, &waiting);
}

/* A page of every tenant that has something, again until none has. */
static int push_stream(struct collector *collector, enum trail_stream stream)
{
        const char *tenants = stream == TRAIL_RECORDS ? collector->settings->tenants : NULL;
        struct id after = { 0 };
        bool found = false;

        while (!is_stopping(collector)) {
                int r = trail_push_next(collector->core, stream, tenants, after, &collector->page);

                if (r || (collector->page.count == 0 && !found))
                        return r;
                if (collector->page.count == 0) {
                        after = (struct id){ 0 };
                        found = false;
                        continue;
                }
                found = true;
                after = collector->page.tenant;
                r = send_page(collector);
                if (r == 0)
                        r = measure(collector, false);
                if (r)
                        return r;
        }
        return 0;
}

static int connect_to(struct collector *collector)
{
        struct syslog_options options = { collector->settings->syslog, collector->settings->ca_path, 0 };
        int r;

        if (collector->client)
                return 0;
        r = syslog_client_open(&options, &collector->client);
        if (r)
                return r;
        collector->settle_ms = clock_monotonic_ms() + collector->settings->again_ms;
        return trail_push_begin(collector->core);
}

static int settle(struct collector *collector)
{
        bool is_quiet = false;
        int r = syslog_client_look(collector->client, &is_quiet);

        if (r || !is_quiet || clock_monotonic_ms() < collector->settle_ms)
                return r;
        collector->settle_ms = clock_monotonic_ms() + collector->settings->again_ms;
        return trail_push_settle(collector->core);
}

static int push(struct collector *collector)
{
        int r = connect_to(collector);

        if (r == 0)
                r = settle(collector);
        if (r == 0 && collector->settings->records)
                r = push_stream(collector, TRAIL_RECORDS);
        if (r == 0)
                r = push_stream(collector, TRAIL_CHECKPOINTS);
        return r;
}

static const char *reason_of(int r)
{
        static const char *const reasons[] = {
                [SYSLOG_UNREACHABLE] = "unreachable", [SYSLOG_UNTRUSTED] = "untrusted", [SYSLOG_CUT] = "cut"
        };

        return r > 0 ? reasons[r] : "fault";
}

static void log_change(struct collector *collector, int r)
{
        if (r > 0 && r != collector->last)
                log_write(LOG_WARNING, "audit-collector-away", "syslog", collector->settings->syslog,
                          "reason", reason_of(r), NULL);
        else if (r < 0 && r != collector->last)
                log_fault("audit-collector-away", r);
        else if (r == 0 && collector->last)
                log_write(LOG_NOTICE, "audit-collector-back", NULL);
        collector->last = r;
}

/* Where the event cannot be written either, it is tried again the next time. */
static void alarm_if_long(struct collector *collector, int r)
{
        int64_t now_ms = clock_monotonic_ms();
        char words[CORE_WORDS];

        if (r && !collector->away_ms)
                collector->away_ms = now_ms;
        if (r && !collector->is_alarmed && now_ms - collector->away_ms >= collector->settings->alarm_ms) {
                snprintf(words, sizeof(words), "reason=%s", reason_of(r));
                collector->is_alarmed = trail_push_note(collector->core, "audit-collector-lost", words) == 0;
        }
        if (r)
                return;
        if (collector->is_alarmed) {
                snprintf(words, sizeof(words), "seconds=%" PRId64, (now_ms - collector->away_ms) / 1000);
                if (trail_push_note(collector->core, "audit-collector-back", words))
                        return;
        }
        collector->is_alarmed = false;
        collector->away_ms = 0;
}

static void *run(void *context)
{
        struct collector *collector = context;
        int64_t next_ms = WAIT_MS;

        while (wait_ms(collector, next_ms)) {
                int r = push(collector);

                if (r)
                        syslog_client_closep(&collector->client);
                log_change(collector, r);
                alarm_if_long(collector, r);
                if (measure(collector, r != 0) < 0)
                        log_write(LOG_WARNING, "audit-not-measured", NULL);
                next_ms = r == 0 ? WAIT_MS : next_ms * 2 < WAIT_MOST_MS ? next_ms * 2 : WAIT_MOST_MS;
        }
        syslog_client_closep(&collector->client);
        return NULL;
}

int collector_start(const struct collector_settings *settings, struct core *core, struct collector **ret)
{
        struct collector *collector;
        int error;

        if (!settings->syslog)
                return 0;
        collector = calloc(1, sizeof(*collector));
        if (!collector)
                return fault(-ENOMEM);
        collector->settings = settings;
        collector->core = core;
        if (gethostname(collector->host, sizeof(collector->host) - 1))
                collector->host[0] = '\0';
        pthread_mutex_init(&collector->lock, NULL);
        pthread_cond_init(&collector->changed, NULL);
        error = pthread_create(&collector->thread, NULL, run, collector);
        if (error) {
                free(collector);
                return fault(-error);
        }
        *ret = collector;
        return 0;
}

void collector_stopp(struct collector **at)
{
        struct collector *collector = *at;

        if (!collector)
                return;
        pthread_mutex_lock(&collector->lock);
        collector->stop = true;
        pthread_cond_signal(&collector->changed);
        pthread_mutex_unlock(&collector->lock);
        pthread_join(collector->thread, NULL);
        pthread_cond_destroy(&collector->changed);
        pthread_mutex_destroy(&collector->lock);
        free(collector);
        *at = NULL;
}
