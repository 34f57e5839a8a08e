// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Renditions: sealed octets made from a document for a printer that does not take its format.
 *
 * The program that owns the cells asks for the next order, reads the document's plaintext piece by piece out
 * of rendition_read(), feeds the cell, and gives what comes back to rendition_write(), where it is sealed at
 * once. Neither side of it ever touches a disk. A rendition that was left half-way is wanted again after the
 * next start.
 */

#include "conversion/order.h"
#include "core/printer.h"
#include "core/ticket.h"

struct rendition;

struct rendition_order {
        struct id delivery;
        struct order order; /* with the renderer's own limits */
};

/* Whether a document of this format can be made into one that the printer takes; *ret (may be NULL) is the
 * best one of those, FORMAT_UNKNOWN where there is none. */
bool rendition_is_possible(const struct printer *printer, struct text format, enum format *ret);

/* The oldest one wanted and not under way. CORE_NOTHING_HELD where there is none. CORE_DESTROYED ends that
 * delivery. */
int rendition_begin(struct core *core, struct rendition_order *ret_order, struct rendition **ret);
/* *ret_length 0 at the end. */
int rendition_read(struct rendition *rendition, void *to, size_t size, size_t *ret_length);
/* CORE_TOO_LARGE, CORE_STORAGE_FULL. */
int rendition_write(struct rendition *rendition, struct text octets);
/* The delivery can now be offered; wakes its agent. Closes the rendition. */
int rendition_commit(struct rendition *rendition);
/* The document cannot be converted: the delivery is NOT_PRINTED, the job HELD again with the reason (a
 * keyword). Closes it. */
int rendition_fail(struct rendition *rendition, struct text reason);
/* Not now (the program stops): it is wanted again. Closes it. */
void rendition_abandon(struct rendition *rendition);
