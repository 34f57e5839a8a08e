// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* One page of a PDF as something that can be drawn anywhere: a form XObject. For impose.c. */

#include "render/qpdf.h"
#include "render/sheet.h"

struct impose_page {
        qpdf_oh page;
        struct page_shape shape;
        qpdf_oh form;
};

/* Fills shape and form of a page whose inherited attributes have been given to it. RENDER_*. */
int impose_page_read(qpdf_data qpdf, struct impose_page *page);
