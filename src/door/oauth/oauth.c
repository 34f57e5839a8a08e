// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/oauth/oauth.h"

#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"

#define BASIC_OCTETS_MAX 512

int oauth_refuse(struct request *request, int status, const char *error, const char *description)
{
        int r = 0;

        if (status == 401)
                r = http_add_header(request->x, "WWW-Authenticate", "Basic realm=\"Imprimatur\"");
        if (r == 0 && status == 503)
                r = http_add_header(request->x, "Retry-After", "60");
        if (r == 0)
                r = http_add_header(request->x, "Pragma", "no-cache");
        return r ? r
                 : request_answer(request, status,
                                  json_pack("{s:s, s:s}", "error", error, "error_description", description));
}

int oauth_refuse_grant(struct request *request, int r)
{
        static const struct {
                int status;
                const char *error;
                const char *description;
        } rows[] = {
                [GRANT_INVALID] = { 400, "invalid_grant", "It is unknown, spent, expired, or not yours." },
                [GRANT_BAD_SCOPE] = { 400, "invalid_scope", "This is more than may be asked for." },
                [GRANT_PENDING] = { 400, "authorization_pending",
                                    "Nobody has answered yet. Ask again later." },
                [GRANT_SLOW_DOWN] = { 400, "slow_down", "Wait five seconds more between two questions." },
                [GRANT_DENIED] = { 400, "access_denied", "The person said no." },
                [GRANT_EXPIRED] = { 400, "expired_token", "The code is over. Begin again." },
                [GRANT_TOO_MANY] = { 503, "temporarily_unavailable", "Too many devices are waiting." },
        };

        if (r <= 0 || (size_t)r >= ARRAY_LENGTH(rows))
                return r > 0 ? fold(r) : r;
        return oauth_refuse(request, rows[r].status, rows[r].error, rows[r].description);
}

static bool no_client(struct request *request, int *ret_r)
{
        *ret_r = oauth_refuse(request, 401, "invalid_client",
                              "There is no such client, or its secret is wrong.");
        return false;
}

static bool bad_request(struct request *request, const char *description, int *ret_r)
{
        *ret_r = oauth_refuse(request, 400, "invalid_request", description);
        return false;
}

struct shown {
        char octets[BASIC_OCTETS_MAX];
        struct form form; /* of the two words of Basic */
        char room[BASIC_OCTETS_MAX];
        struct text name, secret;
};

static void shown_done(struct shown *shown)
{
        explicit_bzero(shown, sizeof(*shown));
}

/* Both words of Basic are written as in a form (section 2.3.1): read as one of two fields without values. */
static bool read_basic(struct text header, struct shown *ret)
{
        struct text scheme, rest, name, secret;
        size_t length;

        text_cut(header, ' ', &scheme, &rest);
        if (!text_equal_nocase(scheme, TEXT_OF("Basic")) ||
            !base64_parse(text_trim(rest), ret->octets, sizeof(ret->octets), &length) ||
            !text_cut(text_from_octets(ret->octets, length), ':', &name, &secret))
                return false;
        if (form_parse(name, ret->room, &ret->form) != 0 || ret->form.count != 1 ||
            ret->form.fields[0].value.len)
                return false;
        ret->name = ret->form.fields[0].name;
        if (form_parse(secret, ret->room + name.len, &ret->form) != 0 || ret->form.count != 1 ||
            ret->form.fields[0].value.len)
                return false;
        ret->secret = ret->form.fields[0].name;
        return true;
}

bool oauth_client(struct request *request, struct client *ret, int *ret_r)
{
        SCOPED(shown_done) struct shown shown = { .name = { 0 } };
        struct text header = http_header(request->x, "Authorization"), name;
        int r;

        if (!request->form)
                return bad_request(request,
                                   "Send application/x-www-form-urlencoded, each parameter at most once.",
                                   ret_r);
        name = form_value(request->form, "client_id");
        shown.secret = form_value(request->form, "client_secret");
        if (header.at) {
                if (shown.secret.len)
                        return bad_request(request, "Show the secret in one way, not in two.", ret_r);
                if (!read_basic(header, &shown) || (name.len && !text_equal(name, shown.name)))
                        return no_client(request, ret_r);
                name = shown.name;
        }
        if (!name.len)
                return bad_request(request, "client_id is missing.", ret_r);
        if (header.at || shown.secret.len)
                r = client_authenticate(request->core, name, shown.secret, text_from(request->x->peer), ret);
        else
                r = client_recognise(request->core, name, ret);
        if (r < 0) {
                *ret_r = r;
                return false;
        }
        /* A secret takes a machine, and a machine takes a secret. */
        if (r || (ret->kind == CLIENT_MACHINE) != (header.at || shown.secret.len))
                return no_client(request, ret_r);
        return true;
}

bool oauth_scopes(struct request *request, const struct client *client, uint32_t *ret, int *ret_r)
{
        struct text words = form_value(request->form, "scope");

        *ret = 0;
        if (!words.len || (token_scopes_parse(words, ret) && !(*ret & ~client->scopes)))
                return true;
        *ret_r = oauth_refuse_grant(request, GRANT_BAD_SCOPE);
        return false;
}
