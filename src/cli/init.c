// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * "imprimatur init": from a fresh machine to a service with one administrator.
 *
 * folders -> settings -> master key -> keeper, for the moment -> tenant and administrator -> what to do next
 *
 * A second run goes on where the first one stopped. The password goes from the terminal into a pipe.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "cli/init-files.h"
#include "cli/nouns.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "os/child.h"
#include "os/peer.h"

#define KEEPER_START_MS 20000
#define SERVICE_WALL_MS 120000
#define WORDS           256

struct init {
        const struct invocation *invocation;
        struct init_paths paths;
        struct init_users users;
        char keeper[INIT_PATH]; /* the programs */
        char service[INIT_PATH];
        char tenant[WORDS];
        char mail_domain[WORDS];
        char administrator[WORDS];
        struct secret_line password;
        struct secret_line operator_password; /* where there is to be one */
};

static void init_done(struct init *init)
{
        secret_line_done(&init->password);
        secret_line_done(&init->operator_password);
}

/* Our programs lie beside us. */
static bool find_programs(struct init *init)
{
        char own[INIT_PATH];
        ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 64);
        char *slash;

        own[length > 0 ? length : 0] = '\0';
        slash = strrchr(own, '/');
        if (!slash)
                return false;
        *slash = '\0';
        snprintf(init->keeper, sizeof(init->keeper), "%.*s/imprimatur-keeper", INIT_PATH - 64, own);
        snprintf(init->service, sizeof(init->service), "%.*s/imprimaturd", INIT_PATH - 64, own);
        if (access(init->keeper, X_OK) == 0 && access(init->service, X_OK) == 0)
                return true;
        complain("imprimaturd and imprimatur-keeper are not in %s: install them first.", own);
        return false;
}

static bool ask(const struct invocation *invocation, const char *option, const char *question, char *ret)
{
        const char *value = option_value(invocation, option);

        if (value)
                snprintf(ret, WORDS, "%s", value);
        if (value || terminal_ask(question, ret, WORDS))
                return ret[0] != '\0';
        complain("--%s is missing.", option);
        return false;
}

/* "example.com" of "admin@example.com" is a good guess. */
static bool ask_all(struct init *init)
{
        const char *at;

        snprintf(init->tenant, sizeof(init->tenant), "main");
        if (!ask(init->invocation, "tenant", "Short name of the organisation, in addresses", init->tenant) ||
            !ask(init->invocation, "administrator", "E-mail address of the administrator",
                 init->administrator))
                return false;
        at = strchr(init->administrator, '@');
        snprintf(init->mail_domain, sizeof(init->mail_domain), "%s", at ? at + 1 : "");
        return ask(init->invocation, "mail-domain", "Mail domain of its people", init->mail_domain) &&
               terminal_new_secret("Password of the administrator: ", &init->password) &&
               (!option_value(init->invocation, "operator") ||
                terminal_new_secret("Password of the operator: ", &init->operator_password));
}

static bool make_master_key(struct init *init)
{
        const char *argv[] = { init->keeper, "--config", init->paths.keeper_conf, "--make-master-key", NULL };
        struct child_options options = {
                .path = init->keeper, .argv = argv, .input = -1, .output = 1, .errors = 2
        };
        SCOPED(child_done) struct child child = { .pidfd = -1 };
        int r;

        if (access(init->paths.master_key, F_OK) == 0) {
                printf("%s exists; it is not changed.\n", init->paths.master_key);
                return true;
        }
        r = child_start(&child, &options);
        if (r == 0)
                r = child_wait(&child, clock_monotonic_ms() + KEEPER_START_MS, NULL);
        if (r)
                return complain("the master key could not be made; see above."), false;
        printf("%s\n", init->paths.master_key);
        return true;
}

/* The keeper's log tells when it listens; its later lines find the pipe closed, which does not disturb it. */
static bool wait_ready(int from)
{
        int64_t deadline_ms = clock_monotonic_ms() + KEEPER_START_MS;
        char log[8192];
        size_t length = 0;

        while (length < sizeof(log) - 1) {
                struct pollfd fd = { from, POLLIN, 0 };
                int64_t left_ms = deadline_ms - clock_monotonic_ms();
                ssize_t n;

                if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0)
                        break;
                n = read(from, log + length, sizeof(log) - 1 - length);
                if (n <= 0)
                        break;
                length += (size_t)n;
                log[length] = '\0';
                if (strstr(log, "\"event\":\"ready\""))
                        return true;
        }
        fwrite(log, 1, length, stderr);
        complain("the keeper does not start; see above.");
        return false;
}

static bool keeper_answers(const struct init *init)
{
        SCOPED(closep) int fd = -1;

        return peer_connect(init->paths.socket, 1000, &fd) == 0;
}

static bool start_keeper(struct init *init, struct child *child)
{
        const char *argv[] = { init->keeper, "--config", init->paths.keeper_conf, NULL };
        struct child_options options = { .path = init->keeper, .argv = argv, .input = -1, .output = -1 };
        SCOPED(closep) int from = -1;
        SCOPED(closep) int to = -1;
        int fds[2];

        if (keeper_answers(init))
                return true;
        if (pipe2(fds, O_CLOEXEC) < 0)
                return complain("%s", strerror(errno)), false;
        from = fds[0];
        to = fds[1];
        options.errors = to;
        if (child_start(child, &options))
                return complain("%s: cannot be started.", init->keeper), false;
        close(take_fd(&to));
        return wait_ready(from);
}

static void add_argument(const char **argv, size_t *count, const char *option, const char *value)
{
        if (!value)
                return;
        argv[(*count)++] = option;
        argv[(*count)++] = value;
}

static bool write_password(int to, const struct secret_line *password)
{
        size_t length = strlen(password->octets);

        /* A pipe takes a page at once. */
        return write(to, password->octets, length) == (ssize_t)length && write(to, "\n", 1) == 1;
}

/* Runs the service's program once, with a password on its standard input. */
static bool run_service(const struct init *init, const char **argv, const struct secret_line *password)
{
        struct child_options options = { .path = init->service, .argv = argv, .output = 1, .errors = 2 };
        SCOPED(child_done) struct child child = { .pidfd = -1 };
        SCOPED(closep) int from = -1;
        SCOPED(closep) int to = -1;
        int fds[2];

        if (pipe2(fds, O_CLOEXEC) < 0)
                return complain("%s", strerror(errno)), false;
        options.input = from = fds[0];
        to = fds[1];
        if (child_start(&child, &options) || !write_password(to, password))
                return complain("%s: cannot be started.", init->service), false;
        close(take_fd(&to));
        return child_wait(&child, clock_monotonic_ms() + SERVICE_WALL_MS, NULL) == 0;
}

static bool make_tenant(struct init *init)
{
        const char *argv[24] = { init->service, "--config", init->paths.service_conf, "--init" };
        size_t count = 4;

        add_argument(argv, &count, "--tenant", init->tenant);
        add_argument(argv, &count, "--mail-domain", init->mail_domain);
        add_argument(argv, &count, "--administrator", init->administrator);
        add_argument(argv, &count, "--title", option_value(init->invocation, "title"));
        add_argument(argv, &count, "--company-code", option_value(init->invocation, "company-code"));
        add_argument(argv, &count, "--name", option_value(init->invocation, "name"));
        if (!run_service(init, argv, &init->password))
                return complain("the first tenant could not be made; see above."), false;
        return true;
}

/* Who has the service for his organisation alone needs none. */
static bool make_operator(struct init *init)
{
        const char *email = option_value(init->invocation, "operator");
        const char *argv[] = {
                init->service, "--config", init->paths.service_conf, "--add-operator", "--operator",
                email,         NULL
        };

        if (!email || run_service(init, argv, &init->operator_password))
                return true;
        return complain("the operator could not be made; see above."), false;
}

/* The port of "[::]:8443". */
static const char *port(const struct init *init)
{
        const char *listen = option_value(init->invocation, "listen");
        const char *colon = listen ? strrchr(listen, ':') : NULL;

        return colon ? colon + 1 : "8443";
}

static void say_what_next(const struct init *init)
{
        printf("\nThis machine is set up. Keep a copy of %s in a safe place,\napart from the backups: without it no "
               "document can be read.\n\nNext, start the keeper, then the service:\n\n"
               "    %s --config %s\n    %s --config %s\n\nand sign in (the service makes its certificate when it "
               "starts):\n\n    imprimatur login --server https://localhost:%s --ca %s/service/certificate.pem "
               "--email %s\n\nFrom networks that are not private ones nothing can be done yet: imprimatur tenant set "
               "--outside everything\nopens it to all, --inside NETWORK to yours. Then: imprimatur printer add, imprimatur agent add, imprimatur person add. imprimatur "
               "doctor tells what is\nmissing.\n",
               init->paths.master_key, init->keeper, init->paths.keeper_conf, init->service,
               init->paths.service_conf, port(init), init->paths.state, init->administrator);
}

int init_command(struct invocation *invocation)
{
        SCOPED(init_done) struct init init = { .invocation = invocation };
        SCOPED(child_done) struct child keeper = { .pidfd = -1 };

        if (!find_programs(&init) || !init_paths_read(invocation, &init.paths) ||
            !init_users_read(invocation, &init.users) || !ask_all(&init))
                return EXIT_REFUSED;
        if (!init_folders_make(&init.paths, &init.users) ||
            !init_settings_write(invocation, &init.paths, &init.users) || !make_master_key(&init) ||
            !start_keeper(&init, &keeper) || !make_tenant(&init) || !make_operator(&init))
                return EXIT_REFUSED;
        say_what_next(&init);
        return EXIT_DONE;
}
