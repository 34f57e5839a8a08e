// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Documents that are not PDF, made into one. Nothing here opens a file, starts a program or needs more memory
 * than a line of a page; it is run in a process that can do nothing but write (wrap_document()).
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
int wrap_text(const struct order *order, struct text document, struct pdf *pdf);
int wrap_raster(const struct order *order, struct text document, struct pdf *pdf);
