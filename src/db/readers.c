// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/readers.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "db/sqlite.h"

#define WAIT_S 30

struct readers {
        pthread_mutex_t lock;
        pthread_cond_t returned;
        unsigned int free; /* of idle: the first so many are there */
        struct sqlite *idle[];
};

/* The one returned last goes first: its pages are the warmest. */
static int borrow(struct readers *readers, struct sqlite **ret)
{
        struct timespec until;
        int r = 0;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += WAIT_S;
        pthread_mutex_lock(&readers->lock);
        while (readers->free == 0 && r == 0)
                r = pthread_cond_clockwait(&readers->returned, &readers->lock, CLOCK_MONOTONIC, &until);
        if (readers->free > 0) {
                *ret = readers->idle[--readers->free];
                r = 0;
        }
        pthread_mutex_unlock(&readers->lock);
        return r ? fault(-EBUSY) : 0;
}

static void give_back(struct readers *readers, struct sqlite *sqlite)
{
        pthread_mutex_lock(&readers->lock);
        readers->idle[readers->free++] = sqlite;
        pthread_cond_signal(&readers->returned);
        pthread_mutex_unlock(&readers->lock);
}

/* The work's outcome counts; how a transaction that changed nothing ends does not. */
static int run(struct sqlite *sqlite, db_work work, void *context)
{
        int r;

        r = sqlite_step(sqlite, "BEGIN");
        if (r < 0)
                return r;
        r = work(&(struct db_tx){ sqlite, NULL }, context);
        sqlite_release_all(sqlite);
        if (!sqlite3_get_autocommit(sqlite->handle))
                sqlite_step(sqlite, "ROLLBACK");
        return r;
}

int readers_run(struct readers *readers, db_work work, void *context)
{
        struct sqlite *sqlite;
        int r;

        r = borrow(readers, &sqlite);
        if (r < 0)
                return r;
        r = run(sqlite, work, context);
        give_back(readers, sqlite);
        return r;
}

static void readers_freep(struct readers **readers)
{
        readers_free(*readers);
}

int readers_new(const struct sqlite_settings *settings, unsigned int count, struct readers **ret)
{
        SCOPED(readers_freep)
        struct readers *readers = calloc(1, sizeof(*readers) + count * sizeof(struct sqlite *));
        int r;

        if (!readers)
                return fault(-ENOMEM);
        pthread_mutex_init(&readers->lock, NULL);
        pthread_cond_init(&readers->returned, NULL);
        while (readers->free < count) {
                r = sqlite_open(settings, &readers->idle[readers->free]);
                if (r < 0)
                        return r;
                readers->free++;
        }
        *ret = take(readers);
        return 0;
}

void readers_free(struct readers *readers)
{
        if (!readers)
                return;
        for (unsigned int i = 0; i < readers->free; i++)
                sqlite_close(readers->idle[i]);
        pthread_cond_destroy(&readers->returned);
        pthread_mutex_destroy(&readers->lock);
        free(readers);
}
