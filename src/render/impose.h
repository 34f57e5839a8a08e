// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A PDF becomes the one whose pages are the sides of paper: those pages, in the order, number, size and
 * places that were ordered. Each page is drawn as a whole (a form XObject), with its annotations as they
 * look; what can act (links, scripts, forms) and who made it stays behind.
 */

#include <stdbool.h>

#include "base/text.h"
#include "conversion/order.h"

/* Whether a page would look or lie otherwise for it. */
bool impose_is_needed(const struct order *order);

/*
 * In a confined process. *ret_pages: of what output (a descriptor in memory) holds afterwards, or, where
 * nothing is needed and nothing is written there, of the document. RENDER_*.
 */
int impose(const struct order *order, struct text pdf, int output, uint32_t *ret_pages);
