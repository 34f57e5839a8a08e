// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "core/sign-in/session.h"
#include "crypt/hash.h"
#include "door/cookie.h"

bool request_session_cookie(const struct request *request, struct text *ret)
{
        struct text header = http_header(request->x, "Cookie");

        return header.at && cookie_find(header, SESSION_COOKIE, ret);
}

/* A session that is over is like none: the cookie goes, and what is open to everybody stays open to him. */
int request_sign_in_session(struct request *request, struct text secret)
{
        struct actor actor = { .kind = ACTOR_NOBODY };
        int r = authenticate_session(request->core, secret, text_from(request->x->peer), &actor);

        if (r == CORE_WRONG_CREDENTIALS)
                return request_set_session(request, "");
        if (r)
                return r;
        request->actor = actor;
        request->session = secret;
        return 0;
}

static bool changes_something(const struct http_exchange *x)
{
        return !http_method_is(x, "GET") && !http_method_is(x, "HEAD");
}

static bool has_csrf(const struct request *request)
{
        struct text token = http_header(request->x, "X-CSRF-Token");
        char expected[SESSION_CSRF_STRING];

        session_csrf(request->session, expected);
        return token.len == SESSION_CSRF_STRING - 1 && hash_equal(token.at, expected, token.len);
}

bool request_is_fresh(const struct request *request)
{
        return session_is_fresh(request->core, &request->actor);
}

const struct problem *request_session_lacks(const struct request *request)
{
        if (request->session.len && changes_something(request->x) && !has_csrf(request))
                return &problem_no_csrf;
        if ((request->route->fresh || right_needs_fresh(request->route->right)) && !request_is_fresh(request))
                return &problem_not_fresh;
        return NULL;
}

int request_set_session(struct request *request, const char *secret)
{
        char cookie[160];
        int r;

        snprintf(cookie, sizeof(cookie), SESSION_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax%s",
                 secret, secret[0] ? "" : "; Max-Age=0");
        r = http_add_header(request->x, "Set-Cookie", cookie);
        explicit_bzero(cookie, sizeof(cookie));
        return r;
}

bool request_asks_company(const struct request *request)
{
        struct text header = http_header(request->x, "Cookie"), value;

        return header.at && cookie_find(header, COMPANY_COOKIE, &value) && text_equal_string(value, "1");
}

int request_remember_company(struct request *request, bool asks)
{
        if (asks)
                return http_add_header(request->x, "Set-Cookie",
                                       COMPANY_COOKIE
                                       "=1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000");
        return request_asks_company(request)
                       ? http_add_header(request->x, "Set-Cookie",
                                         COMPANY_COOKIE
                                         "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
                       : 0;
}

/* Half of an HMAC under the secret: whoever sees the token does not know the cookie. */
void session_csrf(struct text secret, char ret[SESSION_CSRF_STRING])
{
        uint8_t mac[HASH_OCTETS];

        hash_hmac(secret.at, secret.len, TEXT_OF("csrf"), mac);
        hex_format(mac, (SESSION_CSRF_STRING - 1) / 2, ret);
}
