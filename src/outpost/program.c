// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/program.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/process.h"
#include "outpost/package.h"

#define CODE_MAX       256
#define RENEW_LOOK_MS  3600000
#define RENEW_AGAIN_MS 5000 /* while a next key waits for the service's word */

static int usage(const struct program *program, FILE *to, int status)
{
        fputs(program->usage, to);
        return status;
}

int program_read_words(const struct program *program, int argc, char **argv, struct program_words *ret)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' },
                { "set", required_argument, NULL, 's' },
                { "enrol", optional_argument, NULL, 'e' },
                { "settings", no_argument, NULL, 'S' },
                { "help", no_argument, NULL, 'h' },
                { "version", no_argument, NULL, 'v' },
                { 0 },
        };
        int option;

        while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
                switch (option) {
                case 'c': ret->config = optarg; break;
                case 'S': ret->print_settings = true; break;
                case 'e': ret->enrol = optarg ? optarg : "-"; break;
                case 's':
                        if (ret->overrides_count == PROGRAM_OVERRIDES_MAX)
                                return usage(program, stderr, 2);
                        ret->overrides[ret->overrides_count++] = optarg;
                        break;
                case 'h': return usage(program, stdout, 0);
                case 'v': return printf("%s %s\n", program->name, IMPRIMATUR_VERSION) < 0;
                default: return usage(program, stderr, 2);
                }
        if (ret->enrol && optind < argc)
                ret->enrol = argv[optind++];
        return optind < argc ? usage(program, stderr, 2) : -1;
}

int program_complain(const struct program *program, const char *what, const char *why)
{
        fprintf(stderr, "%s: %s%s%s\n", program->name, what, why ? ": " : "", why ? why : "");
        return 1;
}

static enum log_level read_level(struct config *config)
{
        static const char *const names[] = { "error", "warning", "notice", "debug" };
        const char *level = config_string(config, "log", "level", "notice");

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (strcmp(level, names[i]) == 0)
                        return (enum log_level)i;
        return LOG_NOTICE;
}

#define SCHEME_UNKNOWN ((enum http_proxy_scheme) - 1)

static enum http_proxy_scheme read_scheme(struct config *config)
{
        static const char *const names[] = { "any", "digest", "basic" };
        const char *name = config_string(config, "service", "proxy_auth", names[HTTP_PROXY_ANY]);

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (strcmp(name, names[i]) == 0)
                        return (enum http_proxy_scheme)i;
        return SCHEME_UNKNOWN;
}

void program_settings_read(struct config *config, const char *section, const char *state,
                           struct program_settings *ret)
{
        *ret = (struct program_settings){
                .level = read_level(config),
                .url = config_string(config, "service", "url", NULL),
                .ca = config_string(config, "service", "ca", NULL),
                .proxy = { .address = config_string(config, "service", "proxy", NULL),
                           .credentials_path = config_string(config, "service", "proxy_credentials", NULL),
                           .scheme = read_scheme(config) },
                .state = config_string(config, section, "state", state),
                .name = config_string(config, section, "name", section),
        };
}

/* What an enrolment file says of the service, where the settings do not. False after a complaint. */
static bool settle(const struct program *program, const struct program_words *words)
{
        SCOPED(package_done) struct package package;
        int r = package_read(words->enrol, &package);

        if (r == PACKAGE_DAMAGED)
                program_complain(program, words->enrol, "no enrolment file that this version understands");
        if (r)
                return r == PACKAGE_NONE;
        r = package_settle(&package, words->config);
        if (r)
                program_complain(program, words->config, strerror(-r));
        return r == 0;
}

bool program_open_config(const struct program *program, const struct program_words *words,
                         struct config **ret)
{
        int r;

        if (words->enrol && words->config && !settle(program, words))
                return false;
        r = config_open(words->config, ret);
        for (size_t i = 0; r == 0 && i < words->overrides_count; i++)
                r = config_override(*ret, words->overrides[i]);
        if (r)
                program_complain(program, *ret ? config_complaint(*ret) : strerror(-r), NULL);
        return r == 0;
}

/* A sentence, or NULL. What is secret is no part of an address, which is shown and logged. */
static const char *complaint_of_proxy(const struct service_proxy *proxy)
{
        char credentials[SERVICE_PROXY_CREDENTIALS];
        const char *password;
        struct stat stat_of;
        bool good;

        if (!proxy->address)
                return proxy->credentials_path
                               ? "[service] proxy_credentials is for [service] proxy, which is "
                                 "missing"
                               : NULL;
        if (strncmp(proxy->address, "http://", 7) != 0 || strpbrk(proxy->address + 7, "@/?# \t") ||
            !proxy->address[7])
                return "[service] proxy is http://HOST:PORT; user and password stand in the file that "
                       "proxy_credentials names";
        if (proxy->scheme == SCHEME_UNKNOWN)
                return "[service] proxy_auth is any, digest or basic";
        if (!proxy->credentials_path)
                return NULL;
        if (stat(proxy->credentials_path, &stat_of) < 0)
                return "[service] proxy_credentials: no such file, or none that we may read";
        if (stat_of.st_mode & S_IRWXO)
                return "[service] proxy_credentials may be read by everybody: take that away (chmod o= FILE)";
        good = service_proxy_credentials(proxy->credentials_path, credentials, &password);
        explicit_bzero(credentials, sizeof(credentials));
        return good ? NULL : "[service] proxy_credentials is a file of one line, USER:PASSWORD";
}

bool program_settings_are_good(const struct program *program, const struct program_words *words,
                               const struct program_settings *settings, const struct config *config, int r)
{
        if (r)
                program_complain(program, config_complaint(config), NULL);
        else if (!settings->url && !words->print_settings)
                program_complain(program,
                                 "[service] url is missing: say where the service is, https://HOST:PORT",
                                 NULL);
        else if (complaint_of_proxy(&settings->proxy))
                program_complain(program, complaint_of_proxy(&settings->proxy), NULL);
        else
                return true;
        return false;
}

struct identity_place program_place(const struct program *program, const struct program_settings *settings,
                                    int directory)
{
        return (struct identity_place){ .state = settings->state,
                                        .directory = directory,
                                        .url = settings->url,
                                        .ca = settings->ca,
                                        .proxy = settings->proxy.address ? &settings->proxy : NULL,
                                        .program = program->name,
                                        .prefix = program->prefix,
                                        .file = program->file };
}

/* White space around a code is nobody's fault. */
static bool fold_code(char code[CODE_MAX])
{
        struct text trimmed = text_trim(text_from(code));

        memmove(code, trimmed.at, trimmed.len);
        code[trimmed.len] = 0;
        return trimmed.len > 0 && crockford_fold(code);
}

static int read_code(const char *path, char ret[CODE_MAX])
{
        SCOPED(package_done) struct package package;
        SCOPED(closep) int opened = -1;
        size_t len = 0;
        ssize_t n;
        int fd = 0;

        if (package_read(path, &package) == 0) {
                memcpy(ret, package.code, sizeof(package.code));
                return fold_code(ret) ? 0 : -1;
        }
        if (strcmp(path, "-") != 0)
                fd = opened = open(path, O_RDONLY | O_CLOEXEC);
        while (fd >= 0 && len < CODE_MAX - 1 && (n = read(fd, ret + len, CODE_MAX - 1 - len)) > 0)
                len += (size_t)n;
        ret[len] = 0;
        return fold_code(ret) ? 0 : -1;
}

int program_enrol(const struct program *program, const struct program_settings *settings, int directory,
                  const char *path)
{
        struct identity_place place = program_place(program, settings, directory);
        char code[CODE_MAX] = { 0 };
        int r;

        if (read_code(path, code) != 0)
                return program_complain(program, "the one-time code cannot be read", path);
        r = identity_enrol(&place, text_from(code), settings->name);
        explicit_bzero(code, sizeof(code));
        switch (r) {
        case 0: puts("enrolled"); return 0;
        case IDENTITY_CODE_REFUSED:
                return program_complain(program,
                                        "the service does not take this code: it works once, and for a "
                                        "quarter of an hour; make a new one",
                                        service_complaint());
        case IDENTITY_UNREACHABLE:
                return program_complain(program, "the service cannot be reached", service_complaint());
        default: return program_complain(program, "enrolment failed", strerror(r < 0 ? -r : EPROTO));
        }
}

void program_wait(const struct identity_place *place, struct service *service, int stop)
{
        struct pollfd pollfd = { .fd = stop, .events = POLLIN };

        for (;;) {
                int r = identity_renew(place, service, clock_unix_ms());

                if (r < 0)
                        log_fault("renewal-failed", r);
                else if (r)
                        log_write(LOG_WARNING, "renewal-failed", "why", service_complaint(), NULL);
                if (poll(&pollfd, 1, identity_is_between(place) ? RENEW_AGAIN_MS : RENEW_LOOK_MS) > 0 &&
                    process_stop_take(stop))
                        return;
        }
}
