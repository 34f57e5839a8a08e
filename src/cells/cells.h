// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * A pool of cells: threads that take one errand after another (cells/errand.h), feed its document to the
 * program imprimatur-render, and give what comes back to where the errand came from.
 *
 * The plaintext is in two pipes and nowhere else. A conversion has a limit on its time; what it may write is
 * limited where it goes. One that fails or is killed fails its own errand and no other.
 */

#include "cells/errand.h"
#include "cells/settings.h"

struct cells;

int cells_new(const struct cells_settings *settings, struct cells **ret);
/* The threads; the source is borrowed from here on. Nothing where settings.cells is 0. */
int cells_start(struct cells *cells, const struct errand_source *source);
/* There is work. From any thread, also before the start; does not block. */
void cells_wake(struct cells *cells);
/* Ends the conversions under way (others may have them) and waits for the threads. */
void cells_stop(struct cells *cells);
/* Stops where that was not done. */
void cells_free(struct cells *cells);
