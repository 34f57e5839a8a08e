// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Every change on the disk fails once: what was promised before and after stands, nobody is promised what is
 * not there, and the house goes on. A flush that fails ends the process, and the next one finds everything
 * that was promised.
 */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/scope.h"
#include "disk.h"
#include "house.h"

#define DOCUMENTS 9

enum {
        EXIT_ENDED = 0,     /* no flush failed */
        EXIT_REFUSED = 2,   /* the house was not opened */
        EXIT_IGNORED = 3,   /* a flush failed, and nobody cared */
        EXIT_FLUSHLESS = 74 /* what our code ends with when a flush has failed */
};

static char folder[64];

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
        return remove(path);
}

static void remove_folder(void)
{
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_folder(void)
{
        snprintf(folder, sizeof(folder), "%s/imprimatur-faults-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        assert(mkdtemp(folder));
}

/* Sends and deletes; told[] are those whose sender was told and who were not deleted since. */
static void live(struct house *house, bool told[DOCUMENTS])
{
        for (int64_t i = 0; i < DOCUMENTS; i++) {
                told[i] = house_submit(house, i) == 0;
                if (i % 3 == 2) {
                        told[i - 1] = false;
                        house_delete(house, i - 1);
                }
        }
}

static void check(struct house *house, const bool told[DOCUMENTS])
{
        for (int64_t i = 0; i < DOCUMENTS; i++)
                assert(!told[i] || house_has(house, i));
        assert(house_count(house) >= 0);
}

/* What was given up after the failure is not named by any row that a loss of power brings back. */
static void lose_power_after_failure(unsigned int seed)
{
        for (size_t i = 0; i < 4 && disk_failed_at() + 3 * i <= disk_count(); i++) {
                struct house house;

                make_folder();
                disk_image(disk_failed_at() + 3 * i, DISK_IGNORES_NOTHING, seed + (unsigned int)i, folder);
                assert(house_open(&house, folder) == 0 && house_count(&house) >= 0);
                house_close(&house);
                remove_folder();
        }
}

/* False when there is no nth change any more. */
static bool survives_change(unsigned int nth, int error)
{
        bool told[DOCUMENTS] = { 0 }, has_failed;
        struct house house;

        make_folder();
        disk_watch(folder);
        assert(house_open(&house, folder) == 0);
        disk_fail(nth, error);
        live(&house, told);
        has_failed = disk_has_failed();
        disk_fail(0, 0);
        check(&house, told);
        assert(house_submit(&house, 100) == 0 && house_has(&house, 100));
        house_close(&house);

        assert(house_open(&house, folder) == 0);
        check(&house, told);
        assert(house_has(&house, 100));
        house_close(&house);
        disk_unwatch();
        remove_folder();
        if (has_failed)
                lose_power_after_failure(nth);
        return has_failed;
}

static void no_change_that_fails_breaks_a_promise(int error, unsigned int stride)
{
        unsigned int nth = 1;

        while (survives_change(nth, error))
                nth += stride;
        assert(nth > 10 * stride);
}

/* The child tells what was promised as it goes, and is expected to end itself. */
static _Noreturn void live_until_flush_fails(unsigned int nth, int promises)
{
        struct house house;

        disk_watch(folder);
        disk_fail_flush(nth);
        if (house_open(&house, folder) != 0)
                _exit(EXIT_REFUSED);
        for (char i = 0; i < DOCUMENTS; i++)
                if (house_submit(&house, i) == 0 && write(promises, &i, 1) != 1)
                        _exit(1);
        house_close(&house);
        _exit(disk_has_failed() ? EXIT_IGNORED : EXIT_ENDED);
}

static int survives_flush(unsigned int nth)
{
        bool told[DOCUMENTS] = { 0 };
        struct house house;
        int ends[2], status;
        char number;
        pid_t pid;

        make_folder();
        assert(pipe2(ends, O_CLOEXEC) == 0);
        pid = fork();
        assert(pid >= 0);
        if (pid == 0)
                live_until_flush_fails(nth, ends[1]);
        close(ends[1]);
        while (read(ends[0], &number, 1) == 1)
                told[(int)number] = true;
        close(ends[0]);
        assert(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
        assert(house_open(&house, folder) == 0);
        check(&house, told);
        house_close(&house);
        remove_folder();
        return WEXITSTATUS(status);
}

/*
 * SQLite does not look at the outcome when it flushes the folder of a new journal or log. db_open() flushes
 * that folder itself before the first promise, so these two are not missed.
 */
static void a_flush_that_fails_ends_the_process(void)
{
        unsigned int nth = 1, ends = 0, ignored = 0;
        int status;

        while ((status = survives_flush(nth++)) != EXIT_ENDED) {
                assert(status == EXIT_REFUSED || status == EXIT_IGNORED || status == EXIT_FLUSHLESS);
                ends += status == EXIT_FLUSHLESS;
                ignored += status == EXIT_IGNORED;
        }
        assert(ends > 10 && ignored <= 2);
}

int main(int argc, char **argv)
{
        unsigned int stride = argc > 1 ? (unsigned int)atoi(argv[1]) : 3;
        int nowhere = open("/dev/null", O_WRONLY);
        int before = dup(STDERR_FILENO);

        /* Each of the faults is logged, as it should be; here they are the test's own. */
        if (argc <= 1)
                dup2(nowhere, STDERR_FILENO);
        close(nowhere);
        close(before);
        log_init("crash", LOG_WARNING);
        no_change_that_fails_breaks_a_promise(ENOSPC, stride);
        no_change_that_fails_breaks_a_promise(EIO, stride);
        a_flush_that_fails_ends_the_process();
        return 0;
}
