// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/authenticate.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "core/sign-in/authenticate.h"
#include "core/person/invitation.h"
#include "door/ipp/refusal.h"
#include "door/ipp/exchange.h"
#include "door/ipp/operation.h"
#include "door/public-url.h"
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
            text_cut((struct text){ credentials, length }, ':', &name, &secret)) {
                if (!text_copy(name, e->invited, sizeof(e->invited)))
                        e->invited[0] = '\0';
                r = authenticate_basic(e->core, &e->queue.tenant, name, secret, text_from(e->came), ret);
        }
        explicit_bzero(credentials, sizeof(credentials));
        return r;
}

/* The same for everybody whose credentials are wrong, so that no address is told to be known. */
int ipp_authenticate_invite(struct ipp_exchange *e)
{
        char origin[PUBLIC_URL_STRING];
        const char *link = NULL, *sentence;
        int r = 0;

        if (public_url(e->door->settings.public_url, e->door->tls, e->http, origin)) {
                link = arena_format(e->arena, "%s/register", origin);
                if (!link)
                        return fault(-ENOMEM);
        }
        if (link && e->operation->right == RIGHT_SUBMIT)
                r = invitation_send(e->core, e->queue.tenant, text_from(e->invited), link,
                                    text_from(e->came));
        if (r)
                return r;
        sentence = arena_format(
                e->arena,
                "The password is wrong, or there is no such account. Who has none registers at %s, "
                "then prints again.",
                link ? link : "the service's page /register");
        if (!sentence)
                return fault(-ENOMEM);
        return ipp_exchange_say(e, IPP_CLIENT_ERROR_FORBIDDEN, sentence);
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
        struct text header = http_header(e->http, "Authorization"), scheme = TEXT_OF(""), value;
        bool by_address = e->view.address.len > 0;
        int r = CORE_WRONG_CREDENTIALS;

        if (!header.at && !by_address)
                return 0;
        text_cut(header, ' ', &scheme, &value);
        value = text_trim(value);
        e->actor.via = VIA_IPP;
        if (by_address)
                r = authenticate_address(e->core, &e->queue, e->view.address, text_from(e->came), &e->actor);
        else if (text_equal_nocase(scheme, TEXT_OF("Basic")))
                r = authenticate_encoded(e, value, &e->actor);
        else if (text_equal_nocase(scheme, TEXT_OF("Bearer")))
                r = authenticate_token(e->core, value, text_from(e->came), &e->actor);
        if (r < 0)
                return r;

        /* Somebody of another tenant is nobody here. */
        if (r == 0 && (e->actor.kind != ACTOR_PERSON || !id_equal(e->actor.tenant, e->queue.tenant)))
                r = CORE_WRONG_CREDENTIALS;
        /* An address that was taken back is that of no queue, and no other name and password make it one. */
        if (r == CORE_WRONG_CREDENTIALS && by_address) {
                e->has_queue = false;
                return 0;
        }
        if (r == CORE_WRONG_CREDENTIALS && text_equal_nocase(scheme, TEXT_OF("Basic"))) {
                int looked = invitation_is_open(e->core, e->queue.tenant, &e->is_invited);

                if (looked || e->is_invited)
                        return looked;
        }
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
