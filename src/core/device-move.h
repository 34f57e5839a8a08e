// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Moving a device to another tenant: a laptop or a phone that prints with a print token.
 *
 *      begun: a code goes to a mailbox ----> the code is typed ----> it prints for the other tenant
 *                                      `---> an hour is over, or five wrong codes: forgotten
 *
 *   1. Who moves a device has it (he shows its print token) and reads the mailbox of an account of the other
 *      tenant. He gets what that account's devices have: a print token, which submits and watches jobs.
 *   2. The old token ends in the transaction in which the new one begins.
 *   3. Whether the other tenant has such an account is told to nobody but the owner of the mailbox.
 */

#include "core/actor.h"
#include "core/token.h"

struct device_move {
        struct id id;
        int64_t expires_ms;
};

/*
 * The actor is signed in with the print token of the device. CORE_FORBIDDEN where with anything else;
 * CORE_NOT_FOUND: no such company code; CORE_LOCKED: too many wrong ones; CORE_BAD_VALUE: no address, or the
 * tenant he is in; CORE_NO_MAIL. A move that the device has begun before is forgotten.
 */
int device_move_begin(struct core *core, const struct actor *actor, struct text email,
                      struct text company_code, struct device_move *ret);
/*
 * The same device with the code. The new token's secret is told this once; *ret_tenant is whose it is.
 * CORE_NOT_FOUND, also for another device's; CORE_WRONG_CREDENTIALS; CORE_EXPIRED, also after too many wrong
 * codes; CORE_OUTSIDE, CORE_SUSPENDED: the other tenant takes no jobs from here.
 */
int device_move_finish(struct core *core, const struct actor *actor, struct id id, struct text code,
                       struct token *ret, char ret_secret[TOKEN_STRING], struct id *ret_tenant);
