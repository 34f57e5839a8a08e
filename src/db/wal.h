// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The write-ahead log as a file.
 *
 * It is made long at start and keeps its length: appending to a file costs the file system's journal a
 * transaction with every flush, overwriting does not. SQLite does not mind what follows its last frame: a
 * frame counts only with the salt of the log's header and an unbroken chain of checksums from it.
 *
 * All functions belong to the writer's connection and thread.
 */

#include <stdbool.h>
#include <stdint.h>

struct sqlite;

/* Lengthens the log with zeros to at least octets, and makes it and its name durable. */
int wal_extend(struct sqlite *sqlite, const char *path, int64_t octets);

/*
 * Carries what it can into the database, waiting for nobody; the log then starts over when no reader needs
 * it. Where readers overlap for ever that never comes: insisting waits for a moment without them, and lets
 * new ones do without the log.
 */
int wal_fold(struct sqlite *sqlite, bool insists);

/*
 * Carries everything into the database, starts the log over and overwrites what stands behind its new start
 * with zeros, as far as something was written since the last time. -EBUSY where somebody's long read stands
 * against it.
 */
int wal_wipe(struct sqlite *sqlite, const char *path);
