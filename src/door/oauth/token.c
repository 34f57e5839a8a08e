// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* POST /oauth/token and /oauth/revoke. */

#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "door/api/api.h"
#include "door/oauth/oauth.h"

#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

static int answer_issue(struct request *request, const struct issue *issue)
{
        char scopes[TOKEN_SCOPES_STRING];
        json_t *value;
        int r;

        token_scopes_format(issue->scopes, scopes);
        value = json_pack("{s:s, s:s, s:I, s:s}", "access_token", issue->access, "token_type", "Bearer",
                          "expires_in", (json_int_t)(issue->expires_in_ms / 1000), "scope", scopes);
        if (value && issue->refresh[0] &&
            json_object_set_new(value, "refresh_token", json_string(issue->refresh)) != 0) {
                json_decref(value);
                value = NULL;
        }
        r = http_add_header(request->x, "Pragma", "no-cache");
        if (r) {
                json_decref(value);
                return r;
        }
        return request_answer(request, 200, value);
}

static int by_code(struct request *request, const struct client *client, struct issue *ret)
{
        const struct form *form = request->form;

        return grant_redeem_code(request->core, client, form_value(form, "code"),
                                 form_value(form, "redirect_uri"), form_value(form, "code_verifier"),
                                 text_from(request->x->peer), ret);
}

static int by_refresh_token(struct request *request, const struct client *client, struct issue *ret)
{
        uint32_t scopes;
        int r;

        if (!oauth_scopes(request, client, &scopes, &r))
                return r;
        return grant_refresh(request->core, client, form_value(request->form, "refresh_token"), scopes, ret);
}

static int by_device(struct request *request, const struct client *client, struct issue *ret)
{
        return device_poll(request->core, client, form_value(request->form, "device_code"), ret);
}

static int by_secret(struct request *request, const struct client *client, struct issue *ret)
{
        uint32_t scopes;
        int r;

        if (!oauth_scopes(request, client, &scopes, &r))
                return r;
        return grant_machine(request->core, client, scopes, text_from(request->x->peer), ret);
}

static const struct exchange {
        const char *type;
        const char *parameter; /* that it cannot be without */
        bool of_machines;
        int (*issue)(struct request *request, const struct client *client, struct issue *ret);
} exchanges[] = {
        { "authorization_code", "code", false, by_code },
        { "refresh_token", "refresh_token", false, by_refresh_token },
        { DEVICE_GRANT, "device_code", false, by_device },
        { "client_credentials", NULL, true, by_secret },
};

static const struct exchange *exchange_find(struct text type)
{
        for (size_t i = 0; i < ARRAY_LENGTH(exchanges); i++)
                if (text_equal_string(type, exchanges[i].type))
                        return &exchanges[i];
        return NULL;
}

int oauth_token_answer(struct request *request)
{
        SCOPED(issue_done) struct issue issue = { .expires_in_ms = 0 };
        const struct exchange *exchange;
        struct client client;
        struct text type;
        int r;

        if (!oauth_client(request, &client, &r))
                return r;
        type = form_value(request->form, "grant_type");
        if (!type.len)
                return oauth_refuse(request, 400, "invalid_request", "grant_type is missing.");
        exchange = exchange_find(type);
        if (!exchange)
                return oauth_refuse(request, 400, "unsupported_grant_type",
                                    "The metadata of this server lists the grant types it has.");
        if (exchange->of_machines != (client.kind == CLIENT_MACHINE))
                return oauth_refuse(request, 400, "unauthorized_client", "This client comes in another way.");
        if (exchange->parameter && !form_value(request->form, exchange->parameter).len)
                return oauth_refuse(request, 400, "invalid_request",
                                    "A parameter of this grant type is missing.");
        r = exchange->issue(request, &client, &issue);
        /* Answered already, where the scopes were wrong. */
        if (http_is_answered(request->x))
                return r;
        return r ? oauth_refuse_grant(request, r) : answer_issue(request, &issue);
}

int oauth_revoke_answer(struct request *request)
{
        struct client client;
        struct text token;
        int r;

        if (!oauth_client(request, &client, &r))
                return r;
        token = form_value(request->form, "token");
        if (!token.len)
                return oauth_refuse(request, 400, "invalid_request", "token is missing.");
        r = grant_revoke(request->core, &client, token, text_from(request->x->peer));
        if (r)
                return oauth_refuse_grant(request, r);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, NULL, TEXT_OF(""));
}
