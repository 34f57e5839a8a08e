// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A few connections to the keeper, taken and given back by threads. One that broke is closed and made again
 * by the next who wants one. Only for files of this folder.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct pool;

int pool_new(const char *path, uid_t uid, unsigned int max, unsigned int timeout_ms, struct pool **ret);
/* Nobody may be using it. */
void pool_free(struct pool *pool);

/* Waits until deadline_ms of clock_monotonic_ms() for one: fault -ETIMEDOUT. *ret_fd may have been idle since
 * the keeper went away; *ret_fresh says that it is new. */
int pool_take(struct pool *pool, int64_t deadline_ms, int *ret_fd, bool *ret_fresh);
void pool_give_back(struct pool *pool, int fd);
/* The connection is of no more use; closes it. */
void pool_drop(struct pool *pool, int fd);
