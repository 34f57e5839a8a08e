// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdint.h>

/* Milliseconds since 1970 (UTC): for what people and other machines see. It may jump. */
int64_t clock_unix_ms(void);

/* Milliseconds since some start, never backwards: for timeouts. It stands still while the machine sleeps. */
int64_t clock_monotonic_ms(void);

/* The same, but it goes on while the machine sleeps: for what must not outlive a nap, such as a grant to
 * print. */
int64_t clock_boot_ms(void);

/* Microseconds of the monotonic clock, for measuring. */
int64_t clock_monotonic_us(void);

/* Days since 1970 (UTC) of a time in milliseconds; the unit of expiry and of bucket keys. */
int64_t clock_day(int64_t unix_ms);

/* "2026-01-31T12:00:00.000Z" (RFC 3339), 24 octets and NUL. */
void clock_format(int64_t unix_ms, char ret[25]);

/* Nothing for so long, at least: between two questions to somebody who is asked again and again. */
void clock_pause(int64_t pause_ms);
