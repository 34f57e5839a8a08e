// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* A file that is there under its name only when it is whole. */

#include <stdio.h>

/* What write() answers, an exit status; the octets lie in "NAME.part" until then, which is gone where it was
 * not EXIT_DONE. People have been told what is wrong. */
int save_file(const char *name, int (*write)(void *context, FILE *to), void *context);
