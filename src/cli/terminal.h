// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Talking with the person at the terminal. Secrets are typed without echo, or are the next line of standard
 * input where that is no terminal; they are never in argv. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_LINE 520

struct secret_line {
        char octets[SECRET_LINE];
};
void secret_line_done(struct secret_line *line);

/* False (after a complaint) at the end of input, or where it is too long or empty. */
bool terminal_secret(const char *prompt, struct secret_line *ret);
/* The same, typed twice at a terminal. */
bool terminal_new_secret(const char *prompt, struct secret_line *ret);
/* A line with echo; what stands in *ret already is the default. */
bool terminal_ask(const char *prompt, char *ret, size_t size);
/* True for yes. Without a terminal: no, and a hint at --yes. */
bool terminal_confirm(const char *question);
/* How far it is, where somebody waits at a terminal: from time to time, and at the end. */
void terminal_progress(uint64_t lines, bool is_over);
