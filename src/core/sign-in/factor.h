// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Second factors of accounts that are ours: codes of an authenticator program (TOTP, crypt/totp.h), passkeys
 * (webauthn/credential.h), and recovery codes for the day on which both are lost.
 *
 *   1. Whoever has one is asked for it at every sign-in to a page, and a password alone is no way around it:
 *      programs then need a token.
 *   2. A TOTP counts from the moment on at which its first code was shown. Each code is good once.
 *   3. Setting up the first factor is all that somebody half signed in may do; another one needs the first.
 *   4. Guesses at all of them together are counted by account: five wrong ones pause, ten lock it until
 *      somebody unlocks it (core/person/person.h).
 *
 * TOTP secrets are sealed with the tenant's field key; of recovery codes only the keeper's HMAC is kept.
 */

#include "core/sign-in/code.h"
#include "core/sign-in/session.h"

struct factors {
        bool has_totp;
        uint32_t passkeys;
        uint32_t recovery_codes; /* left */
};
/* One's own, or with RIGHT_FACTORS. CORE_NOT_FOUND. */
int factors_read(struct core *core, const struct actor *actor, struct id person, struct factors *ret);

#define TOTP_STRING    33 /* base32, NUL */
#define RECOVERY_CODES 10

/* A new secret, told this once; not yet in use. CORE_TAKEN where one is in use, CORE_FORBIDDEN. */
int totp_make(struct core *core, const struct actor *actor, char ret_secret[TOTP_STRING]);
/* The first code: from now on it is in use. Fills recovery codes, told this once, where there were none
 * (*ret_count). CORE_WRONG_CREDENTIALS, CORE_LOCKED, CORE_NOT_FOUND (none was made). */
int totp_confirm(struct core *core, const struct actor *actor, struct text typed,
                 char ret_codes[RECOVERY_CODES][CODE_STRING], size_t *ret_count);
/* New recovery codes in place of the old ones. CORE_FORBIDDEN where there is no other factor. */
int recovery_make(struct core *core, const struct actor *actor, char ret_codes[RECOVERY_CODES][CODE_STRING]);

/*
 * Takes every factor away, one's own or somebody's who has lost them. The help desk may do so for people, and
 * only an administrator for whoever has more rights. CORE_FORBIDDEN, CORE_NOT_FOUND.
 */
int factors_delete(struct core *core, const struct actor *actor, struct id person);
/* Only the TOTP, one's own. CORE_NOT_FOUND. */
int totp_delete(struct core *core, const struct actor *actor);

/* Shows one; what follows is session_renew(). CORE_WRONG_CREDENTIALS, CORE_LOCKED. */
int totp_show(struct core *core, const struct actor *actor, struct text typed);
int recovery_show(struct core *core, const struct actor *actor, struct text typed);

/* ---- passkeys, core/sign-in/passkey.c ---- */

#define PASSKEY_CHALLENGE    32
#define PASSKEYS_MAX         16 /* of a person */
#define PASSKEY_CREDENTIAL   1023
#define PASSKEY_CHALLENGE_MS 300000

struct passkey {
        struct id id;
        char label[CORE_TITLE];
        int64_t created_ms;
        int64_t used_ms; /* 0: never */
        uint16_t credential_octets;
        uint8_t credential[PASSKEY_CREDENTIAL]; /* its id for the browser */
};

/* Where the pages are: "https://print.example:8443", "print.example". */
struct passkey_place {
        struct text origin;
        struct text site;
};

/* A new challenge for this session, good for five minutes and for one answer. CORE_FORBIDDEN without a
 * session. */
int passkey_challenge(struct core *core, const struct actor *actor, uint8_t ret[PASSKEY_CHALLENGE]);
/*
 * What the browser brought back. CORE_BAD_VALUE (not for this challenge, page or site; nobody was verified; a
 * kind of key we do not take; the event tells which), CORE_TAKEN, CORE_FORBIDDEN, CORE_BUSY (PASSKEYS_MAX).
 */
int passkey_make(struct core *core, const struct actor *actor, const struct passkey_place *place,
                 struct text label, struct text client_data, struct text attestation, struct passkey *ret);
/* By id. CORE_NOT_FOUND. */
int passkey_list(struct core *core, const struct actor *actor, struct id person, struct id after,
                 struct passkey *ret, size_t max, size_t *ret_count);
int passkey_delete(struct core *core, const struct actor *actor, struct id person, struct id id);

struct passkey_answer {
        struct text credential;
        struct text client_data;
        struct text authenticator_data;
        struct text signature;
        struct text challenge; /* of a sign-in: the one that was given; otherwise unused, as is the next */
        struct text user;      /* whom the authenticator says the passkey is of */
};
/* Shows one. CORE_WRONG_CREDENTIALS, CORE_LOCKED. */
int passkey_show(struct core *core, const struct actor *actor, const struct passkey_place *place,
                 const struct passkey_answer *answer);

/*
 * ---- signing in with one alone, core/sign-in/passkey-sign-in.c ----
 *
 * Nobody is named before: the challenge is the same kind of octets for everybody, and the authenticator says
 * whose the passkey is. What it says is the user handle, tenant and person, which it was told when the
 * passkey was made. A challenge is not kept: it carries its time and a MAC that this process alone can make.
 * It is good for five minutes, and each passkey takes them only in the order in which they were made, so that
 * no answer is good twice. sign_in_by_passkey() (core/sign-in/sign-in.h) takes it.
 */
#define PASSKEY_USER (2 * ID_OCTETS)
void passkey_user(struct id tenant, struct id person, uint8_t ret[PASSKEY_USER]);
void passkey_sign_in_challenge(struct core *core, uint8_t ret[PASSKEY_CHALLENGE]);
