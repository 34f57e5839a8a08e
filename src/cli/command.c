// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "cli/command.h"

#include <stdarg.h>
#include <string.h>

#include "base/scope.h"

const struct option_spec common_options[] = {
        { "server", "URL", "the service (or IMPRIMATUR_SERVER, or the profile's)" },
        { "ca", "FILE", "certificate of its authority (or IMPRIMATUR_CA)" },
        { "json", NULL, "answer as JSON, for programs" },
        { "yes", NULL, "do not ask before what cannot be undone" },
        { "help", NULL, "this text" },
        { NULL, NULL, NULL },
};

int complain(const char *format, ...)
{
        va_list args;

        fputs("imprimatur: ", stderr);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fputc('\n', stderr);
        return EXIT_REFUSED;
}

int complain_of_usage(const struct invocation *invocation, const char *format, ...)
{
        const struct command *command = invocation->command;
        va_list args;

        fputs("imprimatur: ", stderr);
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        if (command)
                fprintf(stderr, "\nTry: imprimatur %s%s%s --help\n", command->noun, command->verb ? " " : "",
                        command->verb ? command->verb : "");
        else
                fputs("\nTry: imprimatur --help\n", stderr);
        return EXIT_USAGE;
}

static bool is_first_of_noun(size_t i)
{
        for (size_t k = 0; k < i; k++)
                if (strcmp(commands[k].noun, commands[i].noun) == 0)
                        return false;
        return true;
}

static bool noun_exists(const char *noun)
{
        for (size_t i = 0; i < command_count; i++)
                if (strcmp(commands[i].noun, noun) == 0)
                        return true;
        return false;
}

static void help_options(FILE *to, const struct option_spec *options)
{
        for (; options && options->name; options++) {
                char left[48];

                snprintf(left, sizeof(left), "--%s%s%s", options->name, options->value ? " " : "",
                         options->value ? options->value : "");
                fprintf(to, "  %-26s %s\n", left, options->help);
        }
}

static void help_command(FILE *to, const struct command *command)
{
        fprintf(to, "imprimatur %s%s%s%s%s [OPTION…]\n\n%s\n", command->noun, command->verb ? " " : "",
                command->verb ? command->verb : "", command->operands[0] ? " " : "", command->operands,
                command->summary);
        if (command->more)
                fprintf(to, "\n%s\n", command->more);
        if (command->options) {
                fputs("\n", to);
                help_options(to, command->options);
        }
        fputs("\n", to);
        help_options(to, common_options);
}

static void help_noun(FILE *to, const char *noun)
{
        fprintf(to, "imprimatur %s …\n\n", noun);
        for (size_t i = 0; i < command_count; i++) {
                char left[64];

                if (strcmp(commands[i].noun, noun) != 0)
                        continue;
                snprintf(left, sizeof(left), "%s %s", commands[i].verb ? commands[i].verb : "",
                         commands[i].operands);
                fprintf(to, "  %-32s %s\n", left, commands[i].summary);
        }
        fprintf(to, "\nimprimatur %s VERB --help tells more.\n", noun);
}

static void help_all(FILE *to)
{
        fputs("imprimatur COMMAND …\n\nSecure printing: what people print waits until they stand at a printer.\n\n",
              to);
        for (size_t i = 0; i < command_count; i++) {
                if (!is_first_of_noun(i))
                        continue;
                if (!commands[i].verb) {
                        fprintf(to, "  %-16s %s\n", commands[i].noun, commands[i].summary);
                        continue;
                }
                fprintf(to, "  %-16s ", commands[i].noun);
                for (size_t k = i; k < command_count; k++)
                        if (strcmp(commands[k].noun, commands[i].noun) == 0)
                                fprintf(to, "%s%s", k == i ? "" : ", ",
                                        commands[k].verb ? commands[k].verb : "…");
                fputs("\n", to);
        }
        fputs("\n  --version  --help\n\nimprimatur COMMAND --help tells more. Begin with: imprimatur init (on the "
              "service's machine), imprimatur login.\n",
              to);
}

/* Where a noun has both ("release PRINTER", "release show"), the verb wins. */
static const struct command *find(const char *noun, const char *verb)
{
        const struct command *alone = NULL;

        for (size_t i = 0; i < command_count; i++) {
                if (strcmp(commands[i].noun, noun) != 0)
                        continue;
                if (!commands[i].verb)
                        alone = &commands[i];
                else if (verb && strcmp(commands[i].verb, verb) == 0)
                        return &commands[i];
        }
        return alone;
}

static const struct option_spec *find_option(const struct option_spec *options, const char *name,
                                             size_t length)
{
        for (; options && options->name; options++)
                if (strlen(options->name) == length && strncmp(options->name, name, length) == 0)
                        return options;
        return NULL;
}

/* argv[*at] begins with "--"; *at moves on past its value. */
static bool parse_option(int argc, char **argv, int *at, struct invocation *ret, int *ret_status)
{
        const char *name = argv[*at] + 2, *equals = strchr(name, '=');
        size_t length = equals ? (size_t)(equals - name) : strlen(name);
        const struct option_spec *spec = find_option(ret->command->options, name, length);
        const char *value = equals ? equals + 1 : NULL;

        if (!spec)
                spec = find_option(common_options, name, length);
        if (!spec) {
                *ret_status = complain_of_usage(ret, "there is no option --%.*s here.", (int)length, name);
                return false;
        }
        if (spec->value && !value && *at + 1 < argc)
                value = argv[++*at];
        if (!spec->value != !value || ret->option_count == OPTIONS_MAX) {
                *ret_status = complain_of_usage(ret, "--%s takes %s.", spec->name,
                                                spec->value ? spec->value : "no value");
                return false;
        }
        ret->options[ret->option_count].name = spec->name;
        ret->options[ret->option_count++].value = value ? value : "";
        return true;
}

static bool parse_rest(int argc, char **argv, int from, struct invocation *ret, int *ret_status)
{
        bool only_operands = false;

        for (int i = from; i < argc; i++) {
                if (!only_operands && strcmp(argv[i], "--") == 0) {
                        only_operands = true;
                } else if (!only_operands && strncmp(argv[i], "--", 2) == 0) {
                        if (!parse_option(argc, argv, &i, ret, ret_status))
                                return false;
                } else if (ret->operand_count == OPERANDS_MAX ||
                           ret->operand_count == ret->command->operands_most) {
                        *ret_status = complain_of_usage(ret, "\"%s\" is one operand too many.", argv[i]);
                        return false;
                } else {
                        ret->operands[ret->operand_count++] = argv[i];
                }
        }
        return true;
}

static bool wants_help(int argc, char **argv)
{
        for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
                if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
                        return true;
        return false;
}

static bool help(int argc, char **argv, const struct command *command)
{
        bool shows_noun = argc > 1 && noun_exists(argv[1]);

        /* "release" alone is a command, and has verbs too: its help is the command's. */
        if (command)
                help_command(stdout, command);
        else if (shows_noun)
                help_noun(stdout, argv[1]);
        else
                help_all(stdout);
        return false;
}

bool command_parse(int argc, char **argv, struct invocation *ret, int *ret_status)
{
        const struct command *command = argc > 1 ? find(argv[1], argc > 2 ? argv[2] : NULL) : NULL;

        memset(ret, 0, sizeof(*ret));
        *ret_status = EXIT_DONE;
        if (argc > 1 && strcmp(argv[1], "--version") == 0) {
                printf("imprimatur %s\n", IMPRIMATUR_VERSION);
                return false;
        }
        if (argc > 1 && (wants_help(argc, argv) || strcmp(argv[1], "help") == 0))
                return help(argc, argv, command);
        ret->command = command;
        if (!command && argc > 1 && noun_exists(argv[1])) {
                help_noun(stderr, argv[1]);
                *ret_status = EXIT_USAGE;
                return false;
        }
        if (!command) {
                if (argc > 1)
                        *ret_status = complain_of_usage(ret, "there is no command \"%s\".", argv[1]);
                else
                        help_all(stdout);
                return false;
        }
        if (!parse_rest(argc, argv, command->verb ? 3 : 2, ret, ret_status))
                return false;
        if (ret->operand_count < command->operands_least) {
                *ret_status = complain_of_usage(ret, "something is missing: %s", command->operands);
                return false;
        }
        return true;
}

static void complete_words(const char *noun, FILE *to)
{
        for (size_t i = 0; i < command_count; i++) {
                if (!noun && is_first_of_noun(i))
                        fprintf(to, "%s\n", commands[i].noun);
                if (noun && commands[i].verb && strcmp(commands[i].noun, noun) == 0)
                        fprintf(to, "%s\n", commands[i].verb);
        }
}

void command_complete(int argc, char **argv, FILE *to)
{
        const struct command *command = argc > 0 ? find(argv[0], argc > 1 ? argv[1] : NULL) : NULL;

        /* The last word is the one being typed, perhaps empty. */
        if (argc <= 1) {
                complete_words(NULL, to);
                return;
        }
        if (argc == 2)
                complete_words(argv[0], to);
        if (!command)
                return;
        for (const struct option_spec *o = command->options; o && o->name; o++)
                fprintf(to, "--%s\n", o->name);
        for (const struct option_spec *o = common_options; o->name; o++)
                fprintf(to, "--%s\n", o->name);
}

const char *option_value(const struct invocation *invocation, const char *name)
{
        const char *value = NULL;

        for (size_t i = 0; i < invocation->option_count; i++)
                if (strcmp(invocation->options[i].name, name) == 0)
                        value = invocation->options[i].value;
        return value;
}

bool option_flag(const struct invocation *invocation, const char *name)
{
        return option_value(invocation, name) != NULL;
}

size_t option_values(const struct invocation *invocation, const char *name, const char **ret, size_t max)
{
        size_t count = 0;

        for (size_t i = 0; i < invocation->option_count; i++)
                if (strcmp(invocation->options[i].name, name) == 0 && count < max)
                        ret[count++] = invocation->options[i].value;
        return count;
}
