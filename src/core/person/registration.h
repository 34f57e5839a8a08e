// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Registrations: somebody whom nobody added asks to be let in, and proves his mailbox.
 *
 *      registration_request()            registration_confirm()
 *          nothing  -------> REQUESTED ------------------------> a person
 *                     a code by mail       |                        ^
 *                                          | approval is wanted     | registration_approve()
 *                                          v                        |
 *                                       WAITING --------------------'     (or registration_delete(): nothing
 * is left)
 *
 * Four things are always true:
 *
 *   1. Who asks learns nothing: the answer is the same, after the same work, whether there is such a tenant,
 * an account, a rule against it, or registration at all. The mail says what is the matter, to whoever can
 * read it; no mail goes where none was asked for by an account or a registration.
 *   2. The code has 80 bits, of which the hash is kept, works once, and for an hour. A new one replaces it.
 *   3. Who waits for approval is a disabled person: he cannot sign in, print or release.
 *   4. Sources and mailboxes are counted (core/sign-in/guess.h): 20 requests an hour from one, 5 to the
 * other.
 */

#include "core/actor.h"

#define REGISTRATIONS_MAX 10000 /* of one tenant, at once */

enum registration_state {
        REGISTRATION_REQUESTED,
        REGISTRATION_WAITING,
};
const char *registration_state_name(enum registration_state state);

struct registration {
        struct id id; /* also of the person it becomes */
        char email[CORE_EMAIL];
        char name[CORE_TITLE];
        enum registration_state state;
        int64_t created_ms;
        int64_t expires_ms; /* of the code */
};

struct registration_order {
        struct text email;
        struct text name;         /* may be empty */
        struct text company_code; /* may be empty: then the address's domain tells */
        struct text source;       /* the peer's address */
        enum via via;
};

/* CORE_BAD_VALUE (no address), CORE_LOCKED (too many from this source), CORE_NO_MAIL. */
int registration_request(struct core *core, const struct registration_order *order);

/*
 * The code of the mail, and the password to be. CORE_WRONG_CREDENTIALS (no such code, or its time is over),
 * CORE_LOCKED, CORE_BUSY, CORE_BAD_VALUE (the password; the code stays good), CORE_TAKEN (an administrator
 * was faster), CORE_FORBIDDEN (not any more). *ret_waits: for approval.
 */
int registration_confirm(struct core *core, struct text code, struct text password, enum via via,
                         struct text source, bool *ret_waits);

struct admission;
struct db_tx;
enum registration_as {
        REGISTRATION_NOBODY,
        REGISTRATION_MEMBER,
        REGISTRATION_GUEST, /* from elsewhere (core/person/guest.h): no rule speaks of him */
};
/* As what somebody of the folded address may register, as far as settings and rules go. Faults. */
int registration_may(struct db_tx *tx, struct id tenant, const char *email, struct admission *admission,
                     enum registration_as *ret);
/* Whether he is a person already, or waits to be let in. Faults. */
int registration_is_known(struct db_tx *tx, struct id tenant, const char *email, bool *ret);

/* For administrators. CORE_FORBIDDEN. */
int registration_list(struct core *core, const struct actor *actor, struct id after, struct registration *ret,
                      size_t max, size_t *ret_count);
/* Lets in who waits. CORE_NOT_FOUND. */
int registration_approve(struct core *core, const struct actor *actor, struct id id);
/* No to who waits, or to a code that is under way: nothing of him is kept. CORE_NOT_FOUND. */
int registration_delete(struct core *core, const struct actor *actor, struct id id);
