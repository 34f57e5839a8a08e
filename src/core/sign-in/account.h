// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Accounts: what the database knows of somebody who says who he is, and whether he is right; for files of
 * core. Who does not exist takes as long as who does, and leaves the same traces.
 */

#include "core/sign-in/guess.h"
#include "core/mark.h"
#include "core/sign-in/sign-in.h"
#include "crypt/password.h"
#include "keys/keys.h"

struct account {
        struct id tenant; /* zero: of none */
        char email[CORE_EMAIL];
        char source[GUESS_SOURCE_STRING];
        bool is_known; /* there, and not disabled */
        bool is_at_home;
        bool is_outside; /* an enabled method of somebody else's knows him */
        struct actor actor;
        char password[VERIFIER_STRING]; /* "": none, or not the tenant's way to sign in */
        char pin[VERIFIER_STRING];
        int64_t secrets_version;
};

/* tenant NULL: the mail domain tells. Whoever is not there is not known; that is no refusal. */
int account_load(struct core *core, const struct id *tenant, struct text email, struct text source,
                 struct account *ret);
/* By the person, who is there. CORE_WRONG_CREDENTIALS where he is not, or is disabled. */
int account_load_person(struct core *core, struct id tenant, struct id person, struct text source,
                        struct account *ret);

/*
 * Checks a secret, counting the guess by all of the subjects: CORE_WRONG_CREDENTIALS, CORE_LOCKED, CORE_BUSY.
 * Writes the event either way. method is a word for it.
 */
int account_check(struct core *core, const struct account *account, const struct guess_subject *subjects,
                  size_t count, const char *method,
                  int (*is_right)(struct core *core, const struct account *account, void *context),
                  void *context, const struct actor *who);

/* Somebody comes while the account or his source is paused: the event, and CORE_LOCKED. */
int account_locked(struct core *core, const struct account *account, const char *method,
                   const struct actor *who);

/* core/sign-in/factor.c: the same for somebody's second factors, which are guessed at together. */
int factor_check(struct core *core, const struct actor *actor, const char *method,
                 int (*is_right)(struct core *core, const struct account *account, void *context),
                 void *context);
struct factors;
/* Half signed in, only the first one. */
bool factor_may_be_added(const struct actor *actor, const struct factors *factors);
