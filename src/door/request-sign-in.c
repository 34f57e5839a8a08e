// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/request.h"

#include <string.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "core/site/agent.h"
#include "core/sign-in/authenticate.h"
#include "core/rendering/converter.h"
#include "core/tenant/tenant.h"

#define BASIC_OCTETS_MAX 16384 /* more than the head of a request can hold */

static void wipe(char (*octets)[BASIC_OCTETS_MAX])
{
        explicit_bzero(octets, sizeof(*octets));
}

static int sign_in_basic(struct request *request, struct text credentials)
{
        SCOPED(wipe) char octets[BASIC_OCTETS_MAX];
        struct text name, secret;
        size_t length;

        if (!base64_parse(credentials, octets, sizeof(octets), &length) ||
            !text_cut(text_from_octets(octets, length), ':', &name, &secret) || name.len == 0)
                return CORE_WRONG_CREDENTIALS;
        return authenticate_basic(request->core, NULL, name, secret, text_from(request->x->peer),
                                  &request->actor);
}

/* A scheme we do not know is a wrong credential, never a way around the ones we know. */
static int sign_in_by_header(struct request *request, struct text header)
{
        struct text scheme, rest;

        text_cut(header, ' ', &scheme, &rest);
        rest = text_trim(rest);
        if (text_equal_nocase(scheme, (struct text)TEXT("Bearer")) && rest.len)
                return authenticate_token(request->core, rest, text_from(request->x->peer), &request->actor);
        if (text_equal_nocase(scheme, (struct text)TEXT("Basic")))
                return sign_in_basic(request, rest);
        return CORE_WRONG_CREDENTIALS;
}

/*
 * Browsers send what they know of a site's credentials with any page's requests. A request that changes
 * something and says that it comes from another site's page is refused; programs say nothing of the kind.
 */
static bool is_of_another_origin(const struct http_exchange *x)
{
        struct text site = http_header(x, "Sec-Fetch-Site");
        struct text origin = http_header(x, "Origin");
        struct text scheme, host;

        if (http_method_is(x, "GET") || http_method_is(x, "HEAD"))
                return false;
        if (site.at && !text_equal_string(site, "same-origin") && !text_equal_string(site, "none"))
                return true;
        if (!origin.at)
                return false;
        if (!text_cut(origin, ':', &scheme, &host) || !text_equal_string(scheme, x->scheme) ||
            !text_starts_with(host, "//"))
                return true;
        host.at += 2;
        host.len -= 2;
        return !text_equal_nocase(host, x->host);
}

static bool is_of_converters(enum right right)
{
        return right_reach(right, ROLE_CONVERTER) > REACH_NONE &&
               right_reach(right, ROLE_AGENT) == REACH_NONE;
}

/* An agent or a converter, by its key: which of them is for the route to say, and the key of one is nobody's
 * as the other. */
static int sign_in_outpost(struct request *request, enum actor_kind kind)
{
        enum via via = kind == ACTOR_AGENT ? VIA_AGENT : VIA_CONVERTER;
        int r;

        actor_came(&request->actor, via, text_from(request->x->peer));
        r = authenticate_outpost(request->core, kind, request->x->fingerprint, &request->actor);
        if (r == 0 && kind == ACTOR_AGENT)
                agent_seen(request->core, &request->actor);
        else if (r == 0)
                converter_seen(request->core, &request->actor);
        return r;
}

static bool refuse(struct request *request, const struct problem *problem, int *ret_r)
{
        *ret_r = request_problem(request, problem, NULL);
        return false;
}

/* On its own connection an outpost is asked for nothing but its key. False after it was answered. */
static bool let_outpost_in(struct request *request, int *ret_r)
{
        enum right right = request->route->right;
        int r;

        actor_came(&request->actor, VIA_AGENT, text_from(request->x->peer));
        if (right_reach(right, ROLE_NEW_AGENT) > REACH_NONE)
                return true;
        if (right_reach(right, ROLE_AGENT) == REACH_NONE && !is_of_converters(right))
                return refuse(request, &problem_for_people, ret_r);
        r = sign_in_outpost(request, is_of_converters(right) ? ACTOR_CONVERTER : ACTOR_AGENT);
        if (r == CORE_EXPIRED)
                return refuse(request, &problem_key_expired, ret_r);
        if (r == CORE_WRONG_CREDENTIALS)
                return refuse(request, &problem_key_unknown, ret_r);
        if (r)
                *ret_r = request_refuse(request, r);
        return r == 0;
}

static bool is_of_outposts(enum right right)
{
        return is_of_converters(right) || right_reach(right, ROLE_NEW_AGENT) > REACH_NONE ||
               (right_reach(right, ROLE_AGENT) > REACH_NONE &&
                right_reach(right, ROLE_ADMINISTRATOR) == REACH_NONE);
}

/* Whether it is only the scopes of a program's token that stand against it. */
static bool is_narrowed(const struct actor *actor, enum right right)
{
        struct actor whole = *actor;

        whole.scopes = 0;
        return actor->scopes && actor_may(&whole, right, whose_some());
}

/* What keeps this actor from the route, or NULL. */
static const struct problem *what_is_missing(const struct actor *actor, enum right right)
{
        if (actor_may(actor, right, whose_some()))
                return NULL;
        if (actor->kind == ACTOR_NOBODY)
                return &problem_not_signed_in;
        if (actor->owes_password)
                return &problem_password_given;
        if (is_narrowed(actor, right))
                return &problem_not_in_scope;
        if (actor->prints_only && right_reach(right, ROLE_PRINT_TOKEN) == REACH_NONE)
                return &problem_for_signed_in;
        return right_reach(right, ROLE_ADMINISTRATOR) > REACH_NONE ? &problem_for_administrators
                                                                   : &problem_not_your_right;
}

/* Whatever he showed: whether he may come from where he comes. */
static int admit(struct request *request)
{
        const struct actor *actor = &request->actor;
        bool is_device = actor->prints_only || actor->role == ROLE_MACHINE;

        if (actor->kind != ACTOR_PERSON)
                return 0;
        return tenant_admits(request->core, actor->tenant, is_device ? ACCESS_DEVICE : ACCESS_GO_ON,
                             text_from(request->x->peer));
}

bool request_authenticate(struct request *request, int *ret_r)
{
        enum right right = request->route->right;
        struct text header = http_header(request->x, "Authorization");
        const struct problem *missing;
        struct text secret;
        int r = 0;

        if (is_of_another_origin(request->x))
                return refuse(request, &problem_other_origin, ret_r);
        actor_came(&request->actor, VIA_API, text_from(request->x->peer));
        if (right_is_open(right))
                return true;
        if (request->x->is_agent)
                return let_outpost_in(request, ret_r);
        if (is_of_outposts(right))
                return refuse(request, &problem_not_an_agent, ret_r);
        if (header.at)
                r = sign_in_by_header(request, header);
        else if (request_session_cookie(request, &secret))
                r = request_sign_in_session(request, secret);
        if (r == 0)
                r = admit(request);
        if (r) {
                *ret_r = request_refuse(request, r);
                return false;
        }
        missing = request->actor.owes_factor && !request->route->half
                          ? &problem_half
                          : what_is_missing(&request->actor, right);
        if (!missing)
                missing = request_session_lacks(request);
        return missing ? refuse(request, missing, ret_r) : true;
}
