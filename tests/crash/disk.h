// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A disk that can lose power, and one that fails.
 *
 * This file's functions stand in for the C library's (open, pwrite, fsync and so on), for our code and for
 * SQLite's alike. While a folder is watched, everything done in it is written down, in order; no flush
 * reaches the real disk. Afterwards disk_image() makes the folder as it could be found after power was lost
 * at any point of that order, by the strict reading of POSIX:
 *
 *      what a file held at its last fsync or fdatasync is there;
 *      of what was written to it since, any pages are there and any others are not;
 *      a name is there for certain only after an fsync of its folder, however often the file was synced; of
 *      what was done to a folder since, some first part is there.
 *
 * The model may be told to ignore flushes of one kind, to show that the test would notice their absence.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_ignored {
        DISK_IGNORES_NOTHING = 0,
        DISK_IGNORES_FOLDERS = 1 << 0,   /* fsync of any folder */
        DISK_IGNORES_DATABASE = 1 << 1,  /* of the files "db…" */
        DISK_IGNORES_DOCUMENTS = 1 << 2, /* of all other files */
};

/* Forgets what was written down, and starts. */
void disk_watch(const char *folder);
void disk_unwatch(void);

/* A note of the test's own among what is done. */
void disk_note(int kind, int64_t number);
size_t disk_count(void);
/* The note at that point, or false where something else stands there. */
bool disk_note_at(size_t at, int *ret_kind, int64_t *ret_number);

/* The folder as it may be found after the first so many steps, into an existing empty one. */
void disk_image(size_t steps, enum disk_ignored ignored, unsigned int seed, const char *folder);

/* The nth change from now on in the watched folder fails so, once; 0 means none. */
void disk_fail(unsigned int nth, int error);
/* The nth flush from now on fails with EIO. */
void disk_fail_flush(unsigned int nth);
/* Whether the failure that was asked for has happened, and after how many steps. */
bool disk_has_failed(void);
size_t disk_failed_at(void);
