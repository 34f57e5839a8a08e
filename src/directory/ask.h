// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Asking a directory (LDAP version 3, RFC 4511), through OpenLDAP's library over our own TLS
 * (directory/secure.h).
 *
 * Five things are always true:
 *
 *   1. No password and no search leaves us before TLS stands and the server's certificate was verified: its
 *      chain, its time, and the name that the settings give. There is no setting that weakens this.
 *   2. A person's password is said once, in a bind as exactly one entry that was found with the account of
 *      the settings, whose own attribute has the value that was asked for. An answer of the server that fits
 *      a filter but not the question is nobody.
 *   3. No file or variable of the environment (ldap.conf, LDAPTLS_…) has a say; no referral is followed.
 *   4. A question ends within its time, whatever the server does: every wait, from resolving its name on, has
 *      one deadline.
 *   5. What the server sends is limited: octets of a message, entries, values, their lengths.
 *
 * Safe from every thread; blocks. The caller limits how many are asked at once.
 */

#include <netinet/in.h>

#include "directory/question.h"

struct directory_asker {
        /* Whether an address may be connected to; NULL: all of them. */
        bool (*allows)(void *context, const struct directory_server *server, const struct in6_addr *address);
        /* A part of a list, which is gone after the return; anything but 0 ends it. */
        int (*give)(void *context, const struct directory_answer *part);
        void *context;
};

/*
 * To be called before the first thread: keeps the library from reading files and the environment, and lets
 * the JSON library wipe what it frees.
 */
void directory_init(void);

/*
 * Asks the servers of the settings in turn, until one can be talked to. 0 with the outcome in *ret, whose
 * entries are in the arena (LIST: none, they went to give()), or a fault.
 */
int directory_ask(const struct directory_question *question, const struct directory_asker *asker,
                  struct arena *arena, struct directory_answer *ret);
