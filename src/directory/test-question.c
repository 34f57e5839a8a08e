// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/question.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"

#define SETTINGS "{\"servers\": [\"ldaps://dc1\"], \"base\": \"dc=x\", \"bind_name\": \"cn=svc,dc=x\"}"

static const struct {
        const char *name;
        struct text password;
        bool is_sayable;
} passwords[] = {
        { "plain", TEXT("secret"), true },
        { "with spaces", TEXT(" s "), true },
        { "no UTF-8", TEXT("\xff\xfe"), true },
        { "empty", TEXT(""), false },
        { "one space", TEXT(" "), false },
        { "white space", TEXT(" \t\r\n"), false },
        { "NUL", TEXT("\0"), false },
        { "NUL behind", TEXT("secret\0"), false },
        { "NUL within", TEXT("sec\0ret"), false },
};

static void check_passwords(void)
{
        char enormous[DIRECTORY_PASSWORD + 1];

        for (size_t i = 0; i < ARRAY_LENGTH(passwords); i++) {
                printf("password: %s\n", passwords[i].name);
                assert(directory_password_is_sayable(passwords[i].password) == passwords[i].is_sayable);
        }
        memset(enormous, 'a', sizeof(enormous));
        assert(directory_password_is_sayable(text_from_octets(enormous, DIRECTORY_PASSWORD)));
        assert(!directory_password_is_sayable(text_from_octets(enormous, DIRECTORY_PASSWORD + 1)));
}

static void check_question(void)
{
        SCOPED(question_freep) struct directory_question *question = question_new(), *read = question_new();
        SCOPED(buffer_done) struct buffer buffer = BUFFER(65536);
        json_t *json;

        assert(question && read);
        question->id = id_new();
        question->verb = DIRECTORY_CHECK_PASSWORD;
        question->by = DIRECTORY_ACCOUNT;
        strcpy(question->value, "ada\"},{\\");
        strcpy(question->password, "p\"\xff w");
        strcpy(question->bind_password, "b");
        question_format(question, TEXT_OF(SETTINGS), &buffer);
        json = json_loadb(buffer.at, buffer.len, JSON_REJECT_DUPLICATES, NULL);
        assert(json && question_parse(json, read));
        json_decref(json);
        assert(id_equal(read->id, question->id) && read->verb == question->verb && read->by == question->by);
        assert(strcmp(read->value, question->value) == 0 && strcmp(read->password, question->password) == 0 &&
               strcmp(read->bind_password, "b") == 0 && strcmp(read->settings.base, "dc=x") == 0);
}

static void check_answer(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(65536);
        const char *groups[] = { "sales", "tèst" };
        struct directory_entry entry = { "1-2", "ada@x.y", "ada", "Ada", "", "04a1", groups, 2, true };
        struct directory_answer answer = { .entries = &entry,
                                           .entry_count = 1,
                                           .more = true,
                                           .step_count = 1 },
                                read;
        struct id question = id_new(), id;
        json_t *json;

        strcpy(answer.words, "words");
        strcpy(answer.steps[0].what, "bind");
        answer.steps[0].good = true;
        json = answer_format(question, &answer);
        assert(json && answer_parse(json, arena, &id, &read));
        assert(id_equal(id, question) && read.more && read.entry_count == 1 && read.entries[0].disabled &&
               read.entries[0].group_count == 2 && strcmp(read.entries[0].groups[1], "tèst") == 0 &&
               strcmp(read.entries[0].card, "04a1") == 0 && read.step_count == 1 && read.steps[0].good);

        /* More than it may be, or of another kind. */
        json_object_set_new(json, "outcome", json_string("well"));
        assert(!answer_parse(json, arena, &id, &read));
        json_object_set_new(json, "outcome", json_string("done"));
        assert(answer_parse(json, arena, &id, &read));
        json_object_set_new(json_array_get(json_object_get(json, "entries"), 0), "card", json_integer(1));
        assert(!answer_parse(json, arena, &id, &read));
        json_decref(json);
        assert(!answer_parse(NULL, arena, &id, &read));
}

int main(void)
{
        check_passwords();
        check_question();
        check_answer();
        for (int i = 0; i < DIRECTORY_OUTCOMES; i++)
                assert(directory_outcome_name((enum directory_outcome)i) &&
                       directory_outcome_sentence((enum directory_outcome)i));
        return 0;
}
