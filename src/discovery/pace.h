// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The cap on packets: a bucket of tokens that fills evenly and holds those of a tenth of a second, so that no
 * second sees more than a tenth above the cap. A value; the caller brings the clock.
 */

#include <stdbool.h>
#include <stdint.h>

struct pace {
        uint32_t per_second;
        int64_t tokens_us; /* a token is a second's microseconds; below zero: owed */
        int64_t at_us;
};

/* Starts with one token. */
void pace_init(struct pace *pace, uint32_t per_second, int64_t now_us);
/* Takes one, where there is one. */
bool pace_take(struct pace *pace, int64_t now_us);
/* For so many packets at once, which cannot wait one by one: the next ones do. */
void pace_charge(struct pace *pace, uint32_t packets);
/* How long until there is one. */
int64_t pace_wait_us(const struct pace *pace, int64_t now_us);
