// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/text.h"
#include "cli/nouns.h"
#include "cli/oauth.h"
#include "cli/session.h"
#include "cli/terminal.h"

/* The profile may be used from any folder. */
static bool make_absolute(char *path, size_t size)
{
        char *whole;
        bool fits;

        if (!path[0])
                return true;
        whole = realpath(path, NULL);
        if (!whole) {
                complain("%s: there is no such file.", path);
                return false;
        }
        fits = text_copy(text_from(whole), path, size);
        free(whole);
        return fits;
}

static int make_token(struct session *session)
{
        SCOPED(json_decrefp) json_t *made = NULL;
        char host[128] = "?", label[192];
        int status;

        gethostname(host, sizeof(host) - 1);
        snprintf(label, sizeof(label), "imprimatur on %s", host);
        status = session_call(session, "POST", "/v1/tokens",
                              json_pack("{s:s, s:s}", "label", label, "kind", "api"), &made);
        if (status)
                return status;
        snprintf(session->profile.token, sizeof(session->profile.token), "%s",
                 json_string_value(json_object_get(made, "token")));
        snprintf(session->profile.token_id, sizeof(session->profile.token_id), "%s",
                 json_string_value(json_object_get(made, "id")));
        return EXIT_DONE;
}

/* "CODE\EMAIL" is how the service is told both at once. */
static int name_company(const struct invocation *invocation, const char *email, char *ret, size_t size)
{
        const char *code = option_value(invocation, "company-code");
        char typed[32] = "";

        if (!code && profile_asks_company()) {
                if (!terminal_ask("Company code", typed, sizeof(typed)))
                        return complain(
                                "name your organisation with --company-code; whoever signed in here last "
                                "wanted to be asked (imprimatur me --always-company-code).");
                code = typed;
        }
        snprintf(ret, size, "%s%s%s", code ? code : "", code ? "\\" : "", email);
        return EXIT_DONE;
}

static int remember_company(struct session *session)
{
        SCOPED(json_decrefp) json_t *me = NULL;
        int status = session_call(session, "GET", "/v1/me", NULL, &me);

        if (status == EXIT_DONE)
                profile_remember_company(json_is_true(json_object_get(me, "always_company_code")));
        return status;
}

/* Whoever was given a password sets his own before anything else; the session then goes on with that. */
static int replace_given(struct session *session, struct invocation *invocation, const char *name)
{
        SCOPED(secret_line_done) struct secret_line own = { 0 };
        SCOPED(json_decrefp) json_t *me = NULL;
        int status = session_call(session, "GET", "/v1/me", NULL, &me);

        if (status || !json_is_true(json_object_get(json_object_get(me, "person"), "password_given")))
                return status;
        fputs("Somebody else set this password. Set one that only you know.\n", stderr);
        if (!terminal_new_secret("New password: ", &own))
                return EXIT_REFUSED;
        status = session_call(session, "PUT", "/v1/people/me/password",
                              json_pack("{s:s}", "password", own.octets), NULL);
        if (status)
                return status;
        session_done(session);
        *session = (struct session){ 0 };
        return session_open_as(session, invocation, name, own.octets);
}

static int login_by_password(struct invocation *invocation, const char *email)
{
        SCOPED(secret_line_done) struct secret_line password = { 0 };
        SCOPED(session_done) struct session session = { 0 };
        char name[320];
        int status;

        status = name_company(invocation, email, name, sizeof(name));
        if (status)
                return status;
        if (!terminal_secret("Password: ", &password))
                return EXIT_REFUSED;
        status = session_open_as(&session, invocation, name, password.octets);
        if (status == EXIT_DONE)
                status = replace_given(&session, invocation, name);
        if (status == EXIT_DONE && !make_absolute(session.profile.ca, sizeof(session.profile.ca)))
                status = EXIT_REFUSED;
        if (status == EXIT_DONE)
                status = remember_company(&session);
        if (status == EXIT_DONE)
                status = make_token(&session);
        if (status)
                return status;
        session.profile.refresh_token[0] = '\0';
        snprintf(session.profile.email, sizeof(session.profile.email), "%s", email);
        if (!profile_write(&session.profile))
                return EXIT_REFUSED;
        printf("You are signed in at %s as %s.\n", session.profile.server, email);
        return EXIT_DONE;
}

/* Who it is that said yes. */
static int read_email(struct invocation *invocation, struct profile *profile)
{
        SCOPED(session_done) struct session session = { .invocation = invocation };
        SCOPED(json_decrefp) json_t *me = NULL;
        const char *email;
        int status;

        memcpy(&session.profile, profile, sizeof(*profile));
        status = session_open_client(&session);
        if (status == EXIT_DONE)
                status = session_call(&session, "GET", "/v1/me", NULL, &me);
        if (status)
                return status;
        email = json_string_value(json_object_get(json_object_get(me, "person"), "email"));
        snprintf(profile->email, sizeof(profile->email), "%s", email ? email : "?");
        return EXIT_DONE;
}

static int login_by_page(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        const char *scope = option_value(invocation, "scope");
        struct profile *profile = &session.profile;
        int status = session_open_as(&session, invocation, "", "");

        if (status == EXIT_DONE && !make_absolute(profile->ca, sizeof(profile->ca)))
                status = EXIT_REFUSED;
        profile->refresh_token[0] = profile->token[0] = '\0';
        if (status == EXIT_DONE)
                status = option_flag(invocation, "browser")
                                 ? oauth_login_by_browser(session.client, scope, profile)
                                 : oauth_login_by_device(session.client, scope, profile);
        if (status == EXIT_DONE)
                status = read_email(invocation, profile);
        if (status)
                return status;
        if (!profile_write(profile))
                return EXIT_REFUSED;
        printf("You are signed in at %s as %s.\n", profile->server, profile->email);
        return EXIT_DONE;
}

int login_command(struct invocation *invocation)
{
        const char *email = option_value(invocation, "email");

        if (!email)
                return login_by_page(invocation);
        if (option_flag(invocation, "browser") || option_value(invocation, "scope"))
                return complain_of_usage(invocation, "--email signs in with a password; leave it out.");
        return login_by_password(invocation, email);
}

int logout_command(struct invocation *invocation)
{
        SCOPED(session_done) struct session session = { 0 };
        char path[256];
        int status = session_open_as(&session, invocation, NULL, NULL);

        if (status == EXIT_DONE && !session.profile.token[0])
                status = complain("you are not signed in. Run: imprimatur login");
        if (status == EXIT_DONE && session.profile.refresh_token[0])
                status = oauth_revoke(&session.profile);
        else if (status == EXIT_DONE && session.profile.token_id[0] &&
                 path_make(path, sizeof(path), "/v1/tokens/%", session.profile.token_id, ""))
                status = session_call(&session, "DELETE", path, NULL, NULL);
        profile_remove();
        if (status)
                complain(
                        "the profile is removed, but what it held may live on: look at imprimatur grant list and "
                        "imprimatur token list.");
        return status;
}
