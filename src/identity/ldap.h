// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sign-in by a directory: the driver of methods of kind "ldap", and what a directory knows of badges.
 *
 *      typed name            what is asked
 *      ada@demo.example      who has this e-mail address?        then a bind as him
 *      DEMO\ada, ada         who has this user name?             likewise
 *      (a card)              who has this card?                  the account of the settings alone
 *
 *   1. A person's password goes to the directory, over TLS, and nowhere else: not into the database, not into
 * a log, and not to the agent's disk where one stands between.
 *   2. Few questions are under way at once (at_once), at most half of them of one tenant, and each ends
 * within its time; whoever comes too much is told CORE_BUSY.
 *   3. A directory that is down, silent, or not to be trusted is one answer, CORE_UNREACHABLE, and an event
 *      ("directory-failed", at most one a minute and method).
 *   4. A password that was verified is believed for a minute, by an HMAC under a key of this process: print
 *      clients send it with every request.
 *
 * There is one of it in a process. Its functions are safe from every thread; they block.
 */

#include "core/core.h"
#include "core/sign-in/method.h"
#include "net/fetch-policy.h"

struct ldap_parts {
        struct fetch_policy policy; /* where the service itself may connect to */
        uint32_t at_once;           /* questions; default 8 */
        /* The agent has a question to fetch. */
        void (*wake)(void *context, struct id tenant, struct id agent);
        bool (*is_connected)(void *context, struct id agent);
        void *context;
};

struct config;
/* Reads [directory] allow and at_once. False where allow cannot be read. */
bool ldap_parts_read(struct config *config, struct ldap_parts *ret);

/* Before the first request (and after directory_init()), and after the last one. */
int ldap_open(const struct ldap_parts *parts);
void ldap_close(void);

extern const struct method_driver ldap_driver;
extern const struct badge_asker ldap_badges;
