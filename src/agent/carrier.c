// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/carrier.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "agent/delivery.h"
#include "offline/deposit.h"
#include "outpost/thread.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define WAITING_MAX 1024
#define ASK_MS      15000 /* also keeps a connection warm */
#define BEAT_MS     30000 /* a delivery under way says so, so that the service goes on waiting */
#define OFFERS_ONCE 64
#define WARM        2

enum work_state {
        WORK_FREE,
        WORK_WAITING,
        WORK_RUNNING,
        WORK_PARKED, /* over, but the service cannot be told */
};

struct work {
        enum work_state state;
        uint64_t order; /* the lowest first */
        struct delivery delivery;
        char told[COURIER_REASON]; /* what the service has last heard */
        uint32_t told_pages;
        int64_t told_ms;
};

struct carrier {
        const struct agent_settings *settings;
        struct service *service;
        struct journal *journal;
        struct homes *homes;
        struct deposits *deposits;
        struct drain *drain;
        struct deposits *stays;
        int directory;
        pthread_mutex_t lock;
        pthread_cond_t work_came; /* for the workers */
        pthread_cond_t changed;   /* for the one who asks, and for carrier_stop() */
        struct work *works;       /* WAITING_MAX of them */
        uint64_t next_order;
        size_t running;
        bool opened;
        bool stopping;
        bool wake;
        bool beat; /* somebody's progress has changed */
};

static struct work *find_free(struct carrier *carrier)
{
        for (size_t i = 0; i < WAITING_MAX; i++)
                if (carrier->works[i].state == WORK_FREE)
                        return &carrier->works[i];
        return NULL;
}

static bool has_delivery(const struct carrier *carrier, struct id delivery)
{
        for (size_t i = 0; i < WAITING_MAX; i++)
                if (carrier->works[i].state != WORK_FREE &&
                    id_equal(carrier->works[i].delivery.offer.delivery, delivery))
                        return true;
        return false;
}

static bool printer_is_busy(const struct carrier *carrier, struct id printer)
{
        for (size_t i = 0; i < WAITING_MAX; i++)
                if (carrier->works[i].state == WORK_RUNNING &&
                    id_equal(carrier->works[i].delivery.offer.printer, printer))
                        return true;
        return false;
}

/* The oldest whose printer is free. */
static struct work *find_runnable(struct carrier *carrier)
{
        struct work *found = NULL;

        for (size_t i = 0; i < WAITING_MAX; i++) {
                struct work *work = &carrier->works[i];

                if (work->state == WORK_WAITING && (!found || work->order < found->order) &&
                    !printer_is_busy(carrier, work->delivery.offer.printer))
                        found = work;
        }
        return found;
}

static void enqueue(struct carrier *carrier, struct work *work)
{
        work->state = WORK_WAITING;
        work->order = carrier->next_order++;
        work->told[0] = 0;
        work->told_pages = 0;
        work->told_ms = clock_monotonic_ms();
        pthread_cond_signal(&carrier->work_came);
}

static void on_progress(void *context, struct text reason, uint32_t pages)
{
        struct work *work = context;
        struct carrier *carrier = work->delivery.carrier;

        pthread_mutex_lock(&carrier->lock);
        if (!text_copy(reason, work->delivery.reason, sizeof(work->delivery.reason)))
                work->delivery.reason[0] = 0;
        if (pages > 0)
                work->delivery.pages = pages;
        if (strcmp(work->delivery.reason, work->told) != 0) {
                carrier->beat = true;
                pthread_cond_signal(&carrier->changed);
        }
        pthread_mutex_unlock(&carrier->lock);
}

static void *run_worker(void *context)
{
        struct carrier *carrier = context;

        pthread_mutex_lock(&carrier->lock);
        for (;;) {
                struct work *work = find_runnable(carrier);
                bool is_over;

                if (!work) {
                        pthread_cond_wait(&carrier->work_came, &carrier->lock);
                        continue;
                }
                work->state = WORK_RUNNING;
                carrier->running++;
                pthread_mutex_unlock(&carrier->lock);
                is_over = delivery_carry(&work->delivery);
                pthread_mutex_lock(&carrier->lock);
                work->state = is_over ? WORK_FREE : WORK_PARKED;
                carrier->running--;
                carrier->wake = true;
                /* What waited for this printer may go now. */
                pthread_cond_signal(&carrier->work_came);
                pthread_cond_broadcast(&carrier->changed);
        }
        return NULL;
}

/* Under the lock. */
static size_t room(const struct carrier *carrier)
{
        return carrier->running < carrier->settings->workers ? carrier->settings->workers - carrier->running
                                                             : 0;
}

size_t carrier_room(struct carrier *carrier)
{
        size_t r;

        pthread_mutex_lock(&carrier->lock);
        r = carrier->stopping || !carrier->opened ? 0 : room(carrier);
        pthread_mutex_unlock(&carrier->lock);
        return r;
}

static void prepare(struct carrier *carrier, struct work *work, const struct offer *offer)
{
        work->delivery = (struct delivery){
                .carrier = carrier,
                .service = carrier->service,
                .journal = carrier->journal,
                .homes = carrier->homes,
                .deposits = carrier->deposits,
                .drain = carrier->drain,
                .stays = carrier->stays,
                .directory = carrier->directory,
                .memory_octets = carrier->settings->memory_octets,
                .came_ms = clock_boot_ms(),
                .progress = on_progress,
                .context = work,
                .offer = *offer,
        };
        work->delivery.offer.order.limits = carrier->settings->limits;
        if (carrier->settings->limits.stall_ms == 0)
                work->delivery.offer.order.limits.stall_ms =
                        offer->stall_ms ? offer->stall_ms : courier_limits_default.stall_ms;
}

void carrier_carry(struct carrier *carrier, const struct offer *offers, size_t count)
{
        pthread_mutex_lock(&carrier->lock);
        for (size_t i = 0; i < count && !carrier->stopping; i++) {
                struct work *work = find_free(carrier);

                if (!work || has_delivery(carrier, offers[i].delivery))
                        continue;
                prepare(carrier, work, &offers[i]);
                enqueue(carrier, work);
        }
        pthread_mutex_unlock(&carrier->lock);
}

void carrier_set_own(struct carrier *carrier, struct homes *homes, struct deposits *deposits,
                     struct drain *drain)
{
        carrier->homes = homes;
        carrier->deposits = deposits;
        carrier->drain = drain;
}

void carrier_set_stays(struct carrier *carrier, struct deposits *stays)
{
        carrier->stays = stays;
}

void carrier_unpark(struct carrier *carrier)
{
        pthread_mutex_lock(&carrier->lock);
        for (size_t i = 0; i < WAITING_MAX; i++)
                if (carrier->works[i].state == WORK_PARKED)
                        enqueue(carrier, &carrier->works[i]);
        pthread_mutex_unlock(&carrier->lock);
}

void carrier_open(struct carrier *carrier)
{
        pthread_mutex_lock(&carrier->lock);
        carrier->opened = true;
        pthread_mutex_unlock(&carrier->lock);
        carrier_wake(carrier);
}

void carrier_close(struct carrier *carrier)
{
        pthread_mutex_lock(&carrier->lock);
        carrier->opened = false;
        pthread_mutex_unlock(&carrier->lock);
}

bool carrier_is_busy(struct carrier *carrier)
{
        bool is_busy;

        pthread_mutex_lock(&carrier->lock);
        is_busy = carrier->running > 0;
        pthread_mutex_unlock(&carrier->lock);
        return is_busy;
}

void carrier_wake(struct carrier *carrier)
{
        pthread_mutex_lock(&carrier->lock);
        carrier->wake = true;
        pthread_cond_broadcast(&carrier->changed);
        pthread_mutex_unlock(&carrier->lock);
}

/* Waits under the lock until there is something to do; false where time has only gone by. */
static bool wait_changed(struct carrier *carrier, int64_t ms)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += ms / 1000;
        until.tv_nsec += ms % 1000 * 1000000;
        if (until.tv_nsec >= 1000000000) {
                until.tv_sec++;
                until.tv_nsec -= 1000000000;
        }
        return pthread_cond_timedwait(&carrier->changed, &carrier->lock, &until) == 0;
}

static bool is_due(const struct work *work)
{
        return work->state == WORK_RUNNING &&
               (strcmp(work->delivery.reason, work->told) != 0 || work->delivery.pages != work->told_pages ||
                clock_monotonic_ms() - work->told_ms >= BEAT_MS);
}

/* Tells the service what keeps the printers; without the lock while it does. */
static void beat(struct carrier *carrier)
{
        for (size_t i = 0; i < WAITING_MAX; i++) {
                struct work *work = &carrier->works[i];
                struct id delivery = work->delivery.offer.delivery;
                uint32_t epoch = work->delivery.offer.epoch;

                if (!is_due(work))
                        continue;
                memcpy(work->told, work->delivery.reason, sizeof(work->told));
                work->told_pages = work->delivery.pages;
                work->told_ms = clock_monotonic_ms();
                {
                        char reason[COURIER_REASON];
                        uint32_t pages = work->told_pages;

                        memcpy(reason, work->told, sizeof(reason));
                        pthread_mutex_unlock(&carrier->lock);
                        (void)service_progress(carrier->service, delivery, epoch, reason, pages);
                        pthread_mutex_lock(&carrier->lock);
                }
        }
}

/* due: nobody woke us, so that there is time to keep connections open. */
static void ask_for_offers(struct carrier *carrier, struct offer *offers, bool due)
{
        size_t max = carrier_room(carrier), count = 0;
        int r;

        if (max > OFFERS_ONCE)
                max = OFFERS_ONCE;
        r = service_lease(carrier->service, journal_incarnation(carrier->journal), max, offers, &count);
        if (r < 0)
                log_fault("lease-failed", r);
        else if (r > 0)
                log_write(LOG_DEBUG, "lease-refused", "why", service_complaint(), NULL);
        carrier_carry(carrier, offers, count);
        if (r == 0 && count == 0 && due)
                service_warm(carrier->service, WARM);
}

static void *run_asker(void *context)
{
        struct offer *offers = calloc(OFFERS_ONCE, sizeof(*offers));
        struct carrier *carrier = context;
        int64_t asked_ms = 0;
        bool due;

        pthread_mutex_lock(&carrier->lock);
        while (!carrier->stopping && offers) {
                if ((!carrier->wake || !carrier->opened) && !carrier->beat)
                        (void)wait_changed(carrier, 1000);
                carrier->beat = false;
                beat(carrier);
                if (!carrier->opened || (!carrier->wake && clock_monotonic_ms() - asked_ms < ASK_MS))
                        continue;
                due = !carrier->wake || asked_ms == 0;
                carrier->wake = false;
                asked_ms = clock_monotonic_ms();
                pthread_mutex_unlock(&carrier->lock);
                ask_for_offers(carrier, offers, due);
                pthread_mutex_lock(&carrier->lock);
        }
        pthread_mutex_unlock(&carrier->lock);
        free(offers);
        return NULL;
}

int carrier_new(const struct agent_settings *settings, struct service *service, struct journal *journal,
                int directory, struct carrier **ret)
{
        struct carrier *carrier = calloc(1, sizeof(*carrier));
        pthread_condattr_t attributes;

        if (!carrier)
                return fault(-ENOMEM);
        carrier->works = calloc(WAITING_MAX, sizeof(*carrier->works));
        if (!carrier->works) {
                free(carrier);
                return fault(-ENOMEM);
        }
        carrier->settings = settings;
        carrier->service = service;
        carrier->journal = journal;
        carrier->directory = directory;
        pthread_mutex_init(&carrier->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&carrier->changed, &attributes);
        pthread_cond_init(&carrier->work_came, NULL);
        pthread_condattr_destroy(&attributes);
        *ret = carrier;
        return 0;
}

/* What the journal has left open becomes work like any other, first in the queue. */
static void resume(struct carrier *carrier)
{
        struct journal_entry entry;

        pthread_mutex_lock(&carrier->lock);
        for (size_t i = 0; journal_get(carrier->journal, i, &entry); i++) {
                struct work *work = find_free(carrier);
                struct offer offer = { .delivery = entry.delivery,
                                       .epoch = entry.epoch,
                                       .printer = entry.printer };
                struct deposit_entry deposit;
                struct home_entry home;

                if (homes_find_delivery(carrier->homes, entry.delivery, &home) == 0) {
                        offer.is_home = true;
                        offer.home_job = home.job;
                } else if (deposit_find_released(carrier->deposits, entry.delivery, &deposit) == 0) {
                        offer.is_home = offer.is_deposit = true;
                        offer.home_job = deposit.header.id;
                }
                prepare(carrier, work, &offer);
                work->delivery.resumes = true;
                work->delivery.entry = entry;
                enqueue(carrier, work);
        }
        pthread_mutex_unlock(&carrier->lock);
}

/* Released by ourselves, and not begun when we died: the service hears both. Under the lock. */
static void resume_own(struct carrier *carrier, const struct offer *offer, enum journal_stage stage)
{
        struct work *work = find_free(carrier);

        if (!work || has_delivery(carrier, offer->delivery))
                return;
        prepare(carrier, work, offer);
        work->delivery.resumes = true;
        work->delivery.entry = (struct journal_entry){
                .delivery = offer->delivery, .epoch = 1, .printer = offer->printer, .stage = stage
        };
        enqueue(carrier, work);
}

static void resume_homes(struct carrier *carrier)
{
        struct home_entry *homes = calloc(HOMES_MAX, sizeof(*homes));
        size_t count = homes ? homes_list(carrier->homes, homes, HOMES_MAX) : 0;

        pthread_mutex_lock(&carrier->lock);
        for (size_t i = 0; i < count; i++) {
                const struct offer offer = { .delivery = homes[i].released.delivery,
                                             .epoch = 1,
                                             .printer = homes[i].released.printer,
                                             .is_home = true,
                                             .home_job = homes[i].job };

                if (homes[i].state == HOME_RELEASED)
                        resume_own(carrier, &offer, JOURNAL_ARMING);
        }
        pthread_mutex_unlock(&carrier->lock);
        free(homes);
}

/* Where another journal had the word of it, which is lost, nobody knows how far it came. */
static void resume_deposits(struct carrier *carrier)
{
        struct deposit_entry *deposits;
        uint64_t unused;
        size_t count;

        deposits_count(carrier->deposits, &count, &unused);
        deposits = calloc(count + 1, sizeof(*deposits));
        if (deposits)
                deposits_list(carrier->deposits, deposits, count, &count);
        pthread_mutex_lock(&carrier->lock);
        for (size_t i = 0; deposits && i < count; i++) {
                const struct deposit_released *released = &deposits[i].released;
                const struct offer offer = { .delivery = released->delivery,
                                             .epoch = 1,
                                             .printer = released->printer,
                                             .is_home = true,
                                             .is_deposit = true,
                                             .home_job = deposits[i].header.id };
                bool is_ours = released->incarnation == journal_incarnation(carrier->journal);

                if (deposits[i].is_released)
                        resume_own(carrier, &offer, is_ours ? JOURNAL_ARMING : JOURNAL_SENDING);
        }
        pthread_mutex_unlock(&carrier->lock);
        free(deposits);
}

int carrier_start(struct carrier *carrier)
{
        int r = 0;

        resume(carrier);
        resume_homes(carrier);
        resume_deposits(carrier);
        for (uint32_t i = 0; r == 0 && i < carrier->settings->workers; i++)
                r = thread_start(run_worker, carrier);
        return r ? r : thread_start(run_asker, carrier);
}

void carrier_stop(struct carrier *carrier, int64_t deadline_ms)
{
        pthread_mutex_lock(&carrier->lock);
        carrier->stopping = true;
        pthread_cond_broadcast(&carrier->changed);
        while (carrier->running > 0 && clock_monotonic_ms() < deadline_ms)
                (void)wait_changed(carrier, deadline_ms - clock_monotonic_ms());
        pthread_mutex_unlock(&carrier->lock);
}
