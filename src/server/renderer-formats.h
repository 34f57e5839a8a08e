// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the renderer can read, as it says itself: some kinds of documents need programs that may not be
 * installed. */

#include "server/settings.h"

/* Takes what it cannot read out of the table (format_lose_source()), before other threads are started. Where
 * it does not answer, the table stays: each document then tells how it goes. */
int renderer_learn_formats(const struct renderer_settings *settings);
