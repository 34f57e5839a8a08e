// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * PDF as libqpdf reads it. Only ever in a process that confine_run() made: what it reads is a stranger's.
 */

#include <qpdf/qpdf-c.h>

#include "base/text.h"
#include "render/sheet.h"

/* Opens what is borrowed for as long as it is open; what is wrong with it is repaired where that can be,
 * silently. password may be NULL. RENDER_DAMAGED, RENDER_PASSWORD, RENDER_LIMIT. */
int qpdf_open(struct text pdf, const char *password, qpdf_data *ret);
void qpdf_closep(qpdf_data *qpdf);

/* Of a call that said it failed: as what it is refused, RENDER_*. */
int qpdf_judge(qpdf_data qpdf);
/* What went wrong since the last time, likewise; 0: nothing. */
int qpdf_failure(qpdf_data qpdf);

/* The shape of a page, whose inherited attributes have been given to it. */
void qpdf_shape(qpdf_data qpdf, qpdf_oh page, struct page_shape *ret);
/* A rectangle, with its corners in order. False where it is none. */
bool qpdf_rectangle(qpdf_data qpdf, qpdf_oh array, struct rectangle *ret);
bool qpdf_matrix(qpdf_data qpdf, qpdf_oh array, struct matrix *ret);
