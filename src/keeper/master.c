// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/master.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "base/text.h"
#include "crypt/random.h"
#include "os/file.h"

static int open_folder(const char *path, int *ret_fd)
{
        char folder[PATH_MAX];
        int fd;

        if (!text_copy(text_from(path), folder, sizeof(folder)))
                return fault(-ENAMETOOLONG);
        fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return fault(-errno);
        *ret_fd = fd;
        return 0;
}

int master_make(const char *path)
{
        SCOPED(closep) int folder = -1;
        SCOPED(closep) int fd = -1;
        SCOPED(secret_done) struct secret key;
        int r;

        r = open_folder(path, &folder);
        if (r < 0)
                return r;
        r = file_create(AT_FDCWD, path, &fd);
        if (r)
                return r == FILE_EXISTS ? MASTER_EXISTS : r;
        random_secret(&key);
        r = file_write(fd, key.octets, sizeof(key.octets));
        if (r == 0 && fchmod(fd, 0400) < 0)
                r = fault(-errno);
        if (r < 0) {
                unlink(path); /* half a key must not be taken for one */
                return r;
        }
        file_sync(fd);
        directory_sync(folder);
        return 0;
}

static bool is_private(const struct stat *st, uid_t user)
{
        return S_ISREG(st->st_mode) && (st->st_mode & 077) == 0 &&
               (st->st_uid == 0 || st->st_uid == geteuid() || st->st_uid == user);
}

int master_read(const char *path, uid_t user, struct secret *ret)
{
        SCOPED(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        struct stat st;

        if (fd < 0)
                return errno == ENOENT ? MASTER_NOT_FOUND : fault(-errno);
        if (fstat(fd, &st) < 0)
                return fault(-errno);
        if (!is_private(&st, user))
                return MASTER_NOT_PRIVATE;
        if (st.st_size != SECRET_OCTETS)
                return MASTER_DAMAGED;
        return file_read_exactly_at(fd, ret->octets, sizeof(ret->octets), 0);
}
