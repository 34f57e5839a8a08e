// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/master.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
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

/* Makes a key in a new file, for its owner alone. */
static int create(const char *path, struct secret *key)
{
        SCOPED(closep) int fd = -1;
        int r;

        r = file_create(AT_FDCWD, path, &fd);
        if (r)
                return r == FILE_EXISTS ? MASTER_EXISTS : r;
        random_secret(key);
        r = file_write(fd, key->octets, sizeof(key->octets));
        if (r == 0 && fchmod(fd, 0400) < 0)
                r = fault(-errno);
        if (r < 0) {
                unlink(path); /* half a key must not be taken for one */
                return r;
        }
        file_sync(fd);
        return 0;
}

int master_make(const char *path)
{
        SCOPED(closep) int folder = -1;
        SCOPED(secret_done) struct secret key;
        int r;

        r = open_folder(path, &folder);
        if (r == 0)
                r = create(path, &key);
        if (r)
                return r;
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

static bool name_beside(const char *path, const char *suffix, char ret[PATH_MAX])
{
        int n = snprintf(ret, PATH_MAX, "%s%s", path, suffix);

        return n > 0 && n < PATH_MAX;
}

/* After a rotation that was cut off in the middle, both names are the same file, and there is but one key. */
static bool are_one_file(const char *a, const char *b)
{
        struct stat of_a, of_b;

        return stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev &&
               of_a.st_ino == of_b.st_ino;
}

/* The new one belongs to whom the present one does. */
static int give_to_owner(const char *from, const char *to)
{
        struct stat st;

        if (stat(from, &st) < 0 || (geteuid() == 0 && chown(to, st.st_uid, st.st_gid) < 0))
                return fault(-errno);
        return 0;
}

int master_rotate(const char *path, uid_t user, struct secret *ret)
{
        char fresh[PATH_MAX], old[PATH_MAX];
        SCOPED(closep) int folder = -1;
        SCOPED(secret_done) struct secret present;
        int r;

        r = master_read(path, user, &present);
        if (r)
                return r;
        if (!name_beside(path, ".new", fresh) || !name_beside(path, ".old", old))
                return fault(-ENAMETOOLONG);
        r = open_folder(path, &folder);
        if (r < 0)
                return r;
        if (are_one_file(path, old))
                unlink(old);
        if (access(old, F_OK) == 0)
                return MASTER_EXISTS;
        unlink(fresh); /* of a rotation that was cut off: nobody has seen that key */
        r = create(fresh, ret);
        if (r == 0)
                r = give_to_owner(path, fresh);
        if (r)
                return r;
        if (link(path, old) < 0)
                return errno == EEXIST ? MASTER_EXISTS : fault(-errno);
        directory_sync(folder);
        if (rename(fresh, path) < 0)
                return fault(-errno);
        directory_sync(folder);
        return 0;
}

int master_read_old(const char *path, uid_t user, struct secret *ret)
{
        char old[PATH_MAX];

        return name_beside(path, ".old", old) ? master_read(old, user, ret) : fault(-ENAMETOOLONG);
}

int master_forget_old(const char *path)
{
        char old[PATH_MAX];
        SCOPED(closep) int folder = -1;
        char name[PATH_MAX];
        int r;

        if (!name_beside(path, ".old", old))
                return fault(-ENAMETOOLONG);
        r = open_folder(path, &folder);
        if (r < 0)
                return r;
        if (are_one_file(path, old)) {
                if (unlink(old) < 0)
                        return fault(-errno);
                directory_sync(folder);
                return 0;
        }
        chmod(old, 0600); /* to be overwritten by its owner; where that fails, so does what follows */
        memcpy(name, old, sizeof(name));
        r = file_destroy(folder, basename(name));
        return r == FILE_NOT_FOUND ? MASTER_NOT_FOUND : r;
}
