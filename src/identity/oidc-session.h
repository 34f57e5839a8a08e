// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * After the sign-in: the provider is asked again whether the person is still there, it says by itself that
 * somebody is gone (OpenID Connect Back-Channel Logout 1.0), and it is told that somebody left (RP-Initiated
 * Logout 1.0).
 */

#include "core/sign-in/outside-session.h"
#include "identity/oidc-provider.h"

/*
 * Asks the provider with the token it gave for that. Where it says no, everything that stands on the sign-in
 * ends; where it cannot be asked, nothing does, and it is asked again in a while. OIDC_DENIED: it said no.
 */
int oidc_session_check(struct identity *identity, struct core *core, const struct outside_session *session,
                       char words[CORE_WORDS]);

/* A logout token from a provider. OIDC_OFF, OIDC_BAD_TOKEN, OIDC_UNREACHABLE, OIDC_BAD_PROVIDER. */
int oidc_session_logout(struct identity *identity, struct core *core, struct id method, struct text token,
                        char words[CORE_WORDS]);

/* *to gets the address at which somebody who signed in by a provider signs out there too; call it before our
 * own session ends. OIDC_OFF: he did not, or the provider has none. */
int oidc_session_leave(struct identity *identity, struct core *core, struct id tenant, struct id session,
                       struct text post_logout_uri, struct buffer *to);
