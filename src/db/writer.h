// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The writer: one thread that commits the works of many.
 *
 *      BEGIN IMMEDIATE, per work (SAVEPOINT, the work, RELEASE or ROLLBACK TO), COMMIT with one flush,
 * answers
 *
 * It never waits for company: it takes what has come while the last commit was under way, and works that come
 * while it runs these. So a lone work pays one flush and a crowd shares it. The log is folded into the
 * database after the answers, when nobody waits for it.
 *
 * What is lost with a batch (the disk was full at its commit, say) is lost for all of its works: each gets
 * the fault.
 */

#include <stdint.h>

#include "db/db.h"

struct writer;
struct sqlite;

struct writer_settings {
        const char *path;
        unsigned int batch_max;
        int64_t fold_octets; /* length of the log from which it is folded into the database */
};

/* Starts the thread; sqlite is the writer's from now on, also where this fails. */
int writer_new(const struct writer_settings *settings, struct sqlite *sqlite, struct writer **ret);
/* Ends the thread after the works that wait; none may come after this call. */
void writer_free(struct writer *writer);

/* db_set_owner(). */
void writer_set_owner(struct writer *writer, void *owner);
int writer_run(struct writer *writer, db_work work, void *context);
/* wal_wipe() on the writer's thread, after everything that was asked for before it. */
int writer_wipe(struct writer *writer);
void writer_read_figures(struct writer *writer, struct db_figures *ret);
