// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Both spellings of each function are defined here, so neither may stand for the other, nor be checked
 * inline.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include "disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STEPS_MAX   200000
#define OBJECTS_MAX 8192
#define PAGE_OCTETS 4096

enum step_kind {
        STEP_CREATE, /* object gets name in folder */
        STEP_WRITE,
        STEP_TRUNCATE, /* to offset octets, longer or shorter */
        STEP_FLUSH,
        STEP_UNLINK, /* name in folder */
        STEP_RENAME, /* name in folder becomes new_name */
        STEP_NOTE,
};

struct step {
        enum step_kind kind;
        int object, folder;
        int64_t offset; /* or the note's number */
        size_t len;     /* or the note's kind */
        char *octets;
        char name[48], new_name[48];
};

struct object {
        ino_t inode;
        bool is_folder, is_database;
        bool is_mapped; /* SQLite's shared memory: no file to a disk that lost power */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_watching;
static struct step *steps;
static size_t step_count;
static struct object objects[OBJECTS_MAX]; /* the first is the watched folder */
static int object_count;
static unsigned int fails_in, flush_fails_in;
static int fails_with;
static bool has_failed;
static size_t failed_at;

static int find_inode(ino_t inode)
{
        for (int i = object_count; i-- > 0;) /* the newest first: an inode is used again */
                if (objects[i].inode == inode)
                        return i;
        return -1;
}

static int find_fd(int fd)
{
        struct stat status;

        return is_watching && fstat(fd, &status) == 0 ? find_inode(status.st_ino) : -1;
}

static int add_object(ino_t inode, const char *name, bool is_folder)
{
        size_t len = strlen(name);

        assert(object_count < OBJECTS_MAX);
        objects[object_count] = (struct object){
                .inode = inode,
                .is_folder = is_folder,
                .is_database = strncmp(name, "db", 2) == 0,
                .is_mapped = len > 4 && strcmp(name + len - 4, "-shm") == 0,
        };
        return object_count++;
}

static struct step *add_step(enum step_kind kind, int object)
{
        assert(step_count < STEPS_MAX);
        steps[step_count] = (struct step){ .kind = kind, .object = object };
        return &steps[step_count++];
}

/* The folder a path lies in, if it is one of ours, and the name there. */
static int find_folder(int directory, const char *path, char name[48])
{
        char folder[PATH_MAX], base[PATH_MAX];
        struct stat status;

        if (!is_watching)
                return -1;
        snprintf(folder, sizeof(folder), "%s", path);
        snprintf(base, sizeof(base), "%s", path);
        snprintf(name, 48, "%.47s", basename(base));
        if (fstatat(directory, dirname(folder), &status, 0) < 0)
                return -1;
        return find_inode(status.st_ino);
}

/* True where this change is the one that shall fail; errno is set then. */
static bool fails(void)
{
        if (!is_watching || fails_in == 0 || --fails_in > 0)
                return false;
        has_failed = true;
        failed_at = step_count;
        errno = fails_with;
        return true;
}

static int open_as(int directory, const char *path, int flags, mode_t mode)
{
        char name[48];
        struct stat status;
        bool is_new;
        int folder, fd;

        if (!is_watching || !(flags & (O_CREAT | O_TRUNC)))
                return (int)syscall(SYS_openat, directory, path, flags, mode);
        pthread_mutex_lock(&lock);
        folder = find_folder(directory, path, name);
        is_new = fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) < 0;
        if (folder >= 0 && is_new && fails()) {
                pthread_mutex_unlock(&lock);
                return -1;
        }
        fd = (int)syscall(SYS_openat, directory, path, flags, mode);
        if (fd >= 0 && folder >= 0 && fstat(fd, &status) == 0 && is_new) {
                struct step *step = add_step(STEP_CREATE, add_object(status.st_ino, name, false));

                step->folder = folder;
                memcpy(step->name, name, sizeof(name));
        } else if (fd >= 0 && folder >= 0 && flags & O_TRUNC) {
                add_step(STEP_TRUNCATE, find_inode(status.st_ino))->offset = 0;
        }
        pthread_mutex_unlock(&lock);
        return fd;
}

static mode_t mode_of(int flags, va_list arguments)
{
        return flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(function, ...)                                     \
        {                                                       \
                va_list arguments;                              \
                mode_t mode;                                    \
                                                                \
                va_start(arguments, flags);                     \
                mode = mode_of(flags, arguments);               \
                va_end(arguments);                              \
                return open_as(__VA_ARGS__, path, flags, mode); \
        }

int open(const char *path, int flags, ...) OPEN(open, AT_FDCWD) int open64(const char *path, int flags, ...)
        OPEN(open64, AT_FDCWD) int openat(int directory, const char *path, int flags, ...)
                OPEN(openat, directory) int openat64(int directory, const char *path, int flags, ...)
                        OPEN(openat64, directory)

                                static ssize_t
        write_as(int fd, const void *octets, size_t len, int64_t offset)
{
        struct step *step;
        ssize_t written;
        int object;

        pthread_mutex_lock(&lock);
        object = find_fd(fd);
        if (object >= 0 && !objects[object].is_mapped && fails()) {
                pthread_mutex_unlock(&lock);
                return -1;
        }
        written = syscall(SYS_pwrite64, fd, octets, len, offset);
        if (written > 0 && object >= 0 && !objects[object].is_mapped) {
                step = add_step(STEP_WRITE, object);
                step->offset = offset;
                step->len = (size_t)written;
                step->octets = malloc(step->len);
                memcpy(step->octets, octets, step->len);
        }
        pthread_mutex_unlock(&lock);
        return written;
}

ssize_t pwrite(int fd, const void *octets, size_t len, off_t offset)
{
        return write_as(fd, octets, len, offset);
}

ssize_t pwrite64(int fd, const void *octets, size_t len, off64_t offset)
{
        return write_as(fd, octets, len, offset);
}

static int truncate_as(int fd, int64_t size, bool only_grows)
{
        struct stat status;
        int object, r = 0;

        pthread_mutex_lock(&lock);
        object = find_fd(fd);
        if (object >= 0 && !objects[object].is_mapped && fails()) {
                pthread_mutex_unlock(&lock);
                return -1;
        }
        if (!only_grows || (fstat(fd, &status) == 0 && status.st_size < size)) {
                r = (int)syscall(SYS_ftruncate, fd, size);
                if (r == 0 && object >= 0 && !objects[object].is_mapped)
                        add_step(STEP_TRUNCATE, object)->offset = size;
        }
        pthread_mutex_unlock(&lock);
        return r;
}

int ftruncate(int fd, off_t size)
{
        return truncate_as(fd, size, false);
}

int ftruncate64(int fd, off64_t size)
{
        return truncate_as(fd, size, false);
}

int fallocate(int fd, int mode, off_t offset, off_t len)
{
        assert(mode == 0);
        return truncate_as(fd, offset + len, true);
}

int fallocate64(int fd, int mode, off64_t offset, off64_t len)
{
        assert(mode == 0);
        return truncate_as(fd, offset + len, true);
}

static int flush_as(int fd, long call)
{
        bool fails_now = false;
        int object;

        pthread_mutex_lock(&lock);
        object = find_fd(fd);
        if (object >= 0 && flush_fails_in > 0 && --flush_fails_in == 0)
                fails_now = has_failed = true;
        if (object >= 0 && !fails_now)
                add_step(STEP_FLUSH, object);
        pthread_mutex_unlock(&lock);
        if (fails_now) {
                errno = EIO;
                return -1;
        }
        return object >= 0 ? 0 : (int)syscall(call, fd);
}

int fsync(int fd)
{
        return flush_as(fd, SYS_fsync);
}

int fdatasync(int fd)
{
        return flush_as(fd, SYS_fdatasync);
}

int mkdirat(int directory, const char *path, mode_t mode)
{
        struct stat status;
        char name[48];
        int folder, r;

        pthread_mutex_lock(&lock);
        folder = find_folder(directory, path, name);
        r = (int)syscall(SYS_mkdirat, directory, path, mode);
        if (r == 0 && folder >= 0 && fstatat(directory, path, &status, 0) == 0) {
                struct step *step = add_step(STEP_CREATE, add_object(status.st_ino, name, true));

                step->folder = folder;
                memcpy(step->name, name, sizeof(name));
        }
        pthread_mutex_unlock(&lock);
        return r;
}

int unlinkat(int directory, const char *path, int flags)
{
        char name[48];
        int folder, r;

        pthread_mutex_lock(&lock);
        folder = find_folder(directory, path, name);
        r = (int)syscall(SYS_unlinkat, directory, path, flags);
        if (r == 0 && folder >= 0) {
                struct step *step = add_step(STEP_UNLINK, -1);

                step->folder = folder;
                memcpy(step->name, name, sizeof(name));
        }
        pthread_mutex_unlock(&lock);
        return r;
}

int unlink(const char *path)
{
        return unlinkat(AT_FDCWD, path, 0);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
        char name[48], new_name[48];
        int folder, r;

        pthread_mutex_lock(&lock);
        folder = find_folder(from_directory, from, name);
        if (folder >= 0 && fails()) {
                pthread_mutex_unlock(&lock);
                return -1;
        }
        r = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
        if (r == 0 && folder >= 0) {
                struct step *step = add_step(STEP_RENAME, -1);

                assert(find_folder(to_directory, to, new_name) == folder);
                step->folder = folder;
                memcpy(step->name, name, sizeof(name));
                memcpy(step->new_name, new_name, sizeof(new_name));
        }
        pthread_mutex_unlock(&lock);
        return r;
}

void disk_watch(const char *folder)
{
        struct stat status;

        pthread_mutex_lock(&lock);
        if (!steps)
                steps = calloc(STEPS_MAX, sizeof(*steps));
        for (size_t i = 0; i < step_count; i++)
                free(steps[i].octets);
        step_count = 0;
        object_count = 0;
        fails_in = flush_fails_in = 0;
        has_failed = false;
        assert(stat(folder, &status) == 0);
        add_object(status.st_ino, "", true);
        is_watching = true;
        pthread_mutex_unlock(&lock);
}

void disk_unwatch(void)
{
        pthread_mutex_lock(&lock);
        is_watching = false;
        pthread_mutex_unlock(&lock);
}

void disk_note(int kind, int64_t number)
{
        struct step *step;

        pthread_mutex_lock(&lock);
        if (is_watching) {
                step = add_step(STEP_NOTE, -1);
                step->len = (size_t)kind;
                step->offset = number;
        }
        pthread_mutex_unlock(&lock);
}

size_t disk_count(void)
{
        return step_count;
}

bool disk_note_at(size_t at, int *ret_kind, int64_t *ret_number)
{
        if (at >= step_count || steps[at].kind != STEP_NOTE)
                return false;
        *ret_kind = (int)steps[at].len;
        *ret_number = steps[at].offset;
        return true;
}

void disk_fail(unsigned int nth, int error)
{
        pthread_mutex_lock(&lock);
        fails_in = nth;
        fails_with = error;
        has_failed = false;
        pthread_mutex_unlock(&lock);
}

void disk_fail_flush(unsigned int nth)
{
        pthread_mutex_lock(&lock);
        flush_fails_in = nth;
        has_failed = false;
        pthread_mutex_unlock(&lock);
}

bool disk_has_failed(void)
{
        return has_failed;
}

size_t disk_failed_at(void)
{
        return failed_at;
}

/* The disk that is left, made by going through the steps again. */

struct name {
        char name[48];
        int object;
        struct name *next;
};

struct left {
        char *octets; /* of a file */
        size_t len;
        struct name *names; /* of a folder */
        size_t from;        /* the first step that may not have reached the disk */
};

static struct left left[OBJECTS_MAX];

static void resize(struct left *file, size_t len)
{
        file->octets = realloc(file->octets, len + 1);
        if (len > file->len)
                memset(file->octets + file->len, 0, len - file->len);
        file->len = len;
}

static void set_name(struct left *folder, const char *name, int object)
{
        struct name *one = calloc(1, sizeof(*one));

        strcpy(one->name, name);
        one->object = object;
        one->next = folder->names;
        folder->names = one;
}

static int take_name(struct left *folder, const char *name)
{
        for (struct name **at = &folder->names; *at; at = &(*at)->next)
                if (strcmp((*at)->name, name) == 0) {
                        struct name *one = *at;
                        int object = one->object;

                        *at = one->next;
                        free(one);
                        return object;
                }
        return -1;
}

static void apply_to_folder(const struct step *step)
{
        struct left *folder = &left[step->folder];
        int object;

        if (step->kind == STEP_CREATE) {
                set_name(folder, step->name, step->object);
                return;
        }
        object = take_name(folder, step->name);
        if (step->kind == STEP_RENAME && object >= 0)
                set_name(folder, step->new_name, object);
}

static void apply_octets(struct left *file, const struct step *step, size_t from, size_t to)
{
        if ((size_t)step->offset + to > file->len)
                resize(file, (size_t)step->offset + to);
        memcpy(file->octets + step->offset + from, step->octets + from, to - from);
}

/* likely is of 100: how much of what was not flushed is there. */
static void apply_to_file(const struct step *step, int likely)
{
        struct left *file = &left[step->object];

        if (step->kind == STEP_TRUNCATE) {
                if (rand() % 100 < likely)
                        resize(file, (size_t)step->offset);
                return;
        }
        for (size_t from = 0, to; from < step->len; from = to) {
                to = from + PAGE_OCTETS - ((size_t)step->offset + from) % PAGE_OCTETS;
                to = to < step->len ? to : step->len;
                if (rand() % 100 < likely)
                        apply_octets(file, step, from, to);
        }
}

static bool is_of_folder(const struct step *step)
{
        return step->kind == STEP_CREATE || step->kind == STEP_UNLINK || step->kind == STEP_RENAME;
}

/* Carries the steps that concern an object to the disk. */
static void settle(int object, size_t until, int likely)
{
        bool is_folder = objects[object].is_folder;

        for (size_t i = left[object].from; i < until; i++) {
                const struct step *step = &steps[i];

                if (is_folder && is_of_folder(step) && step->folder == object) {
                        if (rand() % 100 >= likely)
                                break; /* the journal ends here */
                        apply_to_folder(step);
                } else if (!is_folder && step->object == object &&
                           (step->kind == STEP_WRITE || step->kind == STEP_TRUNCATE)) {
                        apply_to_file(step, likely);
                }
        }
        left[object].from = until;
}

static bool is_ignored(int object, enum disk_ignored ignored)
{
        if (objects[object].is_folder)
                return ignored & DISK_IGNORES_FOLDERS;
        return ignored & (objects[object].is_database ? DISK_IGNORES_DATABASE : DISK_IGNORES_DOCUMENTS);
}

static void write_out(int object, const char *path)
{
        int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_EXCL, 0600);

        assert(fd >= 0);
        assert(syscall(SYS_pwrite64, fd, left[object].octets, left[object].len, 0) == (long)left[object].len);
        close(fd);
}

static void make(int object, const char *path)
{
        char below[PATH_MAX];

        for (const struct name *name = left[object].names; name; name = name->next) {
                if (objects[name->object].is_mapped)
                        continue;
                snprintf(below, sizeof(below), "%s/%s", path, name->name);
                if (objects[name->object].is_folder) {
                        assert(syscall(SYS_mkdirat, AT_FDCWD, below, 0700) == 0);
                        make(name->object, below);
                } else {
                        write_out(name->object, below);
                }
        }
}

static void forget(void)
{
        for (int i = 0; i < object_count; i++) {
                while (left[i].names)
                        take_name(&left[i], left[i].names->name);
                free(left[i].octets);
                left[i] = (struct left){ 0 };
        }
}

void disk_image(size_t until, enum disk_ignored ignored, unsigned int seed, const char *folder)
{
        /* All of what was not flushed, none of it, and parts of it. */
        static const int likelihoods[] = { 0, 100, 50, 90, 10 };
        int likely = likelihoods[seed % 5];

        assert(!is_watching);
        srand(seed);
        for (size_t i = 0; i < until; i++)
                if (steps[i].kind == STEP_FLUSH && !is_ignored(steps[i].object, ignored))
                        settle(steps[i].object, i, 100);
        for (int i = 0; i < object_count; i++)
                settle(i, until, likely);
        make(0, folder);
        forget();
}
