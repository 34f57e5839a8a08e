// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "vault/files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"
#include "vault/name.h"
#include "vault/scan.h"

#define FOLDERS     256
#define PATH_STRING (3 + NAME_STRING) /* "0f/" and the name */

/* A file of an earlier run. */
struct found {
        uint8_t name[VAULT_NAME_OCTETS];
        bool is_kept;
};

struct files {
        int directory;
        atomic_uint_fast64_t flushes;
        pthread_mutex_t lock; /* of what was found, which is sorted by name, and gone after files_collect() */
        struct found *found;
        size_t count, size;
};

static void path_of(const uint8_t name[VAULT_NAME_OCTETS], char ret[PATH_STRING])
{
        snprintf(ret, 4, "%02x/", name[0]);
        name_format(name, ret + 3);
}

static int compare(const void *a, const void *b)
{
        return memcmp(((const struct found *)a)->name, ((const struct found *)b)->name, VAULT_NAME_OCTETS);
}

static int add_found(void *context, const uint8_t name[VAULT_NAME_OCTETS])
{
        struct files *files = context;

        if (files->count == files->size) {
                size_t size = files->size ? 2 * files->size : 64;
                struct found *more = reallocarray(files->found, size, sizeof(*more));

                if (!more)
                        return fault(-ENOMEM);
                files->found = more;
                files->size = size;
        }
        files->found[files->count] = (struct found){ .is_kept = false };
        memcpy(files->found[files->count++].name, name, VAULT_NAME_OCTETS);
        return 0;
}

/* The folders' own names are made durable once, together. */
static int find_all(struct files *files)
{
        bool is_new = false;
        char folder[3];
        int r;

        for (unsigned int i = 0; i < FOLDERS; i++) {
                snprintf(folder, sizeof(folder), "%02x", i);
                if (mkdirat(files->directory, folder, 0700) == 0) {
                        is_new = true;
                        continue;
                }
                r = errno == EEXIST ? scan_folder(files->directory, folder, add_found, files) : fault(-errno);
                if (r < 0)
                        return r;
        }
        if (is_new)
                directory_sync(files->directory);
        if (files->count > 0)
                qsort(files->found, files->count, sizeof(*files->found), compare);
        return 0;
}

static void files_closep(struct files **files)
{
        files_close(*files);
}

int files_open(int directory, struct files **ret)
{
        SCOPED(files_closep) struct files *files = calloc(1, sizeof(*files));
        int r;

        if (!files)
                return fault(-ENOMEM);
        files->directory = directory;
        pthread_mutex_init(&files->lock, NULL);
        r = find_all(files);
        if (r < 0)
                return r;
        *ret = take(files);
        return 0;
}

void files_close(struct files *files)
{
        if (!files)
                return;
        pthread_mutex_destroy(&files->lock);
        free(files->found);
        free(files);
}

int files_create(struct files *files, uint8_t ret_name[VAULT_NAME_OCTETS], int *ret_fd)
{
        uint8_t name[VAULT_NAME_OCTETS];
        char path[PATH_STRING];
        int r;

        r = name_make(name);
        if (r < 0)
                return r;
        path_of(name, path);
        r = fold(file_create(files->directory, path, ret_fd));
        if (r < 0)
                return disk_is_full(r) ? VAULT_FULL : r;
        memcpy(ret_name, name, VAULT_NAME_OCTETS);
        return 0;
}

int files_commit(struct files *files, const uint8_t name[VAULT_NAME_OCTETS], int fd)
{
        SCOPED(closep) int folder = -1;
        char path[PATH_STRING];

        path_of(name, path);
        path[2] = '\0';
        folder = openat(files->directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (folder < 0)
                return fault(-errno);
        file_sync_data(fd);
        directory_sync(folder);
        atomic_fetch_add(&files->flushes, 2);
        return 0;
}

int files_open_reader(struct files *files, const uint8_t name[VAULT_NAME_OCTETS], int *ret_fd)
{
        char path[PATH_STRING];
        int fd;

        path_of(name, path);
        fd = openat(files->directory, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return errno == ENOENT ? VAULT_NOT_FOUND : fault(-errno);
        *ret_fd = fd;
        return 0;
}

int files_remove(struct files *files, const uint8_t name[VAULT_NAME_OCTETS])
{
        char path[PATH_STRING];
        int r;

        path_of(name, path);
        r = file_remove(files->directory, path);
        return r < 0 ? r : 0;
}

int files_keep(struct files *files, const uint8_t name[VAULT_NAME_OCTETS])
{
        struct found *found, key = { .is_kept = false };

        memcpy(key.name, name, VAULT_NAME_OCTETS);
        pthread_mutex_lock(&files->lock);
        found = files->count ? bsearch(&key, files->found, files->count, sizeof(key), compare) : NULL;
        if (found)
                found->is_kept = true;
        pthread_mutex_unlock(&files->lock);
        return found ? 0 : VAULT_NOT_FOUND;
}

static int remove_found(struct files *files, const uint8_t name[VAULT_NAME_OCTETS], uint64_t *octets)
{
        char path[PATH_STRING];
        struct stat status;

        path_of(name, path);
        if (fstatat(files->directory, path, &status, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? 0 : fault(-errno);
        *octets += (uint64_t)status.st_blocks * 512;
        return files_remove(files, name);
}

int files_collect(struct files *files, uint64_t *ret_octets)
{
        int r = 0;

        pthread_mutex_lock(&files->lock);
        for (size_t i = 0; r == 0 && i < files->count; i++)
                if (!files->found[i].is_kept)
                        r = remove_found(files, files->found[i].name, ret_octets);
        if (r == 0) {
                freep(&files->found);
                files->found = NULL;
                files->count = files->size = 0;
        }
        pthread_mutex_unlock(&files->lock);
        return r;
}

uint64_t files_flushes(const struct files *files)
{
        return atomic_load(&files->flushes);
}
