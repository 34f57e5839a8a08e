// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * "roles", a setting of every method that brings groups: an object of names of groups, as the provider writes
 * them, and the role of whoever is in one. Pure.
 */

#include <jansson.h>

#include "core/sign-in/outside.h"

#define ROLE_SETTINGS_COMPLAINT \
        "\"roles\" has at most %d names of groups, each with \"administrator\", \"help-desk\" or \"analyst\"."

/* False where it cannot be used. value NULL, or null: none. */
bool role_settings_parse(const json_t *value, struct outside_policy *ret);
