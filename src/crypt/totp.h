// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Time-based one-time passwords (RFC 6238) with SHA-1, six digits and steps of thirty seconds: what every
 * authenticator program knows. Pure; safe from every thread.
 */

#include <stdint.h>

#include "base/text.h"

#define TOTP_SECRET_OCTETS 20 /* RFC 4226, section 4, R6: 160 bits */
#define TOTP_DIGITS        6
#define TOTP_STEP_MS       30000
#define TOTP_WINDOW        1 /* steps that a clock may be off, either way */

enum totp_refusal {
        TOTP_WRONG = 1, /* not the code of any step of the window, or of one that was used already */
};

/* RFC 4226, section 5.3: the value of a counter, of so many digits (6 to 8). */
uint32_t totp_value(struct text secret, uint64_t counter, unsigned int digits);

/*
 * Checks what was typed at a time. used is the last step that was used before (0: none): neither it nor an
 * earlier one is good again. On 0 *ret_step is the step that is used now.
 */
int totp_check(struct text secret, struct text typed, int64_t unix_ms, int64_t used, int64_t *ret_step);
