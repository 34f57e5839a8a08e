// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/oauth.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/scope.h"
#include "cli/command.h"

#define CALL_TIMEOUT_MS 4000 /* twice that is less than the service's patience with a repeated refresh */
#define EARLY_S         30

void oauth_field(struct buffer *form, const char *name, const char *value)
{
        if (form->len)
                buffer_add_string(form, "&");
        buffer_add_string(form, name);
        buffer_add_string(form, "=");
        percent_format(text_from(value), form);
}

int oauth_ask(struct http_client *client, const char *path, const struct buffer *form, int *ret_status,
              json_t **ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = {
                .method = "POST",
                .path = path,
                .content_type = "application/x-www-form-urlencoded",
                .body = buffer_text(form),
                .timeout_ms = CALL_TIMEOUT_MS,
        };
        int r;

        if (form->failure)
                return form->failure;
        r = http_client_request(client, &request, &response);
        if (r)
                return r;
        *ret_status = response.status;
        *ret = response.body.len ? json_loadb(response.body.at, response.body.len, 0, NULL) : NULL;
        if (response.body.at)
                explicit_bzero(response.body.at, response.body.len);
        return 0;
}

const char *oauth_error(json_t *answer)
{
        const char *error = json_string_value(json_object_get(answer, "error"));

        return error ? error : "";
}

bool oauth_take(struct profile *profile, json_t *answer)
{
        const char *token = json_string_value(json_object_get(answer, "access_token"));
        const char *refresh = json_string_value(json_object_get(answer, "refresh_token"));
        json_int_t expires_in = json_integer_value(json_object_get(answer, "expires_in"));

        if (!token || !refresh || expires_in <= 0 || strlen(token) >= sizeof(profile->token) ||
            strlen(refresh) >= sizeof(profile->refresh_token))
                return false;
        snprintf(profile->token, sizeof(profile->token), "%s", token);
        snprintf(profile->refresh_token, sizeof(profile->refresh_token), "%s", refresh);
        profile->expires = (int64_t)time(NULL) + expires_in;
        profile->token_id[0] = '\0';
        return true;
}

/* Held by at most one command; closing it lets go. */
static int lock_profile(void)
{
        char path[1100];
        int fd;

        if (!profile_path(path, sizeof(path) - 8))
                return -1;
        memcpy(path + strlen(path), ".lock", 6);
        fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0 && flock(fd, LOCK_EX) == 0)
                return fd;
        complain("%s: cannot be locked: %s. Nothing was asked of the service.", path, strerror(errno));
        if (fd >= 0)
                close(fd);
        return -1;
}

static bool is_fresh(const struct profile *profile)
{
        return profile->expires - EARLY_S > (int64_t)time(NULL);
}

/* Sent once more where the answer got lost on its way: the service then gives the same again. */
static int ask_refresh(struct http_client *client, const struct profile *profile, int *ret_status,
                       json_t **ret)
{
        SCOPED(buffer_wipe) struct buffer form = BUFFER(4096);
        int r;

        oauth_field(&form, "grant_type", "refresh_token");
        oauth_field(&form, "client_id", OAUTH_CLIENT);
        oauth_field(&form, "refresh_token", profile->refresh_token);
        r = oauth_ask(client, "/oauth/token", &form, ret_status, ret);
        if (r == HTTP_CLIENT_TIMEOUT || r == HTTP_CLIENT_CUT)
                r = oauth_ask(client, "/oauth/token", &form, ret_status, ret);
        return r;
}

/* As nobody: what is asked for stands in the form. */
static int make_client(const struct profile *profile, struct http_client **ret)
{
        struct http_client_options options = { .base = profile->server,
                                               .ca_path = profile->ca[0] ? profile->ca : NULL };

        return http_client_new(&options, ret);
}

static bool refresh_locked(struct profile *profile)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        SCOPED(json_decrefp) json_t *answer = NULL;
        int r, status = 0;

        r = make_client(profile, &client);
        if (r == 0)
                r = ask_refresh(client, profile, &status, &answer);
        if (r) {
                complain("%s: %s (%s)", profile->server, r > 0 ? http_client_refusal_phrase(r) : strerror(-r),
                         client ? http_client_complaint(client) : "");
                return false;
        }
        if (status == 200 && oauth_take(profile, answer))
                return profile_write(profile);
        if (strcmp(oauth_error(answer), "invalid_grant") == 0)
                complain(
                        "your sign-in is over: it was taken back, or a week has passed. Run: imprimatur login");
        else
                complain("the service answered with status %d, %s.", status, oauth_error(answer));
        return false;
}

bool oauth_refresh(const struct invocation *invocation, struct profile *profile, bool forced)
{
        SCOPED(closep) int lock = -1;
        struct profile now;
        bool is_done;

        if (!profile->refresh_token[0] || (!forced && is_fresh(profile)))
                return true;
        lock = lock_profile();
        if (lock < 0 || !profile_read(invocation, &now))
                return false;
        /* Another command was here meanwhile, or somebody has signed in anew or out. */
        if (strcmp(now.refresh_token, profile->refresh_token) != 0 || (!forced && is_fresh(&now)))
                is_done = now.token[0] ||
                          complain("you are not signed in any more. Run: imprimatur login") == 0;
        else
                is_done = refresh_locked(&now);
        if (is_done)
                *profile = now;
        profile_done(&now);
        return is_done;
}

int oauth_revoke(const struct profile *profile)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        SCOPED(buffer_wipe) struct buffer form = BUFFER(4096);
        SCOPED(json_decrefp) json_t *answer = NULL;
        int r, status = 0;

        oauth_field(&form, "client_id", OAUTH_CLIENT);
        oauth_field(&form, "token", profile->refresh_token);
        r = make_client(profile, &client);
        if (r == 0)
                r = oauth_ask(client, "/oauth/revoke", &form, &status, &answer);
        if (r == 0 && status == 200)
                return EXIT_DONE;
        return complain("%s: the sign-in could not be taken back%s%s.", profile->server, r ? "" : ": ",
                        r ? "" : oauth_error(answer));
}
