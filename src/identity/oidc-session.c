// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/outside.h"
#include "core/sign-in/session.h"
#include "identity/identity.h"
#include "identity/oidc-token.h"

/* What the provider says of him by now: who lost a group must not keep it for as long as he stays signed in.
 */
static int follow(struct core *core, const struct outside_session *session, struct oidc_method *method,
                  struct oidc_tokens *tokens, char words[CORE_WORDS])
{
        SCOPED(freep) struct text *groups = calloc(OUTSIDE_GROUPS_MAX, sizeof(*groups));
        struct outside_identity identity = { session->method, text_from(session->issuer),
                                             text_from(session->subject), NULL };
        struct outside_claims claims;
        int r;

        if (!groups)
                return fault(-ENOMEM);
        /* Another provider by now has nothing to say of the first one's people. */
        if (strcmp(session->issuer, method->settings.issuer) != 0)
                return 0;
        r = oidc_tokens_complete(method, tokens, identity.subject, words);
        if (r)
                return r;
        oidc_tokens_claims(method, tokens, groups, &claims);
        return outside_follow(core, session->tenant, &identity, &claims, &method->settings.policy);
}

static int ask_again(struct identity *identity, struct core *core, const struct outside_session *session,
                     struct oidc_method *method, char words[CORE_WORDS])
{
        SCOPED(buffer_wipe) struct buffer refresh = BUFFER(OUTSIDE_SESSION_TOKEN);
        SCOPED(oidc_tokens_done) struct oidc_tokens tokens;
        struct text next;
        int r;

        oidc_tokens_init(&tokens);
        r = oidc_method_open(identity, core, session->tenant, session->method, method, words);
        if (r)
                return r;
        r = outside_session_tokens(core, session, &refresh, NULL);
        if (r)
                return r == CORE_NOT_FOUND ? 0 : r;
        r = oidc_tokens_for_refresh(method, buffer_text(&refresh), text_from(session->subject), &tokens,
                                    words);
        if (r)
                return r;
        next = tokens.refresh.len <= OUTSIDE_SESSION_TOKEN ? tokens.refresh : (struct text){ NULL, 0 };
        r = fold(outside_session_checked(core, session, next, oidc_method_next_ms(method)));
        return r ? r : follow(core, session, method, &tokens, words);
}

int oidc_session_check(struct identity *identity, struct core *core, const struct outside_session *session,
                       char words[CORE_WORDS])
{
        SCOPED(oidc_method_done) struct oidc_method method = { 0 };
        int r = ask_again(identity, core, session, &method, words), over;

        /* Another method's issuer by now has nothing to say about this one. */
        if (r != OIDC_DENIED)
                return r;
        over = outside_session_over(core, session, "provider-refused");
        return over ? fold(over) : r;
}

int oidc_session_logout(struct identity *identity, struct core *core, struct id id, struct text token,
                        char words[CORE_WORDS])
{
        SCOPED(oidc_method_done) struct oidc_method method = { 0 };
        SCOPED(buffer_done) struct buffer payload = BUFFER(JWS_OCTETS_MAX);
        SCOPED(claims_done) struct claims claims = { 0 };
        struct id_token_wanted wanted = { .now_ms = clock_unix_ms(),
                                          .leeway_ms = identity_settings(identity)->leeway_ms };
        struct person person = { 0 };
        struct jws_header header;
        struct id tenant;
        int r = method_find_tenant(core, id, &tenant);

        words[0] = 0;
        if (r)
                return r == CORE_NOT_FOUND ? OIDC_OFF : r;
        r = oidc_method_open(identity, core, tenant, id, &method, words);
        if (r == 0)
                r = oidc_token_open(&method, token, &payload, &claims, &header, words);
        if (r)
                return r;
        wanted.issuer = text_from(method.settings.issuer);
        wanted.client = text_from(method.settings.client_id);
        r = logout_token_check(&claims, &header, &wanted);
        if (r) {
                snprintf(words, CORE_WORDS, "%s", claims_refusal_phrase(r));
                return OIDC_BAD_TOKEN;
        }
        if (claims_text(&claims, "sub").at) {
                struct outside_identity who = { id, wanted.issuer, claims_text(&claims, "sub"), NULL };

                r = outside_find(core, tenant, &who, &person);
                if (r)
                        return r == CORE_NOT_FOUND ? 0 : r;
        }
        return fold(session_end_outside(core, tenant, id, claims_text(&claims, "sid"), person.id, NULL));
}

static void add_parameter(struct buffer *to, const char *name, struct text value)
{
        buffer_format(to, "%s%s=", memchr(to->at, '?', to->len) ? "&" : "?", name);
        percent_format(value, to);
}

int oidc_session_leave(struct identity *identity, struct core *core, struct id tenant, struct id session,
                       struct text post_logout_uri, struct buffer *to)
{
        SCOPED(oidc_method_done) struct oidc_method method = { 0 };
        SCOPED(buffer_wipe) struct buffer id_token = BUFFER(OUTSIDE_SESSION_TOKEN);
        struct outside_session found;
        char words[CORE_WORDS];
        int r = outside_session_of(core, tenant, session, &found);

        if (r)
                return r == CORE_NOT_FOUND ? OIDC_OFF : r;
        r = oidc_method_open(identity, core, tenant, found.method, &method, words);
        if (r)
                return r > 0 ? OIDC_OFF : r;
        if (!method.provider->end_session[0])
                return OIDC_OFF;
        r = outside_session_tokens(core, &found, NULL, &id_token);
        if (r)
                return r == CORE_NOT_FOUND ? OIDC_OFF : r;
        buffer_add_string(to, method.provider->end_session);
        add_parameter(to, "client_id", text_from(method.settings.client_id));
        if (id_token.len)
                add_parameter(to, "id_token_hint", buffer_text(&id_token));
        if (post_logout_uri.len)
                add_parameter(to, "post_logout_redirect_uri", post_logout_uri);
        return to->failure ? fault(to->failure) : 0;
}
