// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The options --account and --account-user: who pays. */

#include <jansson.h>

#include "cli/command.h"

#define ACCOUNTING_OPTIONS                                                      \
        { "account", "NAME", "who pays, where the printer or queue asks" },     \
        {                                                                       \
                "account-user", "NAME", "who uses that account, where they ask" \
        }

/* {"account", "user"}; NULL where neither is said. */
json_t *accounting_members(const struct invocation *invocation);
