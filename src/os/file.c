// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"

#define EXIT_DISK 74 /* EX_IOERR of sysexits.h */

/* Not a fault that passes up: a caller that could catch it could go on, and promise what is not on the disk.
 */
static _Noreturn void stop(const char *call, int error)
{
        char words[128];

        log_write(LOG_ERROR, "disk-not-durable", "call", call, "fault",
                  strerror_r(error, words, sizeof(words)), NULL);
        _exit(EXIT_DISK);
}

void file_sync_data(int fd)
{
        while (fdatasync(fd) < 0)
                if (errno != EINTR)
                        stop("fdatasync", errno);
}

void file_sync(int fd)
{
        while (fsync(fd) < 0)
                if (errno != EINTR)
                        stop("fsync", errno);
}

void directory_sync(int directory)
{
        file_sync(directory);
}

static int read_all(int fd, size_t max, struct buffer *to)
{
        size_t before = to->len;
        struct stat st;

        if (fstat(fd, &st) < 0)
                return fault(-errno);
        if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode) && !S_ISFIFO(st.st_mode))
                return fault(-EINVAL);
        if (st.st_size > 0 && (uint64_t)st.st_size > max)
                return FILE_TOO_LARGE;

        for (;;) {
                char piece[16384];
                ssize_t r = read(fd, piece, sizeof(piece));

                if (r < 0 && errno == EINTR)
                        continue;
                if (r < 0)
                        return fault(-errno);
                if (r == 0)
                        return 0;
                buffer_add(to, piece, (size_t)r);
                explicit_bzero(piece, (size_t)r); /* it may have been a key */
                if (to->failure)
                        return to->failure;
                if (to->len - before > max) {
                        to->len = before;
                        return FILE_TOO_LARGE;
                }
        }
}

int file_read_at(int directory, const char *name, size_t max, struct buffer *to)
{
        SCOPED(closep) int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

        if (fd < 0 && errno == ENOENT)
                return FILE_NOT_FOUND;
        if (fd < 0)
                return fault(-errno);
        return read_all(fd, max, to);
}

int file_read(const char *path, size_t max, struct buffer *to)
{
        return file_read_at(AT_FDCWD, path, max, to);
}

int file_write(int fd, const void *octets, size_t len)
{
        const char *at = octets;

        while (len) {
                ssize_t r = write(fd, at, len);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r < 0)
                        return fault(-errno);
                at += r;
                len -= (size_t)r;
        }
        return 0;
}

int file_write_at(int fd, const void *octets, size_t len, uint64_t offset)
{
        const char *at = octets;

        while (len) {
                ssize_t r = pwrite(fd, at, len, (off_t)offset);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r < 0)
                        return fault(-errno);
                at += r;
                offset += (uint64_t)r;
                len -= (size_t)r;
        }
        return 0;
}

int file_read_exactly_at(int fd, void *ret, size_t len, uint64_t offset)
{
        char *at = ret;

        while (len) {
                ssize_t r = pread(fd, at, len, (off_t)offset);

                if (r < 0 && errno == EINTR)
                        continue;
                if (r < 0)
                        return fault(-errno);
                if (r == 0)
                        return fault(-ENODATA);
                at += r;
                offset += (uint64_t)r;
                len -= (size_t)r;
        }
        return 0;
}

static int write_new(int directory, const char *name, mode_t mode, struct text octets)
{
        SCOPED(closep) int fd = -1;
        int r;

        /* A left-over of a crash is ours to replace; a link somebody laid there is not followed. */
        fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd < 0)
                return fault(-errno);
        if (fchmod(fd, mode) < 0)
                return fault(-errno);
        r = file_write(fd, octets.at, octets.len);
        if (r < 0)
                return r;
        file_sync(fd);
        return 0;
}

int file_replace_at(int directory, const char *name, mode_t mode, struct text octets)
{
        char temporary[NAME_MAX + 1];
        int r;

        r = snprintf(temporary, sizeof(temporary), ".%s.new", name);
        if (r < 0 || (size_t)r >= sizeof(temporary) || strchr(name, '/'))
                return fault(-EINVAL);

        r = write_new(directory, temporary, mode, octets);
        if (r == 0 && renameat(directory, temporary, directory, name) < 0)
                r = fault(-errno);
        if (r < 0) {
                unlinkat(directory, temporary, 0);
                return r;
        }
        directory_sync(directory);
        return 0;
}

int file_replace(const char *path, mode_t mode, struct text octets)
{
        SCOPED(closep) int directory = -1;
        char folder[PATH_MAX], name[PATH_MAX];

        if (!text_copy(text_from(path), folder, sizeof(folder)) ||
            !text_copy(text_from(path), name, sizeof(name)))
                return fault(-ENAMETOOLONG);
        directory = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (directory < 0)
                return fault(-errno);
        return file_replace_at(directory, basename(name), mode, octets);
}

int file_create(int directory, const char *name, int *ret_fd)
{
        int fd = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

        if (fd < 0 && errno == EEXIST)
                return FILE_EXISTS;
        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

int file_remove(int directory, const char *name)
{
        if (unlinkat(directory, name, 0) == 0)
                return 0;
        return errno == ENOENT ? FILE_NOT_FOUND : fault(-errno);
}

static int overwrite(int fd)
{
        static const char zeros[4096];
        struct stat st;
        int r;

        if (fstat(fd, &st) < 0)
                return fault(-errno);
        for (off_t at = 0; at < st.st_size; at += (off_t)sizeof(zeros)) {
                off_t left = st.st_size - at;

                r = file_write_at(fd, zeros, left < (off_t)sizeof(zeros) ? (size_t)left : sizeof(zeros),
                                  (uint64_t)at);
                if (r < 0)
                        return r;
        }
        file_sync(fd);
        return 0;
}

int file_destroy(int directory, const char *name)
{
        SCOPED(closep) int fd = -1;
        int r;

        fd = openat(directory, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT)
                return FILE_NOT_FOUND;
        if (fd < 0)
                return fault(-errno);
        r = overwrite(fd);
        if (r < 0)
                return r;
        if (unlinkat(directory, name, 0) < 0)
                return fault(-errno);
        directory_sync(directory);
        return 0;
}

int directory_open_at(int directory, const char *name, int *ret_fd)
{
        SCOPED(closep) int parent = -1;
        int fd;

        if (mkdirat(directory, name, 0700) == 0) {
                char folder[PATH_MAX];

                if (!text_copy(text_from(name), folder, sizeof(folder)))
                        return fault(-ENAMETOOLONG);
                parent = openat(directory, dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                if (parent < 0)
                        return fault(-errno);
                directory_sync(parent);
        } else if (errno != EEXIST) {
                return fault(-errno);
        }

        fd = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

int directory_open(const char *path, int *ret_fd)
{
        return directory_open_at(AT_FDCWD, path, ret_fd);
}

int directory_space(int directory, uint64_t *ret_free_octets, uint64_t *ret_total_octets)
{
        struct statvfs st;

        if (fstatvfs(directory, &st) < 0)
                return fault(-errno);
        *ret_free_octets = (uint64_t)st.f_bavail * st.f_frsize;
        *ret_total_octets = (uint64_t)st.f_blocks * st.f_frsize;
        return 0;
}
