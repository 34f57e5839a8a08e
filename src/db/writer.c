// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "db/writer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "db/sqlite.h"
#include "db/wal.h"

/* What is told after the commit. */
struct db_note {
        struct db_note *next;
        db_tell tell;
        size_t len;
        uint8_t octets[];
};

/* One caller's wish, on the caller's stack. */
struct wish {
        db_work work; /* NULL: wipe the log */
        void *context;
        int outcome;
        struct db_note *notes;
        char birthplace[256]; /* of its fault, which was born on another thread */
        atomic_uint is_done;  /* 0 or 1; its caller sleeps on it */
        struct wish *next;
};

struct queue {
        struct wish *first;
        struct wish **end;
};

struct writer {
        struct sqlite *sqlite;
        char *path;
        unsigned int batch_max;
        int fold_frames;   /* after so many new frames the log is folded */
        int folded_frames; /* its length when that was done last */
        pthread_t thread;

        pthread_mutex_t lock; /* of the three below */
        pthread_cond_t wanted;
        struct queue waiting;
        bool is_ending;

        atomic_uint_fast64_t writes, commits;
};

/* The works of one transaction, in the order they came. */
struct batch {
        struct queue works;
        struct queue wipes;
        unsigned int count;
};

static _Thread_local struct writer *writer_of_this_thread;

static void queue_init(struct queue *queue)
{
        queue->first = NULL;
        queue->end = &queue->first;
}

static void queue_add(struct queue *queue, struct wish *wish)
{
        wish->next = NULL;
        *queue->end = wish;
        queue->end = &wish->next;
}

static struct wish *queue_take(struct queue *queue)
{
        struct wish *wish = queue->first;

        if (!wish)
                return NULL;
        queue->first = wish->next;
        if (!queue->first)
                queue->end = &queue->first;
        return wish;
}

static void settle(struct wish *wish, int r)
{
        wish->outcome = r;
        if (r < 0)
                snprintf(wish->birthplace, sizeof(wish->birthplace), "%s", fault_birthplace());
}

/* The next wish, or NULL: at once where others are already in the batch, else only when there is no more. */
static struct wish *next_wish(struct writer *writer, const struct batch *batch)
{
        bool may_wait = !batch->works.first && !batch->wipes.first;
        struct wish *wish;

        pthread_mutex_lock(&writer->lock);
        while (may_wait && !writer->waiting.first && !writer->is_ending)
                pthread_cond_wait(&writer->wanted, &writer->lock);
        wish = queue_take(&writer->waiting);
        pthread_mutex_unlock(&writer->lock);
        return wish;
}

/* Some errors end SQLite's transaction by themselves, and with it everything the batch had done. */
static bool is_lost(struct writer *writer)
{
        return sqlite3_get_autocommit(writer->sqlite->handle);
}

int db_after_commit(struct db_tx *tx, db_tell tell, const void *octets, size_t len)
{
        struct db_note *note;

        if (!tx->notes)
                return fault(-EINVAL);
        note = malloc(sizeof(*note) + len);
        if (!note)
                return fault(-ENOMEM);
        *note = (struct db_note){ .tell = tell, .len = len };
        memcpy(note->octets, octets, len);
        **tx->notes = note;
        *tx->notes = &note->next;
        return 0;
}

static void notes_drop(struct wish *wish)
{
        while (wish->notes) {
                struct db_note *note = wish->notes;

                wish->notes = note->next;
                free(note);
        }
}

void writer_set_owner(struct writer *writer, void *owner)
{
        writer->sqlite->owner = owner;
}

void *db_owner(const struct db_tx *tx)
{
        return tx->notes ? tx->sqlite->owner : NULL;
}

/* Of a batch that is committed, or (is_true false) is not. */
static void notes_tell(struct batch *batch, bool is_true)
{
        for (struct wish *wish = batch->works.first; wish; wish = wish->next) {
                for (const struct db_note *note = is_true ? wish->notes : NULL; note; note = note->next)
                        note->tell(note->octets, note->len);
                notes_drop(wish);
        }
}

static int run_in_savepoint(struct writer *writer, struct wish *wish)
{
        struct sqlite *sqlite = writer->sqlite;
        struct db_note **end = &wish->notes;
        int r, outcome;

        r = sqlite_step(sqlite, "SAVEPOINT work");
        if (r < 0)
                return r;
        outcome = wish->work(&(struct db_tx){ sqlite, &end }, wish->context);
        settle(wish, outcome);
        if (outcome)
                notes_drop(wish);
        sqlite_release_all(sqlite);
        if (is_lost(writer))
                return outcome < 0 ? outcome : fault(-EIO);
        if (outcome) {
                r = sqlite_step(sqlite, "ROLLBACK TO work");
                if (r < 0)
                        return r;
        }
        return sqlite_step(sqlite, "RELEASE work");
}

/* Runs what waits, and what comes meanwhile. A fault here is the whole batch's. */
static int run_batch(struct writer *writer, struct batch *batch)
{
        struct wish *wish;
        int r;

        for (;;) {
                wish = batch->count < writer->batch_max ? next_wish(writer, batch) : NULL;
                if (!wish)
                        return 0;
                if (!wish->work) {
                        /* Last in its batch: it must see what was asked for before it, and nothing else. */
                        queue_add(&batch->wipes, wish);
                        return 0;
                }
                if (batch->count++ == 0) {
                        queue_add(&batch->works, wish);
                        r = sqlite_step(writer->sqlite, "BEGIN IMMEDIATE");
                        if (r < 0)
                                return r;
                } else {
                        queue_add(&batch->works, wish);
                }
                r = run_in_savepoint(writer, wish);
                if (r < 0)
                        return r;
        }
}

static int end_batch(struct writer *writer, struct batch *batch, int r)
{
        if (r == 0 && batch->count > 0)
                r = sqlite_commit(writer->sqlite);
        if (!is_lost(writer))
                sqlite3_exec(writer->sqlite->handle, "ROLLBACK", NULL, NULL, NULL);
        if (r == 0 && batch->count > 0) {
                atomic_fetch_add_explicit(&writer->commits, 1, memory_order_relaxed);
                atomic_fetch_add_explicit(&writer->writes, batch->count, memory_order_relaxed);
        }
        return r;
}

/*
 * Nobody is held up by a lock that the waker has: each caller sleeps on its own wish. Once that says done,
 * its caller may have left and its stack be something else; waking an address is harmless then, as it is not
 * read.
 */
static void answer(struct queue *queue)
{
        struct wish *wish;

        while ((wish = queue_take(queue))) {
                atomic_store_explicit(&wish->is_done, 1, memory_order_release);
                syscall(SYS_futex, &wish->is_done, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
        }
}

static void await(struct wish *wish)
{
        while (!atomic_load_explicit(&wish->is_done, memory_order_acquire))
                syscall(SYS_futex, &wish->is_done, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

static void settle_all(struct queue *queue, int r)
{
        for (struct wish *wish = queue->first; wish; wish = wish->next)
                settle(wish, r);
}

static void fold_if_long(struct writer *writer)
{
        int frames = writer->sqlite->wal_frames, r;

        if (frames < writer->folded_frames)
                writer->folded_frames = 0; /* the log has started over */
        if (frames - writer->folded_frames < writer->fold_frames)
                return;
        r = wal_fold(writer->sqlite, frames >= 2 * writer->fold_frames);
        if (r < 0)
                log_fault("database-fold-failed", r); /* the log grows on; nothing is lost */
        writer->folded_frames = frames;
}

/* False when there is nothing more and the writer is to end. */
static bool serve(struct writer *writer)
{
        struct batch batch = { 0 };
        int r;

        queue_init(&batch.works);
        queue_init(&batch.wipes);
        r = run_batch(writer, &batch);
        r = end_batch(writer, &batch, r);
        notes_tell(&batch, r == 0);
        if (r < 0)
                settle_all(&batch.works, r);
        if (batch.wipes.first)
                settle_all(&batch.wipes, wal_wipe(writer->sqlite, writer->path));
        if (!batch.works.first && !batch.wipes.first)
                return false;
        answer(&batch.works);
        answer(&batch.wipes);
        fold_if_long(writer);
        return true;
}

static void *writer_main(void *context)
{
        struct writer *writer = context;

        writer_of_this_thread = writer;
        while (serve(writer))
                ;
        return NULL;
}

static int hand_over(struct writer *writer, db_work work, void *context)
{
        struct wish wish = { .work = work, .context = context };

        /* It would wait for itself. */
        if (writer_of_this_thread == writer)
                return fault(-EDEADLK);
        pthread_mutex_lock(&writer->lock);
        queue_add(&writer->waiting, &wish);
        pthread_cond_signal(&writer->wanted);
        pthread_mutex_unlock(&writer->lock);
        await(&wish);
        return wish.outcome < 0 ? fault_from(wish.outcome, wish.birthplace) : wish.outcome;
}

int writer_run(struct writer *writer, db_work work, void *context)
{
        return hand_over(writer, work, context);
}

int writer_wipe(struct writer *writer)
{
        return hand_over(writer, NULL, NULL);
}

void writer_read_figures(struct writer *writer, struct db_figures *ret)
{
        ret->writes = atomic_load_explicit(&writer->writes, memory_order_relaxed);
        ret->commits = atomic_load_explicit(&writer->commits, memory_order_relaxed);
}

static void writer_discard(struct writer *writer)
{
        sqlite_close(writer->sqlite);
        free(writer->path);
        free(writer);
}

int writer_new(const struct writer_settings *settings, struct sqlite *sqlite, struct writer **ret)
{
        struct writer *writer = calloc(1, sizeof(*writer));
        int r;

        if (!writer) {
                sqlite_close(sqlite);
                return fault(-ENOMEM);
        }
        writer->sqlite = sqlite;
        writer->path = text_duplicate(text_from(settings->path));
        writer->batch_max = settings->batch_max;
        writer->fold_frames = (int)(settings->fold_octets / 4096);
        queue_init(&writer->waiting);
        pthread_mutex_init(&writer->lock, NULL);
        pthread_cond_init(&writer->wanted, NULL);
        r = writer->path ? pthread_create(&writer->thread, NULL, writer_main, writer) : ENOMEM;
        if (r) {
                writer_discard(writer);
                return fault(-r);
        }
        *ret = writer;
        return 0;
}

void writer_free(struct writer *writer)
{
        if (!writer)
                return;
        pthread_mutex_lock(&writer->lock);
        writer->is_ending = true;
        pthread_cond_signal(&writer->wanted);
        pthread_mutex_unlock(&writer->lock);
        pthread_join(writer->thread, NULL);
        pthread_cond_destroy(&writer->wanted);
        pthread_mutex_destroy(&writer->lock);
        writer_discard(writer);
}
