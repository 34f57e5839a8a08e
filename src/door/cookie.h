// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Cookies (RFC 6265, section 4.2.1), as a browser sends them: "name=value; name=value". */

#include <stdbool.h>

#include "base/text.h"

/*
 * The value of the cookie of that name. False where there is none, and also where there are two: one of them
 * was put there by somebody else. value borrows from the header.
 */
bool cookie_find(struct text header, const char *name, struct text *ret);
