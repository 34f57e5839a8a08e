// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Files that survive a crash.
 *
 * Where the kernel says that octets could not be made durable, they may be lost although a second call
 * succeeds (the error is reported once and the pages are marked clean). So the *_sync functions do not return
 * it: they write one line to the log and stop the process, and the next start finds what is really there.
 *
 * All functions may be called from every thread. Descriptors are close-on-exec.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/text.h"

enum file_refusal {
        FILE_NOT_FOUND = 1,
        FILE_EXISTS,
        FILE_TOO_LARGE,
};

/* Adds the whole file to *to; FILE_NOT_FOUND, or FILE_TOO_LARGE beyond max octets (nothing is added then). */
int file_read(const char *path, size_t max, struct buffer *to);
int file_read_at(int directory, const char *name, size_t max, struct buffer *to);

/* The file has either the old content or the new one, and after the return the new one, whatever happens. */
int file_replace(const char *path, mode_t mode, struct text octets);
int file_replace_at(int directory, const char *name, mode_t mode, struct text octets);

/* A new file that only we may read (0600), open for reading and writing; FILE_EXISTS. Not durable before
 * file_sync() and directory_sync(). */
int file_create(int directory, const char *name, int *ret_fd);

/* All of it or a fault: short writes are continued. -ENOSPC and -EDQUOT are for the caller to answer. */
int file_write(int fd, const void *octets, size_t len);
int file_write_at(int fd, const void *octets, size_t len, uint64_t offset);
/* Exactly len octets; fault -ENODATA at an earlier end. */
int file_read_exactly_at(int fd, void *ret, size_t len, uint64_t offset);

/* fdatasync(2) and fsync(2), which stop the process where they fail. */
void file_sync_data(int fd);
void file_sync(int fd);
void directory_sync(int directory);

/* Overwrites, syncs, unlinks, syncs the directory. FILE_NOT_FOUND. */
int file_destroy(int directory, const char *name);
/* Unlinks; the directory is not synced. FILE_NOT_FOUND. */
int file_remove(int directory, const char *name);

/* Makes the directory (mode 0700) where it is missing, and its parent durable; opens it. */
int directory_open(const char *path, int *ret_fd);
int directory_open_at(int directory, const char *name, int *ret_fd);

/* What an unprivileged process may still write there, and of how much. */
int directory_space(int directory, uint64_t *ret_free_octets, uint64_t *ret_total_octets);
