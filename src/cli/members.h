// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* From options to the members of a request's JSON. */

#include <jansson.h>
#include <stdbool.h>

#include "cli/command.h"

struct member_option {
        const char *option;
        const char *member;
        enum member_kind {
                MEMBER_TEXT,  /* "" becomes null */
                MEMBER_WORDS, /* "" is what it is */
                MEMBER_TEXTS, /* all values of the option, in order */
                MEMBER_NUMBER,
                MEMBER_NUMBERS, /* all values of the option, in order */
                MEMBER_YES_NO,
                MEMBER_SECONDS, /* 30s, 15min, 8h, 7d */
        } kind;
};

/* Sets those that were given. False (with *ret_status) after a complaint. rows end with a NULL option. */
bool members_set(const struct invocation *invocation, const struct member_option *rows, json_t *object,
                 int *ret_status);
