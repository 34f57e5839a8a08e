// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a PDF says of itself without being drawn, read by libqpdf in a process that can do nothing but write
 * (render/confine.h): its pages and their sizes, whether it is encrypted, the fonts it does not bring along,
 * its title and what it was made with.
 */

#include "base/text.h"
#include "conversion/facts.h"
#include "conversion/order.h"
#include "render/password.h"

/* All facts but the pages in colour. RENDER_DAMAGED (also where it has no page), RENDER_PASSWORD,
 * RENDER_LIMIT. */
int structure_read(const struct order_limits *limits, struct text pdf, struct facts *ret);

/* The same document without its encryption, written to a file; nothing is written where it has none.
 * RENDER_PASSWORD where the password is not the document's. */
int structure_unlock(const struct order_limits *limits, struct text pdf, const struct password *password,
                     int to);
