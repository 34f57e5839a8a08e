// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sign-in: from what somebody types to who he is. Guesses are counted as core/sign-in/guess.h says; nobody, a
 * wrong secret and a disabled person get the same answer after the same work. ret->actor.via, which the
 * caller fills in before, and source stand in every event.
 */

#include "core/sign-in/method.h"
#include "core/tenant/tenant.h"

struct sign_in {
        struct actor actor;
        char method[METHOD_KIND]; /* its kind */
        struct id method_id;      /* of one that a driver brings; zero: ours */
        bool factor_shown;        /* a passkey: nothing more is owed */
        struct id code;           /* a one-time code that is not used up yet (sign_in_to_release()) */
};

/*
 * tenant NULL: the mail domain tells; the zero id: of no tenant, which is wrong after the same time.
 * CORE_WRONG_CREDENTIALS, CORE_LOCKED, CORE_BUSY.
 */
int sign_in_by_password(struct core *core, const struct id *tenant, struct text email, struct text password,
                        struct text source, struct sign_in *ret);
int sign_in_by_pin(struct core *core, const struct id *tenant, struct text email, struct text pin,
                   struct text source, struct sign_in *ret);
/* A one-time code (core/sign-in/code.h), which is used up by it. */
int sign_in_by_code(struct core *core, struct id tenant, struct text code, struct text source,
                    struct sign_in *ret);

/* The same for a release, which uses it up where it releases something: ret->code is for
 * struct release_order. key: the request's idempotency key, by which what it ordered is found again; or
 * empty. */
int sign_in_to_release(struct core *core, struct id tenant, struct text code, struct text key,
                       struct text source, struct sign_in *ret);

/*
 * A passkey, whose authenticator verified its owner: nothing more is asked of him. It is a way in of accounts
 * that are ours: whoever is known by a provider or directory alone comes by it. CORE_WRONG_CREDENTIALS,
 * CORE_LOCKED.
 */
struct passkey_place;
struct passkey_answer;
int sign_in_by_passkey(struct core *core, const struct passkey_place *place,
                       const struct passkey_answer *answer, struct text source, struct sign_in *ret);

/* The password of the actor himself, shown again. Refusals as above. */
int sign_in_again(struct core *core, const struct actor *actor, struct text password);
