// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "keeper/answer.h"
#include "keeper/chain.h"
#include "keeper/limit.h"
#include "keeper/master.h"
#include "keeper/service.h"
#include "keeper/settings.h"
#include "keeper/trail.h"
#include "keys/keys.h"
#include "os/peer.h"
#include "os/process.h"

#define OVERRIDES_MAX 32

/*
 * Everything that poll, the socket that is already open, and small files in one directory need. No execve, no
 * new socket of any kind, no ptrace, no mapping of files made executable later (mmap is needed for memory).
 */
static const char *const calls[] = {
        "accept4",
        "brk",
        "clock_gettime",
        "close",
        "exit",
        "exit_group",
        "fchmod",
        "fcntl",
        "fdatasync",
        "fstat",
        "fsync",
        "futex",
        "getdents64",
        "getpid",
        "getrandom",
        "getsockopt",
        "gettid",
        "lseek",
        "madvise",
        "mkdirat",
        "mmap",
        "mprotect",
        "mremap",
        "munmap",
        "newfstatat",
        "openat",
        "poll",
        "ppoll",
        "pread64",
        "pwrite64",
        "read",
        "recvfrom",
        "renameat",
        "renameat2",
        "restart_syscall",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sched_yield",
        "sendto",
        "sigaltstack",
        "tgkill",
        "unlinkat",
        "write",
        "writev",
        NULL,
};

struct arguments {
        const char *config;
        const char *overrides[OVERRIDES_MAX];
        size_t overrides_count;
        bool make_master_key;
        bool rotate_master;
        bool forget_old_master;
        bool print_settings;
};

static int usage(FILE *to, int status)
{
        fprintf(to,
                "imprimatur-keeper [--config FILE] [--set SECTION.NAME=VALUE]...\n"
                "\n"
                "Keeps the master, tenant and day keys, and opens document keys for the service.\n"
                "\n"
                "  --config FILE       settings (INI)\n"
                "  --set S.N=VALUE     a setting, in place of the file's\n"
                "  --settings          print every setting with the value in force, and end\n"
                "  --make-master-key   make the master key and end; refuses where there is one\n"
                "  --rotate-master     make another master key in its place, tell the running keeper, and end;\n"
                "                      the earlier one stays beside it, with .old behind its name\n"
                "  --forget-old-master destroy the earlier one, once the service has followed, and end\n"
                "  --version, --help\n");
        return status;
}

/* -1: go on; otherwise the exit status. */
static int arguments_parse(int argc, char **argv, struct arguments *ret)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' },
                { "set", required_argument, NULL, 's' },
                { "settings", no_argument, NULL, 'S' },
                { "make-master-key", no_argument, NULL, 'm' },
                { "rotate-master", no_argument, NULL, 'r' },
                { "forget-old-master", no_argument, NULL, 'f' },
                { "version", no_argument, NULL, 'v' },
                { "help", no_argument, NULL, 'h' },
                { 0 },
        };
        int option;

        while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
                switch (option) {
                case 'c': ret->config = optarg; break;
                case 's':
                        if (ret->overrides_count == OVERRIDES_MAX)
                                return usage(stderr, 2);
                        ret->overrides[ret->overrides_count++] = optarg;
                        break;
                case 'S': ret->print_settings = true; break;
                case 'm': ret->make_master_key = true; break;
                case 'r': ret->rotate_master = true; break;
                case 'f': ret->forget_old_master = true; break;
                case 'v': return printf("imprimatur-keeper %s\n", IMPRIMATUR_VERSION) < 0;
                case 'h': return usage(stdout, 0);
                default: return usage(stderr, 2);
                }
        return optind == argc ? -1 : usage(stderr, 2);
}

static int complain(const char *sentence)
{
        fprintf(stderr, "imprimatur-keeper: %s\n", sentence);
        return 1;
}

static int complain_of(const char *what, const char *path, int r)
{
        fprintf(stderr, "imprimatur-keeper: %s: %s%s%s\n", path, what, r < 0 ? ": " : "",
                r < 0 ? strerror(-r) : "");
        return 1;
}

static int complain_of_master(const char *path, int r)
{
        switch (r) {
        case MASTER_NOT_FOUND:
                return complain_of("no master key here; make it with --make-master-key", path, r);
        case MASTER_EXISTS: return complain_of("there is a master key already; it is not replaced", path, r);
        case MASTER_NOT_PRIVATE: return complain_of("must belong to us or root, with mode 0400", path, r);
        case MASTER_DAMAGED: return complain_of("not a master key: it must have 32 octets", path, r);
        default: return complain_of("the master key cannot be used", path, r);
        }
}

/* The order matters: the key may be for root alone; the socket must show whom the service expects; and after
 * the last step nothing but the state directory can be opened. */
static int give_up_rights(const struct settings *settings, int *ret_listener)
{
        const char *const to_write[] = { settings->state, NULL };
        int r;

        r = peer_listen(settings->socket, 0660, ret_listener);
        if (r)
                return r == PEER_IN_USE ? fault(-EADDRINUSE) : r;
        r = process_allow_paths(NULL, to_write);
        if (r < 0)
                return r;
        return process_allow_calls(calls);
}

static void chain_limit_freep(struct limit **limit)
{
        limit_free(*limit);
}

/* old is NULL where no rotation is under way. */
static int serve(const struct settings *settings, const struct secret *master, const struct secret *old)
{
        SCOPED(chain_limit_freep) struct limit *limit = NULL;
        SCOPED(chain_limit_freep) struct limit *trail_limit = NULL;
        SCOPED(trail_closep) struct trail *trail = NULL;
        SCOPED(chain_closep) struct chain *chain = NULL;
        SCOPED(closep) int listener = -1;
        SCOPED(closep) int stop = -1;
        struct chain_options chained = { settings->state, settings->held_max, settings->days_ahead };
        struct service_options service = {
                .users = settings->users,
                .makers = settings->makers,
                .owner = geteuid(),
                .clients_max = settings->clients_max,
                .sweep_ms = settings->sweep_ms,
                .grace_days = settings->grace_days,
        };
        int r;

        r = process_stop_open(&stop);
        if (r == 0)
                r = chain_open(old ? old : master, &chained, &chain);
        if (r == 0 && old)
                r = fold(chain_master_add(chain, master));
        if (r == 0)
                r = trail_open(settings->state, chain, &trail);
        if (r == 0)
                r = limit_new(settings->opens_per_minute, &limit);
        if (r == 0)
                r = limit_new(settings->checkpoints_per_minute, &trail_limit);
        if (r < 0)
                return r;
        /* Now that everything is there which it will ever need. */
        process_lock_memory();
        r = give_up_rights(settings, &listener);
        if (r < 0)
                return r;
        service.listener = listener;
        service.stop = stop;
        log_write(LOG_NOTICE, "ready", "socket", settings->socket, NULL);
        return service_run(&service, &(struct answerer){ chain, limit, trail, trail_limit });
}

static int run(const struct settings *settings)
{
        SCOPED(secret_done) struct secret master;
        SCOPED(secret_done) struct secret old;
        uid_t user = geteuid();
        bool has_old;
        int r;

        r = process_harden();
        if (r < 0)
                return complain_of("hardening failed", "process", r);
        if (settings->user && process_find_user(settings->user, &user))
                return complain_of("no such user", settings->user, 0);
        r = master_read(settings->master_key, user, &master);
        if (r)
                return complain_of_master(settings->master_key, r);
        r = master_read_old(settings->master_key, user, &old);
        if (r && r != MASTER_NOT_FOUND)
                return complain_of_master(settings->master_key, r);
        has_old = r == 0;
        process_raise_locked();
        r = process_become(settings->user);
        if (r)
                return complain_of("cannot become this user", settings->user, r);
        /* Becoming somebody else makes a process dumpable again. */
        r = process_harden();
        if (r < 0)
                return complain_of("hardening failed", "process", r);

        r = serve(settings, &master, has_old ? &old : NULL);
        if (r < 0) {
                log_fault("ended", r);
                return 1;
        }
        log_write(LOG_NOTICE, "stopped", NULL);
        return 0;
}

/* fresh NULL: to forget the others. A keeper that does not run reads a new key when it starts; to forget one,
 * it must be there. */
static int tell_running(const struct settings *settings, uid_t user, const struct secret *fresh)
{
        SCOPED(keys_closep) struct keys *keys = NULL;
        const struct keys_options options = { .path = settings->socket, .uid = user, .pool = 1 };
        int r;

        r = keys_open(&options, &keys);
        if (fresh && (r == -ENOENT || r == -ECONNREFUSED)) {
                printf("no keeper is running; it will use the files when it starts\n");
                return 0;
        }
        if (r == 0)
                r = fresh ? keys_master_add(keys, fresh) : keys_master_forget(keys);
        if (r == 0)
                return 0;
        return complain_of(r == KEYS_WRONG ? "the running keeper belongs to somebody else"
                                           : "the running keeper could not be told",
                           settings->socket, r);
}

static int rotate(const struct settings *settings)
{
        SCOPED(secret_done) struct secret fresh;
        uid_t user = geteuid();
        int r;

        if (settings->user && process_find_user(settings->user, &user))
                return complain_of("no such user", settings->user, 0);
        r = master_rotate(settings->master_key, user, &fresh);
        if (r == MASTER_EXISTS)
                return complain_of(
                        "an earlier master key is still beside it, with .old behind its name: once the "
                        "service has followed, destroy it with --forget-old-master",
                        settings->master_key, r);
        if (r)
                return complain_of_master(settings->master_key, r);
        r = tell_running(settings, user, &fresh);
        if (r == 0)
                printf("%s is another key now. The service wraps its tenants' keys anew within a minute and logs "
                       "\"master-key-followed\".\nKeep a copy of the new key. Then, and when no backup of the database "
                       "from before is needed any more: --forget-old-master\n",
                       settings->master_key);
        return r;
}

/* The running keeper first: it wraps by the new one what it keeps itself. */
static int forget_old(const struct settings *settings)
{
        uid_t user = geteuid();
        int r;

        if (settings->user && process_find_user(settings->user, &user))
                return complain_of("no such user", settings->user, 0);
        r = tell_running(settings, user, NULL);
        if (r)
                return r;
        r = master_forget_old(settings->master_key);
        if (r == MASTER_NOT_FOUND)
                return complain_of("there is no earlier master key beside it", settings->master_key, 0);
        return r ? complain_of_master(settings->master_key, r) : 0;
}

int main(int argc, char **argv)
{
        SCOPED(config_closep) struct config *config = NULL;
        struct arguments arguments = { 0 };
        struct settings settings;
        char complaint[512];
        int r;

        r = arguments_parse(argc, argv, &arguments);
        if (r >= 0)
                return r;
        log_init("imprimatur-keeper", LOG_NOTICE);
        r = config_open(arguments.config, &config);
        for (size_t i = 0; r == 0 && i < arguments.overrides_count; i++)
                r = config_override(config, arguments.overrides[i]);
        if (r)
                return complain(config ? config_complaint(config) : "the settings cannot be read");
        r = settings_read(config, &settings, complaint);
        if (r)
                return complain(complaint);

        if (arguments.print_settings) {
                config_print(config, stdout);
                return 0;
        }
        if (arguments.rotate_master)
                return rotate(&settings);
        if (arguments.forget_old_master)
                return forget_old(&settings);
        if (!arguments.make_master_key)
                return run(&settings);
        r = master_make(settings.master_key);
        return r ? complain_of_master(settings.master_key, r) : 0;
}
