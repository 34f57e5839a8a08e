// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Sizes of paper against each other: which names mean the same sheet, and which sheet serves where another is
 * not there. Sheets have no orientation here: A4 fed by its long edge is A4. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#include "conversion/media.h"

/* The standard's own name of a sheet of this size, as "iso_a4_210x297mm" for "custom_210x297mm_210x297mm";
 * the name itself where there is none, or where it has no size. */
const char *media_standard_name(const char *name);

/* Whether two names mean sheets of the same size, to one millimetre; false where one has no size. */
bool media_is_same(const char *a, const char *b);

/*
 * The best of these names to print on what was made for wanted, where that is not among them:
 *
 *      1. the sheet of the other world that offices take for it: A4 and Letter, A3 and Ledger (tabloid),
 *         A5 and Invoice (statement);
 *      2. else the smallest sheet on which it fits whole.
 *
 * NULL where none serves: a sheet that is too small is none. Borrowed from names.
 */
const char *media_substitute(const char *wanted, const char *const *names, size_t count);
