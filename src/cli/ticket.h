// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* How a job should be printed, from the options that "job send", "job set" and "release" share. */

#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "cli/command.h"

#define TICKET_OPTIONS                                                                                   \
        { "copies", "N", "how many" },                                                                   \
                { "sides", "KEYWORD", "one-sided, two-sided-long-edge, two-sided-short-edge" },          \
                { "media", "NAME", "such as iso_a4_210x297mm" },                                         \
                { "media-source", "KEYWORD", "tray, such as tray-2" },                                   \
                { "media-type", "KEYWORD", "such as stationery" },                                       \
                { "colour", "KEYWORD", "auto, color, monochrome" },                                      \
                { "quality", "N", "3 draft, 4 normal, 5 high" },                                         \
                { "pages", "RANGES", "such as 1-3,7-, or all" },                                         \
                { "number-up", "N", "pages on a side: 1, 2, 4, 6, 9, 16" },                              \
                { "direction", "KEYWORD", "of these: toright-tobottom, tobottom-toright, …" },           \
                { "imposition", "KEYWORD", "none, or signature: a booklet" },                            \
                { "scaling", "KEYWORD", "auto, auto-fit, fill, fit, none" },                             \
                { "orientation", "N", "3 portrait, 4 landscape, 5 the other way round, 6 on its head" }, \
                { "handling", "KEYWORD",                                                                 \
                  "of copies: separate-documents-collated-copies, …-uncollated-copies" },                \
                { "finishing", "N", "3 none, 4 staple, 5 punch, 10 fold, …; repeat" },                   \
        {                                                                                                \
                "bin", "KEYWORD", "output bin"                                                           \
        }

/* As members of a ticket; false (with *ret_status) after a complaint. */
bool ticket_members(const struct invocation *invocation, json_t *object, int *ret_status);
/* As "&copies=2…". */
void ticket_query(const struct invocation *invocation, struct buffer *to);
/* For people, a line for each member; none where there is no member. */
void ticket_print(const json_t *ticket, const char *none);
/* What a ticket becomes at a printer, and why. */
void settled_print(const json_t *settled);
