// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keeper/days.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "os/file.h"

#define MAGIC        "imprday1"
#define MAGIC_OCTETS 8
#define FILE_OCTETS  (MAGIC_OCTETS + WRAPPED_KEY_OCTETS)
#define NAME_OCTETS  64

struct days {
        int directory;
};

static void directory_closep(DIR **directory)
{
        if (*directory)
                closedir(*directory);
}

int days_open(const char *state, struct days **ret)
{
        SCOPED(days_closep) struct days *days = calloc(1, sizeof(*days));
        SCOPED(closep) int parent = -1;
        int r;

        if (!days)
                return fault(-ENOMEM);
        days->directory = -1;
        r = directory_open(state, &parent);
        if (r < 0)
                return r;
        r = directory_open_at(parent, "days", &days->directory);
        if (r < 0)
                return r;
        *ret = take(days);
        return 0;
}

void days_close(struct days *days)
{
        if (!days)
                return;
        if (days->directory >= 0)
                close(days->directory);
        free(days);
}

void days_closep(struct days **days)
{
        days_close(*days);
}

static void name_day(int64_t day, char ret[NAME_OCTETS])
{
        snprintf(ret, NAME_OCTETS, "%" PRId64, day);
}

static void name_tenant(struct id tenant, char ret[ID_STRING + 1])
{
        id_format(tenant, ret);
        memcpy(ret + ID_STRING - 1, "-", 2);
}

static void name_key(struct id tenant, uint32_t version, char ret[NAME_OCTETS])
{
        char prefix[ID_STRING + 1];

        name_tenant(tenant, prefix);
        snprintf(ret, NAME_OCTETS, "%s%" PRIu32, prefix, version);
}

/* DAYS_NONE where nobody has a key of that day. */
static int open_day(struct days *days, const char *name, int *ret_fd)
{
        int fd = openat(days->directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0)
                return errno == ENOENT ? DAYS_NONE : fault(-errno);
        *ret_fd = fd;
        return 0;
}

int days_find(struct days *days, int64_t day, struct id tenant, uint32_t version, struct wrapped_key *ret)
{
        SCOPED(buffer_done) struct buffer content = BUFFER(FILE_OCTETS);
        char folder[NAME_OCTETS], name[NAME_OCTETS];
        SCOPED(closep) int fd = -1;
        int r;

        name_day(day, folder);
        name_key(tenant, version, name);
        r = open_day(days, folder, &fd);
        if (r)
                return r;
        r = file_read_at(fd, name, FILE_OCTETS, &content);
        if (r == FILE_NOT_FOUND)
                return DAYS_NONE;
        if (r < 0)
                return r;
        if (r > 0 || content.len != FILE_OCTETS || memcmp(content.at, MAGIC, MAGIC_OCTETS) != 0)
                return fault(-EBADMSG);
        memcpy(ret->octets, content.at + MAGIC_OCTETS, WRAPPED_KEY_OCTETS);
        return 0;
}

int days_store(struct days *days, int64_t day, struct id tenant, uint32_t version,
               const struct wrapped_key *wrapped)
{
        char folder[NAME_OCTETS], name[NAME_OCTETS], content[FILE_OCTETS];
        SCOPED(closep) int fd = -1;
        int r;

        name_day(day, folder);
        name_key(tenant, version, name);
        memcpy(content, MAGIC, MAGIC_OCTETS);
        memcpy(content + MAGIC_OCTETS, wrapped->octets, WRAPPED_KEY_OCTETS);
        r = directory_open_at(days->directory, folder, &fd);
        if (r < 0)
                return r;
        return file_replace_at(fd, name, 0600, text_from_octets(content, sizeof(content)));
}

/* The day's folder itself, where it is empty now. */
static int remove_empty(struct days *days, const char *folder)
{
        if (unlinkat(days->directory, folder, AT_REMOVEDIR) < 0)
                return errno == ENOTEMPTY || errno == EEXIST ? 0 : fault(-errno);
        directory_sync(days->directory);
        return 0;
}

/* Version 1 is not where 12 begins. */
static bool begins_with(const char *name, const char *prefix)
{
        size_t len = strlen(prefix);
        bool ends_in_digit = len > ID_STRING && prefix[len - 1] >= '0' && prefix[len - 1] <= '9';

        return strncmp(name, prefix, len) == 0 && !(ends_in_digit && name[len] >= '0' && name[len] <= '9');
}

/* All files whose names begin so; also what a crash left half-written, which has a dot in front. */
static int destroy_files(int folder, const char *prefix, uint64_t *count)
{
        SCOPED(directory_closep) DIR *directory = NULL;
        SCOPED(closep) int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct dirent *entry;
        int r;

        if (fd < 0)
                return fault(-errno);
        directory = fdopendir(fd);
        if (!directory)
                return fault(-errno);
        fd = -1;
        while ((entry = readdir(directory))) {
                const char *name = entry->d_name;

                if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
                        continue;
                if (!begins_with(name + (name[0] == '.'), prefix))
                        continue;
                r = file_destroy(folder, name);
                if (r < 0)
                        return r;
                *count += r == 0;
        }
        return 0;
}

static int destroy(struct days *days, const char *folder, const char *prefix, uint64_t *count)
{
        SCOPED(closep) int fd = -1;
        int r;

        r = open_day(days, folder, &fd);
        if (r)
                return r == DAYS_NONE ? 0 : r;
        r = destroy_files(fd, prefix, count);
        if (r < 0)
                return r;
        return remove_empty(days, folder);
}

int days_destroy(struct days *days, int64_t day, struct id tenant)
{
        char folder[NAME_OCTETS], prefix[ID_STRING + 1];
        uint64_t count = 0;

        name_day(day, folder);
        name_tenant(tenant, prefix);
        return destroy(days, folder, prefix, &count);
}

/* Every day whose number is below this one; of whom, says the prefix. */
static bool is_before(const char *name, int64_t day)
{
        uint64_t number;

        return text_number(text_from(name), INT64_MAX, &number) && (int64_t)number < day;
}

static int destroy_all_before(struct days *days, int64_t day, const char *prefix, uint64_t *ret_count)
{
        SCOPED(directory_closep) DIR *directory = NULL;
        SCOPED(closep) int fd = openat(days->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct dirent *entry;
        uint64_t count = 0;
        int r;

        if (fd < 0)
                return fault(-errno);
        directory = fdopendir(fd);
        if (!directory)
                return fault(-errno);
        fd = -1;
        while ((entry = readdir(directory))) {
                if (!is_before(entry->d_name, day))
                        continue;
                r = destroy(days, entry->d_name, prefix, &count);
                if (r < 0)
                        return r;
        }
        *ret_count = count;
        return 0;
}

int days_destroy_tenant(struct days *days, struct id tenant)
{
        char prefix[ID_STRING + 1];
        uint64_t count;

        name_tenant(tenant, prefix);
        return destroy_all_before(days, INT64_MAX, prefix, &count);
}

int days_destroy_version(struct days *days, struct id tenant, uint32_t version)
{
        char prefix[NAME_OCTETS];
        uint64_t count;

        name_key(tenant, version, prefix);
        return destroy_all_before(days, INT64_MAX, prefix, &count);
}

int days_destroy_before(struct days *days, int64_t day, uint64_t *ret_count)
{
        return destroy_all_before(days, day, "", ret_count);
}
