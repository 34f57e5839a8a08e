// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* The readers: connections that cannot write, lent to one thread each. */

#include "db/db.h"

struct readers;
struct sqlite_settings;

/* Opens count of them. */
int readers_new(const struct sqlite_settings *settings, unsigned int count, struct readers **ret);
/* All are back. */
void readers_free(struct readers *readers);

/* Runs work in a snapshot; waits for a connection where all are lent, -EBUSY after half a minute. */
int readers_run(struct readers *readers, db_work work, void *context);
