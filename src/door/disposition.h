// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Content-Disposition of a document that its owner takes away (RFC 6266, with the extended form of RFC 8187).
 * The name is the job's title, which whoever printed chose: no path, no control character and nothing that
 * turns the direction of reading is left of it, no dot begins it, and its end says what the document is.
 * Pure.
 */

#include "base/text.h"

#define DISPOSITION_OCTETS 1536

/* extension: without its dot; NULL: none. */
void disposition_format(struct text title, const char *extension, char ret[DISPOSITION_OCTETS]);
