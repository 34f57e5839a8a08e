// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/carrier.h"
#include "agent/channel.h"
#include "agent/directory.h"
#include "agent/identity.h"
#include "agent/journal.h"
#include "agent/readers.h"
#include "agent/service.h"
#include "agent/settings.h"
#include "agent/swipes.h"
#include "base/clock.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/ask.h"
#include "os/file.h"
#include "os/process.h"
#include "os/wipe.h"

WIPE_WHAT_IS_FREED

#define OVERRIDES_MAX 32
#define CODE_MAX      256
#define STOP_MS       3000
#define RENEW_LOOK_MS 3600000

/* Nothing the agent does needs another program, or another process's memory. */
static const char *const denied_calls[] = {
        "execve",
        "execveat",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "bpf",
        "perf_event_open",
        "init_module",
        "finit_module",
        "delete_module",
        "mount",
        "umount2",
        "pivot_root",
        "unshare",
        "setns",
        "kexec_load",
        "userfaultfd",
        "keyctl",
        "add_key",
        "request_key",
        "io_uring_setup",
        "chroot",
        "swapon",
        "swapoff",
        "reboot",
        NULL,
};

struct arguments {
        const char *config;
        const char *overrides[OVERRIDES_MAX];
        size_t overrides_count;
        bool print_settings;
        const char *enrol; /* file with the code, "-" for standard input */
};

static int usage(FILE *to, int status)
{
        fputs("imprimatur-agent --config FILE [--set SECTION.NAME=VALUE]...\n"
              "imprimatur-agent --config FILE --enrol [CODE-FILE]\n"
              "\n"
              "Carries released documents to the printers of a site, and listens to its badge readers.\n"
              "\n"
              "  --config FILE    settings; see imprimatur-agent(8)\n"
              "  --set S.N=V      a setting that takes the place of the file's\n"
              "  --enrol [FILE]   makes this machine the agent that a one-time code was made for; the code is\n"
              "                   read from the file, or from standard input\n"
              "  --settings       print every setting with the value in force, and end\n"
              "  --version, --help\n",
              to);
        return status;
}

/* -1: go on; otherwise the exit status. */
static int read_arguments(int argc, char **argv, struct arguments *ret)
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
                        if (ret->overrides_count == OVERRIDES_MAX)
                                return usage(stderr, 2);
                        ret->overrides[ret->overrides_count++] = optarg;
                        break;
                case 'h': return usage(stdout, 0);
                case 'v': puts("imprimatur-agent " IMPRIMATUR_VERSION); return 0;
                default: return usage(stderr, 2);
                }
        if (ret->enrol && optind < argc)
                ret->enrol = argv[optind++];
        return optind < argc ? usage(stderr, 2) : -1;
}

static int complain(const char *what, const char *why)
{
        fprintf(stderr, "imprimatur-agent: %s%s%s\n", what, why ? ": " : "", why ? why : "");
        return 1;
}

static int read_settings(const struct arguments *arguments, struct config **ret_config,
                         struct agent_settings *ret)
{
        int r = config_open(arguments->config, ret_config);

        for (size_t i = 0; r == 0 && i < arguments->overrides_count; i++)
                r = config_override(*ret_config, arguments->overrides[i]);
        if (r == 0)
                r = agent_settings_read(*ret_config, ret);
        if (r)
                return complain(*ret_config ? config_complaint(*ret_config) : strerror(-r), NULL);
        if (!ret->url && !arguments->print_settings)
                return complain("[service] url is missing: say where the service is, https://HOST:PORT",
                                NULL);
        return 0;
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
        SCOPED(closep) int opened = -1;
        size_t len = 0;
        ssize_t n;
        int fd = 0;

        if (strcmp(path, "-") != 0)
                fd = opened = open(path, O_RDONLY | O_CLOEXEC);
        while (fd >= 0 && len < CODE_MAX - 1 && (n = read(fd, ret + len, CODE_MAX - 1 - len)) > 0)
                len += (size_t)n;
        ret[len] = 0;
        return fold_code(ret) ? 0 : -1;
}

static int enrol(const struct agent_settings *s, int directory, const char *path)
{
        char code[CODE_MAX] = { 0 };
        int r;

        if (read_code(path, code) != 0)
                return complain("the one-time code cannot be read", path);
        r = identity_enrol(s->state, directory, s->url, s->ca, text_from(code), s->name);
        explicit_bzero(code, sizeof(code));
        switch (r) {
        case 0: puts("enrolled"); return 0;
        case IDENTITY_CODE_REFUSED:
                return complain("the service does not take this code: it works once, and for a quarter of an "
                                "hour; make a new one",
                                service_complaint());
        case IDENTITY_UNREACHABLE: return complain("the service cannot be reached", service_complaint());
        default: return complain("enrolment failed", strerror(r < 0 ? -r : EPROTO));
        }
}

/* Everything that runs; none of it ends before the process does. */
struct agent {
        struct service *service;
        struct journal *journal;
        struct carrier *carrier;
        struct readers *readers;
        struct directory *directory;
        struct channel_parts channel;
        struct swipes swipes;
};

static int make_parts(struct agent *agent, const struct agent_settings *s, int directory)
{
        char path[IDENTITY_PATH];
        struct service_options options = { s->url, s->ca, path };
        bool is_new;
        int r;

        r = identity_path(s->state, path);
        if (r == 0)
                r = service_new(&options, &agent->service);
        if (r == 0)
                r = journal_open(directory, &agent->journal, &is_new);
        if (r == 0)
                r = readers_new(&agent->readers);
        if (r == 0)
                r = carrier_new(s, agent->service, agent->journal, directory, &agent->carrier);
        return r;
}

static int start_parts(struct agent *agent, const struct agent_settings *s)
{
        char port[8];
        uint16_t number;
        int r;

        r = directory_start(s, agent->service, &agent->directory);
        if (r == DIRECTORY_BAD_ALLOW)
                return complain("[directory] allow: names and networks, with commas between them",
                                s->directory_allow);
        if (r)
                return complain("cannot start", strerror(-r));
        agent->channel = (struct channel_parts){ agent->service, agent->journal,   agent->carrier,
                                                 agent->readers, agent->directory, false };
        agent->swipes = (struct swipes){ s, agent->service, agent->journal, agent->carrier, agent->readers };
        r = carrier_start(agent->carrier);
        if (r == 0)
                r = channel_start(&agent->channel);
        if (r)
                return complain("cannot start", strerror(-r));
        r = swipes_start(&agent->swipes, &number);
        snprintf(port, sizeof(port), "%u", number);
        if (r == SWIPES_IN_USE)
                return complain("this port for badge readers is taken, or not ours to take", port);
        if (r)
                return complain("[readers] listen is no address of this machine", s->listen);
        return 0;
}

/* Until a signal asks us to stop; meanwhile our key may grow old. */
static void wait_for_stop(struct agent *agent, const struct agent_settings *s, int directory, int stop)
{
        struct pollfd pollfd = { .fd = stop, .events = POLLIN };

        for (;;) {
                int r = identity_renew(s->state, directory, agent->service, clock_unix_ms());

                if (r < 0)
                        log_fault("renewal-failed", r);
                else if (r)
                        log_write(LOG_WARNING, "renewal-failed", "why", service_complaint(), NULL);
                if (poll(&pollfd, 1, RENEW_LOOK_MS) > 0 && process_stop_take(stop))
                        return;
        }
}

static int run(const struct agent_settings *s, int directory)
{
        struct agent agent = { .service = NULL };
        int stop = -1, r;

        r = identity_check(s->state, directory, s->url, s->ca);
        if (r == IDENTITY_NOT_ENROLLED)
                return complain("this agent is not enrolled: make a one-time code, and run it with --enrol",
                                NULL);
        if (r == 0)
                r = process_stop_open(&stop);
        if (r == 0)
                r = process_deny_calls(denied_calls);
        if (r == 0)
                r = make_parts(&agent, s, directory);
        if (r)
                return complain("cannot start", strerror(r < 0 ? -r : EPROTO));
        if (start_parts(&agent, s) != 0)
                return 1;
        log_write(LOG_NOTICE, "agent-started", "version", IMPRIMATUR_VERSION, NULL);
        wait_for_stop(&agent, s, directory, stop);
        carrier_stop(agent.carrier, clock_monotonic_ms() + STOP_MS);
        log_write(LOG_NOTICE, "agent-stopped", NULL);
        /* What is still under way is in the journal; threads that carry it must not see it vanish. */
        _exit(0);
}

int main(int argc, char **argv)
{
        SCOPED(config_closep) struct config *config = NULL;
        struct arguments arguments = { .config = NULL };
        struct agent_settings settings;
        int directory, r;

        r = read_arguments(argc, argv, &arguments);
        if (r >= 0)
                return r;
        directory_init();
        r = process_harden();
        if (r)
                return complain("cannot harden the process", strerror(-r));
        if (read_settings(&arguments, &config, &settings) != 0)
                return 1;
        if (arguments.print_settings) {
                config_print(config, stdout);
                return 0;
        }
        log_init("imprimatur-agent", settings.level);
        r = directory_open(settings.state, &directory);
        if (r)
                return complain(settings.state, strerror(r < 0 ? -r : EPROTO));
        return arguments.enrol ? enrol(&settings, directory, arguments.enrol) : run(&settings, directory);
}
