// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "house.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "db/open.h"
#include "vault/vault.h"

enum state {
        RECEIVING = 1,
        HELD,
};

static const struct id tenant = { { 9 } };

static const char *const pieces[] = {
        "CREATE TABLE job (tenant_id BLOB NOT NULL, number INTEGER NOT NULL, state INTEGER NOT NULL,"
        " name BLOB, is_segment INTEGER, start INTEGER, length INTEGER,"
        " PRIMARY KEY (tenant_id, number)) WITHOUT ROWID",
        NULL,
};

static const struct db_migration schema[] = {
        { 1, pieces },
};

struct job {
        struct vault *vault;
        int64_t number;
        struct vault_place place;
};

/* Small ones of several pages, some beyond what a segment takes. */
static size_t size_of(int64_t number)
{
        return number % 7 == 3 ? 300000 : (size_t)(500 + number * 37123 % 240000);
}

static char *make_document(int64_t number)
{
        size_t len = size_of(number);
        char *octets = malloc(len);

        for (size_t i = 0; i < len; i++)
                octets[i] = (char)(number * 61 + (int64_t)(i / 512) * 7 + (int64_t)i);
        return octets;
}

static struct vault_place place_from(struct db_rows *rows, int column)
{
        struct vault_place place = { .is_segment = db_rows_integer(rows, column + 1),
                                     .offset = (uint64_t)db_rows_integer(rows, column + 2),
                                     .length = (uint64_t)db_rows_integer(rows, column + 3) };

        db_rows_octets(rows, column, place.name, sizeof(place.name));
        return place;
}

static int add_receiving(struct db_tx *tx, void *context)
{
        const struct job *job = context;

        return db_run(tx, tenant, "INSERT INTO job (tenant_id, number, state) VALUES (?1, ?2, ?3)",
                      DB_VALUES(db_integer(job->number), db_integer(RECEIVING)), NULL);
}

static int set_held(struct db_tx *tx, void *context)
{
        const struct job *job = context;
        const struct vault_place *place = &job->place;

        return db_run(tx, tenant,
                      "UPDATE job SET state = ?3, name = ?4, is_segment = ?5, start = ?6, length = ?7"
                      " WHERE tenant_id = ?1 AND number = ?2",
                      DB_VALUES(db_integer(job->number), db_integer(HELD),
                                db_octets(place->name, sizeof(place->name)), db_integer(place->is_segment),
                                db_integer((int64_t)place->offset), db_integer((int64_t)place->length)),
                      NULL);
}

static int store(struct house *house, struct job *job)
{
        SCOPED(vault_abortp) struct vault_deposit *deposit = NULL;
        SCOPED(freep) char *octets = make_document(job->number);
        int r;

        r = vault_deposit(house->vault, 30000 + job->number % 2, &deposit);
        if (r)
                return r;
        r = vault_write(deposit, text_from_octets(octets, size_of(job->number)));
        if (r)
                return r;
        return vault_commit(take(deposit), &job->place);
}

int house_submit(struct house *house, int64_t number)
{
        struct job job = { .number = number };
        int r;

        r = db_write(house->db, add_receiving, &job);
        if (r)
                return r;
        r = store(house, &job);
        if (r)
                return r;
        r = db_write(house->db, set_held, &job);
        if (r) {
                vault_delete(house->vault, &job.place);
                return r;
        }
        vault_kept(house->vault, &job.place);
        return 0;
}

static int find_held(struct db_tx *tx, void *context)
{
        struct job *job = context;
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, tenant,
                   "SELECT name, is_segment, start, length FROM job"
                   " WHERE tenant_id = ?1 AND number = ?2 AND state = ?3",
                   DB_VALUES(db_integer(job->number), db_integer(HELD)), &rows);
        if (r)
                return r;
        job->place = place_from(&rows, 0);
        return 0;
}

static int drop_row(struct db_tx *tx, void *context)
{
        const struct job *job = context;

        return db_run(tx, tenant, "DELETE FROM job WHERE tenant_id = ?1 AND number = ?2",
                      DB_VALUES(db_integer(job->number)), NULL);
}

int house_delete(struct house *house, int64_t number)
{
        struct job job = { .number = number };
        int r;

        r = db_read(house->db, find_held, &job);
        if (r)
                return r;
        r = db_write(house->db, drop_row, &job);
        if (r)
                return r;
        return vault_delete(house->vault, &job.place);
}

static bool reads_back(struct house *house, const struct job *job)
{
        SCOPED(vault_close_readerp) struct vault_reader *reader = NULL;
        SCOPED(freep) char *expected = make_document(job->number);
        size_t len = size_of(job->number), length;
        SCOPED(freep) char *found = malloc(len + 1);

        return vault_open_reader(house->vault, &job->place, &reader) == 0 &&
               vault_read(reader, 0, found, len + 1, &length) == 0 && length == len &&
               memcmp(expected, found, len) == 0;
}

bool house_has(struct house *house, int64_t number)
{
        struct job job = { .number = number };

        return db_read(house->db, find_held, &job) == 0 && reads_back(house, &job);
}

struct walk {
        struct house *house;
        int (*visit)(struct house *house, const struct job *job);
        int64_t count;
};

static int walk(struct db_tx *tx, void *context)
{
        struct walk *one = context;
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct job job;
        int r;

        one->count = 0;
        r = db_find(tx, tenant,
                    "SELECT number, name, is_segment, start, length FROM job"
                    " WHERE tenant_id = ?1 AND state = ?2",
                    DB_VALUES(db_integer(HELD)), &rows);
        if (r < 0)
                return r;
        while (db_rows_next(&rows, &r)) {
                job = (struct job){ .number = db_rows_integer(&rows, 0), .place = place_from(&rows, 1) };
                r = one->visit(one->house, &job);
                if (r)
                        return r;
                one->count++;
        }
        return r;
}

static int keep(struct house *house, const struct job *job)
{
        return vault_keep(house->vault, &job->place) ? -ENODATA : 0;
}

static int compare(struct house *house, const struct job *job)
{
        return reads_back(house, job) ? 0 : -ENODATA;
}

int64_t house_count(struct house *house)
{
        struct walk one = { house, compare, 0 };

        return db_read(house->db, walk, &one) ? -1 : one.count;
}

static int open_both(struct house *house, const char *folder)
{
        char db_path[128], vault_path[128];
        const struct db_settings db_settings = { .path = db_path, .readers = 2, .wal_octets = 1 << 18 };
        const struct vault_settings vault_settings = { .path = vault_path,
                                                       .segment_octets = 1 << 20,
                                                       .reserve_octets = 1 };
        struct walk one = { house, keep, 0 };
        int r;

        snprintf(db_path, sizeof(db_path), "%s/db", folder);
        snprintf(vault_path, sizeof(vault_path), "%s/vault", folder);
        r = db_open_schema(&db_settings, schema, 1, &house->db);
        if (r)
                return r;
        r = vault_open(&vault_settings, &house->vault);
        if (r < 0)
                return r;
        r = db_read(house->db, walk, &one);
        if (r)
                return r;
        return vault_collect(house->vault, NULL);
}

int house_open(struct house *house, const char *folder)
{
        int r;

        *house = (struct house){ 0 };
        r = open_both(house, folder);
        if (r)
                house_close(house);
        return r;
}

void house_close(struct house *house)
{
        db_close(house->db);
        vault_close(house->vault);
        *house = (struct house){ 0 };
}
