// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* A database of two small tables in a folder that goes with the test. */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/open.h"

struct world {
        char folder[32];
        char path[64];
};

static const char *const world_jobs[] = {
        "CREATE TABLE job (tenant_id BLOB NOT NULL, number INTEGER NOT NULL, name TEXT, data BLOB,"
        " PRIMARY KEY (tenant_id, number))",
        NULL,
};

static const char *const world_notes[] = {
        "CREATE TABLE note (tenant_id BLOB NOT NULL, id BLOB NOT NULL, subject BLOB, state TEXT,"
        " PRIMARY KEY (tenant_id, id)) WITHOUT ROWID;"
        " CREATE INDEX note_subject ON note (tenant_id, subject, id);"
        " CREATE INDEX note_wanted ON note (tenant_id, id) WHERE state = 'wanted'",
        "CREATE TABLE page (tenant_id BLOB NOT NULL, job INTEGER NOT NULL,"
        " FOREIGN KEY (tenant_id, job) REFERENCES job (tenant_id, number) ON DELETE CASCADE);"
        " CREATE INDEX page_job ON page (tenant_id, job)",
        NULL,
};

static const struct db_migration world_schema[] = {
        { 1, world_jobs },
        { 2, world_notes },
};

static inline void world_init(struct world *world)
{
        snprintf(world->folder, sizeof(world->folder), "/tmp/imprimatur-db-XXXXXX");
        assert(mkdtemp(world->folder));
        snprintf(world->path, sizeof(world->path), "%s/db", world->folder);
}

static inline int world_open(const struct world *world, size_t migrations, struct db **ret)
{
        const struct db_settings settings = { .path = world->path, .wal_octets = 1 << 20 };

        return db_open_schema(&settings, world_schema, migrations, ret);
}

static inline void world_done(struct world *world)
{
        static const char *const ends[] = { "", "-wal", "-shm" };
        char path[80];

        for (int i = 0; i < 3; i++) {
                snprintf(path, sizeof(path), "%s%s", world->path, ends[i]);
                unlink(path);
        }
        rmdir(world->folder);
}
