// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "identity/oidc-flow.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/sign-in/outside-session.h"
#include "core/sealed.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "identity/identity.h"
#include "identity/oidc-token.h"

#define RANDOM_STRING 44 /* 32 octets in Base64url, NUL */
#define CODE_MAX      4096
#define FRESH_S       60LL

/* What the cookie holds. */
struct flow {
        struct id tenant, method;
        int64_t expires_ms, begun_ms;
        bool fresh;
        char state[RANDOM_STRING], nonce[RANDOM_STRING], verifier[RANDOM_STRING];
        char issuer[OUTSIDE_ISSUER];
        char redirect_uri[OIDC_URL];
        char return_to[OIDC_RETURN_TO];
};

static void flow_done(struct flow *flow)
{
        explicit_bzero(flow, sizeof(*flow));
}

static void random_words(char ret[RANDOM_STRING])
{
        SCOPED(secret_done) struct secret secret;

        random_secret(&secret);
        base64url_format(secret.octets, SECRET_OCTETS, ret);
}

/* A path that a browser takes for ours alone: "//host" and "/\host" are somebody else's. */
static bool is_path_of_ours(struct text path)
{
        return path.len > 0 && path.at[0] == '/' && path.len < OIDC_RETURN_TO && text_is_printable(path) &&
               !(path.len > 1 && (path.at[1] == '/' || path.at[1] == '\\')) &&
               !memchr(path.at, '\\', path.len);
}

static struct text bound_to(struct id tenant, char ret[64])
{
        char string[ID_STRING];

        id_format(tenant, string);
        snprintf(ret, 64, "oidc-flow %s", string);
        return text_from(ret);
}

/* "tenant.sealed": the tenant says with which key it is opened, and is bound to it. */
static int cookie_format(struct core *core, const struct flow *flow, char ret[OIDC_COOKIE])
{
        SCOPED(buffer_wipe) struct buffer sealed = BUFFER(OIDC_COOKIE);
        char method[ID_STRING], tenant[ID_STRING], bound[64];
        SCOPED(freep) char *plain = NULL;
        SCOPED(json_decrefp) json_t *object = NULL;
        int r;

        id_format(flow->method, method);
        id_format(flow->tenant, tenant);
        object =
                json_pack("{s:s, s:I, s:I, s:b, s:s, s:s, s:s, s:s, s:s, s:s}", "method", method, "expires",
                          (json_int_t)flow->expires_ms, "begun", (json_int_t)flow->begun_ms, "fresh",
                          flow->fresh, "state", flow->state, "nonce", flow->nonce, "verifier", flow->verifier,
                          "issuer", flow->issuer, "redirect", flow->redirect_uri, "return", flow->return_to);
        plain = object ? json_dumps(object, JSON_COMPACT) : NULL;
        if (!plain)
                return fault(-ENOMEM);
        r = sealed_write(core, flow->tenant, bound_to(flow->tenant, bound), text_from(plain), &sealed);
        explicit_bzero(plain, strlen(plain));
        if (r)
                return fold(r);
        if (ID_STRING + (4 * sealed.len + 2) / 3 + 1 > OIDC_COOKIE)
                return OIDC_BAD_FLOW;
        snprintf(ret, OIDC_COOKIE, "%s.", tenant);
        base64url_format(sealed.at, sealed.len, ret + strlen(ret));
        return 0;
}

static bool copy_member(json_t *object, const char *name, char *ret, size_t size)
{
        json_t *value = json_object_get(object, name);

        return json_is_string(value) && text_copy(text_from(json_string_value(value)), ret, size);
}

static bool flow_read(struct text plain, struct flow *ret)
{
        SCOPED(json_decrefp) json_t *object = json_loadb(plain.at, plain.len, JSON_REJECT_DUPLICATES, NULL);
        char method[ID_STRING];

        ret->expires_ms = json_integer_value(json_object_get(object, "expires"));
        ret->begun_ms = json_integer_value(json_object_get(object, "begun"));
        ret->fresh = json_is_true(json_object_get(object, "fresh"));
        return copy_member(object, "method", method, sizeof(method)) &&
               id_parse(text_from(method), &ret->method) &&
               copy_member(object, "state", ret->state, sizeof(ret->state)) &&
               copy_member(object, "nonce", ret->nonce, sizeof(ret->nonce)) &&
               copy_member(object, "verifier", ret->verifier, sizeof(ret->verifier)) &&
               copy_member(object, "issuer", ret->issuer, sizeof(ret->issuer)) &&
               copy_member(object, "redirect", ret->redirect_uri, sizeof(ret->redirect_uri)) &&
               copy_member(object, "return", ret->return_to, sizeof(ret->return_to));
}

/* OIDC_BAD_FLOW where it is none of ours. */
static int cookie_parse(struct core *core, struct text cookie, struct flow *ret)
{
        SCOPED(buffer_wipe) struct buffer plain = BUFFER(OIDC_COOKIE);
        struct text tenant, encoded;
        char octets[OIDC_COOKIE], bound[64];
        size_t length;
        int r;

        if (!text_cut(cookie, '.', &tenant, &encoded) || !id_parse(tenant, &ret->tenant) ||
            !base64url_parse(encoded, octets, sizeof(octets), &length))
                return OIDC_BAD_FLOW;
        r = sealed_read(core, ret->tenant, bound_to(ret->tenant, bound), text_from_octets(octets, length),
                        &plain);
        if (r)
                return r == CORE_NOT_FOUND ? OIDC_BAD_FLOW : fold(r);
        return flow_read(buffer_text(&plain), ret) ? 0 : fault(-EPROTO);
}

static void add_parameter(struct buffer *to, const char *name, struct text value)
{
        char last = to->len ? to->at[to->len - 1] : 0;

        if (last != '?' && last != '&')
                buffer_add_octet(to, '&');
        buffer_format(to, "%s=", name);
        percent_format(value, to);
}

/* RFC 7636, section 4.2. */
static void challenge_of(const char *verifier, char ret[RANDOM_STRING])
{
        uint8_t hash[HASH_OCTETS];

        hash_sha256(text_from(verifier), hash);
        base64url_format(hash, HASH_OCTETS, ret);
}

/* What the provider does not know would make it refuse (RFC 6749, section 4.1.2.1). */
static void add_scope(struct buffer *to, const struct oidc_method *method)
{
        SCOPED(buffer_done) struct buffer scope = BUFFER(512);
        struct text rest = text_from(method->settings.scope), one;
        bool more = true;

        while (more) {
                char word[516];

                more = text_cut(rest, ' ', &one, &rest);
                if (one.len == 0)
                        continue;
                snprintf(word, sizeof(word), " %.*s ", TEXT_ARGS(one));
                if (method->provider->scopes[0] && !strstr(method->provider->scopes, word) &&
                    !text_equal_string(one, "openid"))
                        continue;
                buffer_format(&scope, "%s%.*s", scope.len ? " " : "", TEXT_ARGS(one));
        }
        add_parameter(to, "scope", buffer_text(&scope));
}

/* Both words of a prompt at once: some providers give a refresh token only after "consent". */
static void add_prompt(struct buffer *to, const char *own)
{
        char words[300];

        snprintf(words, sizeof(words), "login%s%s", own ? " " : "", own ? own : "");
        add_parameter(to, "prompt", text_from(words));
}

/* What is asked for beside who it is (section 3.1.2.1); it is looked at in check_strength(). */
static void add_strength(struct buffer *to, const struct oidc_settings *s, bool fresh)
{
        SCOPED(buffer_done) struct buffer words = BUFFER(OIDC_REQUIRED_MAX * OIDC_REQUIRED);
        char seconds[24];

        for (size_t i = 0; i < s->acr.count; i++)
                buffer_format(&words, "%s%s", i ? " " : "", s->acr.words[i]);
        if (s->acr.count)
                add_parameter(to, "acr_values", buffer_text(&words));
        if (!fresh && s->max_age_s < 0)
                return;
        /*
         * With max_age the provider must say when he was asked (section 2, auth_time). That he is asked now
         * is prompt's; an age of 0 some providers find too old by the time their own page has come back.
         */
        snprintf(seconds, sizeof(seconds), "%lld", fresh ? FRESH_S : (long long)s->max_age_s);
        add_parameter(to, "max_age", text_from(seconds));
}

static int format_address(const struct oidc_method *method, const struct flow *flow, struct text login_hint,
                          struct buffer *to)
{
        const struct oidc_settings *s = &method->settings;
        char challenge[RANDOM_STRING];
        const char *own_prompt = NULL;

        challenge_of(flow->verifier, challenge);
        buffer_add_string(to, method->provider->authorization);
        if (!strchr(method->provider->authorization, '?'))
                buffer_add_octet(to, '?');
        add_parameter(to, "response_type", TEXT_OF("code"));
        add_parameter(to, "client_id", text_from(s->client_id));
        add_parameter(to, "redirect_uri", text_from(flow->redirect_uri));
        add_scope(to, method);
        add_parameter(to, "state", text_from(flow->state));
        add_parameter(to, "nonce", text_from(flow->nonce));
        add_parameter(to, "code_challenge", text_from(challenge));
        add_parameter(to, "code_challenge_method", TEXT_OF("S256"));
        for (size_t i = 0; i < s->parameter_count; i++) {
                const struct oidc_parameter *one = &s->parameters[i];

                if (flow->fresh && strcmp(one->name, "prompt") == 0)
                        own_prompt = strstr(one->value, "consent") ? "consent" : NULL;
                else
                        add_parameter(to, one->name, text_from(one->value));
        }
        if (flow->fresh)
                add_prompt(to, own_prompt);
        add_strength(to, s, flow->fresh);
        if (login_hint.len > 0 && login_hint.len < CORE_EMAIL && text_is_printable(login_hint))
                add_parameter(to, "login_hint", login_hint);
        return to->failure ? fault(to->failure) : 0;
}

int oidc_flow_begin(struct identity *identity, struct core *core, const struct oidc_flow_order *order,
                    struct buffer *to, char ret_cookie[OIDC_COOKIE], char words[CORE_WORDS])
{
        SCOPED(oidc_method_done) struct oidc_method method = { 0 };
        SCOPED(flow_done)
        struct flow flow = { .tenant = order->tenant,
                             .method = order->method,
                             .begun_ms = clock_unix_ms(),
                             .fresh = order->fresh };
        struct text return_to = order->return_to.len ? order->return_to : TEXT_OF("/sign-in");
        int r;

        words[0] = 0;
        flow.expires_ms = flow.begun_ms + identity_settings(identity)->flow_ms;
        if (!is_path_of_ours(return_to) || !text_copy(return_to, flow.return_to, sizeof(flow.return_to)) ||
            !text_copy(order->redirect_uri, flow.redirect_uri, sizeof(flow.redirect_uri)))
                return OIDC_BAD_FLOW;
        r = oidc_method_open(identity, core, order->tenant, order->method, &method, words);
        if (r)
                return r;
        snprintf(flow.issuer, sizeof(flow.issuer), "%s", method.settings.issuer);
        random_words(flow.state);
        random_words(flow.nonce);
        random_words(flow.verifier);
        r = format_address(&method, &flow, order->login_hint, to);
        return r ? r : cookie_format(core, &flow, ret_cookie);
}

static bool is_same(struct text given, const char *ours)
{
        return given.at && given.len == strlen(ours) && hash_equal(given.at, ours, given.len);
}

static int refuse(int refusal, char words[CORE_WORDS], const char *sentence)
{
        snprintf(words, CORE_WORDS, "%s", sentence);
        return refusal;
}

/* Truth 2, and what the provider itself refused (RFC 6749, section 4.1.2.1). */
static int check_answer(const struct oidc_method *method, const struct flow *flow,
                        const struct oidc_flow_answer *answer, char words[CORE_WORDS])
{
        if (strcmp(method->settings.issuer, flow->issuer) != 0)
                return refuse(OIDC_BAD_FLOW, words, "The method has another provider by now.");
        if (answer->issuer.at && !text_equal_string(answer->issuer, flow->issuer))
                return refuse(OIDC_BAD_FLOW, words, "The answer is another provider's.");
        if (!answer->issuer.at && method->provider->sends_issuer)
                return refuse(OIDC_BAD_FLOW, words, "The answer does not say whose it is.");
        if (answer->error.at)
                return refuse(OIDC_DENIED, words, "The provider refused the sign-in.");
        if (!answer->code.at || answer->code.len == 0 || answer->code.len > CODE_MAX)
                return refuse(OIDC_BAD_FLOW, words, "The answer has no code.");
        return 0;
}

static bool has_word(const struct oidc_required *required, struct text word)
{
        for (size_t i = 0; i < required->count; i++)
                if (text_equal_string(word, required->words[i]))
                        return true;
        return false;
}

static bool has_all(const struct oidc_required *required, const struct text *said, size_t count)
{
        for (size_t i = 0; i < required->count; i++) {
                size_t at = 0;

                while (at < count && !text_equal_string(said[at], required->words[i]))
                        at++;
                if (at == count)
                        return false;
        }
        return true;
}

/* Truth 3. *ret_shown_ms: when he was asked, never later than now. */
static int check_strength(const struct oidc_method *method, const struct flow *flow,
                          const struct oidc_tokens *tokens, int64_t *ret_shown_ms, char words[CORE_WORDS])
{
        int64_t leeway_ms = identity_settings(method->identity)->leeway_ms, now = clock_unix_ms();
        const struct oidc_settings *s = &method->settings;
        json_t *time = json_object_get(tokens->id_claims.object, "auth_time");
        json_int_t asked_s = json_is_integer(time) ? json_integer_value(time) : 0;
        int64_t asked_ms = asked_s > 0 && asked_s <= (now + leeway_ms) / 1000 ? asked_s * 1000 : 0;
        struct text said[64];
        size_t count = 0;

        if (!asked_ms && flow->fresh && s->assumes_fresh)
                asked_ms = now;
        if (s->acr.count && !has_word(&s->acr, claims_text(&tokens->id_claims, "acr")))
                return refuse(
                        OIDC_TOO_WEAK, words,
                        "Your organisation asks for a stronger sign-in: the provider does not say that it "
                        "was one (acr).");
        if (s->amr.count && (!claims_list(&tokens->id_claims, "amr", said, ARRAY_LENGTH(said), &count) ||
                             !has_all(&s->amr, said, count)))
                return refuse(
                        OIDC_TOO_WEAK, words,
                        "Your organisation asks for a second factor: the provider does not say that there "
                        "was one (amr).");
        if (s->max_age_s >= 0 && (!asked_ms || asked_ms + s->max_age_s * 1000 + leeway_ms < now))
                return refuse(
                        OIDC_NOT_FRESH, words,
                        "It is too long ago that the provider asked for a secret, or it does not say when.");
        if (flow->fresh && (!asked_ms || asked_ms + leeway_ms < flow->begun_ms))
                return refuse(
                        OIDC_NOT_FRESH, words,
                        "The provider was told to ask for a secret again, and does not say that it did.");
        *ret_shown_ms = asked_ms < now ? asked_ms : now;
        return 0;
}

/* The provider's name for the session, or one of ours that no provider has. */
static void name_session(const struct oidc_tokens *tokens, char ret[OUTSIDE_SESSION_NAME])
{
        struct text sid = claims_text(&tokens->id_claims, "sid");
        char own[ID_STRING];

        if (sid.len > 0 && text_is_printable(sid) && text_copy(sid, ret, OUTSIDE_SESSION_NAME - 1))
                return;
        id_format(id_new(), own);
        snprintf(ret, OUTSIDE_SESSION_NAME, "imprimatur %s", own);
}

/* Tokens that are longer than we keep are not kept: the provider is then not asked again. */
static int keep_session(struct core *core, const struct oidc_method *method, const struct oidc_tokens *tokens,
                        const struct oidc_arrival *arrival)
{
        struct outside_session session = { .tenant = method->tenant,
                                           .method = method->id,
                                           .person = arrival->person.id,
                                           .due_ms = oidc_method_next_ms(method) };
        struct text refresh = tokens->refresh, none = { NULL, 0 };

        if (method->settings.check_ms == 0 || refresh.len > OUTSIDE_SESSION_TOKEN)
                refresh = none;
        snprintf(session.name, sizeof(session.name), "%s", arrival->session);
        snprintf(session.issuer, sizeof(session.issuer), "%s", method->settings.issuer);
        if (!text_copy(claims_text(&tokens->id_claims, "sub"), session.subject, sizeof(session.subject)))
                return fault(-EPROTO);
        return fold(outside_session_keep(core, &session, refresh,
                                         tokens->id.len > OUTSIDE_SESSION_TOKEN ? none : tokens->id));
}

static int take_in(struct core *core, const struct oidc_method *method, const struct oidc_tokens *tokens,
                   const struct actor *who, struct oidc_arrival *ret, char words[CORE_WORDS])
{
        struct outside_identity identity = { method->id, text_from(method->settings.issuer),
                                             claims_text(&tokens->id_claims, "sub"), who };
        SCOPED(freep) struct text *groups = calloc(OUTSIDE_GROUPS_MAX, sizeof(*groups));
        struct outside_claims claims;
        int r;

        if (!groups)
                return fault(-ENOMEM);
        oidc_tokens_claims(method, tokens, groups, &claims);
        r = outside_sign_in(core, method->tenant, &identity, &claims, &method->settings.policy, &ret->person);
        switch (r) {
        case CORE_FORBIDDEN:
                return refuse(OIDC_NOBODY, words,
                              "There is no account here for you, and none is made for your address.");
        case CORE_TAKEN:
                return refuse(
                        OIDC_NOBODY, words,
                        "Your address belongs to an account that was here before. Ask an administrator.");
        case CORE_BAD_VALUE: return refuse(OIDC_NOBODY, words, "The provider gave no usable e-mail address.");
        case CORE_WRONG_CREDENTIALS: return refuse(OIDC_NOBODY, words, "You may not come in.");
        default: return r > 0 ? fold(r) : r;
        }
}

static int exchange(struct identity *identity, struct core *core, const struct flow *flow,
                    const struct oidc_flow_answer *answer, struct oidc_arrival *ret, char words[CORE_WORDS])
{
        SCOPED(oidc_method_done) struct oidc_method method = { 0 };
        SCOPED(oidc_tokens_done) struct oidc_tokens tokens;
        const struct oidc_code code = { .code = answer->code,
                                        .redirect_uri = text_from(flow->redirect_uri),
                                        .verifier = text_from(flow->verifier),
                                        .nonce = text_from(flow->nonce) };
        int r;

        oidc_tokens_init(&tokens);
        r = oidc_method_open(identity, core, flow->tenant, flow->method, &method, words);
        if (r == 0)
                r = check_answer(&method, flow, answer, words);
        if (r == 0)
                r = oidc_tokens_for_code(&method, &code, &tokens, words);
        if (r == 0)
                r = check_strength(&method, flow, &tokens, &ret->shown_ms, words);
        if (r == 0)
                r = oidc_tokens_complete(&method, &tokens, claims_text(&tokens.id_claims, "sub"), words);
        if (r == 0)
                r = take_in(core, &method, &tokens, answer->who, ret, words);
        if (r)
                return r;
        ret->is_fresh = flow->fresh;
        name_session(&tokens, ret->session);
        return keep_session(core, &method, &tokens, ret);
}

static int note_refusal(struct core *core, const struct flow *flow, const struct actor *who, int refusal)
{
        static const char *const reasons[] = {
                [OIDC_UNREACHABLE] = "provider-unreachable",
                [OIDC_BAD_PROVIDER] = "provider-unusable",
                [OIDC_BAD_FLOW] = "wrong-answer",
                [OIDC_DENIED] = "provider-refused",
                [OIDC_BAD_CLIENT] = "client-refused",
                [OIDC_BAD_TOKEN] = "wrong-token",
                [OIDC_TOO_WEAK] = "too-weak",
                [OIDC_NOT_FRESH] = "not-fresh",
                [OIDC_OFF] = "method-off",
        };
        char detail[CORE_WORDS], method[ID_STRING];
        int r;

        /* core/outside has told it already. */
        if (refusal == OIDC_NOBODY)
                return refusal;
        id_format(flow->method, method);
        snprintf(detail, sizeof(detail), "method=%s reason=%s", method, reasons[refusal]);
        r = event_note(core, flow->tenant, who, "sign-in-refused", (struct id){ 0 }, detail);
        return r ? r : refusal;
}

int oidc_flow_finish(struct identity *identity, struct core *core, const struct oidc_flow_answer *answer,
                     struct oidc_arrival *ret, char words[CORE_WORDS])
{
        static const char sentence[] =
                "This sign-in did not begin in this browser, or its time is over. Begin again.";
        SCOPED(flow_done) struct flow flow = { 0 };
        int r;

        *ret = (struct oidc_arrival){ 0 };
        words[0] = 0;
        if (!answer->cookie.at)
                return refuse(OIDC_BAD_FLOW, words, sentence);
        r = cookie_parse(core, answer->cookie, &flow);
        if (r)
                return r > 0 ? refuse(r, words, sentence) : r;
        if (!is_same(answer->state, flow.state) || flow.expires_ms < clock_unix_ms())
                return refuse(OIDC_BAD_FLOW, words, sentence);
        ret->tenant = flow.tenant;
        ret->method = flow.method;
        snprintf(ret->return_to, sizeof(ret->return_to), "%s", flow.return_to);
        r = exchange(identity, core, &flow, answer, ret, words);
        return r > 0 ? note_refusal(core, &flow, answer->who, r) : r;
}
