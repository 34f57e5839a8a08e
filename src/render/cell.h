// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The cell: a foreign program, taken for the attacker's from its first instruction, inside bubblewrap.
 *
 *   1. It sees /usr (read-only), what its profile names of /etc and /var, one document, and an empty /tmp of
 *      limited size: no other file, no /proc, no /dev, no environment of ours.
 *   2. It has no network, no process of ours to look at, no capability, an uid of nobody's, and may use the
 *      few system calls that its profile names.
 *   3. Its memory, time, files and processes are limited; at the end of its time all of it is killed.
 *   4. What comes out is octets through two pipes, at most as many as allowed.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "conversion/order.h"

#define CELL_RENDERER "/imprimatur-render"
#define CELL_TYPESET  "/imprimatur-typeset"
#define CELL_NO_LIMIT INT64_MAX /* of memory */

/* What a kind of program needs to see and to call. Static. */
struct cell_profile {
        const char *const *folders;     /* of the host, read-only and where they are there; NULL-terminated */
        const char *const *environment; /* names and values by turns; NULL-terminated */
        const char *const *calls;       /* names of system calls; NULL-terminated */
        const char *const *links;       /* targets and paths by turns, made in the cell; NULL: none */
        bool has_proc;                  /* a /proc that shows the cell's own processes */
        bool has_random;                /* /dev/urandom, which old libraries want to open */
        bool has_renderer;              /* this program itself, at CELL_RENDERER */
        bool has_typeset;               /* instead of it, its neighbour, at CELL_TYPESET */
        uint64_t tmp_octets;
        unsigned int files;
        unsigned int processes;
};

struct cell_order {
        const struct cell_profile *profile;
        const char *const *argv; /* argv[0] is a path in the cell; NULL-terminated */
        int document;            /* read from its beginning; -1: none */
        const char *name;        /* under which it is found in the cell, from the root: "/document" */
        const struct order_limits *limits;
        int64_t deadline_ms; /* clock_monotonic_ms() */
        /* What it writes to its standard output, piece by piece; a refusal or fault ends it. */
        int (*collect)(void *context, struct text octets);
        /* Each line of its standard error, cut where it is long; likewise. */
        int (*listen)(void *context, struct text line);
        void *context;
};

/* Opens imprimatur-typeset, which lies beside this program: a negative errno where it does not. */
int cell_open_typeset(int *ret);

/* Never as root: -EPERM. RENDER_DAMAGED where it ended badly, RENDER_LIMIT where it was ended, and what
 * collect and listen say. */
int cell_run(const struct cell_order *order);

/* collect() for a descriptor: context is the int. */
int cell_collect_to(void *context, struct text octets);
