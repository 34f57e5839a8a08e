// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What the renderer can read, as it says itself: some kinds of documents need programs that may not be
 * installed. */

#include "conversion/format.h"
#include "cells/settings.h"

enum cells_formats_refusal {
        CELLS_NO_ANSWER = 1, /* the program is not there, or says nothing */
};

int cells_learn_formats(const struct cells_settings *settings, struct format_set *ret);
