// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* A file in memory, looked at as octets. */

#include "base/text.h"

struct view {
        struct text octets;
};

/* RENDER_DAMAGED where it is empty. Ends with view_done(), also after a failure. */
int view_init(struct view *view, int fd);
void view_done(struct view *view);
