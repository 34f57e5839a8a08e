// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-token.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "identity/identity.h"

#define ANSWER_MAX (256 * 1024)
#define BODY_MAX   (32 * 1024)

void oidc_tokens_init(struct oidc_tokens *tokens)
{
        *tokens = (struct oidc_tokens){ 0 };
        buffer_init(&tokens->answer, ANSWER_MAX);
        buffer_init(&tokens->id_payload, JWS_OCTETS_MAX);
        buffer_init(&tokens->userinfo, ANSWER_MAX);
}

void oidc_tokens_done(struct oidc_tokens *tokens)
{
        claims_done(&tokens->response);
        claims_done(&tokens->id_claims);
        claims_done(&tokens->info);
        buffer_wipe(&tokens->answer);
        buffer_wipe(&tokens->id_payload);
        buffer_wipe(&tokens->userinfo);
}

void oidc_method_done(struct oidc_method *method)
{
        if (method->provider)
                oidc_provider_put(method->identity, method->provider);
        method->provider = NULL;
        buffer_wipe(&method->secret);
}

int64_t oidc_method_next_ms(const struct oidc_method *method)
{
        int64_t least_ms = identity_settings(method->identity)->check_least_ms;

        return clock_unix_ms() +
               (method->settings.check_ms > least_ms ? method->settings.check_ms : least_ms);
}

int oidc_method_open(struct identity *identity, struct core *core, struct id tenant, struct id id,
                     struct oidc_method *ret, char words[CORE_WORDS])
{
        struct method method;
        int r;

        *ret = (struct oidc_method){ .tenant = tenant, .id = id, .identity = identity };
        buffer_init(&ret->secret, METHOD_SECRET);
        words[0] = 0;
        r = method_find(core, tenant, id, &method);
        if (r == CORE_NOT_FOUND)
                return OIDC_OFF;
        if (r)
                return fold(r);
        if (strcmp(method.kind, METHOD_OIDC) != 0 || !method.enabled)
                return OIDC_OFF;
        if (!oidc_settings_parse(text_from(method.settings), &ret->settings, words))
                return OIDC_BAD_PROVIDER;
        if (ret->settings.client_authentication != OIDC_CLIENT_NONE) {
                r = method_secret(core, tenant, id, &ret->secret);
                if (r)
                        return fold(r);
        }
        return oidc_provider_get(identity, ret->settings.issuer, false, &ret->provider, words);
}

static void add_field(struct buffer *body, const char *name, struct text value)
{
        if (body->len > 0)
                buffer_add_octet(body, '&');
        buffer_format(body, "%s=", name);
        percent_format(value, body);
}

/* RFC 6749, section 2.3.1: both words of Basic are written as in a form. */
struct client_words {
        struct buffer user, password;
};

static void client_words_done(struct client_words *words)
{
        buffer_wipe(&words->user);
        buffer_wipe(&words->password);
}

static int identify(const struct oidc_method *method, struct buffer *body, struct client_words *basic,
                    struct fetch_request *request)
{
        const struct oidc_settings *s = &method->settings;

        switch (s->client_authentication) {
        case OIDC_CLIENT_BASIC:
                percent_format(text_from(s->client_id), &basic->user);
                percent_format(buffer_text(&method->secret), &basic->password);
                request->user = buffer_string(&basic->user);
                request->password = buffer_string(&basic->password);
                if (!request->user || !request->password)
                        return fault(-ENOMEM);
                break;
        case OIDC_CLIENT_POST:
                add_field(body, "client_secret", buffer_text(&method->secret));
                add_field(body, "client_id", text_from(s->client_id));
                break;
        case OIDC_CLIENT_NONE: add_field(body, "client_id", text_from(s->client_id)); break;
        }
        request->body = buffer_text(body);
        return body->failure ? fault(body->failure) : 0;
}

/* Only words of the standard's own alphabet (RFC 6749, section 5.2) are repeated. */
static void describe(const struct claims *response, int status, char words[CORE_WORDS])
{
        struct text error = claims_text(response, "error");
        bool plain = error.len > 0 && error.len <= 64;

        for (size_t i = 0; i < error.len && plain; i++)
                plain = (error.at[i] >= 'a' && error.at[i] <= 'z') || error.at[i] == '_';
        snprintf(words, CORE_WORDS, "The provider refused with status %d%s%.*s.", status, plain ? ", " : "",
                 plain ? (int)error.len : 0, plain ? error.at : "");
}

static int judge(const struct fetch_answer *answer, struct oidc_tokens *tokens, char words[CORE_WORDS])
{
        bool is_json = claims_open(buffer_text(&tokens->answer), &tokens->response) == 0;

        if (answer->status == 200 && is_json)
                return 0;
        if (answer->status >= 500 || answer->status == 429 || (answer->status == 200 && !is_json)) {
                snprintf(words, CORE_WORDS, "The provider's token endpoint does not work: status %d.",
                         answer->status);
                return OIDC_UNREACHABLE;
        }
        /* Glewlwyd says of somebody who is gone nothing but this. */
        if (!is_json) {
                snprintf(words, CORE_WORDS, "The provider refused with status %d.", answer->status);
                return answer->status == 400 ? OIDC_DENIED : OIDC_BAD_CLIENT;
        }
        describe(&tokens->response, answer->status, words);
        return text_equal_string(claims_text(&tokens->response, "error"), "invalid_grant") ? OIDC_DENIED
                                                                                           : OIDC_BAD_CLIENT;
}

static int ask(const struct oidc_method *method, struct buffer *body, struct oidc_tokens *tokens,
               char words[CORE_WORDS])
{
        SCOPED(client_words_done)
        struct client_words basic = { .user = BUFFER(1024), .password = BUFFER(3 * METHOD_SECRET + 1) };
        SCOPED(fetch_answer_done) struct fetch_answer answer = { 0 };
        struct fetch_request request = { .url = method->provider->token,
                                         .method = "POST",
                                         .content_type = "application/x-www-form-urlencoded" };
        char why[256];
        int r = identify(method, body, &basic, &request);

        if (r == 0)
                r = fetcher_fetch(identity_fetcher(method->identity), &request, &answer, why);
        if (r > 0) {
                snprintf(words, CORE_WORDS, "The provider could not be asked: %.200s.", why);
                return OIDC_UNREACHABLE;
        }
        if (r)
                return r;
        buffer_add_text(&tokens->answer, buffer_text(&answer.body));
        if (tokens->answer.failure)
                return fault(tokens->answer.failure);
        r = judge(&answer, tokens, words);
        if (r)
                return r;
        tokens->access = claims_text(&tokens->response, "access_token");
        tokens->refresh = claims_text(&tokens->response, "refresh_token");
        tokens->id = claims_text(&tokens->response, "id_token");
        return 0;
}

static int bad_token(char words[CORE_WORDS], const char *why)
{
        snprintf(words, CORE_WORDS, "The provider's answer is not believed: %s.", why);
        return OIDC_BAD_TOKEN;
}

int oidc_token_open(struct oidc_method *method, struct text token, struct buffer *payload,
                    struct claims *claims, struct jws_header *header, char words[CORE_WORDS])
{
        int r = jws_open(token, method->provider->keys, method->settings.algorithms, payload, header);

        /* Perhaps signed with a key that is newer than what we remember. */
        if (r == JWS_NO_KEY) {
                struct oidc_provider *newer;

                r = oidc_provider_get(method->identity, method->settings.issuer, true, &newer, words);
                if (r)
                        return r;
                oidc_provider_put(method->identity, method->provider);
                method->provider = newer;
                r = jws_open(token, newer->keys, method->settings.algorithms, payload, header);
        }
        if (r > 0)
                return bad_token(words, jws_refusal_phrase(r));
        if (r)
                return r;
        return claims_open(buffer_text(payload), claims)
                       ? bad_token(words, claims_refusal_phrase(CLAIMS_MALFORMED))
                       : 0;
}

static int verify(struct oidc_method *method, struct oidc_tokens *tokens, struct text nonce,
                  struct text subject, char words[CORE_WORDS])
{
        const struct id_token_wanted wanted = {
                .issuer = text_from(method->settings.issuer),
                .client = text_from(method->settings.client_id),
                .nonce = nonce,
                .subject = subject,
                .access_token = tokens->access,
                .now_ms = clock_unix_ms(),
                .leeway_ms = identity_settings(method->identity)->leeway_ms,
        };
        struct jws_header header;
        int r = oidc_token_open(method, tokens->id, &tokens->id_payload, &tokens->id_claims, &header, words);

        if (r)
                return r;
        r = id_token_check(&tokens->id_claims, &header, &wanted);
        return r ? bad_token(words, claims_refusal_phrase(r)) : 0;
}

int oidc_tokens_for_code(struct oidc_method *method, const struct oidc_code *code, struct oidc_tokens *ret,
                         char words[CORE_WORDS])
{
        SCOPED(buffer_wipe) struct buffer body = BUFFER(BODY_MAX);
        int r;

        add_field(&body, "grant_type", TEXT_OF("authorization_code"));
        add_field(&body, "code", code->code);
        add_field(&body, "redirect_uri", code->redirect_uri);
        add_field(&body, "code_verifier", code->verifier);
        r = ask(method, &body, ret, words);
        if (r)
                return r;
        if (!ret->id.at)
                return bad_token(words, "it has no ID token");
        return verify(method, ret, code->nonce, (struct text){ NULL, 0 }, words);
}

int oidc_tokens_for_refresh(struct oidc_method *method, struct text refresh, struct text subject,
                            struct oidc_tokens *ret, char words[CORE_WORDS])
{
        SCOPED(buffer_wipe) struct buffer body = BUFFER(BODY_MAX);
        int r;

        add_field(&body, "grant_type", TEXT_OF("refresh_token"));
        add_field(&body, "refresh_token", refresh);
        r = ask(method, &body, ret, words);
        if (r || !ret->id.at)
                return r;
        return verify(method, ret, (struct text){ NULL, 0 }, subject, words);
}

static bool has(const struct claims *claims, const char *name)
{
        return json_object_get(claims->object, name);
}

/* Groups that were not asked for are not missed: a provider that has none says nothing of them. */
static bool lacks_something(const struct oidc_method *method, const struct claims *claims)
{
        const struct oidc_settings *s = &method->settings;

        return !has(claims, s->email) || !has(claims, s->name) || !has(claims, s->department) ||
               !has(claims, s->groups) || (!has(claims, "email_verified") && !s->policy.trusts_email);
}

int oidc_tokens_complete(struct oidc_method *method, struct oidc_tokens *tokens, struct text subject,
                         char words[CORE_WORDS])
{
        SCOPED(fetch_answer_done) struct fetch_answer answer = { 0 };
        SCOPED(buffer_wipe) struct buffer bearer = BUFFER(OUTSIDE_ISSUER * 32);
        struct fetch_request request = { .url = method->provider->userinfo };
        char why[256];
        int r;

        if (!method->provider->userinfo[0] || !tokens->access.at ||
            !lacks_something(method, &tokens->id_claims))
                return 0;
        buffer_add_text(&bearer, tokens->access);
        request.bearer = buffer_string(&bearer);
        if (!request.bearer || !text_is_printable(tokens->access))
                return bad_token(words, "its access token is none");
        r = fetcher_fetch(identity_fetcher(method->identity), &request, &answer, why);
        if (r < 0)
                return r;
        if (r || answer.status != 200) {
                snprintf(words, CORE_WORDS, "The provider's userinfo endpoint does not answer: %.150s.",
                         r ? why : "not with status 200");
                return OIDC_UNREACHABLE;
        }
        buffer_add_text(&tokens->userinfo, buffer_text(&answer.body));
        if (tokens->userinfo.failure)
                return fault(tokens->userinfo.failure);
        if (claims_open(buffer_text(&tokens->userinfo), &tokens->info))
                return bad_token(words, "its userinfo is no object of JSON");
        /* Section 5.3.2. */
        if (!text_equal(claims_text(&tokens->info, "sub"), subject))
                return bad_token(words, "its userinfo is about somebody else");
        return 0;
}

/* What was signed goes before what was only said. */
static const struct claims *where(const struct oidc_tokens *tokens, const char *name)
{
        return has(&tokens->id_claims, name) || !tokens->info.object ? &tokens->id_claims : &tokens->info;
}

void oidc_tokens_claims(const struct oidc_method *method, const struct oidc_tokens *tokens,
                        struct text groups[OUTSIDE_GROUPS_MAX], struct outside_claims *ret)
{
        const struct oidc_settings *s = &method->settings;
        const struct claims *of_address = where(tokens, s->email);

        *ret = (struct outside_claims){
                .email = claims_text(of_address, s->email),
                /* Who says that it is verified must be who says the address. */
                .email_verified = claims_flag(of_address, "email_verified"),
                .name = claims_text(where(tokens, s->name), s->name),
                .department = claims_text(where(tokens, s->department), s->department),
                .groups = groups,
        };
        ret->has_groups = claims_list(where(tokens, s->groups), s->groups, groups, OUTSIDE_GROUPS_MAX,
                                      &ret->group_count);
}
