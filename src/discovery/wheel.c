// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "discovery/wheel.h"

void wheel_init(struct wheel *wheel, int64_t now_ms)
{
        for (size_t i = 0; i < WHEEL_SLOTS; i++)
                wheel->slots[i] = (struct wheel_timer){ &wheel->slots[i], &wheel->slots[i], 0 };
        wheel->tick = now_ms / WHEEL_TICK_MS;
        wheel->count = 0;
}

void wheel_clear(struct wheel *wheel, struct wheel_timer *timer)
{
        if (!timer->next)
                return;
        timer->next->before = timer->before;
        timer->before->next = timer->next;
        timer->next = timer->before = NULL;
        wheel->count--;
}

void wheel_set(struct wheel *wheel, struct wheel_timer *timer, int64_t due_ms)
{
        int64_t tick = due_ms / WHEEL_TICK_MS;
        struct wheel_timer *slot;

        wheel_clear(wheel, timer);
        if (tick < wheel->tick)
                tick = wheel->tick;
        slot = &wheel->slots[(size_t)tick % WHEEL_SLOTS];
        *timer = (struct wheel_timer){ slot, slot->before, due_ms };
        slot->before->next = timer;
        slot->before = timer;
        wheel->count++;
}

static struct wheel_timer *due_in(struct wheel *wheel, size_t slot, int64_t now_ms)
{
        struct wheel_timer *head = &wheel->slots[slot];

        for (struct wheel_timer *at = head->next; at != head; at = at->next)
                if (at->due_ms <= now_ms)
                        return at;
        return NULL;
}

/* The slot of this moment is looked at again and again, for not all of it may be due. After a long pause once
 * around is enough. */
struct wheel_timer *wheel_next(struct wheel *wheel, int64_t now_ms)
{
        int64_t now = now_ms / WHEEL_TICK_MS;
        struct wheel_timer *due;

        if (now - wheel->tick > WHEEL_SLOTS)
                wheel->tick = now - WHEEL_SLOTS;
        for (;;) {
                due = due_in(wheel, (size_t)wheel->tick % WHEEL_SLOTS, now_ms);
                if (due) {
                        wheel_clear(wheel, due);
                        return due;
                }
                if (wheel->tick >= now)
                        return NULL;
                wheel->tick++;
        }
}
