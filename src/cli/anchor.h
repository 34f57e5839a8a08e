// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Anchors: the last checkpoint of a trail that was found good, kept on the auditor's own machine. A file with
 * the first line of an export, which therefore also makes one by hand: head -n 1 export > anchor.
 */

#include <stdbool.h>

#include "audit/checkpoint.h"

/* Where the anchor of this tenant is: the file that was named, or beside the profile. */
bool anchor_path(const char *named, struct id tenant, char *ret, size_t size);
/* Exit status; *ret_found is false where there is none yet. */
int anchor_read(const char *path, struct audit_checkpoint *ret, bool *ret_found);
int anchor_write(const char *path, const struct audit_checkpoint *checkpoint);
