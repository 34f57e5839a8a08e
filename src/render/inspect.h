// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What a document is: its facts (conversion/facts.h), itself as PDF where it was sent as something else or
 * encrypted, and an image of its first page.
 */

#include "render/source.h"

/* Answers with them; the end is the caller's. What cannot be told in time, or at all, is left out of the
 * facts; a document without a page that can be drawn is refused. RENDER_*. */
int inspect(const struct order *order, const struct source *source);
