// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Versions of tenant keys that are never opened again: <state>/retired/<tenant>, the first version that still
 * is. So a row out of an old backup opens nothing here, although the master key could. Used by one thread.
 */

#include <stdint.h>

#include "base/id.h"

#define RETIRED_ALL UINT32_MAX

struct retired;

/* Makes the directory where it is missing. */
int retired_open(const char *state, struct retired **ret);
void retired_close(struct retired *retired);
void retired_closep(struct retired **retired);

/* 0 where none is retired. A file that is damaged is the fault -EBADMSG. */
int retired_find(struct retired *retired, struct id tenant, uint32_t *ret_first);
/* Durable on return; never takes one back. */
int retired_store(struct retired *retired, struct id tenant, uint32_t first);
