// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Settings: an INI file (sections in brackets, "name = value", '#' and ';' start comments), parsed by inih.
 *
 * Every setting has a default at the place that asks for it. A program asks for all of its settings at start
 * and then calls config_finish(), which refuses the first line nobody asked for, with its section and name,
 * so that a misspelt limit is not silently the default. Values may be overridden on the command line
 * ("section.name=value").
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

struct config;

enum config_refusal {
        CONFIG_NO_FILE = 1,
        CONFIG_BAD_LINE,  /* neither section, setting nor comment */
        CONFIG_UNKNOWN,   /* a setting that no part of the program knows */
        CONFIG_BAD_VALUE, /* not a number, out of range, not yes or no */
};

/* path may be NULL: no file, only defaults and overrides. The sentence for people is config_complaint(). */
int config_open(const char *path, struct config **ret);
void config_close(struct config *config);
void config_closep(struct config **config);

/* "section.name=value"; takes the place of the file's line. */
int config_override(struct config *config, const char *assignment);

/* Borrowed until config_close(). */
const char *config_string(struct config *config, const char *section, const char *name,
                          const char *otherwise);
/* Numbers take a suffix: k, M, G (powers of 1024) for octets; ms, s, min, h, d where the unit is
 * milliseconds. */
int64_t config_number(struct config *config, const char *section, const char *name, int64_t otherwise,
                      int64_t least, int64_t most);
int64_t config_duration_ms(struct config *config, const char *section, const char *name, int64_t otherwise_ms,
                           int64_t least_ms, int64_t most_ms);
bool config_flag(struct config *config, const char *section, const char *name, bool otherwise);

/* Every setting asked for so far with the value in force, as a file that could be read again; one without a
 * value is a comment. */
void config_print(const struct config *config, FILE *to);

/* 0, or the first refusal met by any of the calls above. */
int config_finish(struct config *config);
/* What is wrong and where, as a sentence; empty while nothing is. */
const char *config_complaint(const struct config *config);
