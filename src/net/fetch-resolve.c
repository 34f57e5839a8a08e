// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/fetch-resolve.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "net/address.h"
#include "net/fetch-policy.h"

#define ADDRESSES_MAX 8

/* Shared by who asks and the thread that resolves; the last one to leave frees it. */
struct question {
        pthread_mutex_t lock;
        pthread_cond_t answered;
        int holders;
        bool is_answered;
        char host[FETCH_HOST];
        struct in6_addr found[ADDRESSES_MAX];
        size_t count;
};

static atomic_int under_way;

static void leave(struct question *question)
{
        bool last;

        pthread_mutex_lock(&question->lock);
        last = --question->holders == 0;
        pthread_mutex_unlock(&question->lock);
        if (!last)
                return;
        pthread_cond_destroy(&question->answered);
        pthread_mutex_destroy(&question->lock);
        free(question);
}

static void note(struct question *question, const struct addrinfo *found)
{
        for (const struct addrinfo *at = found; at && question->count < ADDRESSES_MAX; at = at->ai_next) {
                struct sockaddr_storage one = { 0 };

                memcpy(&one, at->ai_addr, at->ai_addrlen < sizeof(one) ? at->ai_addrlen : sizeof(one));
                question->found[question->count++] = address_from(&one);
        }
}

static void *resolve(void *context)
{
        struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *found = NULL;
        struct question *question = context;
        int r = getaddrinfo(question->host, NULL, &hints, &found);

        pthread_mutex_lock(&question->lock);
        if (r == 0)
                note(question, found);
        question->is_answered = true;
        pthread_cond_signal(&question->answered);
        pthread_mutex_unlock(&question->lock);
        if (r == 0)
                freeaddrinfo(found);
        leave(question);
        atomic_fetch_sub(&under_way, 1);
        return NULL;
}

static struct question *question_new(const char *host)
{
        struct question *question = calloc(1, sizeof(*question));
        pthread_condattr_t attributes;

        if (!question)
                return NULL;
        pthread_mutex_init(&question->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&question->answered, &attributes);
        pthread_condattr_destroy(&attributes);
        question->holders = 1;
        if (!text_copy(text_from(host), question->host, sizeof(question->host))) {
                leave(question);
                return NULL;
        }
        return question;
}

/* Signals are the main thread's. */
static bool start(struct question *question)
{
        sigset_t all, before;
        pthread_attr_t attributes;
        pthread_t thread;
        bool started;

        question->holders++;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        started = pthread_create(&thread, &attributes, resolve, question) == 0;
        pthread_attr_destroy(&attributes);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (!started)
                question->holders--;
        return started;
}

static size_t await(struct question *question, int64_t deadline_ms, struct in6_addr *ret, size_t max)
{
        struct timespec until = { deadline_ms / 1000, deadline_ms % 1000 * 1000000 };
        size_t count = 0;
        int r = 0;

        pthread_mutex_lock(&question->lock);
        while (!question->is_answered && r == 0)
                r = pthread_cond_timedwait(&question->answered, &question->lock, &until);
        if (question->is_answered)
                count = question->count < max ? question->count : max;
        memcpy(ret, question->found, count * sizeof(*ret));
        pthread_mutex_unlock(&question->lock);
        return count;
}

size_t fetch_resolve(const char *host, int64_t deadline_ms, struct in6_addr *ret, size_t max)
{
        struct question *question;
        size_t count = 0;

        if (atomic_fetch_add(&under_way, 1) >= RESOLVERS_MAX) {
                atomic_fetch_sub(&under_way, 1);
                return 0;
        }
        question = question_new(host);
        if (question && start(question))
                count = await(question, deadline_ms, ret, max);
        else
                atomic_fetch_sub(&under_way, 1);
        if (question)
                leave(question);
        return count;
}
