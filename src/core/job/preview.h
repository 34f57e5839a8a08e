// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Previews: images of a document's pages, for its owner and nobody else. Made on demand and kept sealed with
 * the job; the first page's is there soon after the document has arrived. Where an image does not do, its
 * owner takes the document.
 */

#include "core/job/job.h"

struct preview;

/*
 * The document itself, as it was sent, for its owner to look at. CORE_NOT_FOUND (likewise), CORE_DESTROYED,
 * CORE_BUSY (the keeper), CORE_FORBIDDEN (at a panel).
 */
int preview_open_document(struct core *core, const struct actor *actor, struct id job, struct preview **ret);

/*
 * Waits up to wait_ms for the image (JPEG) of a page, from 1, of a width that core/job/recipe.h has.
 * CORE_NOT_FOUND (job, page, or nobody may look at it but somebody else), CORE_BAD_VALUE (width), CORE_BUSY
 * (it is being made; ask again), CORE_BAD_FORMAT (there is no image of what is in this document; ret_reason,
 * of CORE_WORDS octets, is a keyword), CORE_DESTROYED.
 */
int preview_open(struct core *core, const struct actor *actor, struct id job, uint32_t page, uint32_t width,
                 int64_t wait_ms, char *ret_reason, struct preview **ret);
uint64_t preview_size_octets(const struct preview *preview);
/* *ret_length 0 at the end. */
int preview_read(struct preview *preview, void *to, size_t size, size_t *ret_length);
void preview_close(struct preview *preview);
void preview_closep(struct preview **preview);
