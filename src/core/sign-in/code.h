// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * One-time codes: sixty random bits for one person, to sign in once or to release once, where he has neither
 * badge nor password at hand. A code is told once, is good for some days, and is gone with its first use: a
 * sign-in, or a release of something. Where nothing was there to be released it stays. What is kept is an
 * HMAC that only the keeper can make, so that neither the database nor a copy of it tells a code.
 *
 * A code that a release used up is known for a day more, to that release alone: whoever did not get the
 * answer asks again with the same idempotency key, and finds what he ordered. For all else it is gone.
 *
 * Twelve of Crockford's characters, "7KQ2-M0XV-9T4D": at 60 guesses an hour, all that a tenant's codes allow,
 * 10,000 codes that are open all the time are hit once in 200 million years.
 */

#include "core/actor.h"

struct db_tx;

#define CODE_STRING 15 /* "XXXX-XXXX-XXXX", NUL */
#define CODES_MAX   10 /* open ones of a person */
#define CODE_MS_MAX (30LL * 86400000)

struct code {
        struct id id;
        struct id person;
        int64_t created_ms;
        int64_t expires_ms;
};

/*
 * For oneself, or as an administrator for somebody. expires_in_ms 0: the setting (7 days). The code is told
 * this once; the caller wipes it. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE, CORE_BUSY (CODES_MAX).
 */
int code_make(struct core *core, const struct actor *actor, struct id person, int64_t expires_in_ms,
              struct code *ret, char ret_code[CODE_STRING]);
/*
 * The same, but the code goes to the person's mailbox and nobody else sees it: for the help desk, which must
 * not be able to become him. CORE_NO_MAIL, and as above.
 */
int code_mail(struct core *core, const struct actor *actor, struct id person, int64_t expires_in_ms,
              struct code *ret);

struct code_order {
        struct text email;
        struct text company_code; /* may be empty: then the address's domain tells */
        struct text source;       /* the peer's address */
};
/*
 * For whoever forgot his password: a code to his mailbox, good for ten minutes, to sign in with and set
 * another. It stands for the password alone: where he has a second factor, that is asked for as ever. Who
 * asks learns nothing, by answer or time, of whether there is such an account; an account without a password
 * of ours gets no code. Counted like registrations. CORE_BAD_VALUE (no address), CORE_LOCKED (too many from
 * this source), CORE_NO_MAIL.
 */
int code_ask(struct core *core, const struct code_order *order);

/* The open ones. CORE_NOT_FOUND. */
int code_list(struct core *core, const struct actor *actor, struct id person, struct id after,
              struct code *ret, size_t max, size_t *ret_count);
/* CORE_NOT_FOUND. */
int code_delete(struct core *core, const struct actor *actor, struct id person, struct id id);

/*
 * Takes a code that somebody types, in any spelling: it is used from now on. CORE_WRONG_CREDENTIALS. Guesses
 * are counted by the caller (sign_in_by_code()).
 */
int code_use(struct core *core, struct id tenant, struct text typed, struct id *ret_person);
/*
 * The same, but it is not used yet: ret->id is for code_spend(). With the key of the release that used it up
 * (release_id_of_key()) it is right once more.
 */
int code_look(struct core *core, struct id tenant, struct text typed, struct text key, struct code *ret);
/* Uses up what was looked at, in the transaction of the release it is used for. CORE_WRONG_CREDENTIALS: it
 * was used meanwhile. */
int code_spend(struct db_tx *tx, struct id tenant, struct id code, struct id release);
