// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A timer wheel: any number of timers, each set and cleared at the same cost, due within some ten
 * milliseconds after their time. Timers lie in their owners; one that is zero is not set. Used by one thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHEEL_SLOTS   512
#define WHEEL_TICK_MS 10

struct wheel_timer {
        struct wheel_timer *next, *before;
        int64_t due_ms;
};

struct wheel {
        struct wheel_timer slots[WHEEL_SLOTS]; /* rings; each slot is its head */
        int64_t tick;                          /* of which everything due was given */
        size_t count;
};

void wheel_init(struct wheel *wheel, int64_t now_ms);
/* Sets it, or sets it anew. */
void wheel_set(struct wheel *wheel, struct wheel_timer *timer, int64_t due_ms);
void wheel_clear(struct wheel *wheel, struct wheel_timer *timer);
/* One that is due, cleared; NULL where none is any more. Call until then. */
struct wheel_timer *wheel_next(struct wheel *wheel, int64_t now_ms);
