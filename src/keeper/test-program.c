// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The program itself, as the service meets it: started, asked over its socket, killed and started again.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "keys/keys.h"
#include "os/child.h"
#include "os/file.h"
#include "os/peer.h"

#define NOBODY 65534

static char folder[] = "/tmp/imprimatur-keeper-XXXXXX";
static char program[PATH_MAX + 32];
static char key_setting[128], socket_setting[256], state_setting[128], socket_path[128], log_path[128];
static int log_fd = -1;

static void find_program(void)
{
        char self[PATH_MAX] = "";

        assert(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
        snprintf(program, sizeof(program), "%s/imprimatur-keeper", dirname(self));
}

static void start(struct child *child, const char *more)
{
        const char *const argv[] = { program, "--set",       key_setting, "--set", socket_setting,
                                     "--set", state_setting, more,        NULL };
        const char *const environment[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
        struct child_options options = { .path = program,
                                         .argv = argv,
                                         .environment = environment,
                                         .input = -1,
                                         .output = -1,
                                         .errors = log_fd };

        assert(child_start(child, &options) == 0);
}

static int64_t soon_ms(void)
{
        return clock_monotonic_ms() + 20000;
}

static struct keys *connected(void)
{
        struct keys_options options = { .path = socket_path, .uid = getuid() };
        int64_t until_ms = soon_ms();
        struct keys *keys = NULL;

        while (keys_open(&options, &keys) < 0)
                assert(clock_monotonic_ms() < until_ms);
        return keys;
}

static struct keys_document document_new(void)
{
        return (struct keys_document){ id_new(), KEYS_ORIGINAL, clock_day(clock_unix_ms()) + 1 };
}

static bool status_says(pid_t pid, const char *line)
{
        SCOPED(buffer_done) struct buffer status = BUFFER(65536);
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
        assert(file_read(path, 65536, &status) == 0);
        return strstr(buffer_string(&status), line) != NULL;
}

static void it_has_given_up_its_rights(pid_t pid)
{
        assert(status_says(pid, "NoNewPrivs:\t1\n"));
        assert(status_says(pid, "Seccomp:\t2\n"));
}

static void keys_are_made_and_opened(struct keys *keys, const struct keys_tenant *tenant)
{
        struct keys_document document = document_new(), past = document;
        struct secret made, opened;
        struct wrapped_key wrapped;
        uint8_t mac[KEYS_MAC_OCTETS], other[KEYS_MAC_OCTETS];
        static const uint8_t hash[KEYS_MAC_OCTETS] = "of a PIN";

        assert(keys_document_make(keys, tenant, &document, &made, &wrapped) == 0);
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
        past.expiry_day = 1;
        assert(keys_document_make(keys, tenant, &past, &made, &wrapped) == KEYS_PAST);

        assert(keys_card_mac(keys, tenant, TEXT_OF("04A1B2C3D4"), mac) == 0);
        assert(keys_card_mac(keys, tenant, TEXT_OF("04A1B2C3D5"), other) == 0);
        assert(memcmp(mac, other, sizeof(mac)) != 0);
        assert(keys_card_mac(keys, tenant, TEXT_OF(""), mac) == -EMSGSIZE);

        assert(keys_pepper(keys, tenant, KEYS_PIN, hash, mac) == 0);
        assert(keys_pepper(keys, tenant, KEYS_PASSWORD, hash, other) == 0);
        assert(memcmp(mac, other, sizeof(mac)) != 0);
        assert(keys_recode(keys, tenant, tenant, KEYS_PIN, mac, other) == 0 &&
               memcmp(mac, other, sizeof(mac)) == 0);
        assert(keys_field_key(keys, tenant, &made) == 0 && keys_field_key(keys, tenant, &opened) == 0);
        assert(memcmp(&made, &opened, sizeof(made)) == 0);
}

struct worker {
        struct keys *keys;
        const struct keys_tenant *tenant;
        atomic_bool stop;
        atomic_uint done;
};

/* Every key that was handed out must open later, whatever happened to the keeper in between. */
static void *work(void *argument)
{
        struct worker *worker = argument;

        while (!worker->stop) {
                struct keys_document document = document_new();
                struct secret made, opened;
                struct wrapped_key wrapped;

                assert(keys_document_make(worker->keys, worker->tenant, &document, &made, &wrapped) == 0);
                assert(keys_document_open(worker->keys, worker->tenant, &document, &wrapped, KEYS_FOR_RENDER,
                                          &opened) == 0);
                assert(memcmp(&made, &opened, sizeof(made)) == 0);
                worker->done++;
        }
        return NULL;
}

static void wait_for_work(struct worker *worker, unsigned int more)
{
        unsigned int until = worker->done + more;
        int64_t until_ms = soon_ms();

        while (worker->done < until) {
                assert(clock_monotonic_ms() < until_ms);
                poll(NULL, 0, 1);
        }
}

static void a_killed_keeper_is_missed_by_nobody(struct keys *keys, const struct keys_tenant *tenant,
                                                struct child *child)
{
        struct worker worker = { .keys = keys, .tenant = tenant };
        pthread_t threads[4];

        for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
                assert(pthread_create(&threads[i], NULL, work, &worker) == 0);
        for (int i = 0; i < 5; i++) {
                wait_for_work(&worker, 20);
                child_done(child);
                start(child, NULL);
        }
        wait_for_work(&worker, 20);
        worker.stop = true;
        for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
                pthread_join(threads[i], NULL);
}

/* As another user of the machine, who may reach the socket but is not on the list. Needs root to become one.
 */
static void strangers_are_refused(void)
{
        char byte;
        size_t len;
        int status, fd;
        pid_t pid;

        if (getuid() != 0)
                return;
        assert(chmod(folder, 0711) == 0 && chmod(socket_path, 0666) == 0);
        pid = fork();
        assert(pid >= 0);
        if (pid == 0) {
                if (setuid(NOBODY) < 0 || peer_connect(socket_path, 20000, &fd) < 0)
                        _exit(1);
                _exit(peer_receive(fd, &byte, 1, &len) == PEER_CLOSED ? 0 : 2);
        }
        assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* A process that takes documents in, but has no business with reading them. Needs root to become one. */
static void makers_make_and_open_nothing(const struct keys_tenant *tenant)
{
        SCOPED(child_done) struct child child;
        struct keys_options options = { .path = socket_path, .uid = getuid() };
        struct keys_document document = document_new();
        struct wrapped_key wrapped;
        uint8_t mac[KEYS_MAC_OCTETS];
        struct secret key;
        struct keys *keys;
        int status;
        pid_t pid;

        if (getuid() != 0)
                return;
        start(&child, "--set=keeper.makers=65534");
        keys_close(connected());
        assert(chmod(socket_path, 0666) == 0);
        pid = fork();
        assert(pid >= 0);
        if (pid == 0) {
                if (setuid(NOBODY) < 0 || keys_open(&options, &keys) < 0)
                        _exit(1);
                if (keys_document_make(keys, tenant, &document, &key, &wrapped) != 0)
                        _exit(2);
                if (keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) != KEYS_WRONG)
                        _exit(3);
                if (keys_card_mac(keys, tenant, TEXT_OF("04A1"), mac) != KEYS_WRONG)
                        _exit(4);
                if (keys_day_destroy(keys, tenant->tenant, document.expiry_day) >= 0)
                        _exit(5);
                _exit(0);
        }
        assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* With the usual limit on locked memory, which once kept it from getting any more. Needs root to become one.
 */
static void it_serves_as_another_user(const struct keys_tenant *tenant)
{
        const char *const argv[] = { "chown", "-R", "65534", folder, NULL };
        struct child_options give = {
                .path = "/bin/chown", .argv = argv, .input = -1, .output = -1, .errors = -1
        };
        struct keys_options options = { .path = socket_path, .uid = NOBODY };
        struct rlimit limit = { 8 << 20, 8 << 20 };
        SCOPED(child_done) struct child child;
        int64_t until_ms = soon_ms();
        struct keys *keys = NULL;

        if (getuid() != 0)
                return;
        assert(child_start(&child, &give) == 0 && child_wait(&child, until_ms, NULL) == 0);
        child_done(&child);
        assert(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
        start(&child, "--set=keeper.user=65534");
        while (keys_open(&options, &keys) < 0)
                assert(clock_monotonic_ms() < until_ms);
        assert(status_says(child.pid, "Uid:\t65534\t65534\t65534\t65534\n"));
        keys_are_made_and_opened(keys, tenant);
        keys_close(keys);
}

/* And the service refuses a keeper that is not who it should be. */
static void a_false_keeper_is_refused(void)
{
        struct keys_options options = { .path = socket_path, .uid = getuid() + 1 };
        struct keys *keys = NULL;

        assert(keys_open(&options, &keys) == -EPERM && !keys);
}

static void nonsense_closes_only_its_own_connection(struct keys *keys)
{
        SCOPED(closep) int fd = -1;
        char octets[300] = "nonsense";
        size_t len;

        assert(peer_connect(socket_path, 20000, &fd) == 0);
        assert(peer_send(fd, octets, 8) == 0);
        assert(peer_receive(fd, octets, sizeof(octets), &len) == PEER_CLOSED);
        close(take_fd(&fd));
        assert(peer_connect(socket_path, 20000, &fd) == 0);
        assert(peer_send(fd, octets, sizeof(octets)) == 0);
        assert(peer_receive(fd, octets, sizeof(octets), &len) == PEER_CLOSED);
        assert(keys_ping(keys) == 0);
}

static void what_is_long_over_is_swept_unasked(const struct keys_tenant *tenant)
{
        SCOPED(child_done) struct child child;
        struct keys_document document = document_new();
        char day[160], name[256], id[ID_STRING];
        int64_t until_ms = soon_ms();
        struct wrapped_key wrapped;
        struct secret key;
        struct keys *keys;

        id_format(tenant->tenant, id);
        snprintf(day, sizeof(day), "%s/state/days/19000", folder);
        snprintf(name, sizeof(name), "%s/%s-1", day, id);
        assert(mkdir(day, 0700) == 0 && file_replace(name, 0600, TEXT_OF("an old key")) == 0);
        start(&child, "--set=keeper.sweep=100ms");
        keys = connected();
        assert(keys_document_make(keys, tenant, &document, &key, &wrapped) == 0);
        while (access(day, F_OK) == 0) {
                assert(clock_monotonic_ms() < until_ms);
                poll(NULL, 0, 5);
        }
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) == 0);
        keys_close(keys);
}

static void opening_is_limited(const struct keys_tenant *tenant)
{
        SCOPED(child_done) struct child child;
        struct keys_document document = document_new();
        struct wrapped_key wrapped;
        struct secret key;
        struct keys *keys;

        start(&child, "--set=keeper.opens_per_minute=2");
        keys = connected();
        assert(keys_document_make(keys, tenant, &document, &key, &wrapped) == 0);
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) == 0);
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) == 0);
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) == KEYS_LIMITED);
        assert(keys_document_make(keys, tenant, &document, &key, &wrapped) == 0);
        assert(keys_day_destroy(keys, tenant->tenant, document.expiry_day) == 0);
        assert(keys_document_open(keys, tenant, &document, &wrapped, KEYS_FOR_ARM, &key) == KEYS_LIMITED);
        keys_close(keys);
}

static void checkpoints_are_signed_and_limited(const struct keys_tenant *tenant)
{
        SCOPED(child_done) struct child child;
        uint8_t hash[KEYS_MAC_OCTETS] = { 1 }, first[KEYS_CHECKPOINT_OCTETS], second[KEYS_CHECKPOINT_OCTETS];
        struct keys *keys;

        start(&child, "--set=keeper.checkpoints_per_minute=3");
        keys = connected();
        assert(keys_checkpoint(keys, tenant, 0, 1, hash, first) == 0);
        assert(keys_checkpoint(keys, tenant, 0, 2, hash, second) == 0);
        assert(memcmp(first, second, sizeof(first)) == 0);
        assert(keys_checkpoint(keys, tenant, 1, 2, hash, second) == 0);
        assert(memcmp(first, second, sizeof(first)) != 0);
        assert(keys_checkpoint(keys, tenant, 2, 3, hash, second) == KEYS_LIMITED);
        keys_close(keys);
}

static void a_missing_keeper_is_a_fault_in_time(void)
{
        struct keys_options options = { .path = socket_path, .uid = getuid() };
        struct keys *keys = NULL;
        int64_t before_ms = clock_monotonic_ms();

        assert(keys_open(&options, &keys) == -ECONNREFUSED && !keys);
        assert(clock_monotonic_ms() - before_ms < 20000);
}

static void its_log_names_ids_and_no_keys(const struct keys_tenant *tenant)
{
        SCOPED(buffer_done) struct buffer content = BUFFER(64 << 20);
        char id[ID_STRING];

        id_format(tenant->tenant, id);
        assert(file_read(log_path, 64 << 20, &content) == 0);
        assert(strstr(buffer_string(&content), id) && strstr(content.at, "\"purpose\":\"arm\""));
        assert(!strstr(content.at, "314159") && !strstr(content.at, "04A1B2C3D4"));
}

int main(void)
{
        SCOPED(child_done) struct child child = { .pid = -1, .pidfd = -1 };
        struct keys_tenant tenant;
        uint64_t number;
        const char *const clean[] = { "rm", "-r", folder, NULL };
        struct child_options remove = {
                .path = "/bin/rm", .argv = clean, .input = -1, .output = -1, .errors = -1
        };
        struct keys *keys;
        int status;

        find_program();
        assert(mkdtemp(folder));
        snprintf(key_setting, sizeof(key_setting), "keeper.master_key=%s/master.key", folder);
        snprintf(socket_path, sizeof(socket_path), "%s/socket", folder);
        snprintf(socket_setting, sizeof(socket_setting), "keeper.socket=%s", socket_path);
        snprintf(state_setting, sizeof(state_setting), "keeper.state=%s/state", folder);
        snprintf(log_path, sizeof(log_path), "%s/log", folder);
        log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        assert(log_fd >= 0);

        /* Without a master key it does not start, and makes none by itself. */
        start(&child, NULL);
        assert(child_wait(&child, soon_ms(), &status) == CHILD_FAILED && status == 1);
        start(&child, "--make-master-key");
        assert(child_wait(&child, soon_ms(), &status) == 0);
        start(&child, "--make-master-key");
        assert(child_wait(&child, soon_ms(), &status) == CHILD_FAILED);

        start(&child, NULL);
        keys = connected();
        it_has_given_up_its_rights(child.pid);
        assert(keys_tenant_make(keys, id_new(), 1, &tenant, &number) == 0);
        keys_are_made_and_opened(keys, &tenant);
        nonsense_closes_only_its_own_connection(keys);
        strangers_are_refused();
        a_false_keeper_is_refused();
        a_killed_keeper_is_missed_by_nobody(keys, &tenant, &child);
        keys_close(keys);

        assert(kill(child.pid, SIGTERM) == 0);
        assert(child_wait(&child, soon_ms(), &status) == 0);
        what_is_long_over_is_swept_unasked(&tenant);
        opening_is_limited(&tenant);
        checkpoints_are_signed_and_limited(&tenant);
        makers_make_and_open_nothing(&tenant);
        a_missing_keeper_is_a_fault_in_time();
        its_log_names_ids_and_no_keys(&tenant);
        it_serves_as_another_user(&tenant);

        assert(child_start(&child, &remove) == 0 && child_wait(&child, soon_ms(), &status) == 0);
        return 0;
}
