// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A tenant's own programs, and its machines. */

#include <string.h>

#include "base/scope.h"
#include "core/sign-in/client.h"
#include "door/api/api.h"

#define OVERLAP_DEFAULT_S 86400
#define OVERLAP_MAX_S     604800

static const char *const kinds[] = { "public", "machine", NULL };

static json_t *client_json(const struct client *c)
{
        char scopes[TOKEN_SCOPES_STRING];
        json_t *redirects = json_array();

        for (size_t i = 0; redirects && i < c->redirect_count; i++)
                if (json_array_append_new(redirects, json_string(c->redirects[i]))) {
                        json_decref(redirects);
                        redirects = NULL;
                }
        token_scopes_format(c->scopes, scopes);
        return json_pack("{s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o}", "id", json_of_id(c->id), "kind",
                         c->kind == CLIENT_MACHINE ? "machine" : "public", "title", json_words(c->title),
                         "redirects", redirects, "scope", scopes, "account", json_of_id(c->account),
                         "created", json_of_time(c->created_ms), "used", json_of_time(c->used_ms));
}

static json_t *format_client(const void *item, void *context)
{
        return client_json(item);
}

int clients_answer(struct request *request)
{
        SCOPED(request_page_done) struct page page = { 0 };
        int r;

        if (!request_page(request, sizeof(struct client), &page, &r))
                return r;
        r = client_list(request->core, &request->actor, page.after, page.items, page.max, &page.count);
        return r ? request_refuse(request, r) : request_answer_page(request, &page, format_client, NULL);
}

static void wipe_secret(char (*secret)[CREDENTIAL_STRING])
{
        explicit_bzero(secret, sizeof(*secret));
}

static int answer_with_secret(struct request *request, json_t *value, const char *secret)
{
        if (value && secret[0] && json_object_set_new(value, "secret", json_string(secret))) {
                json_decref(value);
                value = NULL;
        }
        return request_answer(request, 201, value);
}

int client_make_answer(struct request *request)
{
        SCOPED(wipe_secret) char secret[CREDENTIAL_STRING] = "";
        char rows[CLIENT_REDIRECTS_MAX][REDIRECT_OCTETS];
        struct text redirects[CLIENT_REDIRECTS_MAX];
        struct client_wish wish = { .redirects = redirects };
        const char *title, *scope;
        struct members members;
        struct client client;
        int kind = 0, r;

        if (!request_members(request, &members, &r))
                return r;
        members_word(&members, "kind", MEMBER_REQUIRED, kinds, &kind);
        title = members_string(&members, "title", MEMBER_REQUIRED, CORE_TITLE - 1);
        scope = members_string(&members, "scope", MEMBER_REQUIRED, TOKEN_SCOPES_STRING - 1);
        members_strings(&members, "redirects", CLIENT_REDIRECTS_MAX, rows, sizeof(rows[0]),
                        &wish.redirect_count);
        if (scope && !token_scopes_parse(text_from(scope), &wish.scopes))
                members_complain(
                        &members,
                        "\"scope\" is some of \"print release read account admin\", with blanks between.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        for (size_t i = 0; i < wish.redirect_count; i++) {
                redirects[i] = text_from(rows[i]);
                if (!redirect_is_valid(redirects[i]))
                        return request_bad(request,
                                           "A redirect is https://…, or http:// with 127.0.0.1 or [::1]; "
                                           "without user and fragment.");
        }
        wish.kind = kind ? CLIENT_MACHINE : CLIENT_PUBLIC;
        wish.title = text_from(title);
        r = client_make(request->core, &request->actor, &wish, &client, secret);
        return r ? request_refuse(request, r) : answer_with_secret(request, client_json(&client), secret);
}

int client_answer(struct request *request)
{
        struct client client;
        struct id id;
        int r = request_id(request, 0, &id) ? client_find(request->core, &request->actor, id, &client)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer(request, 200, client_json(&client));
}

int client_delete_answer(struct request *request)
{
        struct id id;
        int r = request_id(request, 0, &id) ? client_delete(request->core, &request->actor, id)
                                            : CORE_NOT_FOUND;

        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int client_rotate_answer(struct request *request)
{
        SCOPED(wipe_secret) char secret[CREDENTIAL_STRING] = "";
        int64_t overlap_s = OVERLAP_DEFAULT_S;
        struct members members;
        struct id id;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        members_number(&members, "overlap", MEMBER_OPTIONAL, 0, OVERLAP_MAX_S, &overlap_s);
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = request_id(request, 0, &id)
                    ? client_rotate(request->core, &request->actor, id, overlap_s * 1000, secret)
                    : CORE_NOT_FOUND;
        return r ? request_refuse(request, r)
                 : answer_with_secret(request, json_pack("{s:o}", "id", json_of_id(id)), secret);
}
