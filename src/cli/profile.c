// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/config.h"
#include "base/scope.h"
#include "cli/command.h"
#include "os/file.h"

#define SERVER_DEFAULT "https://localhost:8443"

void profile_done(struct profile *profile)
{
        explicit_bzero(profile, sizeof(*profile));
}

static bool folder_path(char *ret, size_t size)
{
        const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
        int length = config && config[0] == '/'
                             ? snprintf(ret, size, "%s/imprimatur", config)
                             : snprintf(ret, size, "%s/.config/imprimatur", home ? home : "");

        return length > 0 && (size_t)length < size && ret[0] == '/';
}

bool profile_path(char *ret, size_t size)
{
        size_t length;

        if (!folder_path(ret, size))
                return false;
        length = strlen(ret);
        return (size_t)snprintf(ret + length, size - length, "/profile") < size - length;
}

static void take_value(char *ret, size_t size, const char *first, const char *second, const char *third)
{
        const char *value = first ? first : second && second[0] ? second : third ? third : "";

        snprintf(ret, size, "%s", value);
}

/* Others must not be able to read a token. */
static bool is_private(const char *path)
{
        struct stat stat_of;

        if (stat(path, &stat_of) < 0 || (stat_of.st_mode & 077) == 0)
                return true;
        complain("%s: others can read it. Run: chmod 600 %s", path, path);
        return false;
}

/* What was given by one service is shown to no other one. All is asked for, so that nothing is unknown. */
static void take_tokens(struct config *config, bool is_ours, struct profile *ret)
{
        const char *token = config_string(config, "profile", "token", "");
        const char *token_id = config_string(config, "profile", "token_id", "");
        const char *refresh = config_string(config, "profile", "refresh_token", "");
        const char *of_environment = getenv("IMPRIMATUR_TOKEN");
        int64_t expires = config_number(config, "profile", "expires", 0, 0, INT64_MAX);
        bool is_given = of_environment && of_environment[0];

        take_value(ret->token, sizeof(ret->token), NULL, of_environment, is_ours ? token : "");
        if (is_given || !is_ours)
                return;
        take_value(ret->token_id, sizeof(ret->token_id), NULL, NULL, token_id);
        take_value(ret->refresh_token, sizeof(ret->refresh_token), NULL, NULL, refresh);
        ret->expires = expires;
}

bool profile_read(const struct invocation *invocation, struct profile *ret)
{
        SCOPED(config_closep) struct config *config = NULL;
        bool is_ours = true;
        char path[1024];
        bool has_file = profile_path(path, sizeof(path)) && access(path, R_OK) == 0;

        memset(ret, 0, sizeof(*ret));
        if (has_file && !is_private(path))
                return false;
        if (config_open(has_file ? path : NULL, &config)) {
                complain("%s", config ? config_complaint(config) : "out of memory");
                return false;
        }
        take_value(ret->server, sizeof(ret->server), option_value(invocation, "server"),
                   getenv("IMPRIMATUR_SERVER"), config_string(config, "profile", "server", SERVER_DEFAULT));
        take_value(ret->ca, sizeof(ret->ca), option_value(invocation, "ca"), getenv("IMPRIMATUR_CA"),
                   config_string(config, "profile", "ca", ""));
        if (strcmp(ret->server, config_string(config, "profile", "server", SERVER_DEFAULT)) != 0)
                is_ours = false;
        take_tokens(config, is_ours, ret);
        take_value(ret->email, sizeof(ret->email), NULL, NULL, config_string(config, "profile", "email", ""));
        if (config_finish(config) == 0)
                return true;
        complain("%s", config_complaint(config));
        return false;
}

/* Each folder on the way, ours for us alone. */
static void make_folders(char *path)
{
        for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
                *at = '\0';
                mkdir(path, 0700);
                *at = '/';
        }
        mkdir(path, 0700);
}

bool profile_path_beside(const char *name, char *ret, size_t size)
{
        size_t length;

        if (!folder_path(ret, size))
                return false;
        make_folders(ret);
        length = strlen(ret);
        return (size_t)snprintf(ret + length, size - length, "/%s", name) < size - length;
}

bool profile_write(const struct profile *profile)
{
        SCOPED(buffer_done) struct buffer text = BUFFER(4096);
        char folder[1000], path[1024];
        int r;

        if (!folder_path(folder, sizeof(folder)) || !profile_path(path, sizeof(path))) {
                complain("HOME is not set: there is no place for the profile.");
                return false;
        }
        make_folders(folder);
        buffer_format(&text, "# Written by imprimatur login.\n[profile]\nserver = %s\n", profile->server);
        if (profile->ca[0])
                buffer_format(&text, "ca = %s\n", profile->ca);
        buffer_format(&text, "token = %s\ntoken_id = %s\nemail = %s\n", profile->token, profile->token_id,
                      profile->email);
        if (profile->refresh_token[0])
                buffer_format(&text, "refresh_token = %s\nexpires = %lld\n", profile->refresh_token,
                              (long long)profile->expires);
        r = text.failure ? text.failure : file_replace(path, 0600, buffer_text(&text));
        explicit_bzero(text.at, text.len);
        if (r)
                complain("%s: cannot be written: %s", path, strerror(-r));
        return r == 0;
}

bool profile_remove(void)
{
        char path[1024];

        return profile_path(path, sizeof(path)) && (unlink(path) == 0 || errno == ENOENT);
}

#define ASKS_COMPANY "always-company-code"

bool profile_asks_company(void)
{
        char path[1024];

        return profile_path_beside(ASKS_COMPANY, path, sizeof(path)) && access(path, F_OK) == 0;
}

/* Where it cannot be kept, the next sign-in does not ask. */
void profile_remember_company(bool asks)
{
        char path[1024];

        if (!profile_path_beside(ASKS_COMPANY, path, sizeof(path)))
                return;
        if (asks)
                (void)file_replace(path, 0600, TEXT_OF("yes\n"));
        else
                (void)unlink(path);
}
