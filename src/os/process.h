// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The process as a whole: what it gives up at start, and how it is asked to stop. Call these from main(),
 * before the first thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum process_refusal {
        PROCESS_NO_USER = 1, /* unknown on this machine */
};

/* No core dumps, no ptrace by others of our uid, no privileges through execve, files for us alone (umask
 * 077), SIGPIPE ignored. */
int process_harden(void);

/*
 * Becomes another user, with that user's own group and no others. name may be a number; NULL and our own are
 * nothing to do. PROCESS_NO_USER.
 */
int process_become(const char *name);
/* The id of a user by name or number. PROCESS_NO_USER. */
int process_find_user(const char *name, uid_t *ret);

/* No more memory than there is now and so much. (What a sanitizer has is larger than any limit.) Reads /proc.
 */
int process_limit_memory(uint64_t octets);

/* Lets us lock as much memory as there is, where we still have the right to; before process_become(). */
void process_raise_locked(void);

/*
 * Keeps all memory out of swap: what there is, and what comes later, too, where nothing limits it. (Where
 * something does, memory that came later would be refused instead.) Where the limit is too low for either: a
 * warning, and false.
 */
bool process_lock_memory(void);
/* The same for what lies there alone, of whole pages; also out of core dumps. False where the limit is too
 * low. */
bool process_lock_region(void *at, size_t octets);

/* Raises the limit on open files to wanted, or to the hard limit where that is lower; returns what it is now.
 */
size_t process_raise_files(size_t wanted);

/* SIGTERM and SIGINT arrive at this descriptor instead; readable = stop. Blocked for all later threads. */
int process_stop_open(int *ret_fd);
/* Takes a signal from it: its number, or 0 where there is none. Does not wait. */
int process_stop_take(int fd);

/*
 * From here on only these system calls (names, NULL-terminated) are allowed, to this thread and those it
 * starts; every other answers EPERM. Irrevocable.
 */
int process_allow_calls(const char *const *names);
/* Among the names: socket(2), but for AF_UNIX alone. */
#define PROCESS_SOCKET_UNIX "socket:unix"
/* Among the names: clone(2), but for threads alone. clone3(2), into whose flags a filter cannot look, is then
 * not there, and the C library takes the other one. */
#define PROCESS_CLONE_THREAD "clone:thread"
/* The same as a program of the kernel's filter, in a file in memory, for another program to put on. */
int process_filter_open(const char *const *names, int *ret_fd);
/* The other way round: all but these. */
int process_deny_calls(const char *const *names);
/* Threads may be started from here on, and other programs in our place, but no further process. */
int process_deny_processes(void);

/*
 * From here on files are reachable only beneath these directories: first those to read, then those to write
 * (both NULL-terminated, may be NULL). Descriptors that are open stay so. Where the kernel has no Landlock: a
 * warning, and 0.
 */
int process_allow_paths(const char *const *to_read, const char *const *to_write);
