// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * /oauth/authorize (RFC 6749, section 4.1): somebody is asked whether a program may act for him.
 *
 * Before client and redirect are known to belong together, what is wrong is said on a page; from then on it
 * is said to the client, by redirect (section 4.1.2.1). The question is asked every time, of our own programs
 * too: whoever listens on a port of this machine could say that he is one of them (RFC 8252, section 8.6).
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/grant.h"
#include "door/api/api.h"
#include "door/page/page.h"
#include "door/words.h"

struct asked {
        struct form form;
        struct client client;
        struct text query, redirect, state;
        uint32_t scopes;
};

static void add_parameter(struct buffer *to, const char *name, struct text value)
{
        if (!value.len)
                return;
        buffer_add_string(to, memchr(to->at, '?', to->len) ? "&" : "?");
        buffer_add_string(to, name);
        buffer_add_string(to, "=");
        percent_format(value, to);
}

/* The answer, with who gave it (RFC 9207). name is "code" or "error". */
static int send_answer(struct request *request, const struct asked *asked, const char *name,
                       const char *value)
{
        SCOPED(buffer_done) struct buffer address = BUFFER(16 * 1024);
        char origin[ORIGIN_STRING];
        int r;

        if (!request_origin(request, origin, &r))
                return r;
        buffer_add_text(&address, asked->redirect);
        add_parameter(&address, name, text_from(value));
        add_parameter(&address, "state", asked->state);
        add_parameter(&address, "iss", text_from(origin));
        r = address.failure ? address.failure : page_send_away(request, buffer_string(&address));
        if (address.at)
                explicit_bzero(address.at, address.len);
        return r;
}

static int complain(struct request *request, const char *words)
{
        return page_complain(request, 400, "authorize.cannot", words);
}

/* Client and redirect. False after a page was answered. */
static bool find_client(struct request *request, struct text query, struct asked *ret, int *ret_r)
{
        char *room = arena_alloc(request->x->arena, query.len + 1);
        int r;

        *ret = (struct asked){ .query = query };
        if (!room || form_parse(query, room, &ret->form) != 0) {
                *ret_r = complain(request, "authorize.not-understood");
                return false;
        }
        r = client_recognise(request->core, form_value(&ret->form, "client_id"), &ret->client);
        if (r < 0) {
                *ret_r = r;
                return false;
        }
        ret->redirect = form_value(&ret->form, "redirect_uri");
        ret->state = form_value(&ret->form, "state");
        if (r) {
                *ret_r = complain(request, "authorize.unknown-program");
                return false;
        }
        if (!client_has_redirect(&ret->client, ret->redirect)) {
                *ret_r = complain(request, "authorize.unknown-address");
                return false;
        }
        return true;
}

/* What is wrong with the rest, as the client is told; NULL: nothing. */
static const char *error_of(struct asked *asked)
{
        const struct form *form = &asked->form;
        struct text type = form_value(form, "response_type"), mode = form_value(form, "response_mode");
        struct text scope = form_value(form, "scope");

        if (!type.len)
                return "invalid_request";
        if (!text_equal_string(type, "code"))
                return "unsupported_response_type";
        if (mode.len && !text_equal_string(mode, "query"))
                return "invalid_request";
        /* Without a method the standard means "plain", which proves nothing to us. */
        if (!text_equal_string(form_value(form, "code_challenge_method"), "S256") ||
            form_value(form, "code_challenge").len != 43)
                return "invalid_request";
        if (form_value(form, "request").len)
                return "request_not_supported";
        if (form_value(form, "request_uri").len)
                return "request_uri_not_supported";
        asked->scopes = asked->client.scopes;
        if (scope.len &&
            (!token_scopes_parse(scope, &asked->scopes) || (asked->scopes & ~asked->client.scopes)))
                return "invalid_scope";
        return NULL;
}

/* All that is known before somebody answers. False after something was answered. */
static bool read_question(struct request *request, struct text query, struct asked *ret, int *ret_r)
{
        const char *error;

        if (!find_client(request, query, ret, ret_r))
                return false;
        error = error_of(ret);
        if (!error)
                return true;
        *ret_r = send_answer(request, ret, "error", error);
        return false;
}

static void write_asks(struct page_writer *page, int64_t ms)
{
        uint64_t hours = (uint64_t)(ms + 3599999) / 3600000;

        if (hours < 48)
                say_count(&page->html, page->language, "authorize.asks-hours", hours);
        else
                say_count(&page->html, page->language, "authorize.asks-days", (hours + 23) / 24);
}

static int ask_consent(struct request *request, const struct asked *asked)
{
        SCOPED(page_done) struct page_writer page;
        struct text origin = redirect_origin(asked->redirect);
        char *goes_to = arena_text(request->x->arena, origin);
        int r = page_begin(&page, request, "authorize.title");

        if (r)
                return r;
        if (!goes_to)
                return fault(-ENOMEM);
        page.form_goes_to = goes_to;
        html_open(&page.html, "p");
        html_element(&page.html, "b", asked->client.title);
        write_asks(&page, core_settings(request->core)->grant.refresh_ms);
        html_close(&page.html);
        html_open(&page.html, "dl");
        html_element(&page.html, "dt", say(page.language, "authorize.goes-to"));
        html_element(&page.html, "dd",
                     text_starts_with(origin, "http:") ? say(page.language, "authorize.here") : goes_to);
        html_close(&page.html);
        page_scopes(&page, asked->scopes);
        page_paragraph(&page, "authorize.only-if");
        page_form(&page, "/oauth/authorize");
        page_hidden(&page, "question", asked->query);
        page_button(&page, "authorize.allow", "decision", "allow", true);
        page_button(&page, "page.no", "decision", "deny", false);
        html_close(&page.html);
        return page_answer(&page, 200);
}

/* Whether whoever is signed in can say yes at all. */
static bool may_answer(const struct request *request, const struct asked *asked)
{
        return client_is_of(&asked->client, request->actor.tenant) &&
               actor_may(&request->actor, RIGHT_AUTHORIZE, whose_person(request->actor.id));
}

int authorize_page_answer(struct request *request)
{
        struct asked asked;
        char *path;
        int r = page_sign_in(request, NULL);

        if (r || !read_question(request, request->x->query, &asked, &r))
                return r;
        if (request->actor.kind != ACTOR_PERSON) {
                path = arena_format(request->x->arena, "/oauth/authorize?%.*s", TEXT_ARGS(request->x->query));
                return path ? page_ask_sign_in(request, text_from(path)) : fault(-ENOMEM);
        }
        if (!may_answer(request, &asked))
                return send_answer(request, &asked, "error", "access_denied");
        return ask_consent(request, &asked);
}

static void wipe_code(char (*code)[CREDENTIAL_STRING])
{
        explicit_bzero(code, sizeof(*code));
}

int authorize_form_answer(struct request *request)
{
        SCOPED(wipe_code) char code[CREDENTIAL_STRING] = "";
        struct authorization authorization;
        struct asked asked;
        int r = page_sign_in(request, NULL);

        if (r)
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return page_complain(request, 403, "authorize.not-signed-in", "authorize.begin-again");
        if (!page_has_token(request, &r) ||
            !read_question(request, form_value(request->form, "question"), &asked, &r))
                return r;
        if (!may_answer(request, &asked))
                return send_answer(request, &asked, "error", "access_denied");
        if (!text_equal_string(form_value(request->form, "decision"), "allow")) {
                r = grant_code_deny(request->core, &request->actor, &asked.client);
                return r < 0 ? r : send_answer(request, &asked, "error", "access_denied");
        }
        authorization = (struct authorization){ &asked.client, asked.redirect,
                                                form_value(&asked.form, "code_challenge"), asked.scopes };
        r = grant_code_make(request->core, &request->actor, &authorization, code);
        if (r)
                return r < 0 ? r
                             : send_answer(request, &asked, "error",
                                           r == CORE_BAD_VALUE ? "invalid_request" : "access_denied");
        return send_answer(request, &asked, "code", code);
}
