// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A sign-in at a provider: the authorization code flow of OpenID Connect Core 1.0, section 3.1, with PKCE
 * (RFC 7636, S256).
 *
 *      oidc_flow_begin() -> the browser goes to the provider, with a cookie of ours -> comes back with a code
 *      oidc_flow_finish() -> the code is exchanged, the ID token verified -> a person
 *
 *   1. What a flow needs to know (state, nonce, verifier, where to come back to) is in the cookie, sealed
 * with the tenant's field key: a flow takes no memory of ours before somebody is known, and belongs to one
 * browser.
 *   2. An answer counts only where its state is the cookie's, its issuer (RFC 9207) the method's, and the
 * flow is not older than flow_ms.
 *   3. What the method asks for beside (required_acr, required_amr, max_age), and that a fresh sign-in was
 * one, the signed ID token must say; what it does not say counts as no.
 *   4. The code goes only to the token endpoint of the issuer that the flow began with.
 */

#include "identity/oidc-provider.h"

#define OIDC_COOKIE    4096
#define OIDC_RETURN_TO 1536

struct oidc_flow_order {
        struct id tenant, method;
        struct text redirect_uri; /* of our callback, as it is registered at the provider */
        struct text return_to;    /* a path of ours to go on to; empty: "/sign-in" */
        struct text login_hint;   /* whom the provider may propose; empty: nobody */
        bool fresh;               /* the person is to be asked again, whatever session he has there */
};

/*
 * *to gets the address to send the browser to, ret_cookie the cookie's value. OIDC_OFF, OIDC_UNREACHABLE,
 * OIDC_BAD_PROVIDER with a sentence in words; OIDC_BAD_FLOW: return_to is no path of ours.
 */
int oidc_flow_begin(struct identity *identity, struct core *core, const struct oidc_flow_order *order,
                    struct buffer *to, char ret_cookie[OIDC_COOKIE], char words[CORE_WORDS]);

/* What the browser brings back; .at NULL where a parameter is not there. */
struct oidc_flow_answer {
        const struct actor *who; /* nobody yet, with via and source */
        struct text cookie;
        struct text state, code, issuer, error;
};

struct oidc_arrival {
        struct id tenant, method;
        struct person person;
        char session[256]; /* what the sign-in is called, for struct session_request: outside */
        char return_to[OIDC_RETURN_TO];
        bool is_fresh;
        int64_t shown_ms; /* when the person was asked there; 0: the provider does not say */
};

/* Any of enum oidc_refusal, with a sentence in words; what is refused of a flow that was really ours is an
 * event. */
int oidc_flow_finish(struct identity *identity, struct core *core, const struct oidc_flow_answer *answer,
                     struct oidc_arrival *ret, char words[CORE_WORDS]);
