// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Texts in scripts that the fonts of printers have not, by imprimatur-typeset in a cell of its own. */

#include <stdbool.h>
#include <stdint.h>

#include "conversion/order.h"

/* Whether it is installed beside this program. */
bool typeset_is_there(void);

/* document: UTF-8. *ret is a descriptor of a PDF. order->media is a medium with a size. RENDER_DAMAGED,
 * RENDER_LIMIT. */
int typeset_run(const struct order *order, int document, int64_t deadline_ms, int *ret);
