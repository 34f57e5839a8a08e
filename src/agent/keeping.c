// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/keeping.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/channel.h"
#include "agent/service-stays.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "outpost/thread.h"
#include "relay/stays.h"

struct keeping {
        struct service *service;
        struct stays *stays;
        struct channel_parts *channel;
        int64_t every_ms;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool wake;
};

int keeping_new(struct service *service, struct stays *stays, struct channel_parts *channel, int64_t every_ms,
                struct keeping **ret)
{
        struct keeping *keeping = calloc(1, sizeof(*keeping));
        pthread_condattr_t attributes;

        if (!keeping)
                return fault(-ENOMEM);
        keeping->service = service;
        keeping->stays = stays;
        keeping->channel = channel;
        keeping->every_ms = every_ms;
        pthread_mutex_init(&keeping->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&keeping->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        *ret = keeping;
        return 0;
}

void keeping_wake(struct keeping *keeping)
{
        pthread_mutex_lock(&keeping->lock);
        keeping->wake = true;
        pthread_cond_signal(&keeping->changed);
        pthread_mutex_unlock(&keeping->lock);
}

static void tell(enum log_level level, const char *event, struct id deposit, const char *why)
{
        char id[ID_STRING];

        id_format(deposit, id);
        log_write(level, event, "deposit", id, "why", why, NULL);
}

/* Whether it is not here any more. Where somebody is at it, it has its turn again. */
static bool remove_one(struct keeping *keeping, struct id deposit, const char *why)
{
        struct deposits *deposits = keeping->stays->deposits;
        int r = deposit_take(deposits, deposit);

        if (r)
                return r == DEPOSIT_NOT_FOUND;
        r = deposit_remove(deposits, deposit);
        if (r < 0) {
                deposit_give(deposits, deposit);
                log_fault("document-not-removed", r);
                return false;
        }
        tell(LOG_NOTICE, "document-removed", deposit, why);
        return true;
}

/* What the list names. */
static int follow(struct keeping *keeping, const struct service_stay *stay)
{
        struct deposit_entry entry;
        int r;

        if (stay->is_over) {
                if (!remove_one(keeping, stay->deposit, "over"))
                        return 0;
                r = service_stay_removed(keeping->service, stay->deposit);
                return r == SERVICE_STALE ? 0 : r;
        }
        if (deposit_find(keeping->stays->deposits, stay->deposit, &entry) == 0)
                return 0;
        tell(LOG_ERROR, "document-lost", stay->deposit, "not here any more");
        r = service_stay_lost(keeping->service, stay->deposit);
        return r == SERVICE_STALE ? 0 : r;
}

/* What stayed here before the service was asked, and it does not name. */
struct known {
        struct id *ids;
        size_t count;
};

static void forget(struct known *known, struct id deposit)
{
        for (size_t i = 0; i < known->count; i++)
                if (id_equal(known->ids[i], deposit)) {
                        known->ids[i] = known->ids[--known->count];
                        return;
                }
}

static int list_here(struct keeping *keeping, struct known *ret)
{
        SCOPED(freep) struct deposit_entry *entries = NULL;
        uint64_t octets;
        size_t count;

        deposits_count(keeping->stays->deposits, &count, &octets);
        entries = calloc(count + 1, sizeof(*entries));
        ret->ids = calloc(count + 1, sizeof(*ret->ids));
        if (!entries || !ret->ids)
                return fault(-ENOMEM);
        deposits_list(keeping->stays->deposits, entries, count, &count);
        for (size_t i = 0; i < count; i++)
                if (entries[i].is_staying && !entries[i].is_taken)
                        ret->ids[ret->count++] = entries[i].header.id;
        return 0;
}

static int compare(struct keeping *keeping, struct known *known)
{
        SCOPED(freep) struct service_stay *page = calloc(SERVICE_STAYS_ONCE, sizeof(*page));
        struct id after = { { 0 } };
        size_t count = 0;
        bool more = true;
        int r = 0;

        if (!page)
                return fault(-ENOMEM);
        while (r == 0 && more) {
                r = service_stays(keeping->service, after, page, &count, &more);
                for (size_t i = 0; r == 0 && i < count; i++) {
                        after = page[i].deposit;
                        forget(known, after);
                        r = follow(keeping, &page[i]);
                }
                more = more && count > 0;
        }
        for (size_t i = 0; r == 0 && i < known->count; i++)
                (void)remove_one(keeping, known->ids[i], "not known to the service");
        return r;
}

static void look(struct keeping *keeping)
{
        struct known known = { NULL, 0 };
        int r;

        /* Another machine has our place: what it says is what counts. */
        if (channel_is_superseded(keeping->channel))
                return;
        r = list_here(keeping, &known);
        if (r == 0)
                r = compare(keeping, &known);
        free(known.ids);
        if (r < 0)
                log_fault("stays-not-compared", r);
}

static void wait_for_turn(struct keeping *keeping)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += keeping->every_ms / 1000;
        pthread_mutex_lock(&keeping->lock);
        while (!keeping->wake)
                if (pthread_cond_timedwait(&keeping->changed, &keeping->lock, &until) == ETIMEDOUT)
                        break;
        keeping->wake = false;
        pthread_mutex_unlock(&keeping->lock);
}

static void *run(void *context)
{
        for (;;) {
                wait_for_turn(context);
                look(context);
        }
        return NULL;
}

int keeping_start(struct keeping *keeping)
{
        return thread_start(run, keeping);
}
