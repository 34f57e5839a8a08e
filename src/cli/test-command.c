// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/command.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

static const struct {
        const char *line; /* words with blanks between */
        const char *noun; /* NULL: not a command */
        const char *verb;
        int status;
        size_t operands;
} rows[] = {
        { "imprimatur me", "me", NULL, EXIT_DONE, 0 },
        { "imprimatur job list --state held", "job", "list", EXIT_DONE, 0 },
        { "imprimatur job list --state=held --json", "job", "list", EXIT_DONE, 0 },
        { "imprimatur job show 7", "job", "show", EXIT_DONE, 1 },
        { "imprimatur job show -- --7", "job", "show", EXIT_DONE, 1 },
        { "imprimatur release lobby", "release", NULL, EXIT_DONE, 1 },
        { "imprimatur release lobby 1 2 3 --again", "release", NULL, EXIT_DONE, 3 + 1 },
        { "imprimatur release show x", "release", "show", EXIT_DONE, 1 },
        { "imprimatur job show", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job show 1 2", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job list --state", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job list --json=yes", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job list --no-such", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job frobnicate", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur job", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur frobnicate", NULL, NULL, EXIT_USAGE, 0 },
        { "imprimatur --version", NULL, NULL, EXIT_DONE, 0 },
        { "imprimatur --help", NULL, NULL, EXIT_DONE, 0 },
        { "imprimatur job show --help", NULL, NULL, EXIT_DONE, 0 },
        { "imprimatur release --help", NULL, NULL, EXIT_DONE, 0 },
};

static int cut(char *line, char *argv[16])
{
        char *rest = NULL;
        int argc = 0;

        for (char *word = strtok_r(line, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
                argv[argc++] = word;
        return argc;
}

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                static struct invocation invocation;
                SCOPED(freep) char *line = strdup(rows[i].line);
                char *argv[16];
                int argc = cut(line, argv), status;
                bool is_command = command_parse(argc, argv, &invocation, &status);

                printf("%s -> %d\n", rows[i].line, status);
                assert(is_command == (rows[i].noun != NULL) && status == rows[i].status);
                if (!is_command)
                        continue;
                assert(strcmp(invocation.command->noun, rows[i].noun) == 0);
                assert(!invocation.command->verb == !rows[i].verb);
                assert(invocation.operand_count == rows[i].operands);
        }
}

static void test_options(void)
{
        static struct invocation invocation;
        char line[] = "imprimatur printer add x --address a --address b --title t --title u";
        const char *values[4];
        char *argv[16];
        int argc = cut(line, argv), status;

        assert(command_parse(argc, argv, &invocation, &status));
        assert(option_values(&invocation, "address", values, 4) == 2);
        assert(strcmp(values[0], "a") == 0 && strcmp(values[1], "b") == 0);
        assert(strcmp(option_value(&invocation, "title"), "u") == 0);
        assert(!option_flag(&invocation, "yes"));
}

/* A command that cannot be helped with, or that would need more room than an invocation has, is a mistake. */
static void test_table(void)
{
        for (size_t i = 0; i < command_count; i++) {
                assert(commands[i].run && commands[i].operands && strlen(commands[i].summary) > 5);
                assert(commands[i].operands_least <= commands[i].operands_most);
                assert(commands[i].operands_most <= OPERANDS_MAX);
                for (const struct option_spec *o = commands[i].options; o && o->name; o++)
                        assert(o->help && strlen(o->name) > 1);
        }
}

static void test_completion(void)
{
        static const struct {
                const char *line;
                const char *word;
        } completions[] = {
                { "", "job\n" },         { "j", "printer\n" },          { "job ", NULL },
                { "job s", "settle\n" }, { "job send ", "--copies\n" }, { "release lobby ", "--again\n" }
        };

        for (size_t i = 0; i < ARRAY_LENGTH(completions); i++) {
                SCOPED(freep) char *line = strdup(completions[i].line);
                char *argv[16], *words = NULL;
                size_t length = 0;
                int argc = cut(line, argv);
                FILE *to = open_memstream(&words, &length);

                command_complete(argc, argv, to);
                fclose(to);
                printf("%s| -> %zu\n", completions[i].line, length);
                assert(!completions[i].word || strstr(words, completions[i].word));
                free(words);
        }
}

int main(void)
{
        test_rows();
        test_options();
        test_table();
        test_completion();
        return 0;
}
