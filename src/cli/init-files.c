// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/init-files.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "cli/command.h"
#include "os/file.h"
#include "os/process.h"

static bool take_folder(const struct invocation *invocation, const char *option, const char *otherwise,
                        char ret[INIT_PATH])
{
        const char *value = option_value(invocation, option);

        snprintf(ret, INIT_PATH, "%s", value ? value : otherwise);
        if (ret[0] == '/' && strlen(ret) < INIT_PATH - 64 && !strpbrk(ret, "\n\r;#"))
                return true;
        complain("--%s must be an absolute path without ; and #", option);
        return false;
}

static void join(char *ret, const char *folder, const char *name)
{
        snprintf(ret, INIT_PATH, "%.*s/%s", INIT_PATH - 64, folder, name);
}

bool init_paths_read(const struct invocation *invocation, struct init_paths *ret)
{
        if (!take_folder(invocation, "config", "/etc/imprimatur", ret->config) ||
            !take_folder(invocation, "state", "/var/lib/imprimatur", ret->state) ||
            !take_folder(invocation, "run", "/run/imprimatur", ret->run))
                return false;
        join(ret->service_conf, ret->config, "imprimaturd.conf");
        join(ret->keeper_conf, ret->config, "keeper.conf");
        join(ret->socket, ret->run, "keeper.sock");
        join(ret->master_key, ret->state, "master.key");
        return true;
}

static bool find_user(const char *name, uid_t *ret)
{
        if (!name) {
                *ret = geteuid();
                return true;
        }
        if (process_find_user(name, ret) == 0)
                return true;
        complain("there is no user %s on this machine. Make it: adduser --system --group %s", name, name);
        return false;
}

bool init_users_read(const struct invocation *invocation, struct init_users *ret)
{
        struct passwd *entry;

        ret->service = option_value(invocation, "service-user");
        ret->keeper = option_value(invocation, "keeper-user");
        if (!find_user(ret->service, &ret->service_uid) || !find_user(ret->keeper, &ret->keeper_uid))
                return false;
        entry = getpwuid(ret->service_uid);
        ret->service_gid = entry ? entry->pw_gid : getegid();
        if (geteuid() == 0 || (ret->service_uid == geteuid() && ret->keeper_uid == geteuid()))
                return true;
        complain("only root can set up a machine for other users: run this with sudo.");
        return false;
}

/* With its parents; mode and owner are set also where it exists, so that a second run repairs. */
static bool make_folder(const char *path, mode_t mode, uid_t owner, gid_t group)
{
        char part[INIT_PATH];

        for (const char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
                snprintf(part, sizeof(part), "%.*s", (int)(at - path), path);
                if (mkdir(part, 0755) == 0)
                        chmod(part, 0755);
        }
        if (mkdir(path, 0700) < 0 && errno != EEXIST) {
                complain("%s: cannot be made: %s", path, strerror(errno));
                return false;
        }
        if ((geteuid() == 0 && chown(path, owner, group) < 0) || chmod(path, mode) < 0) {
                complain("%s: owner and mode cannot be set: %s", path, strerror(errno));
                return false;
        }
        return true;
}

bool init_folders_make(const struct init_paths *paths, const struct init_users *users)
{
        char keeper[INIT_PATH], service[INIT_PATH];
        bool is_shared = users->keeper_uid == users->service_uid;

        join(keeper, paths->state, "keeper");
        join(service, paths->state, "service");
        /* The service reaches the keeper's socket by its group, which new files in a folder of mode 2xxx
         * take over. */
        return make_folder(paths->config, 0755, geteuid(), getegid()) &&
               make_folder(paths->state, 0755, geteuid(), getegid()) &&
               make_folder(keeper, 0700, users->keeper_uid, (gid_t)-1) &&
               make_folder(service, 0700, users->service_uid, (gid_t)-1) &&
               make_folder(paths->run, is_shared ? 0700 : 02750, users->keeper_uid, users->service_gid);
}

static bool write_new(const char *path, const struct buffer *text)
{
        SCOPED(closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

        if (fd < 0 && errno == EEXIST) {
                printf("%s exists; it is not changed.\n", path);
                return true;
        }
        if (fd < 0 || fchmod(fd, 0644) < 0 || file_write(fd, text->at, text->len)) {
                complain("%s: cannot be written: %s", path, strerror(errno));
                return false;
        }
        file_sync(fd);
        printf("%s\n", path);
        return true;
}

static bool write_keeper(const struct init_paths *paths, const struct init_users *users)
{
        SCOPED(buffer_done) struct buffer text = BUFFER(4096);

        buffer_format(&text,
                      "# Settings of imprimatur-keeper: man imprimatur.conf tells all of them.\n"
                      "[keeper]\nsocket = %s\nstate = %s/keeper\nmaster_key = %s\nusers = %u\n",
                      paths->socket, paths->state, paths->master_key, (unsigned int)users->service_uid);
        if (users->keeper)
                buffer_format(&text, "user = %s\n", users->keeper);
        return !text.failure && write_new(paths->keeper_conf, &text);
}

/* One line of the settings, where the option was given and makes no second line. */
static bool add_line(const struct invocation *invocation, const char *option, const char *name,
                     struct buffer *to)
{
        const char *value = option_value(invocation, option);

        if (value && strpbrk(value, "\n\r;#")) {
                complain("--%s must not hold ; or #", option);
                return false;
        }
        if (value)
                buffer_format(to, "%s = %s\n", name, value);
        return true;
}

/* "https://print.example:8443", of --names and --listen; nothing where the first name is this machine's own.
 */
static void add_public_url(const struct invocation *invocation, struct buffer *to)
{
        const char *names = option_value(invocation, "names"), *listen = option_value(invocation, "listen");
        const char *colon = listen ? strrchr(listen, ':') : NULL;
        struct text name, rest;

        if (!names)
                return;
        text_cut(text_from(names), ',', &name, &rest);
        name = text_trim(name);
        if (text_is_name(name) && !text_equal(name, TEXT_OF("localhost")) && !text_starts_with(name, "127."))
                buffer_format(to, "\n[api]\npublic_url = https://%.*s:%s\n", TEXT_ARGS(name),
                              colon ? colon + 1 : "8443");
}

static bool write_service(const struct invocation *invocation, const struct init_paths *paths,
                          const struct init_users *users)
{
        SCOPED(buffer_done) struct buffer text = BUFFER(4096);

        buffer_format(&text,
                      "# Settings of imprimaturd: man imprimatur.conf tells all of them.\n"
                      "[server]\nstate = %s/service\n",
                      paths->state);
        if (!add_line(invocation, "listen", "listen", &text))
                return false;
        if (users->service)
                buffer_format(&text, "user = %s\n", users->service);
        buffer_format(&text, "\n[keeper]\nsocket = %s\nowner = %u\n\n[tls]\n", paths->socket,
                      (unsigned int)users->keeper_uid);
        if (!add_line(invocation, "names", "names", &text))
                return false;
        add_public_url(invocation, &text);
        return !text.failure && write_new(paths->service_conf, &text);
}

bool init_settings_write(const struct invocation *invocation, const struct init_paths *paths,
                         const struct init_users *users)
{
        return write_keeper(paths, users) && write_service(invocation, paths, users);
}
