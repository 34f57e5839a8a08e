// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* For tests of core: a real keeper, database and vault in a temporary folder, one tenant "demo" and its
 * administrator. */

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/person/person.h"
#include "core/state.h"
#include "core/tenant/tenant.h"
#include "db/db.h"
#include "keys/keys.h"
#include "vault/vault.h"

/* What a renderer can read that lacks nothing. */
static const struct format_set all_formats __attribute__((unused)) = { UINT64_MAX };

struct core_world {
        char folder[64];
        char database[96], vault_path[96], keeper_config[96], keeper_socket[96];
        pid_t keeper;
        struct db *db;
        struct vault *vault;
        struct keys *keys;
        struct core *core;
        struct core_settings settings;
        const struct method_driver *const *drivers;
        void (*wake_agent)(void *context, struct id tenant, struct id agent, const char *event);
        void *wake_context;
        void (*live_tell)(void *context, const struct live_event *event);
        struct tenant tenant;
        struct actor admin;
};

static inline pid_t core_world_run_keeper(struct core_world *world, const char *last)
{
        char program[512];
        pid_t pid;

        assert(getenv("IMPRIMATUR_BUILD"));
        snprintf(program, sizeof(program), "%s/imprimatur-keeper", getenv("IMPRIMATUR_BUILD"));
        pid = fork();
        assert(pid >= 0);
        if (pid == 0) {
                /* A failed assertion must not leave it behind. */
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execl(program, program, "--config", world->keeper_config, last, NULL);
                _exit(127);
        }
        return pid;
}

static inline void core_world_start_keeper(struct core_world *world)
{
        FILE *config = fopen(world->keeper_config, "w");
        int status;

        assert(config);
        fprintf(config, "[keeper]\nsocket = %s\n", world->keeper_socket);
        fprintf(config, "state = %s/days\nopens_per_minute = 1000000\n", world->folder);
        fprintf(config, "master_key = %s/master.key\n", world->folder);
        fclose(config);
        assert(waitpid(core_world_run_keeper(world, "--make-master-key"), &status, 0) > 0 && status == 0);
        world->keeper = core_world_run_keeper(world, NULL);
        while (access(world->keeper_socket, F_OK))
                assert(waitpid(world->keeper, NULL, WNOHANG) == 0);
}

static inline bool core_world_listens(void *context, struct id tenant)
{
        (void)context;
        (void)tenant;
        return true;
}

static inline void core_world_open_core(struct core_world *world)
{
        struct db_settings db = { .path = world->database };
        struct vault_settings vault = { .path = world->vault_path,
                                        .segment_octets = 1 << 20,
                                        .reserve_octets = 1 };
        struct keys_options keys = { .path = world->keeper_socket, .uid = getuid() };
        struct core_parts parts = { .settings = world->settings,
                                    .method_drivers = world->drivers,
                                    .wake_agent = world->wake_agent,
                                    .wake_context = world->wake_context,
                                    .live_wanted = core_world_listens,
                                    .live_tell = world->live_tell };
        int r;

        assert(db_open(&db, &world->db) == 0);
        assert(vault_open(&vault, &world->vault) == 0);
        do {
                r = keys_open(&keys, &world->keys);
        } while (r == -ECONNREFUSED);
        assert(r == 0);
        parts.db = world->db;
        parts.vault = world->vault;
        parts.keys = world->keys;
        assert(core_open(&parts, &world->core) == 0);
}

static inline void core_world_close_core(struct core_world *world)
{
        core_close(world->core);
        keys_close(world->keys);
        vault_close(world->vault);
        db_close(world->db);
}

/* As after a restart of the service; settings may have changed. */
static inline void core_world_restart(struct core_world *world)
{
        core_world_close_core(world);
        core_world_open_core(world);
}

static inline struct person core_world_make_person(struct core_world *world, const char *email,
                                                   enum role role)
{
        const struct actor *maker = world->admin.kind == ACTOR_PERSON ? &world->admin : NULL;
        struct person person;

        assert(person_make(world->core, maker, world->tenant.id, text_from(email), TEXT_OF("Somebody"), role,
                           &person) == 0);
        return person;
}

static inline struct actor core_world_actor(const struct core_world *world, const struct person *person)
{
        struct actor actor = {
                .kind = ACTOR_PERSON, .tenant = world->tenant.id, .id = person->id, .role = person->role
        };

        memcpy(actor.name, person->email, sizeof(actor.name));
        return actor;
}

static inline struct actor core_world_make_actor(struct core_world *world, const char *email, enum role role)
{
        struct person person = core_world_make_person(world, email, role);

        return core_world_actor(world, &person);
}

/* The defaults, except that passwords cost little. */
static inline struct core_settings core_world_settings(void)
{
        struct core_settings settings = core_settings_default();

        settings.password_memory_octets = 8 << 20;
        settings.password_passes = 1;
        return settings;
}

/* *world is zero, or has settings that are not these, or somebody to wake. */
static inline void core_world_open(struct core_world *world)
{
        strcpy(world->folder, "/tmp/test-core-XXXXXX");
        assert(mkdtemp(world->folder));
        snprintf(world->database, sizeof(world->database), "%s/imprimatur.db", world->folder);
        snprintf(world->vault_path, sizeof(world->vault_path), "%s/vault", world->folder);
        snprintf(world->keeper_config, sizeof(world->keeper_config), "%s/keeper.conf", world->folder);
        snprintf(world->keeper_socket, sizeof(world->keeper_socket), "%s/keeper.sock", world->folder);
        if (!world->settings.password_passes)
                world->settings = core_world_settings();
        core_world_start_keeper(world);
        core_world_open_core(world);
        strcpy(world->tenant.name, "demo");
        world->tenant.outside = OUTSIDE_EVERYTHING; /* tests come from 192.0.2.0/24, too */
        assert(tenant_make(world->core, NULL, &world->tenant, "demo.example") == 0);
        world->admin = core_world_make_actor(world, "admin@demo.example", ROLE_ADMINISTRATOR);
}

static inline void core_world_close(struct core_world *world)
{
        char remove[] = "rm", option[] = "-rf", *argv[] = { remove, option, world->folder, NULL };
        pid_t pid;

        core_world_close_core(world);
        kill(world->keeper, SIGTERM);
        waitpid(world->keeper, NULL, 0);
        pid = fork();
        if (pid == 0) {
                execvp(argv[0], argv);
                _exit(127);
        }
        waitpid(pid, NULL, 0);
}

/* A statement behind the functions' back; sql has the tenant as ?1. */
struct core_world_sql {
        struct id tenant;
        const char *sql;
        int64_t number;
};

static inline int core_world_number_in(struct db_tx *tx, void *context)
{
        struct core_world_sql *c = context;
        struct db_rows rows = { 0 };
        int r = db_one(tx, c->tenant, c->sql, DB_NONE, &rows);

        if (r == 0)
                c->number = db_rows_integer(&rows, 0);
        db_rows_done(&rows);
        return r;
}

/* The first column of the first row. */
static inline int64_t core_world_number(struct core_world *world, const char *sql)
{
        struct core_world_sql c = { world->tenant.id, sql, -1 };

        assert(db_read(world->db, core_world_number_in, &c) == 0);
        return c.number;
}

static inline int core_world_run_in(struct db_tx *tx, void *context)
{
        const struct core_world_sql *c = context;

        return db_run(tx, c->tenant, c->sql, DB_NONE, NULL);
}

static inline void core_world_run(struct core_world *world, const char *sql)
{
        struct core_world_sql c = { world->tenant.id, sql, 0 };

        assert(db_write(world->db, core_world_run_in, &c) == 0);
}
