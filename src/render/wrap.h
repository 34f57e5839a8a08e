// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Documents that are not PDF, made into one. Nothing here opens a file or starts a program; it is run in a
 * process that can do nothing but write (render/confine.h). Pictures with frames or layers give their first;
 * of an interlaced one, all dots are held in memory, of others a line.
 */

#include "base/text.h"
#include "conversion/order.h"
#include "render/pdf.h"

/*
 * In a process of its own that may only write to output and die: the document as PDF. RENDER_*.
 */
int wrap_document(const struct order *order, struct text document, int output);

/* One each; the caller finishes the PDF. RENDER_*. */
int wrap_jpeg(const struct order *order, struct text document, struct pdf *pdf);
int wrap_png(const struct order *order, struct text document, struct pdf *pdf);
int wrap_tiff(const struct order *order, struct text document, struct pdf *pdf); /* all its pages */
int wrap_gif(const struct order *order, struct text document, struct pdf *pdf);
int wrap_webp(const struct order *order, struct text document, struct pdf *pdf);
/* Only what the fonts of every printer have (wrap_text_has()), and question marks for the rest. */
int wrap_text(const struct order *order, struct text document, struct pdf *pdf);
bool wrap_text_has(uint32_t code);
int wrap_raster(const struct order *order, struct text document, struct pdf *pdf);
