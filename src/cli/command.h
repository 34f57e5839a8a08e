// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Commands: "imprimatur NOUN VERB OPERAND… --option VALUE", from one table (cli/commands.c) that the parser,
 * the help and the shells' completion read.
 *
 * Exit status: 0 done, 1 refused or failed, 2 the command line is wrong, 3 the service cannot be reached.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define OPERANDS_MAX     300
#define OPTIONS_MAX      64
#define OPTION_SPECS_MAX 24

enum exit_status {
        EXIT_DONE,
        EXIT_REFUSED,
        EXIT_USAGE,
        EXIT_UNREACHABLE,
};

struct option_spec {
        const char *name;  /* "mail-domain" */
        const char *value; /* "DOMAIN"; NULL: a flag */
        const char *help;
};

struct invocation;

struct command {
        const char *noun;
        const char *verb;     /* NULL: the noun is the command */
        const char *operands; /* "EMAIL", "PRINTER [JOB…]" */
        size_t operands_least;
        size_t operands_most;
        const char *summary;               /* one line, as in "Lists people." */
        const char *more;                  /* for --help; may be NULL */
        const struct option_spec *options; /* ended by a NULL name; may be NULL */
        int (*run)(struct invocation *invocation);
};

struct invocation {
        const struct command *command;
        const char *operands[OPERANDS_MAX];
        size_t operand_count;
        struct {
                const char *name;
                const char *value;
        } options[OPTIONS_MAX];
        size_t option_count;
};

extern const struct command commands[];
extern const size_t command_count;
/* Those that every command takes. */
extern const struct option_spec common_options[];

/* Fills *ret, or tells people what is wrong and returns false with the exit status (0 after --help). */
bool command_parse(int argc, char **argv, struct invocation *ret, int *ret_status);
/* The words that may come next, one a line: for completion. */
void command_complete(int argc, char **argv, FILE *to);

/* The last value of an option, or NULL; flags have the value "". */
const char *option_value(const struct invocation *invocation, const char *name);
bool option_flag(const struct invocation *invocation, const char *name);
/* All values in order; returns how many there are. */
size_t option_values(const struct invocation *invocation, const char *name, const char **ret, size_t max);

/* "imprimatur: …" on standard error; returns EXIT_REFUSED. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with a hint at --help; returns EXIT_USAGE. */
int complain_of_usage(const struct invocation *invocation, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
