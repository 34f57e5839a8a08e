// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Asking the token endpoint and the userinfo endpoint (OpenID Connect Core 1.0, sections 3.1.3, 5.3 and 12),
 * and what comes of it: who somebody is, as far as the provider signed it for us.
 */

#include "base/buffer.h"
#include "identity/oidc-provider.h"
#include "jose/claims.h"

/* A method with all that is needed to speak to its provider. */
struct oidc_method {
        struct id tenant, id;
        struct oidc_settings settings;
        struct buffer secret; /* empty: none */
        struct oidc_provider *provider;
        struct identity *identity;
};

/* OIDC_OFF, OIDC_UNREACHABLE, OIDC_BAD_PROVIDER with a sentence in words. Ended by oidc_method_done() in
 * every case. */
int oidc_method_open(struct identity *identity, struct core *core, struct id tenant, struct id id,
                     struct oidc_method *ret, char words[CORE_WORDS]);
void oidc_method_done(struct oidc_method *method);
/* When the provider is to be asked again after a yes. */
int64_t oidc_method_next_ms(const struct oidc_method *method);

struct oidc_tokens {
        struct buffer answer; /* what the texts below lie in */
        struct claims response;
        struct text access, refresh, id; /* .at NULL: none */
        struct buffer id_payload;
        struct claims id_claims; /* verified; object NULL: there was no ID token */
        struct buffer userinfo;
        struct claims info; /* object NULL: not asked */
};
void oidc_tokens_init(struct oidc_tokens *tokens);
void oidc_tokens_done(struct oidc_tokens *tokens);

/*
 * A code for tokens, or a token for others: OIDC_DENIED (invalid_grant), OIDC_BAD_CLIENT (what else it says
 * no to), OIDC_UNREACHABLE. The ID token is verified: OIDC_BAD_TOKEN.
 */
struct oidc_code {
        struct text code, redirect_uri, verifier, nonce;
};
int oidc_tokens_for_code(struct oidc_method *method, const struct oidc_code *code, struct oidc_tokens *ret,
                         char words[CORE_WORDS]);
/* subject: of the first sign-in, which it must be again. */
int oidc_tokens_for_refresh(struct oidc_method *method, struct text refresh, struct text subject,
                            struct oidc_tokens *ret, char words[CORE_WORDS]);

/* Verifies a signed token of the provider, with its keys of now: the payload is in *claims, and *payload. */
int oidc_token_open(struct oidc_method *method, struct text token, struct buffer *payload,
                    struct claims *claims, struct jws_header *header, char words[CORE_WORDS]);

/* Asks the userinfo endpoint where a claim of the settings is not in the ID token, or where there is none. It
 * must speak of this subject: OIDC_BAD_TOKEN. */
int oidc_tokens_complete(struct oidc_method *method, struct oidc_tokens *tokens, struct text subject,
                         char words[CORE_WORDS]);

/* What the provider says of him, by the names that the settings give; texts borrow from tokens, and groups
 * are written to the given room. */
void oidc_tokens_claims(const struct oidc_method *method, const struct oidc_tokens *tokens,
                        struct text groups[OUTSIDE_GROUPS_MAX], struct outside_claims *ret);
