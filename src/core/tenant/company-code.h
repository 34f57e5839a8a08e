// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Company codes: six characters of Crockford's alphabet by which people name their organisation where their
 * e-mail address does not. They are no secrets, but nobody shall go through all of them either: 2^30, and
 * whoever guesses wrong is slowed down.
 */

#include <stdbool.h>

#include "base/text.h"

#define COMPANY_CODE 8 /* room, NUL included */

/* A new one, of random octets. */
void company_code_make(char ret[COMPANY_CODE]);
/* What people type (lower case, O for 0, I and L for 1, hyphens and spaces) as codes are compared. False
 * where it is none: then ret is "". */
bool company_code_fold(struct text typed, char ret[COMPANY_CODE]);
