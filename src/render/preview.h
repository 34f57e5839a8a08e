// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* An image of one page of a document. */

#include "render/source.h"

/* Answers with the page that the order names; the end is the caller's. RENDER_DAMAGED where there is none;
 * RENDER_*. */
int preview(const struct order *order, const struct source *source);
