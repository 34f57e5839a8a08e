// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The desk: each question is given once, to the one agent it is for, and answers reach who waits for them. */

#include "identity/ldap-desk.h"

#include <assert.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define SETTINGS "{\"servers\":[\"ldaps://dc1\"],\"base\":\"dc=x\",\"bind_name\":\"cn=s,dc=x\"}"

/* How the agent of a test behaves. */
enum manner {
        ANSWERS,
        SAYS_NOTHING,
        ANSWERS_IN_PARTS,
        IS_ANOTHER, /* of another tenant: finds nothing */
};

struct scene {
        struct desk *desk;
        enum manner manner;
        struct id tenant, agent;
        pthread_t thread;
        size_t woken, parts, entries;
};

static void answer(struct scene *scene, struct id question, bool more, int want)
{
        const char *groups[] = { "sales" };
        struct directory_entry entry = { "s1", "ada@x.y", "ada", "Ada", "", "", groups, 1, false };
        struct directory_answer value = { .entries = &entry, .entry_count = 1, .more = more };
        json_t *json = answer_format(question, &value);

        assert(desk_answer(scene->desk, scene->tenant, scene->agent, json) == want);
        json_decref(json);
}

static void *act(void *context)
{
        struct scene *scene = context;
        SCOPED(buffer_done) struct buffer question = BUFFER(65536);
        struct directory_question *read = question_new();
        struct id nobody = id_new();
        json_t *json;

        if (scene->manner == IS_ANOTHER) {
                assert(!desk_take(scene->desk, nobody, scene->agent, &question));
                assert(!desk_take(scene->desk, scene->tenant, nobody, &question));
        } else {
                assert(desk_take(scene->desk, scene->tenant, scene->agent, &question));
                assert(!desk_take(scene->desk, scene->tenant, scene->agent, &question)); /* given once */
                json = json_loadb(question.at, question.len, 0, NULL);
                assert(json && question_parse(json, read) && strcmp(read->password, "secret") == 0);
                json_decref(json);
                answer(scene, nobody, false, DESK_NOBODY_WAITS);
        }
        if (scene->manner == ANSWERS_IN_PARTS) {
                answer(scene, read->id, true, 0);
                answer(scene, read->id, true, 0);
        }
        if (scene->manner == ANSWERS || scene->manner == ANSWERS_IN_PARTS)
                answer(scene, read->id, false, 0);
        question_free(read);
        return NULL;
}

static void wake(void *context, struct id tenant, struct id agent)
{
        struct scene *scene = context;

        assert(id_equal(tenant, scene->tenant) && id_equal(agent, scene->agent));
        scene->woken++;
        assert(pthread_create(&scene->thread, NULL, act, scene) == 0);
}

static int give(void *context, const struct directory_answer *part)
{
        struct scene *scene = context;

        scene->parts++;
        scene->entries += part->entry_count;
        return 0;
}

static void play(const char *name, enum manner manner, enum directory_verb verb, enum directory_outcome want,
                 size_t want_parts)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(65536);
        SCOPED(question_freep) struct directory_question *question = question_new();
        struct scene scene = { .manner = manner, .tenant = id_new(), .agent = id_new() };
        struct desk_question asked = { scene.tenant, scene.agent, question, TEXT(SETTINGS), 300 };
        struct directory_asker asker = { .give = give, .context = &scene };
        struct directory_answer got;

        printf("%s\n", name);
        assert(desk_new(wake, &scene, &scene.desk) == 0);
        question->id = id_new();
        question->verb = verb;
        strcpy(question->password, "secret");
        assert(desk_ask(scene.desk, &asked, &asker, arena, &got) == 0);
        assert(pthread_join(scene.thread, NULL) == 0);
        assert(scene.woken == 1 && got.outcome == want && scene.parts == want_parts);
        if (want == DIRECTORY_DONE && verb != DIRECTORY_LIST)
                assert(got.entry_count == 1 && strcmp(got.entries[0].email, "ada@x.y") == 0 &&
                       strcmp(got.entries[0].groups[0], "sales") == 0);
        /* Too late: nobody waits any more. */
        answer(&scene, question->id, false, DESK_NOBODY_WAITS);
        desk_free(scene.desk);
}

int main(void)
{
        play("an answer", ANSWERS, DIRECTORY_FIND, DIRECTORY_DONE, 0);
        play("silence", SAYS_NOTHING, DIRECTORY_CHECK_PASSWORD, DIRECTORY_SILENT, 0);
        play("somebody else", IS_ANOTHER, DIRECTORY_CHECK_PASSWORD, DIRECTORY_SILENT, 0);
        play("a list in parts", ANSWERS_IN_PARTS, DIRECTORY_LIST, DIRECTORY_DONE, 3);
        return 0;
}
