// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * The schema's history: numbered scripts, each run once and in one transaction with the note of its number in
 * table schema_version. A migration that has been released is never changed; a correction is a further one.
 * Scripts use no DEFERRABLE constraint: one that fails at the commit would take the whole batch with it.
 *
 * The tenant is part of every key, so that no row can be reached without naming it. Ids are 16 octets, times
 * are milliseconds since 1970, states are the ledger's words. Indexes exist for the questions that are asked;
 * each that serves a person's list or a sweeper's search is narrowed to the few rows it is about, so that its
 * cost does not grow with the number of jobs held by others.
 */

#include <stddef.h>

struct sqlite;

struct db_migration {
        int number;                /* ascending, from 1 */
        const char *const *pieces; /* of SQL, run in turn; NULL ends them */
};

extern const struct db_migration db_migrations[];
extern const size_t db_migrations_count;

/* Pieces of migration 1, by area. */
extern const char db_schema_tenant[];
extern const char db_schema_people[];
extern const char db_schema_sign_in[];
extern const char db_schema_admission[];
extern const char db_schema_group[];
extern const char db_schema_mail[];
extern const char db_schema_session[];
extern const char db_schema_oauth[];
extern const char db_schema_printing[];
extern const char db_schema_printer[];
extern const char db_schema_ticket[];
extern const char db_schema_door[];
extern const char db_schema_offline[];
extern const char db_schema_report[];
extern const char db_schema_roster[];
extern const char db_schema_site[];
extern const char db_schema_stay[];
extern const char db_schema_panel[];
extern const char db_schema_audit[];

/* Carries the database to the last of the migrations given. DB_NEWER where it is past it already. */
int migrations_run(struct sqlite *sqlite, const struct db_migration *migrations, size_t count);
