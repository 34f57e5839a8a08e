// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "db/open.h"

#include "db/test-world.h"

static struct id tenant_a, tenant_b;

static int add_job(struct db_tx *tx, struct id tenant, int64_t number, const char *name)
{
        return db_run(tx, tenant, "INSERT INTO job (tenant_id, number, name) VALUES (?1, ?2, ?3)",
                      DB_VALUES(db_integer(number), db_string(name)), NULL);
}

struct count {
        struct id tenant;
        int64_t rows;
};

static int count_jobs(struct db_tx *tx, void *context)
{
        struct count *count = context;
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, count->tenant, "SELECT count(*) FROM job WHERE tenant_id = ?1", DB_NONE, &rows);
        if (r)
                return r;
        count->rows = db_rows_integer(&rows, 0);
        return 0;
}

static int64_t jobs_of(struct db *db, struct id tenant)
{
        struct count count = { .tenant = tenant };

        assert(db_read(db, count_jobs, &count) == 0);
        return count.rows;
}

static int add_three_kinds(struct db_tx *tx, void *context)
{
        const char *name = "na\0me";
        int64_t changed = 0;
        struct id zero = { 0 };

        assert(add_job(tx, tenant_a, 1, "one") == 0);
        assert(add_job(tx, tenant_a, 1, "again") == DB_TAKEN);
        assert(db_run(tx, tenant_a, "INSERT INTO job (tenant_id, number, name, data) VALUES (?1, ?2, ?3, ?4)",
                      DB_VALUES(db_integer(2), db_text(text_from_octets(name, 5)), db_id(&tenant_b)),
                      &changed) == 0 &&
               changed == 1);
        assert(db_run(tx, tenant_a, "INSERT INTO job (tenant_id, number, data) VALUES (?1, ?2, ?3)",
                      DB_VALUES(db_integer(3), db_id(&zero)), NULL) == 0);
        assert(db_run(tx, tenant_a, "INSERT INTO page (tenant_id, job) VALUES (?1, ?2)",
                      DB_VALUES(db_integer(77)), NULL) == DB_TAKEN); /* no such job */
        assert(db_run(tx, tenant_b, "UPDATE job SET name = 'x' WHERE tenant_id = ?1", DB_NONE, &changed) ==
                       0 &&
               changed == 0);
        return 0;
}

static int read_three_kinds(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 }, none = { 0 };
        const char *sql = "SELECT number, name, data FROM job WHERE tenant_id = ?1 ORDER BY number";
        char cut[4];
        uint8_t octets[15];
        int seen = 0, r;

        assert(db_find(tx, tenant_a, sql, DB_NONE, &rows) == 0);
        while (db_rows_next(&rows, &r)) {
                SCOPED(db_rows_done) struct db_rows inner = { 0 };

                seen++;
                assert(db_rows_integer(&rows, 0) == seen);
                if (seen == 2) {
                        struct text name = db_rows_text(&rows, 1);

                        assert(name.len == 5 && memcmp(name.at, "na\0me", 5) == 0);
                        assert(id_equal(db_rows_id(&rows, 2), tenant_b));
                        assert(!db_rows_octets(&rows, 2, octets, sizeof(octets)));
                }
                if (seen == 3)
                        assert(db_rows_is_null(&rows, 1) && id_is_zero(db_rows_id(&rows, 2)) &&
                               db_rows_text(&rows, 1).len == 0);
                /* The same query inside its own loop. */
                assert(db_one(tx, tenant_a, sql, DB_NONE, &inner) == 0 && db_rows_integer(&inner, 0) == 1);
                db_rows_string(&inner, 1, cut, 3);
                assert(strcmp(cut, "on") == 0);
        }
        assert(r == 0 && seen == 3);
        assert(!db_rows_next(&rows, &r) && r == 0);
        assert(db_one(tx, tenant_b, sql, DB_NONE, &none) == DB_NO_ROW);
        return 0;
}

static int returning(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        assert(db_one(tx, tenant_a,
                      "UPDATE job SET name = ?3 WHERE tenant_id = ?1 AND number = ?2 RETURNING number",
                      DB_VALUES(db_integer(3), db_string("three")), &rows) == 0);
        assert(db_rows_integer(&rows, 0) == 3);
        db_rows_done(&rows);
        return db_one(tx, tenant_a, "INSERT INTO job (tenant_id, number) VALUES (?1, ?2) RETURNING number",
                      DB_VALUES(db_integer(3)), &rows) == DB_TAKEN
                       ? 0
                       : -EINVAL;
}

static void values_come_back(struct db *db)
{
        assert(db_write(db, add_three_kinds, NULL) == 0);
        assert(db_read(db, read_three_kinds, NULL) == 0);
        assert(db_write(db, returning, NULL) == 0);
        assert(jobs_of(db, tenant_a) == 3 && jobs_of(db, tenant_b) == 0);
}

/* Mistakes of ours: each must be a fault, and none may be quietly nothing. */
static int mistakes(struct db_tx *tx, void *context)
{
        struct db_rows rows = { 0 };

        assert(db_find(tx, tenant_a, "SELECT 1 FROM job", DB_NONE, &rows) == -EINVAL);
        assert(db_run(tx, tenant_a, "DELETE FROM job WHERE number = ?2", DB_VALUES(db_integer(1)), NULL) ==
               -EINVAL);
        assert(db_run(tx, tenant_a, "DELETE FROM job WHERE tenant_id = ?1 AND number = ?2", DB_NONE, NULL) ==
               -EINVAL);
        assert(db_run_all(tx, "DELETE FROM job; DELETE FROM job", DB_NONE, NULL) == -EINVAL);
        assert(db_run_all(tx, "DELETE FROM no_such_table", DB_NONE, NULL) == -EINVAL);
        assert(db_run_all(tx, "ATTACH 'x' AS y", DB_NONE, NULL) < 0);
        return 0;
}

static int write_in_read(struct db_tx *tx, void *context)
{
        return add_job(tx, tenant_a, 99, "no");
}

static int write_in_write(struct db_tx *tx, void *context)
{
        return db_write(context, write_in_read, NULL);
}

static void mistakes_are_faults(struct db *db)
{
        assert(db_write(db, mistakes, NULL) == 0);
        assert(db_read(db, write_in_read, NULL) == -EROFS);
        assert(db_write(db, write_in_write, db) == -EDEADLK);
        assert(strstr(fault_birthplace(), "writer.c"));
}

/* A work that ends with anything but 0 leaves nothing, and its neighbours in the batch stay. */
struct step {
        struct db *db;
        int64_t number;
        int outcome;
};

static int add_and_end(struct db_tx *tx, void *context)
{
        struct step *step = context;
        int r;

        r = add_job(tx, tenant_b, step->number, "step");
        return r ? r : step->outcome;
}

static void *run_step(void *context)
{
        struct step *step = context;

        assert(db_write(step->db, add_and_end, step) == step->outcome);
        return NULL;
}

#define CROWD 64

static void savepoints_stand_alone(struct db *db)
{
        struct db_figures before, after;
        struct step steps[CROWD];
        pthread_t threads[CROWD];

        db_read_figures(db, &before);
        for (int i = 0; i < CROWD; i++) {
                steps[i] = (struct step){ db, i, i % 3 == 0 ? 0 : i % 3 == 1 ? 7 : -ENOENT };
                assert(pthread_create(&threads[i], NULL, run_step, &steps[i]) == 0);
        }
        for (int i = 0; i < CROWD; i++)
                pthread_join(threads[i], NULL);
        assert(jobs_of(db, tenant_b) == (CROWD + 2) / 3);
        db_read_figures(db, &after);
        assert(after.writes - before.writes == CROWD);
}

static void *write_many(void *context)
{
        struct db *db = context;
        static _Atomic int64_t next = 1000;

        for (int i = 0; i < 50; i++) {
                struct step step = { db, next++, 0 };

                assert(db_write(db, add_and_end, &step) == 0);
        }
        return NULL;
}

static void a_crowd_shares_flushes(struct db *db)
{
        struct db_figures before, after;
        pthread_t threads[CROWD];
        int64_t had = jobs_of(db, tenant_b);

        db_read_figures(db, &before);
        for (int i = 0; i < CROWD; i++)
                assert(pthread_create(&threads[i], NULL, write_many, db) == 0);
        for (int i = 0; i < CROWD; i++)
                pthread_join(threads[i], NULL);
        db_read_figures(db, &after);
        assert(after.writes - before.writes == CROWD * 50);
        assert(after.commits - before.commits < CROWD * 50 / 4);
        assert(jobs_of(db, tenant_b) == had + CROWD * 50);
}

static int read_around_a_write(struct db_tx *tx, void *context)
{
        struct db *db = context;
        struct step step = { db, 5000, 0 };
        struct count first = { .tenant = tenant_b }, second = { .tenant = tenant_b };

        assert(count_jobs(tx, &first) == 0);
        assert(db_write(db, add_and_end, &step) == 0);
        assert(count_jobs(tx, &second) == 0);
        assert(first.rows == second.rows);
        assert(jobs_of(db, tenant_b) == first.rows + 1);
        return 0;
}

static void a_reader_keeps_its_snapshot(struct db *db)
{
        assert(db_read(db, read_around_a_write, db) == 0);
}

/* More statements than are kept, and an address that comes back with another text. */
static int many_statements(struct db_tx *tx, void *context)
{
        static char sql[600][64];

        for (int round = 0; round < 3; round++)
                for (int i = 0; i < 600; i++) {
                        SCOPED(db_rows_done) struct db_rows rows = { 0 };

                        snprintf(sql[i], sizeof(sql[i]), "SELECT %d, ?1", i + round / 2);
                        assert(db_one(tx, tenant_a, sql[i], DB_NONE, &rows) == 0);
                        assert(db_rows_integer(&rows, 0) == i + round / 2);
                        assert(id_equal(db_rows_id(&rows, 1), tenant_a));
                }
        return 0;
}

/* How queries are answered in an empty database, as they are to be answered in a full one. */
static int plans(struct db_tx *tx, void *context)
{
        static const struct {
                const char *sql, *index;
        } rows[] = {
                { "EXPLAIN QUERY PLAN SELECT state FROM note WHERE tenant_id = ?1 AND subject = ?2 ORDER BY id LIMIT 5",
                  "note_subject" },
                { "EXPLAIN QUERY PLAN SELECT state FROM note WHERE tenant_id = ?1 AND id = ?2",
                  "PRIMARY KEY" },
                { "EXPLAIN QUERY PLAN SELECT subject FROM note WHERE tenant_id = ?1 AND state = 'wanted'"
                  " AND id > ?2 ORDER BY id",
                  "note_wanted" },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(db_rows_done) struct db_rows plan = { 0 };
                char detail[200];
                int r;

                assert(db_one(tx, tenant_a, rows[i].sql, DB_VALUES(db_null()), &plan) == 0);
                db_rows_string(&plan, 3, detail, sizeof(detail));
                assert(strstr(detail, rows[i].index));
                db_rows_next(&plan, &r);
                assert(!db_rows_next(&plan, &r)); /* one step, and no sorting */
        }
        return 0;
}

static void a_second_index_is_used_though_all_rows_are_one_tenants(struct db *db)
{
        assert(db_read(db, plans, NULL) == 0);
        assert(db_write(db, plans, NULL) == 0);
}

static char told[64];

static void tell(const void *octets, size_t len)
{
        strncat(told, octets, len);
}

static int tell_one(struct db_tx *tx, void *context)
{
        return db_after_commit(tx, tell, "one ", 4);
}

static int tell_two_and_three(struct db_tx *tx, void *context)
{
        assert(db_after_commit(tx, tell, "two ", 4) == 0);
        assert(told[0] == 'o'); /* the first one's commit is over, this one's is not */
        assert(!strstr(told, "two"));
        return db_after_commit(tx, tell, "three ", 6);
}

static int tell_and_refuse(struct db_tx *tx, void *context)
{
        assert(db_after_commit(tx, tell, "refused ", 8) == 0);
        return 7;
}

static int tell_and_end_the_transaction(struct db_tx *tx, void *context)
{
        assert(db_after_commit(tx, tell, "ended ", 6) == 0);
        return db_run_all(tx, "INSERT INTO job (tenant_id, number) SELECT x'00', -1 UNION ALL SELECT 1/0, 1",
                          DB_NONE, NULL);
}

static void what_is_rolled_back_is_not_told(struct db *db)
{
        assert(db_write(db, tell_one, NULL) == 0);
        assert(strcmp(told, "one ") == 0);
        assert(db_write(db, tell_and_refuse, NULL) == 7);
        assert(db_write(db, tell_and_end_the_transaction, NULL) < 0);
        assert(db_write(db, tell_two_and_three, NULL) == 0);
        assert(strcmp(told, "one two three ") == 0);
        assert(db_read(db, tell_one, NULL) == -EINVAL);
}

/* Its neighbours in the batch are lost with it, are told so, and the database goes on. */
static int end_the_transaction(struct db_tx *tx, void *context)
{
        return db_run_all(tx, "INSERT INTO job (tenant_id, number) SELECT x'00', -1 UNION ALL SELECT 1/0, 1",
                          DB_NONE, NULL);
}

static void a_failed_statement_spares_the_database(struct db *db)
{
        struct step step = { db, 6000, 0 };

        assert(db_write(db, end_the_transaction, NULL) < 0);
        assert(db_write(db, add_and_end, &step) == 0);
}

int main(void)
{
        SCOPED(world_done) struct world world = { 0 };
        SCOPED(db_closep) struct db *db = NULL;
        struct db *second = NULL;

        world_init(&world);
        tenant_a = id_new();
        tenant_b = id_new();
        assert(world_open(&world, 2, &db) == 0);
        values_come_back(db);
        mistakes_are_faults(db);
        savepoints_stand_alone(db);
        a_crowd_shares_flushes(db);
        a_reader_keeps_its_snapshot(db);
        a_failed_statement_spares_the_database(db);
        what_is_rolled_back_is_not_told(db);
        assert(db_read(db, many_statements, NULL) == 0);
        a_second_index_is_used_though_all_rows_are_one_tenants(db);
        assert(world_open(&world, 1, &second) == DB_NEWER);
        return 0;
}
