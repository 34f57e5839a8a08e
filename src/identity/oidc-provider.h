// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a provider says of itself (OpenID Connect Discovery 1.0) and the keys it signs with, fetched and
 * remembered for as long as it says, but five minutes at least and a day at most.
 *
 * A provider is a value that never changes; a new answer is a new value. Who has one gives it back.
 */

#include "identity/oidc-settings.h"

struct identity;
struct jwk_set;
struct oidc_providers;

#define OIDC_URL 1024

enum oidc_refusal {
        OIDC_UNREACHABLE = 1, /* it does not answer, is not trusted, or is not where we go; perhaps later */
        OIDC_BAD_PROVIDER,    /* what it says of itself cannot be used */
        OIDC_BAD_FLOW,        /* not a sign-in that began in this browser, or its time is over */
        OIDC_DENIED,          /* the provider refused: the person, the code, or the token for a refresh */
        OIDC_BAD_CLIENT,      /* the provider does not accept our client_id, secret or redirect */
        OIDC_BAD_TOKEN,       /* the ID token is not what it must be */
        OIDC_NOBODY,          /* whoever it is may not come in; the audit trail has why */
        OIDC_TOO_WEAK,        /* it does not say that the sign-in was as strong as the method asks */
        OIDC_NOT_FRESH,       /* it does not say that the person was asked just now */
        OIDC_OFF,             /* there is no such method, or it is switched off */
        OIDC_CROWDED,         /* of oidc_provider_reach() alone: too many ask just now */
};

struct oidc_provider {
        char issuer[OUTSIDE_ISSUER];
        char authorization[OIDC_URL];
        char token[OIDC_URL];
        char keys_url[OIDC_URL];
        char userinfo[OIDC_URL]; /* "": none, as the next */
        char end_session[OIDC_URL];
        bool sends_issuer; /* "iss" in answers to the browser: RFC 9207 */
        char scopes[2048]; /* between blanks: " openid email "; "": it does not say */
        struct jwk_set *keys;
        int64_t fetched_ms; /* of the keys; clock_monotonic_ms() */
        int64_t until_ms;
        unsigned int holders;
};

struct oidc_providers *oidc_providers_new(void);
void oidc_providers_free(struct oidc_providers *providers);

/*
 * The provider of an issuer, from memory or fetched. with_new_keys: a token names a key that is not among
 * those remembered; they are fetched again unless that was done a moment ago. OIDC_UNREACHABLE,
 * OIDC_BAD_PROVIDER with a sentence in words.
 */
int oidc_provider_get(struct identity *identity, const char *issuer, bool with_new_keys,
                      struct oidc_provider **ret, char words[CORE_WORDS]);
/* Whether it can be asked: keys that are a moment old, or 0, OIDC_UNREACHABLE, OIDC_BAD_PROVIDER,
 * OIDC_CROWDED. */
int oidc_provider_reach(struct identity *identity, const char *issuer, char words[CORE_WORDS]);
void oidc_provider_put(struct identity *identity, struct oidc_provider *provider);

/* Of identity.c, for this file. */
struct oidc_providers *identity_providers(const struct identity *identity);
