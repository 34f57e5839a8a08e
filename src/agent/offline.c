// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/offline.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/line.h"
#include "agent/offline-state.h"
#include "agent/service-homes.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/field.h"
#include "crypt/random.h"
#include "os/file.h"
#include "outpost/thread.h"

#define ASK_MS   5000 /* also how long somebody who was switched off is still known here */
#define REACH_MS 1000

int offline_new(struct service *service, struct journal *journal, struct homes *homes,
                struct deposits *deposits, struct known *known, struct carrier *carrier, struct offline **ret)
{
        struct offline *offline = calloc(1, sizeof(*offline));
        pthread_condattr_t attributes;

        if (!offline)
                return fault(-ENOMEM);
        offline->service = service;
        offline->journal = journal;
        offline->homes = homes;
        offline->deposits = deposits;
        offline->known = known;
        offline->carrier = carrier;
        pthread_mutex_init(&offline->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&offline->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        *ret = offline;
        return 0;
}

void offline_wake(struct offline *offline)
{
        pthread_mutex_lock(&offline->lock);
        offline->wake = true;
        pthread_cond_signal(&offline->changed);
        pthread_mutex_unlock(&offline->lock);
}

void offline_stand_back(struct offline *offline)
{
        pthread_mutex_lock(&offline->lock);
        offline->stands_back = true;
        offline->is_on = false;
        pthread_mutex_unlock(&offline->lock);
        known_forget(offline->known);
}

int offline_apply(void *context, const struct configuration_member *member)
{
        struct offline *offline = context;

        pthread_mutex_lock(&offline->lock);
        offline->is_on = !offline->stands_back && member->is_on &&
                         json_is_true(json_object_get(member->value, "enabled"));
        pthread_mutex_unlock(&offline->lock);
        offline_wake(offline);
        return 0;
}

bool offline_is_down(struct offline *offline)
{
        bool r;

        pthread_mutex_lock(&offline->lock);
        r = offline->is_on && service_is_away(offline->service);
        pthread_mutex_unlock(&offline->lock);
        return r;
}

bool offline_is_on(struct offline *offline)
{
        bool r;

        pthread_mutex_lock(&offline->lock);
        r = offline->is_on;
        pthread_mutex_unlock(&offline->lock);
        return r;
}

struct offline_count offline_count(struct offline *offline)
{
        struct offline_count count = { .homes = 0 };
        uint64_t unused;

        homes_count(offline->homes, &count.homes, &unused);
        deposits_count(offline->deposits, &count.deposits, &unused);
        known_times(offline->known, &count.age_s, &count.left_s);
        return count;
}

static void log_home(enum log_level level, const char *event, struct id job)
{
        char id[ID_STRING];

        id_format(job, id);
        log_write(level, event, "job", id, NULL);
}

/* Not 0: the service was not heard. */
static int refresh(struct offline *offline)
{
        SCOPED(buffer_wipe) struct buffer answer = BUFFER(2 * SNAPSHOT_OCTETS_MAX);
        char revision[2 * HASH_OCTETS + 1];
        bool has = known_revision(offline->known, revision);
        int r;

        r = service_snapshot(offline->service, has ? revision : NULL, &answer);
        if (r)
                return r;
        if (answer.len == 0)
                known_renew(offline->known);
        else if (memmem(answer.at, answer.len, "\"enabled\":false", 15))
                known_forget(offline->known);
        else if (known_take(offline->known, buffer_text(&answer)) != 0)
                log_write(LOG_ERROR, "snapshot-malformed", NULL);
        else
                log_write(LOG_NOTICE, "snapshot-taken", NULL);
        return 0;
}

struct taking {
        struct offline *offline;
        struct service_home *home;
        uint64_t at;
        int fd;
};

static int write_octets(void *context, struct text octets)
{
        struct taking *t = context;
        int r = file_write_at(t->fd, octets.at, octets.len, t->at);

        if (r == 0)
                t->at += octets.len;
        return r;
}

static int fetch_document(void *context, int fd, uint64_t offset)
{
        struct taking *t = context;
        int r;

        t->fd = fd;
        t->at = offset;
        r = service_home_fetch(t->offline->service, t->home->job, t->home->giving, write_octets, t);
        return r < 0 ? r : r ? HOMES_CUT : 0;
}

/* What says how it is to be printed goes under a key that only its owner's badge leads to. */
static int seal_offers(const struct service_home *home, const uint8_t person[BOX_KEY_OCTETS],
                       struct home_entry *entry, struct buffer *to)
{
        SCOPED(secret_done) struct secret key;

        random_secret(&key);
        if (box_put(person, &key, entry->offers_box) != 0)
                return HOMES_UNKNOWN;
        return field_seal(&key, text_from_octets(entry->job.octets, ID_OCTETS), buffer_text(&home->offers),
                          to);
}

static int keep(struct offline *offline, struct service_home *home)
{
        SCOPED(buffer_done) struct buffer sealed = BUFFER(HOME_OFFERS_MAX);
        struct taking taking = { offline, home, 0, -1 };
        struct home_entry entry = { .job = home->job,
                                    .giving = home->giving,
                                    .person = home->person,
                                    .created_ms = home->created_ms,
                                    .expires_ms = home->expires_ms,
                                    .octets = home->sealed_octets };
        uint8_t person[BOX_KEY_OCTETS];
        int r;

        if (!known_person_key(offline->known, home->person, person))
                return HOMES_UNKNOWN;
        memcpy(entry.document_box, home->box, sizeof(entry.document_box));
        r = seal_offers(home, person, &entry, &sealed);
        return r ? r : homes_store(offline->homes, &entry, buffer_text(&sealed), fetch_document, &taking);
}

/* Of a giving that we have nothing of: nor will we, for its question has been given up. */
static int give_up(struct offline *offline, struct id job, uint64_t giving)
{
        return service_home_back(offline->service, job, giving, journal_incarnation(offline->journal), false);
}

static int take_one(struct offline *offline, struct id job, uint64_t giving)
{
        SCOPED(service_home_done) struct service_home home = { .job = job, .giving = giving };
        struct home_entry unused;
        int r;

        if (homes_find(offline->homes, job, &unused) == 0)
                return 0;
        r = service_home_take(offline->service, journal_incarnation(offline->journal), random_u64() >> 1,
                              &home);
        if (r)
                return r == SERVICE_STALE || r == SERVICE_CONFUSED ? 0 : r;
        r = keep(offline, &home);
        if (r == 0) {
                log_home(LOG_NOTICE, "home-taken", job);
                return 0;
        }
        if (r < 0)
                log_fault("home-not-taken", r);
        return give_up(offline, job, home.giving);
}

static int return_one(struct offline *offline, const struct home_entry *entry)
{
        int r = service_home_back(offline->service, entry->job, entry->giving,
                                  journal_incarnation(offline->journal), false);

        if (r && r != SERVICE_STALE)
                return r;
        log_home(LOG_NOTICE, "home-given-back", entry->job);
        r = homes_forget(offline->homes, entry->job);
        return r < 0 ? r : 0;
}

/* What is asked back, once our ledger has it; what is on its way to paper is told of by who carries it. */
static int give_back(struct offline *offline, struct id job, uint64_t giving)
{
        struct home_entry entry;
        int r;

        if (homes_find(offline->homes, job, &entry) != 0)
                return give_up(offline, job, giving);
        if (entry.state == HOME_DAMAGED) {
                r = service_home_back(offline->service, job, giving, journal_incarnation(offline->journal),
                                      true);
                return r ? r : homes_forget(offline->homes, job);
        }
        if (entry.state == HOME_RELEASED || entry.giving != giving)
                return 0;
        r = homes_return(offline->homes, job);
        if (r < 0)
                return r;
        return r == 0 || entry.state == HOME_RETURNED ? return_one(offline, &entry) : 0;
}

bool offline_home_is_over(const struct home_entry *entry)
{
        return entry->expires_ms > 0 && entry->expires_ms <= clock_unix_ms();
}

/* What was given back and not heard of, and what is not to be here any more. */
static int settle(struct offline *offline, bool on)
{
        size_t count = homes_list(offline->homes, offline->entries, HOMES_MAX);
        int r = 0;

        for (size_t i = 0; r == 0 && i < count; i++) {
                const struct home_entry *entry = &offline->entries[i];

                if (entry->state == HOME_HELD && (!on || offline_home_is_over(entry)))
                        r = give_back(offline, entry->job, entry->giving);
                else if (entry->state == HOME_RETURNED)
                        r = return_one(offline, entry);
        }
        return r;
}

static int for_each(struct offline *offline, const json_t *array,
                    int (*act)(struct offline *offline, struct id job, uint64_t giving))
{
        const json_t *value;
        struct id job;
        size_t i;
        int r = 0;

        json_array_foreach(array, i, value)
        {
                if (!id_parse(text_from(json_string_value(json_object_get(value, "job"))), &job))
                        continue;
                r = act(offline, job, (uint64_t)json_integer_value(json_object_get(value, "giving")));
                if (r)
                        break;
        }
        return r;
}

static int look(struct offline *offline, bool on)
{
        json_t *list = NULL;
        int r;

        r = service_homes(offline->service, journal_incarnation(offline->journal), &list);
        if (r)
                return r;
        r = for_each(offline, json_object_get(list, "asked"), give_back);
        if (r == 0 && on)
                r = for_each(offline, json_object_get(list, "give"), take_one);
        json_decref(list);
        return r;
}

static int talk(struct offline *offline)
{
        bool on = offline_is_on(offline);
        int r;

        /* Over a line that is dead every question takes its time. */
        if (service_is_away(offline->service) && service_reach(offline->service, REACH_MS) != 0)
                return SERVICE_UNREACHABLE;
        r = refresh(offline);
        line_note(offline->service, r);
        if (r)
                return r;
        carrier_unpark(offline->carrier);
        r = settle(offline, on);
        return r ? r : look(offline, on);
}

static void wait_for(struct offline *offline, int64_t ms)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += ms / 1000;
        pthread_mutex_lock(&offline->lock);
        while (!offline->wake)
                if (pthread_cond_timedwait(&offline->changed, &offline->lock, &until) == ETIMEDOUT)
                        break;
        offline->wake = false;
        pthread_mutex_unlock(&offline->lock);
}

/* What is at home here may be at home at the other machine, too: it is for that one to speak of. */
static bool stands_back(struct offline *offline)
{
        bool r;

        pthread_mutex_lock(&offline->lock);
        r = offline->stands_back;
        pthread_mutex_unlock(&offline->lock);
        return r;
}

static void *run(void *context)
{
        struct offline *offline = context;

        for (;;) {
                size_t count;
                uint64_t octets;
                int r;

                homes_count(offline->homes, &count, &octets);
                r = stands_back(offline) ? 0 : offline_is_on(offline) || count > 0 ? talk(offline) : 0;
                if (r < 0)
                        log_fault("offline-failed", r);
                wait_for(offline, ASK_MS);
        }
        return NULL;
}

int offline_start(struct offline *offline)
{
        return thread_start(run, offline);
}
