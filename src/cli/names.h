// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* People read names where the API, for good reason, has ids. */

#include "cli/session.h"

/* In what is shown for people (an object, or an array of such), each id in a column that says whose it is
 * becomes the name of what it names. What cannot be looked up stays an id; nobody is told. */
void names_put(struct session *session, const struct column *columns, json_t *shown);
