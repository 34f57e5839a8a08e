// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Passwords of ours, of people whom somebody outside knows as well: whether they count. What a directory or a
 * provider says of somebody (he left, his password changed) must not be passed by with a password that is
 * kept here; so such a password counts only as far as the settings of his methods say (method_fallback). Of
 * several methods the strictest decides. Whoever no enabled method knows is not concerned: an administrator's
 * account that is ours alone always comes in.
 *
 * For files of core.
 */

#include "core/sign-in/account.h"

struct local_password {
        enum method_fallback fallback;
        char verifier[VERIFIER_STRING]; /* METHOD_FALLBACK_WHEN_DOWN: set aside until nobody else can be asked
                                         */
        struct id methods[METHODS_MAX]; /* which know him, and are enabled */
        size_t count;
};

/* Takes the password out of the account unless it always counts. */
int local_password_judge(struct core *core, struct account *account, struct local_password *ret);
void local_password_done(struct local_password *local);

/* Whether this method knows him. */
bool local_password_is_of(const struct local_password *local, struct id method);
/* What the method's settings say. */
enum method_fallback local_password_fallback(struct core *core, const struct method *method);
