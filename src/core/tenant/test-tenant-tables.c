// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The schema, as the database has it: the tenant is the first column of every key, and every table with a
 * tenant's rows is among those that a tenant's end takes away, after whatever refers to it.
 */

#include "core/tenant/tenant-tables.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope.h"
#include "db/db.h"

#define TABLES_MAX  200
#define NAME_OCTETS 64

/* Tables whose key does not begin with the tenant, and why not. */
static const struct {
        const char *table;
        const char *why;
} exceptions[] = {
        { "tenant", "it is the tenant" },
        { "schema_version", "it is about the service" },
        { "guess", "guesses are counted before anybody is known to be somebody" },
        { "device_code", "a device's code belongs to nobody until somebody says yes to it" },
};

static sqlite3 *handle;
static char tables[TABLES_MAX][NAME_OCTETS];
static size_t count;

static bool is_exception(const char *table)
{
        for (size_t i = 0; i < ARRAY_LENGTH(exceptions); i++)
                if (strcmp(exceptions[i].table, table) == 0)
                        return true;
        return false;
}

static sqlite3_stmt *ask(const char *sql, const char *table)
{
        sqlite3_stmt *statement;

        assert(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK);
        if (table)
                assert(sqlite3_bind_text(statement, 1, table, -1, SQLITE_TRANSIENT) == SQLITE_OK);
        return statement;
}

static void read_tables(void)
{
        sqlite3_stmt *statement = ask(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                NULL);

        while (sqlite3_step(statement) == SQLITE_ROW) {
                assert(count < TABLES_MAX);
                snprintf(tables[count++], NAME_OCTETS, "%s", (const char *)sqlite3_column_text(statement, 0));
        }
        sqlite3_finalize(statement);
        assert(count > 20);
}

/* The first column of the primary key, or whether there is a column of that name at all. */
static bool has(const char *table, const char *sql)
{
        sqlite3_stmt *statement = ask(sql, table);
        bool is_there = sqlite3_step(statement) == SQLITE_ROW;

        sqlite3_finalize(statement);
        return is_there;
}

/* Where it stands in the list; its length where it does not. */
static size_t place(const char *table)
{
        size_t i = 0;

        while (i < tenant_tables_count && strcmp(tenant_tables[i].name, table) != 0)
                i++;
        return i;
}

static void the_tenant_comes_first_in_every_key(void)
{
        for (size_t i = 0; i < count; i++) {
                printf("key of %s\n", tables[i]);
                assert(is_exception(tables[i]) ||
                       has(tables[i],
                           "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'tenant_id' AND pk = 1"));
                /* Nor can two tenants' rows be one row. */
                assert(is_exception(tables[i]) ||
                       has(tables[i],
                           "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'tenant_id' AND \"notnull\" = 1") ||
                       has(tables[i],
                           "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'tenant_id' AND pk = 1"));
        }
}

static void the_end_of_a_tenant_leaves_no_row(void)
{
        for (size_t i = 0; i < count; i++) {
                printf("rows of %s\n", tables[i]);
                if (has(tables[i], "SELECT 1 FROM pragma_table_info(?1) WHERE name = 'tenant_id'"))
                        assert(place(tables[i]) < tenant_tables_count);
        }
        for (size_t i = 0; i < tenant_tables_count; i++) {
                sqlite3_stmt *statement =
                        ask("SELECT \"table\" FROM pragma_foreign_key_list(?1)", tenant_tables[i].name);

                printf("after %s\n", tenant_tables[i].name);
                assert(has(tenant_tables[i].name, "SELECT 1 FROM pragma_table_info(?1)"));
                while (sqlite3_step(statement) == SQLITE_ROW) {
                        const char *above = (const char *)sqlite3_column_text(statement, 0);

                        /* Refers to a table that goes later; to tenant, which goes last. */
                        assert(strcmp(above, "tenant") == 0 || place(above) > i);
                }
                sqlite3_finalize(statement);
        }
}

/* References never lead from one tenant to another: the tenant is in both of their ends. */
static void references_stay_in_the_tenant(void)
{
        for (size_t i = 0; i < count; i++) {
                sqlite3_stmt *statement = ask(
                        "SELECT id, max(CASE WHEN \"from\" = 'tenant_id' AND (\"to\" = 'tenant_id' OR \"table\" = 'tenant')"
                        " THEN 1 ELSE 0 END) FROM pragma_foreign_key_list(?1) GROUP BY id",
                        tables[i]);

                printf("references of %s\n", tables[i]);
                while (sqlite3_step(statement) == SQLITE_ROW)
                        assert(sqlite3_column_int(statement, 1) == 1);
                sqlite3_finalize(statement);
        }
}

/* PostgreSQL's second wall has a policy for each of them; tools/row-level-security writes it. */
static void the_second_wall_has_no_gap(void)
{
        static char text[1 << 16];
        char path[512], policy[160];
        FILE *file;
        size_t len;

        assert(getenv("IMPRIMATUR_SOURCE"));
        snprintf(path, sizeof(path), "%s/src/db/row-level-security.sql", getenv("IMPRIMATUR_SOURCE"));
        file = fopen(path, "r");
        assert(file);
        len = fread(text, 1, sizeof(text) - 1, file);
        fclose(file);
        text[len] = '\0';
        for (size_t i = 0; i < tenant_tables_count; i++) {
                const char *name = tenant_tables[i].name;
                bool is_quoted = strcmp(name, "group") == 0;

                printf("policy of %s\n", name);
                snprintf(policy, sizeof(policy), "CREATE POLICY %s_of_tenant ON %s%s%s TO imprimatur_tenant",
                         name, is_quoted ? "\"" : "", name, is_quoted ? "\"" : "");
                assert(strstr(text, policy));
        }
}

int main(void)
{
        char folder[] = "/tmp/test-tables-XXXXXX", path[64], file[80];
        struct db *db;

        assert(mkdtemp(folder));
        snprintf(path, sizeof(path), "%s/imprimatur.db", folder);
        assert(db_open(&(struct db_settings){ .path = path }, &db) == 0);
        assert(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
        read_tables();
        the_tenant_comes_first_in_every_key();
        the_end_of_a_tenant_leaves_no_row();
        references_stay_in_the_tenant();
        the_second_wall_has_no_gap();
        sqlite3_close(handle);
        db_close(db);
        for (int i = 0; i < 3; i++) {
                static const char *const ends[] = { "", "-wal", "-shm" };

                snprintf(file, sizeof(file), "%s%s", path, ends[i]);
                unlink(file);
        }
        rmdir(folder);
        return 0;
}
