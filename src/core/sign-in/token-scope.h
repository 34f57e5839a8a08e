// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Scopes: what a program's token may be used for (RFC 6749, section 3.3). A scope gives no right; it leaves
 * of its person's rights those that it names.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "core/right.h"

enum token_scope {
        SCOPE_PRINT = 1,   /* submit, and watch the own jobs */
        SCOPE_RELEASE = 2, /* release, change and delete the own jobs */
        SCOPE_READ = 4,    /* see what the person may see */
        SCOPE_ACCOUNT = 8, /* the own credentials: badges, PIN, tokens, sessions */
        SCOPE_ADMIN = 16,  /* whatever else the person's role may do */
};
#define SCOPES_ALL          31u
#define TOKEN_SCOPES_STRING 48

/* "print read", each at most once, in any order (RFC 6749, appendix A.4). False for a word that is none. */
bool token_scopes_parse(struct text text, uint32_t *ret);
void token_scopes_format(uint32_t scopes, char ret[TOKEN_SCOPES_STRING]);
/* What is left of a person's reach for a program with these scopes. */
enum reach token_scopes_reach(uint32_t scopes, enum right right, enum reach reach);
/* The index counts from 0. NULL past the last. What it lets a program do, pages say (web/words,
 * "scope.NAME"). */
const char *token_scope_name(unsigned int index);
