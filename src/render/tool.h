// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A tool: a program of others that makes one document of another, in a cell. It finds the document as a file
 * and writes what it makes to its standard output; what it says besides is not looked at.
 */

#include "base/text.h"
#include "conversion/order.h"
#include "render/cell.h"

struct tool {
        const char *program;     /* what must be installed */
        const char *const *argv; /* NULL-terminated; TOOL_WIDTH and TOOL_HEIGHT end a word that ends in one */
        const char *name;        /* of the document, in the cell */
        const struct cell_profile *profile;
};

/* In their place stand the sides of the order's medium in whole points. */
#define TOOL_WIDTH  "{width}"
#define TOOL_HEIGHT "{height}"

/* Whether it is installed here. */
bool tool_is_there(const struct tool *tool);

/* *ret is a descriptor of what it made, which the caller closes. RENDER_UNSUPPORTED where it is not there,
 * RENDER_DAMAGED where it made nothing, and RENDER_LIMIT. order->media is a medium with a size. */
int tool_run(const struct tool *tool, const struct order *order, int document, int64_t deadline_ms, int *ret);

/* System calls of programs that read fonts, start threads and write: what the profiles of tools begin with.
 */
extern const char *const tool_calls[];

/* Those that are used. */
extern const struct tool tool_heif;       /* HEIC to JPEG */
extern const struct tool tool_svg;        /* SVG to PDF; nothing beside the document is read */
extern const struct tool tool_html;       /* HTML to PDF; nothing but what stands in the document is read */
extern const struct tool tool_postscript; /* PostScript and EPS to PDF */
