// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/shown.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "ipp/build.h"
#include "net/http-client.h"
#include "os/file.h"
#include "outpost/thread.h"

#define ANSWER_OCTETS ((size_t)1024 * 1024)
#define ANSWER_MS     15000
#define AGAIN_S       600
#define NAME_OCTETS   64

struct shown {
        int directory;
        struct service *service;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        bool is_asked; /* the thread shall not wait */
        struct door_queue *queues;
        size_t count;
};

static void name_of(const struct door_queue *queue, char ret[NAME_OCTETS])
{
        char id[ID_STRING];

        id_format(queue->id, id);
        snprintf(ret, NAME_OCTETS, "shown-%s.ipp", id);
}

static int make_question(const struct door_queue *queue, struct buffer *to)
{
        struct arena *arena = arena_new(65536);
        struct ipp_builder b;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        b = ipp_request(arena, IPP_GET_PRINTER_ATTRIBUTES, 1);
        ipp_add_format(&b, IPP_TAG_URI, "printer-uri", "ipps://%s%s", SHOWN_HOST, queue->path);
        ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", "all");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", "media-col-database");
        r = fold(ipp_builder_format(&b, to));
        arena_free(arena);
        return r;
}

static int ask(struct shown *shown, const struct door_queue *queue)
{
        static const char *const headers[] = { "Imprimatur-Client-Address: 127.0.0.1",
                                               "Imprimatur-Client-Host: " SHOWN_HOST,
                                               "Imprimatur-Client-Scheme: https", NULL };
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(buffer_done) struct buffer question = BUFFER(65536);
        struct http_client_request request = { .method = "POST",
                                               .path = queue->path,
                                               .headers = headers,
                                               .content_type = "application/ipp",
                                               .response_max_octets = ANSWER_OCTETS,
                                               .timeout_ms = ANSWER_MS };
        char name[NAME_OCTETS];
        struct text answer;
        int r;

        r = make_question(queue, &question);
        if (r)
                return r;
        request.body = buffer_text(&question);
        r = service_ask(shown->service, &request, &response);
        if (r)
                return r;
        answer = buffer_text(&response.body);
        /* Version, and a status that is successful (RFC 8011, appendix B.1.2). */
        if (answer.len < 8 || answer.at[2] != 0)
                return 0;
        name_of(queue, name);
        return fold(file_replace_at(shown->directory, name, 0600, answer));
}

static size_t take_queues(struct shown *shown, struct door_queue **ret)
{
        struct door_queue *copy = NULL;
        size_t count = 0;

        pthread_mutex_lock(&shown->lock);
        shown->is_asked = false;
        copy = shown->count ? malloc(shown->count * sizeof(*copy)) : NULL;
        for (; copy && count < shown->count; count++)
                copy[count] = shown->queues[count];
        pthread_mutex_unlock(&shown->lock);
        *ret = copy;
        return count;
}

static void wait_until_asked(struct shown *shown)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += AGAIN_S;
        pthread_mutex_lock(&shown->lock);
        while (!shown->is_asked && pthread_cond_timedwait(&shown->changed, &shown->lock, &until) != ETIMEDOUT)
                continue;
        pthread_mutex_unlock(&shown->lock);
}

static void *run(void *context)
{
        struct shown *shown = context;

        for (;;) {
                struct door_queue *queues;
                size_t count = take_queues(shown, &queues);

                for (size_t i = 0; i < count; i++) {
                        int r = ask(shown, &queues[i]);

                        if (r < 0)
                                log_fault("queue-not-kept", r);
                }
                free(queues);
                wait_until_asked(shown);
        }
        return NULL;
}

int shown_new(int directory, struct service *service, struct shown **ret)
{
        struct shown *shown = calloc(1, sizeof(*shown));
        pthread_condattr_t attributes;
        int r;

        if (!shown)
                return fault(-ENOMEM);
        shown->directory = directory;
        shown->service = service;
        pthread_mutex_init(&shown->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&shown->changed, &attributes);
        pthread_condattr_destroy(&attributes);
        r = thread_start(run, shown);
        if (r) {
                free(shown);
                return r;
        }
        *ret = shown;
        return 0;
}

void shown_set(struct shown *shown, const struct door_plan *plan)
{
        struct door_queue *copy = plan->queue_count ? malloc(plan->queue_count * sizeof(*copy)) : NULL;

        for (size_t i = 0; copy && i < plan->queue_count; i++)
                copy[i] = plan->queues[i];
        pthread_mutex_lock(&shown->lock);
        free(shown->queues);
        shown->queues = copy;
        shown->count = copy ? plan->queue_count : 0;
        shown->is_asked = true;
        pthread_cond_signal(&shown->changed);
        pthread_mutex_unlock(&shown->lock);
}

bool shown_find(struct shown *shown, const struct door_queue *queue, struct buffer *to)
{
        char name[NAME_OCTETS];

        name_of(queue, name);
        return file_read_at(shown->directory, name, ANSWER_OCTETS, to) == 0;
}
