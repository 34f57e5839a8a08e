// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The cell: Ghostscript, taken for the attacker's from its first instruction, inside bubblewrap.
 *
 *   1. It sees /usr (read-only), what Ghostscript and its fonts need of /etc and /var, one document, and an
 *      empty /tmp of limited size: no other file, no /proc, no /dev, no environment of ours.
 *   2. It has no network, no process of ours to look at, no capability, an uid of nobody's, and may use the
 *      few system calls that Ghostscript needs.
 *   3. Its memory, time, files and processes are limited; at the end of its time all of it is killed.
 *   4. What comes out is octets through a pipe, at most as many as allowed.
 */

#include "render/ghostscript.h"
#include "render/options.h"

/*
 * Converts the PDF in the descriptor document (read from its beginning) and writes what comes out to output.
 * *ret_pages is how many pages there were. RENDER_*.
 */
int cell_run(const struct render_options *options, int document, int output, unsigned int *ret_pages);

/* The same walls around any program of this machine, for the tests of the walls: argv[0] is its path in the
 * cell. */
int cell_run_program(const struct render_options *options, const char *const *argv, int document, int output,
                     struct ghostscript_report *ret);
