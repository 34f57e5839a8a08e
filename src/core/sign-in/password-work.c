// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

/*
 * Slow hashes are made by threads of their own, of lower priority than all others: while there is something
 * to print, whoever tries passwords gets what is left of the machine, and who waits at the gate only waits a
 * little longer. Each caller is inside the gate, so there are never more tasks than threads, but for a
 * moment.
 */

#define NICE 10

enum task_kind {
        TASK_HASH,
        TASK_REMAKE,
        TASK_PRETEND,
};

struct task {
        enum task_kind kind;
        struct text secret;
        const struct password_cost *cost;
        const char *verifier;
        char *ret;
        uint8_t *ret_hash;
        int r;
        char birthplace[128]; /* of a fault */
        bool is_done;
        struct task *next;
};

struct password_work {
        pthread_mutex_t lock;
        pthread_cond_t wanted, done;
        struct task *first, **last;
        pthread_t *threads;
        uint32_t thread_count;
        bool stop;
};

static void work(struct task *task)
{
        switch (task->kind) {
        case TASK_HASH: task->r = password_hash(task->secret, task->cost, task->ret); break;
        case TASK_REMAKE: task->r = password_remake(task->secret, task->verifier, task->ret_hash); break;
        case TASK_PRETEND: task->r = password_pretend(task->secret, task->cost); break;
        }
        if (task->r < 0)
                snprintf(task->birthplace, sizeof(task->birthplace), "%s", fault_birthplace());
}

static void *run(void *context)
{
        struct password_work *pool = context;

        /* Of this thread alone; where it is not allowed it works all the same. */
        (void)setpriority(PRIO_PROCESS, 0, NICE);
        pthread_mutex_lock(&pool->lock);
        for (;;) {
                struct task *task;

                while (!pool->first && !pool->stop)
                        pthread_cond_wait(&pool->wanted, &pool->lock);
                if (!pool->first)
                        break;
                task = pool->first;
                pool->first = task->next;
                if (!pool->first)
                        pool->last = &pool->first;
                pthread_mutex_unlock(&pool->lock);
                work(task);
                pthread_mutex_lock(&pool->lock);
                task->is_done = true;
                pthread_cond_broadcast(&pool->done);
        }
        pthread_mutex_unlock(&pool->lock);
        return NULL;
}

static int do_task(struct core *core, struct task *task)
{
        struct password_work *pool = core->password_work;

        pthread_mutex_lock(&pool->lock);
        *pool->last = task;
        pool->last = &task->next;
        pthread_cond_signal(&pool->wanted);
        while (!task->is_done)
                pthread_cond_wait(&pool->done, &pool->lock);
        pthread_mutex_unlock(&pool->lock);
        return task->r < 0 ? fault_from(task->r, task->birthplace) : task->r;
}

int password_work_hash(struct core *core, struct text secret, const struct password_cost *cost,
                       char ret[PASSWORD_STRING])
{
        return do_task(core, &(struct task){ .kind = TASK_HASH, .secret = secret, .cost = cost, .ret = ret });
}

int password_work_remake(struct core *core, struct text secret, const char *string,
                         uint8_t ret[PASSWORD_HASH_OCTETS])
{
        return do_task(
                core,
                &(struct task){ .kind = TASK_REMAKE, .secret = secret, .verifier = string, .ret_hash = ret });
}

int password_work_pretend(struct core *core, struct text secret, const struct password_cost *cost)
{
        return do_task(core, &(struct task){ .kind = TASK_PRETEND, .secret = secret, .cost = cost });
}

int password_work_new(struct core *core)
{
        uint32_t count = core->settings.password_checks_max ? core->settings.password_checks_max : 1;
        struct password_work *pool = calloc(1, sizeof(*pool));

        if (!pool)
                return fault(-ENOMEM);
        core->password_work = pool;
        pthread_mutex_init(&pool->lock, NULL);
        pthread_cond_init(&pool->wanted, NULL);
        pthread_cond_init(&pool->done, NULL);
        pool->last = &pool->first;
        pool->threads = calloc(count, sizeof(*pool->threads));
        if (!pool->threads)
                return fault(-ENOMEM);
        while (pool->thread_count < count) {
                int error = pthread_create(&pool->threads[pool->thread_count], NULL, run, pool);

                if (error)
                        return fault(-error);
                pool->thread_count++;
        }
        return 0;
}

void password_work_free(struct core *core)
{
        struct password_work *pool = core->password_work;

        if (!pool)
                return;
        pthread_mutex_lock(&pool->lock);
        pool->stop = true;
        pthread_cond_broadcast(&pool->wanted);
        pthread_mutex_unlock(&pool->lock);
        for (uint32_t i = 0; i < pool->thread_count; i++)
                pthread_join(pool->threads[i], NULL);
        pthread_cond_destroy(&pool->done);
        pthread_cond_destroy(&pool->wanted);
        pthread_mutex_destroy(&pool->lock);
        free(pool->threads);
        free(pool);
}
