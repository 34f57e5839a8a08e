// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Sign-in by OpenID Connect: a browser goes to the provider and comes back (identity/oidc-flow.h), and what
 * the provider says later by itself. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/session.h"
#include "door/api/api.h"
#include "door/cookie.h"
#include "door/page/page.h"
#include "identity/oidc-flow.h"
#include "identity/oidc-session.h"

#define FLOW_COOKIE   "__Host-imprimatur-oidc"
#define CALLBACK_PATH "/v1/sign-in/oidc/callback"
#define ADDRESS_MAX   8192

/*
 * What a browser is told. What is wrong between us and the provider is the administrator's: it stands in the
 * log, and `imprimatur method try` says it.
 */
static const struct {
        struct problem problem;
        bool is_told; /* words are for whoever signs in */
} problems[] = {
        [OIDC_UNREACHABLE] = { { 503, "provider-unreachable", "The provider does not answer",
                                 "Try again in a moment, or sign in in another way.", 5 },
                               false },
        [OIDC_BAD_PROVIDER] = { { 502, "provider-unusable", "The provider cannot be used",
                                  "Tell the administrator of your organisation.", 0 },
                                false },
        [OIDC_BAD_FLOW] = { { 400, "wrong-flow", "This sign-in cannot go on", "Begin again.", 0 }, true },
        [OIDC_DENIED] = { { 403, "provider-refused", "The provider refused", "Begin again.", 0 }, false },
        [OIDC_BAD_CLIENT] = { { 502, "client-refused", "The provider does not know this service",
                                "Tell the administrator of your organisation.", 0 },
                              false },
        [OIDC_BAD_TOKEN] = { { 403, "wrong-token", "What the provider answered is not believed",
                               "Begin again; tell the administrator if it happens again.", 0 },
                             false },
        [OIDC_TOO_WEAK] = { { 403, "sign-in-too-weak", "Your organisation asks for more",
                              "Sign in with a second factor at the provider.", 0 },
                            true },
        [OIDC_NOT_FRESH] = { { 403, "sign-in-not-fresh", "That sign-in is not a fresh one",
                               "Sign out at the provider, and begin again.", 0 },
                             true },
        [OIDC_NOBODY] = { { 403, "not-let-in", "You may not come in", "Ask the administrator.", 0 }, true },
};

/* A browser says that it wants a page; whoever does not gets the problem as programs read it. */
static int answer_problem(struct request *request, const struct problem *problem, const char *words)
{
        if (words && page_is_wanted(request) && page_language(request) == LANGUAGE_ENGLISH)
                return page_complain(request, problem->status, problem->title, words);
        return request_problem(request, problem, words);
}

static int refuse(struct request *request, int r, const char *words)
{
        if (r <= 0)
                return r;
        if (r == OIDC_OFF || (size_t)r >= ARRAY_LENGTH(problems))
                return answer_problem(request, problem_of_refusal(CORE_NOT_FOUND), NULL);
        if (!problems[r].is_told)
                log_write(LOG_WARNING, "provider-sign-in-failed", "code", problems[r].problem.code, "reason",
                          words, NULL);
        return answer_problem(request, &problems[r].problem, problems[r].is_told && words[0] ? words : NULL);
}

static int set_flow_cookie(struct request *request, const char *value)
{
        char header[OIDC_COOKIE + 128];
        int r;

        /* Lax: it must come along when the provider sends the browser back. */
        snprintf(header, sizeof(header),
                 FLOW_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d", value,
                 value[0] ? 3600 : 0);
        r = http_add_header(request->x, "Set-Cookie", header);
        explicit_bzero(header, sizeof(header));
        return r;
}

static int send_to(struct request *request, const char *address)
{
        int r = http_add_header(request->x, "Location", address);

        if (r == 0)
                r = http_add_header(request->x, "Cache-Control", "no-store");
        if (r == 0)
                r = http_add_header(request->x, "Referrer-Policy", "no-referrer");
        return r ? r : http_respond(request->x, 302, NULL, TEXT_OF(""));
}

/* False after a complaint was answered. */
static bool redirect_uri(struct request *request, char ret[ORIGIN_STRING + 64], int *ret_r)
{
        char origin[ORIGIN_STRING];

        if (!request_origin(request, origin, ret_r))
                return false;
        snprintf(ret, ORIGIN_STRING + 64, "%s%s", origin, CALLBACK_PATH);
        return true;
}

/* GET /v1/sign-in/oidc/{method}?return_to=/path&login_hint=address&fresh=yes */
int oidc_begin_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer address = BUFFER(ADDRESS_MAX);
        char cookie[OIDC_COOKIE], words[CORE_WORDS] = "", uri[ORIGIN_STRING + 64];
        struct oidc_flow_order order = { .return_to = TEXT("") };
        struct text fresh;
        int r;

        if (!request_id(request, 0, &order.method))
                return request_refuse(request, CORE_NOT_FOUND);
        r = method_find_tenant(request->core, order.method, &order.tenant);
        if (r)
                return request_refuse(request, r);
        if (!redirect_uri(request, uri, &r))
                return r;
        order.redirect_uri = text_from(uri);
        (void)http_query(request->x, "return_to", &order.return_to);
        (void)http_query(request->x, "login_hint", &order.login_hint);
        order.fresh = http_query(request->x, "fresh", &fresh) && text_equal_string(fresh, "yes");
        r = oidc_flow_begin(request->door->identity, request->core, &order, &address, cookie, words);
        if (r)
                return refuse(request, r, words);
        r = set_flow_cookie(request, cookie);
        if (r)
                return r;
        return buffer_string(&address) ? send_to(request, buffer_string(&address)) : fault(address.failure);
}

static void wipe_secret(char (*secret)[SESSION_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

/* A fresh sign-in takes the place of the session it was asked in, where it is the same person's. */
static int end_former(struct request *request, const struct oidc_arrival *arrival)
{
        struct actor former = { .kind = ACTOR_NOBODY };
        struct text secret;
        int r;

        if (!request_session_cookie(request, &secret))
                return 0;
        r = authenticate_session(request->core, secret, text_from(request->x->peer), &former);
        if (r || !id_equal(former.tenant, arrival->tenant) || !id_equal(former.id, arrival->person.id))
                return r < 0 ? r : 0;
        r = session_end(request->core, &former, former.session);
        return r < 0 ? r : 0;
}

static int open_session(struct request *request, const struct oidc_arrival *arrival)
{
        SCOPED(wipe_secret) char secret[SESSION_STRING];
        /* What the person must show besides is the provider's to ask. */
        struct session_request wanted = { .tenant = arrival->tenant,
                                          .person = arrival->person.id,
                                          .kind = SESSION_WEB,
                                          .method = METHOD_OIDC,
                                          .method_id = arrival->method,
                                          .outside = text_from(arrival->session),
                                          .source = text_from(request->x->peer),
                                          .label = http_header(request->x, "User-Agent"),
                                          .second_factor_shown = true,
                                          .shown_ms = &arrival->shown_ms };
        struct session session;
        int r = session_open(request->core, &wanted, &session, secret);

        if (r)
                return request_refuse(request, r);
        if (arrival->is_fresh)
                r = end_former(request, arrival);
        if (r == 0)
                r = request_remember_company(request, arrival->person.asks_company);
        if (r == 0)
                r = request_set_session(request, secret);
        return r ? r : send_to(request, arrival->return_to);
}

/* A parameter; .at NULL where it is not there. */
static struct text parameter(const struct request *request, const char *name)
{
        struct text value;

        return http_query(request->x, name, &value) ? value : (struct text){ NULL, 0 };
}

/* GET /v1/sign-in/oidc/callback: the browser is back. */
int oidc_callback_answer(struct request *request)
{
        struct actor who = { .kind = ACTOR_NOBODY, .via = VIA_PAGE };
        struct oidc_flow_answer answer = { .who = &who,
                                           .state = parameter(request, "state"),
                                           .code = parameter(request, "code"),
                                           .issuer = parameter(request, "iss"),
                                           .error = parameter(request, "error") };
        struct text header = http_header(request->x, "Cookie");
        struct oidc_arrival arrival;
        char words[CORE_WORDS] = "";
        int r;

        snprintf(who.source, sizeof(who.source), "%s", request->x->peer);
        if (header.at && !cookie_find(header, FLOW_COOKIE, &answer.cookie))
                answer.cookie = (struct text){ NULL, 0 };
        r = oidc_flow_finish(request->door->identity, request->core, &answer, &arrival, words);
        if (r < 0)
                return r;
        /* Whatever came of it, that flow is over. */
        if (answer.cookie.at && set_flow_cookie(request, ""))
                return fault(-ENOMEM);
        return r ? refuse(request, r, words) : open_session(request, &arrival);
}

/* POST /v1/sign-in/oidc/leave: out here, and an address to go to for being out there too. */
int oidc_leave_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer address = BUFFER(ADDRESS_MAX * 4);
        char origin[ORIGIN_STRING], after[ORIGIN_STRING + 16];
        int r, ended;

        if (!request_origin(request, origin, &r))
                return r;
        snprintf(after, sizeof(after), "%s/sign-in", origin);
        r = oidc_session_leave(request->door->identity, request->core, request->actor.tenant,
                               request->actor.session, text_from(after), &address);
        if (r < 0)
                return r;
        ended = session_end(request->core, &request->actor, request->actor.session);
        if (ended == 0)
                ended = request_set_session(request, "");
        if (ended)
                return request_refuse(request, ended);
        return request_answer(
                request, 200,
                json_pack("{s:o}", "location", r ? json_null() : json_words(buffer_string(&address))));
}

/* POST /v1/sign-in/oidc/{method}/back-channel-logout (Back-Channel Logout 1.0, sections 2.5 to 2.8). */
int oidc_back_channel_answer(struct request *request)
{
        char words[CORE_WORDS] = "";
        struct id method;
        int r;

        if (!request_id(request, 0, &method))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!request->form)
                return request_bad(request, "Send application/x-www-form-urlencoded with a logout_token.");
        r = oidc_session_logout(request->door->identity, request->core, method,
                                form_value(request->form, "logout_token"), words);
        if (r == OIDC_BAD_TOKEN)
                return request_bad(request, words);
        if (r)
                return refuse(request, r, words);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, NULL, TEXT_OF(""));
}
