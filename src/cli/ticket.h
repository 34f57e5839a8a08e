// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* How a job should be printed, from the options that "job send", "job set" and "release" share. */

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "cli/command.h"

#define TICKET_OPTIONS                                                                                     \
        { "copies", "N", "how many" },                                                                     \
                { "sides", "KEYWORD", "one-sided, two-sided-long-edge, two-sided-short-edge" },            \
                { "media", "NAME", "such as iso_a4_210x297mm" },                                           \
                { "colour", "KEYWORD", "auto, color, monochrome" },                                        \
                { "quality", "N", "3 draft, 4 normal, 5 high" }, { "pages", "RANGES", "such as 1-3,7-7" }, \
        {                                                                                                  \
                "bin", "KEYWORD", "output bin"                                                             \
        }

/* As members of a ticket; false (with *ret_status) after a complaint. */
bool ticket_members(const struct invocation *invocation, json_t *object, int *ret_status);
/* As "&copies=2…". */
void ticket_query(const struct invocation *invocation, struct buffer *to);
