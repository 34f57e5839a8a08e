// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Passwords that a directory took a moment ago: believed for a minute, so that it is not asked again with
 * every request of a print client. By an HMAC under a key of this process alone, so that memory holds nothing
 * that could be guessed at elsewhere. Safe from every thread.
 */

#include <stdbool.h>

#include "core/sign-in/method.h"

int ldap_verified_open(void);
void ldap_verified_close(void);

/* With other settings, a method is another one. */
bool ldap_verified_knows(const struct method *method, struct text name, struct text password,
                         struct id *ret_person);
void ldap_verified_keep(const struct method *method, struct text name, struct text password,
                        struct id person);
