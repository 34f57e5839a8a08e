// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Recipes: what has to be made of a document for a printer and a ticket, as an order to the renderer. The
 * same recipe for the same document makes the same octets, so what was made once is found again by it. Pure.
 */

#include "conversion/order.h"
#include "core/printer/printer.h"
#include "core/job/ticket.h"

/* Whether a document of this format can be made into one that the printer takes; *ret (may be NULL) is the
 * best one of those, FORMAT_UNKNOWN where there is none. */
bool recipe_is_possible(const struct printer *printer, struct text format, enum format *ret);

/* The widths in which pages are looked at, in pixels: for a list, on a phone or panel, on a desktop. Few, so
 * that few are kept. */
#define RECIPE_PREVIEW_WIDTH 240
bool recipe_has_width(uint32_t width);

/* An image of a page of a PDF. */
void recipe_preview(uint32_t page, uint32_t width, char ret[ORDER_LINE]);
/* What a document of this media type is looked into for; one that is not known cannot be. */
void recipe_inspect(struct text format, bool has_secret, char ret[ORDER_LINE]);

/*
 * Whether a document that the printer takes as it is has to be made anew for a ticket all the same, since the
 * pages have to change, and can be. What the printer does itself (over IPP it counts copies, turns paper and
 * prints in grey) is left to it.
 */
bool recipe_is_needed(const struct printer *printer, const struct ticket *ticket, struct text format);

/* Takes what a recipe's line has done to the pages out of a ticket, so that the printer does not do it again.
 */
void recipe_settle(const char *recipe, struct ticket *ticket);

/* CORE_BAD_FORMAT where it is not. */
int recipe_make(const struct printer *printer, const struct ticket *ticket, struct text format,
                struct order *ret);
