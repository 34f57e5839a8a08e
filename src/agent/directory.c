// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/directory.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outpost/thread.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "directory/ask.h"
#include "net/fetch-policy.h"

#define QUESTIONS_OCTETS_MAX 65536
#define ARENA_OCTETS         ((size_t)256 << 10)
#define PART_ENTRIES         50
#define PART_OCTETS          50000 /* of JSON: what the service takes at once */

struct directory {
        struct service *service;
        struct fetch_policy policy;
        pthread_mutex_t lock;
        pthread_cond_t woken;
        unsigned int wakes;
        bool is_off;
};

struct asked {
        struct directory *directory;
        const struct directory_question *question;
};

static bool allows(void *context, const struct directory_server *server, const struct in6_addr *address)
{
        struct asked *asked = context;
        struct fetch_url url = { .port = server->port, .address = *address };

        snprintf(url.host, sizeof(url.host), "%s", server->host);
        return fetch_policy_allows(&asked->directory->policy, &url, address);
}

/* *ret_octets: of the JSON, where it was too long and was not sent. */
static int send_answer(const struct asked *asked, const struct directory_answer *answer, size_t *ret_octets)
{
        json_t *json = answer_format(asked->question->id, answer);
        SCOPED(freep) char *octets = json ? json_dumps(json, JSON_COMPACT) : NULL;

        json_decref(json);
        if (!octets)
                return fault(-ENOMEM);
        *ret_octets = strlen(octets);
        if (*ret_octets > PART_OCTETS && answer->entry_count > 1)
                return 0;
        return service_directory_answer(asked->directory->service, text_from(octets));
}

/* A page in as many parts as the service takes it in; a part that is too long is halved. */
static int give(void *context, const struct directory_answer *page)
{
        struct asked *asked = context;
        size_t done = 0, step = PART_ENTRIES;

        while (done < page->entry_count) {
                struct directory_answer part = *page;
                size_t octets = 0;
                int r;

                part.entries = page->entries + done;
                part.entry_count = page->entry_count - done < step ? page->entry_count - done : step;
                part.more = true;
                r = send_answer(asked, &part, &octets);
                if (r)
                        return r;
                if (octets > PART_OCTETS && part.entry_count > 1) {
                        step = part.entry_count / 2;
                        continue;
                }
                done += part.entry_count;
        }
        return 0;
}

static void answer_question(struct directory *directory, const struct directory_question *question)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(ARENA_OCTETS);
        struct asked asked = { directory, question };
        struct directory_asker asker = { .allows = allows, .give = give, .context = &asked };
        struct directory_answer answer;
        size_t octets;
        int r = arena ? directory_ask(question, &asker, arena, &answer) : fault(-ENOMEM);

        if (r < 0) {
                log_fault("directory-not-asked", r);
                answer = (struct directory_answer){ .outcome = DIRECTORY_CONFUSED };
        }
        if (directory_outcome_is_failure(answer.outcome))
                log_write(LOG_WARNING, "directory-failed", "reason", directory_outcome_name(answer.outcome),
                          "words", answer.words, NULL);
        r = send_answer(&asked, &answer, &octets);
        if (r < 0)
                log_fault("directory-answer-failed", r);
        else if (r)
                log_write(LOG_NOTICE, "directory-answer-not-taken", "why", service_complaint(), NULL);
}

/* False where there was none, or none that is understood. */
static bool fetch_question(struct directory *directory, struct directory_question *ret)
{
        SCOPED(buffer_wipe) struct buffer questions = BUFFER(QUESTIONS_OCTETS_MAX);
        json_t *json;
        bool has;

        if (service_directory_questions(directory->service, &questions) != 0)
                return false;
        json = json_loadb(questions.at, questions.len, JSON_REJECT_DUPLICATES, NULL);
        has = json_array_size(json_object_get(json, "questions")) > 0;
        if (has && !question_parse(json_array_get(json_object_get(json, "questions"), 0), ret)) {
                log_write(LOG_ERROR, "directory-question-malformed", NULL);
                has = false;
        }
        json_decref(json); /* wiped as it is freed: directory_init() */
        return has;
}

static bool answer_next(struct directory *directory)
{
        SCOPED(question_freep) struct directory_question *question = question_new();

        if (!question || !fetch_question(directory, question))
                return false;
        answer_question(directory, question);
        return true;
}

static bool is_on(struct directory *directory)
{
        bool on;

        pthread_mutex_lock(&directory->lock);
        on = !directory->is_off;
        pthread_mutex_unlock(&directory->lock);
        return on;
}

static void *run(void *context)
{
        struct directory *directory = context;

        for (;;) {
                pthread_mutex_lock(&directory->lock);
                while (directory->wakes == 0)
                        pthread_cond_wait(&directory->woken, &directory->lock);
                directory->wakes--;
                pthread_mutex_unlock(&directory->lock);
                while (is_on(directory) && answer_next(directory))
                        ;
        }
        return NULL;
}

void directory_wake(struct directory *directory)
{
        pthread_mutex_lock(&directory->lock);
        if (directory->wakes < 64)
                directory->wakes++;
        pthread_cond_signal(&directory->woken);
        pthread_mutex_unlock(&directory->lock);
}

void directory_switch(struct directory *directory, bool is_on)
{
        pthread_mutex_lock(&directory->lock);
        directory->is_off = !is_on;
        pthread_mutex_unlock(&directory->lock);
        /* What was asked meanwhile and still waits. */
        if (is_on)
                directory_wake(directory);
}

int directory_start(const struct agent_settings *settings, struct service *service, struct directory **ret)
{
        struct directory *directory = calloc(1, sizeof(*directory));

        if (!directory)
                return fault(-ENOMEM);
        directory->service = service;
        pthread_mutex_init(&directory->lock, NULL);
        pthread_cond_init(&directory->woken, NULL);
        if (!fetch_policy_parse(text_from(settings->directory_allow), TEXT_OF("389,636,3268,3269"),
                                &directory->policy)) {
                free(directory);
                return DIRECTORY_BAD_ALLOW;
        }
        for (uint32_t i = 0; i < settings->directory_workers; i++) {
                int r = thread_start(run, directory);

                if (r)
                        return r;
        }
        *ret = directory;
        return 0;
}
