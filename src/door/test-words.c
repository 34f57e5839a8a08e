// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The words of the plain pages: every key that the pages use is there, and every word is used. */

#include <assert.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "door/problem.h"
#include "door/words.h"

static char sources[4 << 20];
static size_t sources_octets;

static int read_source(const char *path, const struct stat *status, int kind, struct FTW *at)
{
        size_t n = strlen(path);
        FILE *file;

        if (kind != FTW_F || strcmp(path + n - 2, ".c") != 0 || strncmp(path + at->base, "test-", 5) == 0)
                return 0;
        file = fopen(path, "r");
        assert(file);
        sources_octets += fread(sources + sources_octets, 1, sizeof(sources) - sources_octets - 1, file);
        fclose(file);
        return 0;
}

/* The door's, in all of its rooms. */
static void read_sources(void)
{
        char path[512];
        const char *root = getenv("IMPRIMATUR_SOURCE");

        snprintf(path, sizeof(path), "%s/src/door", root ? root : ".");
        assert(nftw(path, read_source, 8, FTW_PHYS) == 0);
        assert(sources_octets > 0 && sources_octets < sizeof(sources) - 1);
}

/* In the sources as a whole string, or without its number. */
static bool is_used(const char *key)
{
        char quoted[128];
        size_t length = strlen(key);

        /* Of the printer's state, which is put to it. */
        if (strncmp(key, "panel.state-", 12) == 0)
                return strstr(sources, "\"panel.state-%s\"");
        /* Of a refusal's code (page_problem()). */
        if (strncmp(key, "problem.", 8) == 0)
                return strstr(sources, "\"problem.%s.%s\"");
        if (strncmp(key, "scope.", 6) == 0)
                return strstr(sources, "\"scope.%s\"");
        if (length > 4 && strcmp(key + length - 4, "_one") == 0)
                length -= 4;
        else if (length > 6 && strcmp(key + length - 6, "_other") == 0)
                length -= 6;
        snprintf(quoted, sizeof(quoted), "\"%.*s\"", (int)length, key);
        return strstr(sources, quoted);
}

static bool is_there(const char *key)
{
        char number[128];

        snprintf(number, sizeof(number), "%s_one", key);
        return say(LANGUAGE_ENGLISH, key) != key || say(LANGUAGE_ENGLISH, number) != number;
}

static void test_all_are_used(void)
{
        for (size_t i = 0; i < page_words_count; i++) {
                assert(i == 0 || strcmp(page_words[i - 1].key, page_words[i].key) < 0);
                if (!is_used(page_words[i].key)) {
                        fprintf(stderr, "nobody says %s\n", page_words[i].key);
                        abort();
                }
        }
}

static void test_all_are_there(const char *prefix)
{
        char start[32];

        snprintf(start, sizeof(start), "\"%s.", prefix);
        for (const char *at = strstr(sources, start); at; at = strstr(at + 1, start)) {
                char key[96];
                size_t length = strcspn(at + 1, "\"");

                if (length >= sizeof(key))
                        continue;
                memcpy(key, at + 1, length);
                key[length] = 0;
                if (strspn(key, "abcdefghijklmnopqrstuvwxyz.-") == length && !strstr(key, ".js") &&
                    !strstr(key, ".css") && !is_there(key)) {
                        fprintf(stderr, "there are no words for %s\n", key);
                        abort();
                }
        }
}

static void test_languages(void)
{
        static const struct {
                const char *header;
                enum language language;
        } rows[] = {
                { "", LANGUAGE_ENGLISH },
                { "de", LANGUAGE_GERMAN },
                { "de-AT,de;q=0.9,en;q=0.8", LANGUAGE_GERMAN },
                { "fr, DE;q=0.5, en;q=0.2", LANGUAGE_GERMAN },
                { "en-GB,de", LANGUAGE_ENGLISH },
                { "de;q=0, en", LANGUAGE_ENGLISH },
                { "den, x", LANGUAGE_ENGLISH },
                { ",,;,de", LANGUAGE_GERMAN },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                assert(language_wanted(text_from(rows[i].header)) == rows[i].language);
}

static void test_values(void)
{
        SCOPED(buffer_done) struct buffer to = BUFFER(4096);
        struct html html;

        html_begin(&html, &to);
        html_open(&html, "p");
        say_with(&html, LANGUAGE_GERMAN, "panel.of", "<b>");
        say_count(&html, LANGUAGE_ENGLISH, "panel.pages", 1);
        say_count(&html, LANGUAGE_ENGLISH, "panel.pages", 12);
        assert(html_finish(&html) == 0);
        assert(strstr(buffer_string(&to),
                      "<p>Dokumente von <bdi>&lt;b&gt;</bdi>1 page<bdi>12</bdi> pages</p>"));
}

/* Whatever core refuses can end as a page, and what the door refuses before it. */
static void check_problem(const struct problem *problem)
{
        static const char *const parts[] = { "title", "detail" };
        char key[96];

        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
                for (int language = 0; language < LANGUAGES; language++) {
                        snprintf(key, sizeof(key), "problem.%s.%s", problem->code, parts[i]);
                        if (say((enum language)language, key) != key)
                                continue;
                        fprintf(stderr, "there are no words for %s\n", key);
                        abort();
                }
}

static void test_problems(void)
{
        static const struct problem *const doors[] = {
                &problem_bad_request,        &problem_not_signed_in, &problem_not_your_right,
                &problem_for_administrators, &problem_for_people,    &problem_half,
                &problem_password_given,     &problem_not_fresh,     &problem_other_name,
                &problem_not_in_scope,       &problem_internal,      &problem_not_well,
        };

        for (int refusal = CORE_NOT_FOUND; refusal < CORE_LAST; refusal++)
                check_problem(problem_of_refusal(refusal));
        for (size_t i = 0; i < ARRAY_LENGTH(doors); i++)
                check_problem(doors[i]);
}

int main(void)
{
        static const char *const prefixes[] = { "account", "authorize", "device",   "factor", "page",
                                                "panel",   "password",  "register", "sign-in" };

        read_sources();
        test_all_are_used();
        for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
                test_all_are_there(prefixes[i]);
        test_problems();
        test_languages();
        test_values();
        return 0;
}
