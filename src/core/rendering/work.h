// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Work: what renderers have to do, of three kinds (conversion/kind.h), the most urgent first.
 *
 * A renderer begins a work, reads the document's plain text piece by piece out of work_read(), and gives the
 * frames of its answer (conversion/frame.h) to work_write(), where they are sealed at once; neither side of
 * it ever touches a disk. What was left half-way is wanted again after its lease has run out. Among works of
 * one kind people take turns, so that nobody's hundred documents stand before another's one.
 *
 * A work belongs to one thread at a time.
 */

#include "conversion/frame.h"
#include "conversion/kind.h"
#include "conversion/order.h"
#include "core/core.h"

struct work;

struct work_order {
        struct id id;
        enum work_kind kind;
        struct order order; /* with the renderer's own limits */
        uint64_t size_octets;
};

/* The next one, of kinds up to least_urgent, out of one of these formats. CORE_NOTHING_HELD where there is
 * none, CORE_BUSY where the keeper wants to be asked later. One whose document is gone is ended:
 * CORE_DESTROYED, and another may wait.
 */
int work_begin(struct core *core, enum work_kind least_urgent, struct format_set sources,
               struct work_order *ret_order, struct work **ret);
/* *ret_length 0 at the end of the document. */
int work_read(struct work *work, void *to, size_t size, size_t *ret_length);
/* CORE_TOO_LARGE, CORE_STORAGE_FULL, CORE_BAD_VALUE (a frame that this work has no use for). */
int work_write(struct work *work, const struct frame *frame);
/* All frames are there: what waited for it goes on. Closes the work. CORE_BAD_VALUE: something is missing or
 * makes no sense, and the work is as if it had failed; CORE_STORAGE_FULL: it is wanted again. */
int work_commit(struct work *work);
/* It cannot be done, for this reason (a keyword): a delivery is NOT_PRINTED and its job HELD again. Closes
 * it.
 */
int work_fail(struct work *work, struct text reason);
/* Not now (the program stops): it is wanted again at once. Closes it. */
void work_abandon(struct work *work);
