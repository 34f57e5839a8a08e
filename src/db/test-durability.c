// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What was acknowledged is there after a kill at any moment, and what was wiped is in no file. */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/scope.h"
#include "db/test-world.h"

#define KILLS       12
#define WRITERS     8
#define NUMBERS_MAX 200000

static const struct id tenant = { { 7 } };

static int add_job(struct db_tx *tx, void *context)
{
        const int64_t *number = context;

        return db_run(tx, tenant, "INSERT INTO job (tenant_id, number, name) VALUES (?1, ?2, 'secret-name')",
                      DB_VALUES(db_integer(*number)), NULL);
}

struct child {
        struct db *db;
        int acknowledgements;
        _Atomic int64_t *next;
};

static void *write_until_killed(void *context)
{
        struct child *child = context;

        for (;;) {
                int64_t number = (*child->next)++;

                assert(db_write(child->db, add_job, &number) == 0);
                assert(write(child->acknowledgements, &number, sizeof(number)) == sizeof(number));
        }
        return NULL;
}

static _Noreturn void be_killed(const struct world *world, int acknowledgements, int64_t first)
{
        _Atomic int64_t next = first;
        struct child child = { NULL, acknowledgements, &next };
        pthread_t thread;

        assert(world_open(world, 2, &child.db) == 0);
        for (int i = 0; i < WRITERS; i++)
                pthread_create(&thread, NULL, write_until_killed, &child);
        for (;;)
                pause();
}

/* Reads so many acknowledgements, kills, and reads the rest. */
static void kill_after(pid_t pid, int acknowledgements, unsigned int count, bool *acknowledged)
{
        int64_t number;
        int status;

        while (count-- > 0) {
                assert(read(acknowledgements, &number, sizeof(number)) == sizeof(number));
                acknowledged[number] = true;
        }
        kill(pid, SIGKILL);
        assert(waitpid(pid, &status, 0) == pid);
        while (read(acknowledgements, &number, sizeof(number)) == sizeof(number))
                acknowledged[number] = true;
}

static int find_all(struct db_tx *tx, void *context)
{
        const bool *acknowledged = context;
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        SCOPED(freep) bool *found = calloc(NUMBERS_MAX, 1);
        int r;

        r = db_find(tx, tenant, "SELECT number FROM job WHERE tenant_id = ?1", DB_NONE, &rows);
        assert(r == 0);
        while (db_rows_next(&rows, &r))
                found[db_rows_integer(&rows, 0)] = true;
        assert(r == 0);
        for (int i = 0; i < NUMBERS_MAX; i++)
                assert(found[i] || !acknowledged[i]);
        return 0;
}

static void a_kill_loses_nothing_acknowledged(const struct world *world)
{
        SCOPED(freep) bool *acknowledged = calloc(NUMBERS_MAX, 1);
        int64_t first = 0;

        for (unsigned int i = 0; i < KILLS; i++) {
                SCOPED(db_closep) struct db *db = NULL;
                int ends[2];
                pid_t pid;

                assert(pipe2(ends, O_CLOEXEC) == 0);
                pid = fork();
                assert(pid >= 0);
                if (pid == 0)
                        be_killed(world, ends[1], first);
                close(ends[1]);
                kill_after(pid, ends[0], 1 + i * 37, acknowledged);
                close(ends[0]);
                assert(world_open(world, 2, &db) == 0);
                assert(db_read(db, find_all, acknowledged) == 0);
                first += NUMBERS_MAX / KILLS;
        }
}

static bool file_contains(const char *path, const char *end, const char *what)
{
        SCOPED(closep) int fd = -1;
        SCOPED(freep) char *octets = NULL;
        struct stat status;
        char name[80];

        snprintf(name, sizeof(name), "%s%s", path, end);
        fd = open(name, O_RDONLY);
        assert(fd >= 0 && fstat(fd, &status) == 0);
        octets = malloc((size_t)status.st_size);
        assert(read(fd, octets, (size_t)status.st_size) == status.st_size);
        return memmem(octets, (size_t)status.st_size, what, strlen(what));
}

static int delete_all(struct db_tx *tx, void *context)
{
        return db_run(tx, tenant, "DELETE FROM job WHERE tenant_id = ?1", DB_NONE, NULL);
}

static void what_is_wiped_is_in_no_file(const struct world *world)
{
        SCOPED(db_closep) struct db *db = NULL;
        struct stat before, after;
        char wal[80];
        int64_t number = NUMBERS_MAX;

        snprintf(wal, sizeof(wal), "%s-wal", world->path);
        assert(world_open(world, 2, &db) == 0);
        assert(db_write(db, add_job, &number) == 0);
        assert(file_contains(world->path, "-wal", "secret-name"));
        assert(stat(wal, &before) == 0);
        assert(db_write(db, delete_all, NULL) == 0);
        assert(db_checkpoint(db) == 0);
        assert(!file_contains(world->path, "", "secret-name"));
        assert(!file_contains(world->path, "-wal", "secret-name"));

        /* And the log kept its size, and goes on to work. */
        assert(stat(wal, &after) == 0 && before.st_size == after.st_size);
        assert(db_write(db, add_job, &number) == 0);
        assert(db_checkpoint(db) == 0 && db_checkpoint(db) == 0);
}

static int wipe_beneath(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        assert(db_one(tx, tenant, "SELECT count(*) FROM job WHERE tenant_id = ?1", DB_NONE, &rows) == 0);
        return db_checkpoint(context);
}

static void a_long_read_refuses_the_wipe_and_nothing_else(const struct world *world)
{
        SCOPED(db_closep) struct db *db = NULL;
        int64_t number = NUMBERS_MAX + 1;

        assert(world_open(world, 2, &db) == 0);
        assert(db_write(db, add_job, &number) == 0);
        assert(db_read(db, wipe_beneath, db) == -EBUSY);
        number++;
        assert(db_write(db, add_job, &number) == 0);
        assert(db_checkpoint(db) == 0);
}

int main(void)
{
        SCOPED(world_done) struct world world = { 0 };

        log_init("test", LOG_WARNING);
        world_init(&world);
        a_kill_loses_nothing_acknowledged(&world);
        what_is_wiped_is_in_no_file(&world);
        a_long_read_refuses_the_wipe_and_nothing_else(&world);
        return 0;
}
