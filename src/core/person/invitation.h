// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Invitations: somebody prints who is not known, at a tenant where whoever proves a mailbox gets an account.
 * Nothing of the document is kept; he is told where to register, and the same goes to his mailbox.
 *
 *   1. Who prints learns nothing of whether there is an account: he is answered the same after the same work,
 * and the mail tells it to whoever can read it.
 *   2. Nobody is written to but an address of a domain that the tenant proved, that may register and has no
 * account yet.
 *   3. It is no way to fill mailboxes: one mail a day to each, and so many by a source and of a tenant in an
 * hour (core/sign-in/guess.h).
 */

#include "core/core.h"

/* Whether there is anywhere to send people to: registration is on. Faults. */
int invitation_is_open(struct core *core, struct id tenant, bool *ret);
/* name: by which he wanted to sign in, in vain; link: of the page to register at. Faults. */
int invitation_send(struct core *core, struct id tenant, struct text name, const char *link,
                    struct text source);
