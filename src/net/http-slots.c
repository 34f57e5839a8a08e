// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-slots.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/outcome.h"

#define NONE UINT32_MAX

int http_slots_init(struct http_slots *slots, uint32_t count_max, int epoll)
{
        *slots = (struct http_slots){ .count_max = count_max, .epoll = epoll, .free_first = NONE };
        slots->all = calloc(count_max, sizeof(*slots->all));
        if (!slots->all)
                return fault(-ENOMEM);
        pthread_mutex_init(&slots->lock, NULL);
        return 0;
}

void http_slots_done(struct http_slots *slots)
{
        if (!slots->all)
                return;
        for (uint32_t i = 0; i < slots->used_end; i++)
                pthread_mutex_destroy(&slots->all[i].lock);
        pthread_mutex_destroy(&slots->lock);
        free(slots->all);
}

/* A slot is made on first use, so that unused ones cost no memory. */
static struct http_slot *slot_find(struct http_slots *slots)
{
        struct http_slot *slot = NULL;
        uint32_t end;

        pthread_mutex_lock(&slots->lock);
        end = atomic_load(&slots->used_end);
        if (slots->free_first != NONE) {
                slot = &slots->all[slots->free_first];
                slots->free_first = slot->next;
        } else if (end < slots->count_max) {
                slot = &slots->all[end];
                pthread_mutex_init(&slot->lock, NULL);
                slot->generation = 1;
                atomic_store(&slot->deadline_ms, INT64_MAX);
                atomic_store(&slots->used_end, end + 1);
        }
        if (slot)
                slots->used++;
        pthread_mutex_unlock(&slots->lock);
        return slot;
}

struct http_slot *http_slot_take(struct http_slots *slots, int fd, struct http_connection *connection)
{
        struct http_slot *slot = slot_find(slots);
        struct epoll_event nothing = { 0 };

        if (!slot)
                return NULL;
        pthread_mutex_lock(&slot->lock);
        slot->connection = connection;
        slot->stream = NULL;
        slot->fd = fd;
        slot->state = HTTP_SLOT_RUNNING;
        slot->wishes = 0;
        nothing.events = EPOLLONESHOT;
        nothing.data.u64 = http_slot_handle(slots, slot);
        /* Should the kernel have no memory to watch it, the first park fails in the same way and is seen. */
        (void)epoll_ctl(slots->epoll, EPOLL_CTL_ADD, fd, &nothing);
        pthread_mutex_unlock(&slot->lock);
        return slot;
}

void http_slot_release(struct http_slots *slots, struct http_slot *slot)
{
        pthread_mutex_lock(&slot->lock);
        close(slot->fd);
        slot->fd = -1;
        slot->connection = NULL;
        slot->stream = NULL;
        slot->state = HTTP_SLOT_FREE;
        if (++slot->generation == 0)
                slot->generation = 1;
        atomic_store(&slot->deadline_ms, INT64_MAX);
        pthread_mutex_unlock(&slot->lock);

        pthread_mutex_lock(&slots->lock);
        slot->next = slots->free_first;
        slots->free_first = (uint32_t)(slot - slots->all);
        slots->used--;
        pthread_mutex_unlock(&slots->lock);
}

uint64_t http_slot_handle(const struct http_slots *slots, const struct http_slot *slot)
{
        return (uint64_t)slot->generation << 32 | (uint64_t)(slot - slots->all);
}

struct http_slot *http_slot_lock(struct http_slots *slots, uint64_t handle)
{
        uint32_t index = (uint32_t)handle;
        struct http_slot *slot;

        if (index >= atomic_load(&slots->used_end))
                return NULL;
        slot = &slots->all[index];
        pthread_mutex_lock(&slot->lock);
        if (slot->state != HTTP_SLOT_FREE && slot->generation == (uint32_t)(handle >> 32))
                return slot;
        pthread_mutex_unlock(&slot->lock);
        return NULL;
}

struct http_slot *http_slot_run(struct http_slots *slots, uint64_t handle)
{
        struct http_slot *slot = http_slot_lock(slots, handle);
        bool idle;

        if (!slot)
                return NULL;
        idle = slot->state == HTTP_SLOT_IDLE;
        if (idle) {
                slot->state = HTTP_SLOT_RUNNING;
                atomic_store(&slot->deadline_ms, INT64_MAX);
        }
        pthread_mutex_unlock(&slot->lock);
        return idle ? slot : NULL;
}

uint8_t http_slot_wishes(struct http_slot *slot)
{
        uint8_t wishes;

        pthread_mutex_lock(&slot->lock);
        wishes = slot->wishes;
        slot->wishes = 0;
        pthread_mutex_unlock(&slot->lock);
        return wishes;
}

static bool watch(struct http_slots *slots, const struct http_slot *slot, uint32_t events)
{
        struct epoll_event event = { .events = events | EPOLLONESHOT };

        event.data.u64 = http_slot_handle(slots, slot);
        return epoll_ctl(slots->epoll, EPOLL_CTL_MOD, slot->fd, &event) == 0;
}

bool http_slot_park(struct http_slots *slots, struct http_slot *slot, uint32_t events, int64_t deadline_ms)
{
        bool parked = false;

        pthread_mutex_lock(&slot->lock);
        if (!slot->wishes) {
                /* Another worker may get the event at once; it waits for the lock. */
                slot->state = HTTP_SLOT_IDLE;
                atomic_store(&slot->deadline_ms, deadline_ms);
                parked = watch(slots, slot, events);
                if (!parked) {
                        slot->state = HTTP_SLOT_RUNNING;
                        atomic_store(&slot->deadline_ms, INT64_MAX);
                        slot->wishes = HTTP_WISH_CUT;
                }
        }
        pthread_mutex_unlock(&slot->lock);
        return parked;
}

void http_slot_wish(struct http_slots *slots, struct http_slot *slot, uint8_t wish)
{
        slot->wishes |= wish;
        if (wish & HTTP_WISH_CUT)
                (void)shutdown(slot->fd, SHUT_RDWR);
        /* A socket is nearly always writable, so that asking for it too wakes a worker now. */
        if (slot->state == HTTP_SLOT_IDLE)
                (void)watch(slots, slot, EPOLLIN | EPOLLOUT);
}

void http_slots_wish(struct http_slots *slots, uint8_t wish)
{
        uint32_t end = atomic_load(&slots->used_end);

        for (uint32_t i = 0; i < end; i++) {
                struct http_slot *slot = &slots->all[i];

                pthread_mutex_lock(&slot->lock);
                if (slot->state != HTTP_SLOT_FREE)
                        http_slot_wish(slots, slot, wish);
                pthread_mutex_unlock(&slot->lock);
        }
}

static void slot_expire(struct http_slots *slots, struct http_slot *slot, int64_t now_ms, uint32_t grace_ms)
{
        pthread_mutex_lock(&slot->lock);
        if (slot->state == HTTP_SLOT_IDLE && atomic_load(&slot->deadline_ms) <= now_ms) {
                bool again = slot->wishes & HTTP_WISH_EXPIRED;

                atomic_store(&slot->deadline_ms, now_ms + grace_ms);
                http_slot_wish(slots, slot, again ? HTTP_WISH_CUT : HTTP_WISH_EXPIRED);
        }
        pthread_mutex_unlock(&slot->lock);
}

void http_slots_expire(struct http_slots *slots, int64_t now_ms, uint32_t grace_ms)
{
        uint32_t end = atomic_load(&slots->used_end);

        for (uint32_t i = 0; i < end; i++)
                if (atomic_load_explicit(&slots->all[i].deadline_ms, memory_order_relaxed) <= now_ms)
                        slot_expire(slots, &slots->all[i], now_ms, grace_ms);
}
