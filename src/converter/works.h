// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Works, as the service gives them to converters (core/rendering/lease.h): errands (cells/errand.h) whose
 * document comes and whose frames go in bounded pieces, each a request of its own. So a thread does one thing
 * after another, and what is in memory of a document has a bound, whatever its size.
 *
 * Nothing of a document is ever in a file or in the log, and its memory is wiped.
 */

#include "cells/errand.h"
#include "outpost/service.h"

struct works;

int works_new(struct service *service, struct works **ret);
/* For cells_start(); lives as long as works. Its functions are safe from every thread. */
const struct errand_source *works_source(const struct works *works);

/* Tells the service what can be read here. Refusals of outpost/service.h. */
int works_tell_formats(struct service *service, struct format_set formats);
