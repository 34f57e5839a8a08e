// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What SQLite's planner believes about the tables.
 *
 * Without statistics it takes any first column of an index to leave ten rows. Ours is the tenant, which may
 * leave a million, so it would read all of a tenant by the primary key rather than find a few rows by a
 * second index. Real statistics (ANALYZE) would say as much one day and something else on the next, and an
 * empty database has none; so they are written down at each start from what the schema means:
 *
 *      the tenant narrows nothing; each further column narrows much; a unique index narrows to one row; a
 *      partial index is about few rows.
 */

struct sqlite;

int statistics_write(struct sqlite *sqlite);
