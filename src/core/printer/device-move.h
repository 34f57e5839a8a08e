// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Moving a device to another tenant: a laptop or a phone that prints with a print token, or one of our own
 * programs on it that somebody signed in to (core/sign-in/grant.h).
 *
 *      begun: a code goes to a mailbox ----> the code is typed ----> it prints for the other tenant
 *                                      `---> an hour is over, or five wrong codes: forgotten
 *
 *   1. Who moves a device has it (he shows its token) and reads the mailbox of an account of the other
 * tenant.
 *   2. A mailbox is less than a sign-in: there may be a second factor, or a provider. So what comes over is
 * at most what a device is trusted with, whatever it had: a print token submits and watches jobs, a program
 *      keeps of its scopes `print` and `release`, and is not fresh. For more somebody signs in to it there.
 *   3. The old token ends, of a program with everything else it was given, in the transaction in which the
 * new one begins.
 *   4. Whether the other tenant has such an account is told to nobody but the owner of the mailbox.
 *   5. A tenant's own programs and machines, and panels, which stand beside a printer, do not move.
 *   6. Whom a provider or directory knows over there may be gone there without anybody telling us. So his
 *      program stands on the sign-in about which his provider is asked again and again, and ends with it;
 * where there is none that can be asked about, it lasts as long as a session at most (session_absolute_ms).
 */

#include "core/actor.h"
#include "core/sign-in/grant.h"
#include "core/sign-in/token.h"

struct device_move {
        struct id id;
        int64_t expires_ms;
};

/* What a device has after it. The caller wipes it: device_moved_done(). */
struct device_moved {
        struct id tenant;
        struct id id; /* of the token or the grant */
        char label[CORE_TITLE];
        bool is_program;
        char secret[TOKEN_STRING]; /* the print token, told this once */
        struct issue issue;        /* the program's tokens, told this once */
};
void device_moved_done(struct device_moved *moved);

/*
 * The actor is signed in with the print token of the device, or with the access token of the program.
 * CORE_FORBIDDEN where with anything else, or where nothing would come over; CORE_NOT_FOUND: no such company
 * code; CORE_LOCKED: too many wrong ones; CORE_BAD_VALUE: no address, or the tenant he is in; CORE_NO_MAIL. A
 * move that the device has begun before is forgotten.
 */
int device_move_begin(struct core *core, const struct actor *actor, struct text email,
                      struct text company_code, struct device_move *ret);
/*
 * The same device with the code. CORE_NOT_FOUND, also for another device's; CORE_WRONG_CREDENTIALS;
 * CORE_EXPIRED, also after too many wrong codes; CORE_OUTSIDE, CORE_SUSPENDED: the other tenant takes no jobs
 * from here, or of a program no sign-in.
 */
int device_move_finish(struct core *core, const struct actor *actor, struct id id, struct text code,
                       struct device_moved *ret);
