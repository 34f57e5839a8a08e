// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * An outpost: a program of ours on another machine that works for the service with a key of its own, an agent
 * or a converter. What their main programs have in common: words of the command line, settings, enrolment,
 * and waiting for the end.
 */

#include "base/config.h"
#include "base/log.h"
#include "outpost/identity.h"

#define PROGRAM_OVERRIDES_MAX 32

struct program {
        const char *name;   /* "imprimatur-agent" */
        const char *usage;  /* all of --help */
        const char *prefix; /* "/v1/agent" */
        const char *file;   /* "agent.json" */
};

struct program_words {
        const char *config;
        const char *overrides[PROGRAM_OVERRIDES_MAX];
        size_t overrides_count;
        bool print_settings;
        const char *enrol; /* file with the code, "-" for standard input */
};

/* -1: go on; otherwise the exit status, and what there was to say has been said. */
int program_read_words(const struct program *program, int argc, char **argv, struct program_words *ret);

/* The settings that all of them have. */
struct program_settings {
        const char *url;            /* [service] */
        const char *ca;             /* NULL: the system's authorities */
        struct service_proxy proxy; /* address NULL: none */
        const char *state;
        const char *name;
        enum log_level level; /* [log] */
};

/* section: that of state and name, and the default of the name. Borrowed from config. */
void program_settings_read(struct config *config, const char *section, const char *state,
                           struct program_settings *ret);

/* Opens the settings with what the command line puts in their place. False after a complaint. */
bool program_open_config(const struct program *program, const struct program_words *words,
                         struct config **ret);
/* Whether they say enough, after read()'s outcome r. False after a complaint. */
bool program_settings_are_good(const struct program *program, const struct program_words *words,
                               const struct program_settings *settings, const struct config *config, int r);

struct identity_place program_place(const struct program *program, const struct program_settings *settings,
                                    int directory);
/* Enrols with the code of that file; the exit status. */
int program_enrol(const struct program *program, const struct program_settings *settings, int directory,
                  const char *path);

/* Until a signal (os/process.h) asks us to stop; meanwhile our key may grow old. */
void program_wait(const struct identity_place *place, struct service *service, int stop);

/* "imprimatur-agent: <what>: <why>" on standard error; 1. */
int program_complain(const struct program *program, const char *what, const char *why);
