// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* Texts: decoded by what the order says of their encoding or by what they look like, then laid out. */

#include "render/source.h"

/* As source_to_pdf(). */
int source_text(const struct order *order, const struct source *source, int *ret);
int source_markdown(const struct order *order, const struct source *source, int *ret);
int source_html(const struct order *order, const struct source *source, int *ret);
