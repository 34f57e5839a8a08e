// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/wal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "db/sqlite.h"

#define ZEROS_OCTETS  65536
#define HEADER_OCTETS 32 /* of the log; https://sqlite.org/fileformat2.html#the_write_ahead_log */
#define FRAME_OCTETS  24 /* of a frame's header, before its page */
#define WIPE_ATTEMPTS 10
#define FOLD_WAIT_MS  100
#define WIPE_WAIT_MS  1000 /* for readers; all writes wait as long */

/* Named like a flush of SQLite's own, and ending the same way. */
static int flush(struct sqlite *sqlite, int fd)
{
        if (fdatasync(fd) < 0)
                return sqlite_outcome(sqlite, SQLITE_IOERR_FSYNC, "write-ahead log");
        return 0;
}

static int write_zeros(int fd, int64_t from, int64_t to)
{
        static const char zeros[ZEROS_OCTETS];

        while (from < to) {
                size_t size = to - from < ZEROS_OCTETS ? (size_t)(to - from) : ZEROS_OCTETS;
                ssize_t length = pwrite(fd, zeros, size, from);

                if (length < 0 && errno != EINTR)
                        return fault(-errno);
                if (length > 0)
                        from += length;
        }
        return 0;
}

static int open_file(const char *path, int *ret)
{
        char name[4096];
        int fd;

        if (snprintf(name, sizeof(name), "%s-wal", path) >= (int)sizeof(name))
                return fault(-ENAMETOOLONG);
        fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return fault(-errno);
        *ret = fd;
        return 0;
}

static int flush_folder(struct sqlite *sqlite, const char *path)
{
        SCOPED(closep) int fd = -1;
        char folder[4096];
        char *slash;

        if (snprintf(folder, sizeof(folder), "%s", path) >= (int)sizeof(folder))
                return fault(-ENAMETOOLONG);
        slash = strrchr(folder, '/');
        if (slash)
                slash[1] = '\0';
        fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return fault(-errno);
        if (fsync(fd) < 0)
                return sqlite_outcome(sqlite, SQLITE_IOERR_DIR_FSYNC, "folder of the database");
        return 0;
}

static int extend(struct sqlite *sqlite, const char *path, int64_t octets)
{
        SCOPED(closep) int fd = -1;
        struct stat status;
        int r;

        r = open_file(path, &fd);
        if (r < 0)
                return r;
        if (fstat(fd, &status) < 0)
                return fault(-errno);
        r = write_zeros(fd, status.st_size, octets);
        if (r < 0)
                return r;
        r = flush(sqlite, fd);
        if (r < 0)
                return r;
        return flush_folder(sqlite, path);
}

/* Under the write lock: nobody else then appends where the zeros go. */
int wal_extend(struct sqlite *sqlite, const char *path, int64_t octets)
{
        int r;

        r = sqlite_script(sqlite, "BEGIN IMMEDIATE");
        if (r < 0)
                return r;
        r = extend(sqlite, path, octets);
        sqlite_script(sqlite, "ROLLBACK");
        return r;
}

static int checkpoint(struct sqlite *sqlite, int mode, int wait_ms)
{
        int code;

        sqlite3_busy_timeout(sqlite->handle, wait_ms);
        code = sqlite3_wal_checkpoint_v2(sqlite->handle, NULL, mode, NULL, NULL);
        sqlite3_busy_timeout(sqlite->handle, SQLITE_BUSY_TIMEOUT_MS);
        if ((code & 0xff) == SQLITE_BUSY)
                return fault(-EBUSY);
        return fold(sqlite_outcome(sqlite, code, "checkpoint"));
}

int wal_fold(struct sqlite *sqlite, bool insists)
{
        int r = checkpoint(sqlite, insists ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
                           insists ? FOLD_WAIT_MS : 0);

        return r == -EBUSY ? 0 : r; /* the log grows on, and the next one may succeed */
}

/* A commit that changes one page, page 1, which holds no row: the log starts over with it. */
static int start_over(struct sqlite *sqlite)
{
        int64_t mark = 0;
        char sql[64];
        int r;

        r = checkpoint(sqlite, SQLITE_CHECKPOINT_RESTART, WIPE_WAIT_MS);
        if (r < 0)
                return r;
        r = sqlite_number(sqlite, "PRAGMA user_version", &mark);
        if (r < 0)
                return r;
        snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", (int)((mark + 1) & 0xffff));
        return sqlite_script(sqlite, sql);
}

/* The old frames behind the new start are valid for nobody any more: their salt is not the header's. */
static int wipe_behind(struct sqlite *sqlite, const char *path)
{
        SCOPED(closep) int fd = -1;
        struct stat status;
        int64_t frame_octets = 0, from, to;
        int r;

        r = sqlite_number(sqlite, "PRAGMA page_size", &frame_octets);
        if (r < 0)
                return r;
        r = open_file(path, &fd);
        if (r < 0)
                return r;
        if (fstat(fd, &status) < 0)
                return fault(-errno);
        frame_octets += FRAME_OCTETS;
        from = HEADER_OCTETS + sqlite->wal_frames * frame_octets;
        to = HEADER_OCTETS + sqlite->wal_dirty * frame_octets;
        r = write_zeros(fd, from, to < status.st_size ? to : status.st_size);
        if (r < 0)
                return r;
        return flush(sqlite, fd);
}

int wal_wipe(struct sqlite *sqlite, const char *path)
{
        int r;

        if (sqlite->wal_dirty == 0)
                return 0;
        for (int attempt = 0; attempt < WIPE_ATTEMPTS; attempt++) {
                r = start_over(sqlite);
                if (r < 0)
                        return r;
                if (sqlite->wal_frames != 1)
                        continue;
                r = wipe_behind(sqlite, path);
                if (r == 0)
                        sqlite->wal_dirty = 0;
                return r;
        }
        return fault(-EBUSY);
}
