// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp-authenticate.h"

#include <string.h>

#include "base/encoding.h"
#include "core/authenticate.h"
#include "door/ipp-refusal.h"
#include "door/ipp-exchange.h"
#include "net/http-exchange.h"

#define CREDENTIALS_OCTETS 1024

#define GIVEN                                                                                                 \
        "Somebody else set your password, so it does not print yet. Sign in on the service's page /sign-in, " \
        "and set one of your own there."

int ipp_authenticate_demand(struct ipp_exchange *e)
{
        int r;

        r = http_add_header(e->http, "WWW-Authenticate", "Basic realm=\"Imprimatur\", charset=\"UTF-8\"");
        if (r < 0)
                return r;
        return http_respond_problem(e->http, 401, NULL,
                                    "Sign in with your e-mail address and password, or a print token.");
}

static int authenticate_encoded(struct ipp_exchange *e, struct text encoded, struct actor *ret)
{
        char credentials[CREDENTIALS_OCTETS];
        struct text name, secret;
        size_t length;
        int r = CORE_WRONG_CREDENTIALS;

        if (base64_parse(encoded, credentials, sizeof(credentials), &length) &&
            text_cut((struct text){ credentials, length }, ':', &name, &secret))
                r = authenticate_basic(e->core, &e->queue.tenant, name, secret, text_from(e->http->peer),
                                       ret);
        explicit_bzero(credentials, sizeof(credentials));
        return r;
}

static int refuse(struct ipp_exchange *e, int refusal)
{
        int r;

        switch (refusal) {
        case CORE_LOCKED:
                return http_respond_problem(e->http, 403, NULL,
                                            "Too many wrong passwords. Wait a quarter of an hour.");
        case CORE_OUTSIDE:
                return http_respond_problem(e->http, 403, NULL, ipp_refusal_words(refusal).sentence);
        case CORE_BUSY:
                r = http_add_header(e->http, "Retry-After", "5");
                if (r < 0)
                        return r;
                return http_respond_problem(e->http, 503, NULL, "Too much at once. Try again in a moment.");
        default: return ipp_authenticate_demand(e);
        }
}

int ipp_authenticate(struct ipp_exchange *e)
{
        struct text header = http_header(e->http, "Authorization"), scheme, value;
        int r = CORE_WRONG_CREDENTIALS;

        if (!header.at)
                return 0;
        text_cut(header, ' ', &scheme, &value);
        value = text_trim(value);
        e->actor.via = VIA_IPP;
        if (text_equal_nocase(scheme, TEXT_OF("Basic")))
                r = authenticate_encoded(e, value, &e->actor);
        else if (text_equal_nocase(scheme, TEXT_OF("Bearer")))
                r = authenticate_token(e->core, value, text_from(e->http->peer), &e->actor);
        if (r < 0)
                return r;

        /* Somebody of another tenant is nobody here. */
        if (r == 0 && (e->actor.kind != ACTOR_PERSON || !id_equal(e->actor.tenant, e->queue.tenant)))
                r = CORE_WRONG_CREDENTIALS;
        if (r)
                return refuse(e, r);
        /* Whoever set it could print and release in his name, and a print client cannot ask for another one.
         */
        if (e->actor.owes_password)
                return http_respond_problem(e->http, 403, NULL, GIVEN);
        /* Print clients cannot ask for a second factor: without it a password is worth a print token. */
        if (e->actor.owes_factor) {
                e->actor.owes_factor = false;
                e->actor.prints_only = true;
        }
        e->has_actor = true;
        return 0;
}
