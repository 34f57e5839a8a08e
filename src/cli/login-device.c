// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Signing in with a code that is typed on another device (RFC 8628). */

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/scope.h"
#include "cli/command.h"
#include "cli/oauth.h"
#include "cli/qr.h"

#define SLOWER_S 5

static const char *member(json_t *object, const char *name)
{
        const char *value = json_string_value(json_object_get(object, name));

        return value ? value : "";
}

/* What a server wrote is shown without what could steer the terminal. */
static bool is_plain(const char *string)
{
        for (; *string; string++)
                if ((unsigned char)*string <= 0x20 || (unsigned char)*string >= 0x7f)
                        return false;
        return true;
}

static int complain_of(struct http_client *client, const char *server, int r)
{
        complain("%s: %s (%s)", server, r > 0 ? http_client_refusal_phrase(r) : strerror(-r),
                 http_client_complaint(client));
        return EXIT_UNREACHABLE;
}

static int begin(struct http_client *client, const char *server, const char *scope, json_t **ret)
{
        SCOPED(buffer_wipe) struct buffer form = BUFFER(4096);
        char host[128] = "?", name[192];
        int r, status = 0;

        gethostname(host, sizeof(host) - 1);
        snprintf(name, sizeof(name), "imprimatur on %s", host);
        oauth_field(&form, "client_id", OAUTH_CLIENT);
        oauth_field(&form, "device_name", name);
        if (scope)
                oauth_field(&form, "scope", scope);
        r = oauth_ask(client, "/oauth/device_authorization", &form, &status, ret);
        if (r)
                return complain_of(client, server, r);
        if (status == 200 && is_plain(member(*ret, "verification_uri")) &&
            is_plain(member(*ret, "user_code")) && is_plain(member(*ret, "verification_uri_complete")) &&
            member(*ret, "device_code")[0])
                return EXIT_DONE;
        if (strcmp(oauth_error(*ret), "invalid_scope") == 0)
                return complain("--scope is some of: print release read account admin");
        return complain("%s: no code was given (status %d, %s).", server, status, oauth_error(*ret));
}

static void show(json_t *codes)
{
        fprintf(stderr,
                "Open this page in a browser, on any device:\n\n    %s\n\nand type this code there:\n\n    %s\n\n",
                member(codes, "verification_uri"), member(codes, "user_code"));
        if (isatty(STDERR_FILENO)) {
                qr_print(stderr, member(codes, "verification_uri_complete"));
                fputs("\nWaiting. Ctrl-C ends it.\n", stderr);
        }
        fflush(stderr);
}

/* True while it is worth asking again. */
static bool goes_on(const char *error, unsigned int *interval_s)
{
        if (strcmp(error, "slow_down") == 0) {
                *interval_s += SLOWER_S;
                return true;
        }
        return strcmp(error, "authorization_pending") == 0;
}

static int complain_of_end(const char *error)
{
        if (strcmp(error, "access_denied") == 0)
                return complain("somebody said no.");
        if (strcmp(error, "expired_token") == 0)
                return complain("nobody typed the code in time. Run: imprimatur login");
        return complain("the service says: %s.", error);
}

static int wait_for(struct http_client *client, json_t *codes, struct profile *profile)
{
        SCOPED(buffer_wipe) struct buffer form = BUFFER(4096);
        json_int_t interval = json_integer_value(json_object_get(codes, "interval"));
        unsigned int interval_s = interval > 0 && interval < 300 ? (unsigned int)interval : 5;

        oauth_field(&form, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        oauth_field(&form, "client_id", OAUTH_CLIENT);
        oauth_field(&form, "device_code", member(codes, "device_code"));
        for (;;) {
                SCOPED(json_decrefp) json_t *answer = NULL;
                struct timespec pause = { .tv_sec = interval_s };
                int r, status = 0;

                nanosleep(&pause, NULL);
                r = oauth_ask(client, "/oauth/token", &form, &status, &answer);
                /* A network that is away for a moment is asked again, more slowly (section 3.5). */
                if (r == HTTP_CLIENT_TIMEOUT || r == HTTP_CLIENT_CUT) {
                        interval_s += SLOWER_S;
                        continue;
                }
                if (r)
                        return complain_of(client, profile->server, r);
                if (status == 200 && oauth_take(profile, answer))
                        return EXIT_DONE;
                if (!goes_on(oauth_error(answer), &interval_s))
                        return complain_of_end(oauth_error(answer));
        }
}

int oauth_login_by_device(struct http_client *client, const char *scope, struct profile *profile)
{
        SCOPED(json_decrefp) json_t *codes = NULL;
        int status = begin(client, profile->server, scope, &codes);

        if (status)
                return status;
        show(codes);
        return wait_for(client, codes, profile);
}
