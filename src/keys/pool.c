// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "keys/pool.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "os/peer.h"

#define CONNECTIONS_MAX 64
#define RESTART_MS      1000 /* how long a keeper may be away while it is started again */
#define RETRY_MS        5

struct pool {
        char *path;
        uid_t uid;
        unsigned int timeout_ms;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        unsigned int max;
        unsigned int made; /* idle and taken */
        unsigned int idle_count;
        int idle[CONNECTIONS_MAX];
};

int pool_new(const char *path, uid_t uid, unsigned int max, unsigned int timeout_ms, struct pool **ret)
{
        struct pool *pool = calloc(1, sizeof(*pool));
        pthread_condattr_t attributes;

        if (!pool)
                return fault(-ENOMEM);
        pool->path = strdup(path);
        if (!pool->path) {
                free(pool);
                return fault(-ENOMEM);
        }
        pool->uid = uid;
        pool->max = max > CONNECTIONS_MAX ? CONNECTIONS_MAX : max;
        pool->timeout_ms = timeout_ms;
        pthread_mutex_init(&pool->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&pool->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        *ret = pool;
        return 0;
}

void pool_free(struct pool *pool)
{
        if (!pool)
                return;
        while (pool->idle_count)
                close(pool->idle[--pool->idle_count]);
        pthread_cond_destroy(&pool->changed);
        pthread_mutex_destroy(&pool->lock);
        free(pool->path);
        free(pool);
}

static int connect_once(const struct pool *pool, int *ret_fd)
{
        SCOPED(closep) int fd = -1;
        uid_t uid;
        int r;

        r = peer_connect(pool->path, pool->timeout_ms, &fd);
        if (r < 0)
                return r;
        r = peer_uid(fd, &uid);
        if (r < 0)
                return r;
        if (uid != pool->uid)
                return fault(-EPERM);
        *ret_fd = take_fd(&fd);
        return 0;
}

/* A keeper that is being started again is worth a short wait; one that is missing is not worth a long one. */
static int connect_patiently(const struct pool *pool, int64_t deadline_ms, int *ret_fd)
{
        int64_t patience_ms = clock_monotonic_ms() + RESTART_MS;

        if (patience_ms > deadline_ms)
                patience_ms = deadline_ms;
        for (;;) {
                int r = connect_once(pool, ret_fd);

                if ((r != -ECONNREFUSED && r != -ENOENT) || clock_monotonic_ms() >= patience_ms)
                        return r;
                poll(NULL, 0, RETRY_MS);
        }
}

/* With the lock held. True when there is an idle one or room for a new one. */
static bool wait_for_one(struct pool *pool, int64_t deadline_ms)
{
        struct timespec until = { deadline_ms / 1000, (deadline_ms % 1000) * 1000000 };

        while (!pool->idle_count && pool->made == pool->max)
                if (pthread_cond_timedwait(&pool->changed, &pool->lock, &until) == ETIMEDOUT)
                        return pool->idle_count || pool->made < pool->max;
        return true;
}

int pool_take(struct pool *pool, int64_t deadline_ms, int *ret_fd, bool *ret_fresh)
{
        int fd = -1;
        int r;

        pthread_mutex_lock(&pool->lock);
        if (!wait_for_one(pool, deadline_ms)) {
                pthread_mutex_unlock(&pool->lock);
                return fault(-ETIMEDOUT);
        }
        if (pool->idle_count)
                fd = pool->idle[--pool->idle_count];
        else
                pool->made++;
        pthread_mutex_unlock(&pool->lock);

        *ret_fresh = fd < 0;
        if (fd < 0) {
                r = connect_patiently(pool, deadline_ms, &fd);
                if (r < 0) {
                        pool_drop(pool, -1);
                        return r;
                }
        }
        *ret_fd = fd;
        return 0;
}

void pool_give_back(struct pool *pool, int fd)
{
        pthread_mutex_lock(&pool->lock);
        pool->idle[pool->idle_count++] = fd;
        pthread_cond_signal(&pool->changed);
        pthread_mutex_unlock(&pool->lock);
}

void pool_drop(struct pool *pool, int fd)
{
        if (fd >= 0)
                close(fd);
        pthread_mutex_lock(&pool->lock);
        pool->made--;
        pthread_cond_signal(&pool->changed);
        pthread_mutex_unlock(&pool->lock);
}
