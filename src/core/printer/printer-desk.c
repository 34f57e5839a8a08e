// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/printer-desk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/outcome.h"

#define SLOTS     256
#define SILENT_MS 10000 /* and is then left alone so long */

/*
 *      FREE -> WANTED -> ASKED -> FREE        told
 *                 |         |
 *                 +---------+--> SILENT -> FREE   not in time; for a while nobody waits for it
 */
enum slot_state {
        SLOT_FREE,
        SLOT_WANTED,
        SLOT_ASKED,
        SLOT_SILENT,
};

struct slot {
        enum slot_state state;
        struct printer_wish wish;
        int64_t until_ms; /* then the state is over */
};

struct printer_desk {
        int64_t answer_ms;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        struct slot slots[SLOTS];
};

int printer_desk_new(int64_t answer_ms, struct printer_desk **ret)
{
        struct printer_desk *desk = calloc(1, sizeof(*desk));
        pthread_condattr_t monotonic;

        if (!desk)
                return fault(-ENOMEM);
        desk->answer_ms = answer_ms;
        pthread_mutex_init(&desk->lock, NULL);
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(&desk->changed, &monotonic);
        pthread_condattr_destroy(&monotonic);
        *ret = desk;
        return 0;
}

void printer_desk_free(struct printer_desk *desk)
{
        if (!desk)
                return;
        pthread_cond_destroy(&desk->changed);
        pthread_mutex_destroy(&desk->lock);
        free(desk);
}

static bool is_of(const struct slot *slot, struct id tenant, struct id printer)
{
        return slot->state != SLOT_FREE && id_equal(slot->wish.tenant, tenant) &&
               id_equal(slot->wish.printer, printer);
}

static struct slot *find(struct printer_desk *desk, struct id tenant, struct id printer)
{
        for (size_t i = 0; i < SLOTS; i++)
                if (is_of(&desk->slots[i], tenant, printer))
                        return &desk->slots[i];
        return NULL;
}

/* A free one, else the one whose time was over first; NULL where all are under way. */
static struct slot *find_room(struct printer_desk *desk, int64_t now_ms)
{
        struct slot *oldest = NULL;

        for (size_t i = 0; i < SLOTS; i++) {
                struct slot *slot = &desk->slots[i];

                if (slot->state == SLOT_FREE)
                        return slot;
                if (slot->until_ms <= now_ms && (!oldest || slot->until_ms < oldest->until_ms))
                        oldest = slot;
        }
        return oldest;
}

bool printer_desk_want(struct printer_desk *desk, const struct printer_wish *wish)
{
        int64_t now_ms = clock_monotonic_ms();
        struct slot *slot;
        bool wakes = false;

        pthread_mutex_lock(&desk->lock);
        slot = find(desk, wish->tenant, wish->printer);
        /* It was asked, and its agent never said anything. */
        if (slot && slot->state != SLOT_SILENT && slot->until_ms <= now_ms) {
                slot->state = SLOT_SILENT;
                slot->until_ms += SILENT_MS;
        }
        if (slot && slot->until_ms <= now_ms)
                slot->state = SLOT_FREE;
        if (!slot)
                slot = find_room(desk, now_ms);
        if (slot && (slot->state == SLOT_FREE || slot->until_ms <= now_ms)) {
                *slot = (struct slot){ SLOT_WANTED, *wish, now_ms + desk->answer_ms };
                wakes = true;
        }
        pthread_mutex_unlock(&desk->lock);
        return wakes;
}

static bool is_under_way(const struct slot *slot)
{
        return slot && (slot->state == SLOT_WANTED || slot->state == SLOT_ASKED);
}

bool printer_desk_wait(struct printer_desk *desk, struct id tenant, struct id printer, int64_t until_ms)
{
        struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };
        struct slot *slot;
        bool told;

        pthread_mutex_lock(&desk->lock);
        while (is_under_way(slot = find(desk, tenant, printer)))
                if (pthread_cond_timedwait(&desk->changed, &desk->lock, &until) != 0)
                        break;
        told = !find(desk, tenant, printer);
        pthread_mutex_unlock(&desk->lock);
        return told;
}

bool printer_desk_take(struct printer_desk *desk, struct id tenant, struct id agent, struct id *ret)
{
        bool found = false;

        pthread_mutex_lock(&desk->lock);
        for (size_t i = 0; i < SLOTS && !found; i++) {
                struct slot *slot = &desk->slots[i];

                if (slot->state != SLOT_WANTED || !id_equal(slot->wish.tenant, tenant) ||
                    (!id_is_zero(slot->wish.agent) && !id_equal(slot->wish.agent, agent)))
                        continue;
                slot->state = SLOT_ASKED;
                *ret = slot->wish.printer;
                found = true;
        }
        pthread_mutex_unlock(&desk->lock);
        return found;
}

void printer_desk_answer(struct printer_desk *desk, struct id tenant, struct id printer, bool told)
{
        struct slot *slot;

        pthread_mutex_lock(&desk->lock);
        slot = find(desk, tenant, printer);
        if (slot) {
                slot->state = told ? SLOT_FREE : SLOT_SILENT;
                slot->until_ms = clock_monotonic_ms() + SILENT_MS;
                pthread_cond_broadcast(&desk->changed);
        }
        pthread_mutex_unlock(&desk->lock);
}
