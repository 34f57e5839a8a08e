// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Labels that are stuck onto printers: a QR code with the address of the printer's page here and nothing that
 * could release or change anything, its name, its short name and its site. They lie on a sheet as those that
 * shops sell are cut, so the sheet is to be printed at its own size. It is HTML for the renderer's cell;
 * names may be anybody's, as long as they like and in any script: what does not fit is cut with an ellipsis.
 * Pure.
 */

#include "base/buffer.h"
#include "core/notice/mail-words.h"
#include "core/printer/printer.h"

struct label_template {
        const char *name;           /* "a4-3x8" */
        const char *media;          /* the sheet's, a PWG 5101.1 size name */
        double width, height;       /* of the sheet, in millimetres; as all of these */
        unsigned int columns, rows; /* 0: no labels, but a welcome page each (door/welcome.h) */
        double left, top;           /* of the first label */
        double column, row;         /* from one to the next */
        double label_width, label_height;
        double code;   /* of its code */
        bool is_tall;  /* the words stand below the code, and not beside it */
        double points; /* of the name's letters */
};
/* Ended by a NULL name. */
extern const struct label_template label_templates[];
extern const char *const label_template_names[];

struct label {
        struct printer printer;
        char site[CORE_TITLE]; /* "": at none */
};

struct label_sheet {
        const struct label_template *template;
        enum language language;
        const char *origin; /* "https://print.example:8443" */
        const struct label *labels;
        size_t count;
        size_t first; /* so many labels of the first sheet are used already */
};

int labels_format(const struct label_sheet *sheet, struct buffer *html);
