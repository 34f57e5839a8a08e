// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Poppler's pdftoppm, which draws pages of a PDF, in a cell. Only numbers of ours stand in its command line.
 */

#include "base/buffer.h"
#include "conversion/order.h"
#include "render/cell.h"

extern const struct cell_profile poppler_profile;

/* The largest image of a page that is believed to be one. */
#define POPPLER_IMAGE_OCTETS_MAX (32 << 20)

/* The page that an order names, as JPEG of the width that it names. RENDER_UNSUPPORTED where Poppler is not
 * there; RENDER_DAMAGED also where there is no such page; RENDER_PASSWORD, RENDER_LIMIT. */
int poppler_draw(const struct order *order, int pdf, int64_t deadline_ms, struct buffer *ret);

/* How many of the first pages have colours. As above; RENDER_LIMIT also where the time was too short. */
int poppler_count_colours(const struct order_limits *limits, int pdf, uint32_t pages, int64_t deadline_ms,
                          uint32_t *ret);
