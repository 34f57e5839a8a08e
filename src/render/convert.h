// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* A document becomes another one: a PDF of it (render/source.h), the sides of paper (render/impose.h), then
 * the printer's language. */

#include "render/source.h"

/* Answers with the document and its facts; the end is the caller's. RENDER_*. */
int convert(const struct order *order, const struct source *source);
