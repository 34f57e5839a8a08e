// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The kinds of work that renderers do, the most urgent first. Pure. */

#include <stdbool.h>

#include "base/text.h"

enum work_kind {
        WORK_RENDITION,  /* a document in the language of a printer where somebody waits for it */
        WORK_PREVIEW,    /* an image of a page for somebody who looks at it */
        WORK_INSPECTION, /* what there is to know of a document that has arrived */
        WORK_KINDS,
};

/* "rendition", … Static. */
const char *work_kind_name(enum work_kind kind);
bool work_kind_parse(struct text name, enum work_kind *ret);
