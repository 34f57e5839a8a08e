// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Every table with something of a person's is told in his export, and holds nothing of him once he is erased.
 */

#include "core/person/person-data.h"

#include "base/scope.h"
#include "core/person/badge.h"
#include "core/person/group.h"
#include "core/sign-in/session.h"
#include "core/test-world.h"
#include "core/sign-in/token.h"

#define TABLES_MAX 100
#define SQL_OCTETS 256

/* Tables that name a person and are not told of, and why not. */
static const struct {
        const char *table;
        const char *why;
} exceptions[] = {
        { "idempotency", "sealed answers he was given already, for a day" },
        { "grant_code", "a program's code of a minute; the grant is told" },
        { "grant_access", "part of a grant, which is told" },
        { "grant_refresh", "part of a grant, which is told" },
        { "device_code", "a code of minutes; the grant is told" },
        { "machine", "a machine is no person" },
        { "machine_queue", "a machine is no person" },
        { "outside_session", "a provider's name of a session, which is told" },
        { "submission", "the key of a document sent just now; the job is told" },
        { "work", "what a renderer still has to do for a job, which is told" },
};

struct found {
        char table[TABLES_MAX][64];
        char column[TABLES_MAX][64];
        size_t count;
};

static int find_in(struct db_tx *tx, void *context)
{
        struct db_rows rows = { 0 };
        struct found *found = context;
        int r;

        found->count = 0;
        r = db_find_all(
                tx,
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND c.name IN ('person_id', 'owner_id', 'about_id', 'email')",
                DB_NONE, &rows);
        assert(r == 0);
        while (db_rows_next(&rows, &r)) {
                assert(found->count < TABLES_MAX);
                db_rows_string(&rows, 0, found->table[found->count], 64);
                db_rows_string(&rows, 1, found->column[found->count++], 64);
        }
        db_rows_done(&rows);
        return r;
}

static bool is_exception(const char *table)
{
        for (size_t i = 0; i < ARRAY_LENGTH(exceptions); i++)
                if (strcmp(exceptions[i].table, table) == 0)
                        return true;
        return false;
}

static void every_table_is_told_of(struct core_world *world)
{
        struct found found;

        assert(db_read(world->db, find_in, &found) == 0 && found.count > 10);
        for (size_t i = 0; i < found.count; i++) {
                if (!person_data_tells_of(found.table[i]) && !is_exception(found.table[i]))
                        fprintf(stderr, "table %s, column %s: not in core/person/person-data.c\n",
                                found.table[i], found.column[i]);
                assert(person_data_tells_of(found.table[i]) || is_exception(found.table[i]));
        }
}

struct told {
        char names[64][64];
        size_t count;
        const char *section;
};

static int note(void *context, const struct person_data_value *values, size_t count)
{
        struct told *told = context;

        assert(count > 0 && count <= PERSON_DATA_VALUES && told->count < 64);
        snprintf(told->names[told->count++], 64, "%s", told->section);
        return 0;
}

static int walk(struct core_world *world, const struct actor *actor, struct id person, struct told *ret)
{
        struct person_data at = { 0 };
        bool ended;

        *ret = (struct told){ 0 };
        while ((ret->section = person_data_section(&at))) {
                int r = person_data_next(world->core, actor, person, &at, note, ret, &ended);

                if (r)
                        return r;
        }
        return 0;
}

static bool has(const struct told *told, const char *section)
{
        for (size_t i = 0; i < told->count; i++)
                if (strcmp(told->names[i], section) == 0)
                        return true;
        return false;
}

static void it_is_told_to_whom_it_is_about(struct core_world *world, const struct actor *ada,
                                           const struct actor *grace)
{
        const struct badge_order order = { TEXT_OF("04A1B2C3D4"), TEXT_OF("card"), BADGE_CARD };
        struct session_request request = {
                .tenant = world->tenant.id, .person = ada->id, .kind = SESSION_WEB, .method = "password"
        };
        char secret[TOKEN_STRING], cookie[SESSION_STRING];
        struct session session;
        struct group group;
        struct badge badge;
        struct token token;
        struct told told;

        assert(badge_add(world->core, &world->admin, ada->id, &order, &badge) == 0);
        assert(token_make(world->core, ada, TOKEN_API, NULL, TEXT_OF("script"), 0, &token, secret) == 0);
        assert(group_make(world->core, &world->admin, TEXT_OF("staff"), &group) == 0);
        assert(group_add(world->core, &world->admin, group.id, ada->id) == 0);
        assert(session_open(world->core, &request, &session, cookie) == 0);
        assert(walk(world, ada, ada->id, &told) == 0);
        assert(has(&told, "person") && has(&told, "badges") && has(&told, "tokens") && has(&told, "groups"));
        assert(has(&told, "sessions") && has(&told, "events") && !has(&told, "jobs"));
        assert(walk(world, &world->admin, ada->id, &told) == 0 && has(&told, "badges"));
        assert(walk(world, grace, ada->id, &told) == CORE_NOT_FOUND);
        assert(walk(world, &world->admin, group.id, &told) == CORE_NOT_FOUND);
}

static void nothing_is_left_of_who_is_erased(struct core_world *world, const struct actor *ada)
{
        /* Statements are kept by their address. */
        static char sqls[TABLES_MAX][SQL_OCTETS];
        struct found found;

        assert(person_delete(world->core, &world->admin, ada->id) == 0);
        assert(db_read(world->db, find_in, &found) == 0);
        for (size_t i = 0; i < found.count; i++) {
                char *sql = sqls[i], id[ID_STRING], hex[2 * ID_OCTETS + 1], *at = hex;

                id_format(ada->id, id);
                for (const char *c = id; *c; c++)
                        if (*c != '-')
                                *at++ = *c;
                *at = 0;
                snprintf(sql, SQL_OCTETS,
                         "SELECT count(*) FROM %s WHERE ?1 IS NOT NULL AND %s IN (X'%s', '%s')",
                         found.table[i], found.column[i], hex, "ada@demo.example");
                assert(core_world_number(world, sql) == 0);
        }
}

int main(void)
{
        static struct core_world world;
        struct person ada, grace;
        struct actor ada_acts, grace_acts;

        core_world_open(&world);
        ada = core_world_make_person(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_person(&world, "grace@demo.example", ROLE_PERSON);
        ada_acts = core_world_actor(&world, &ada);
        grace_acts = core_world_actor(&world, &grace);
        every_table_is_told_of(&world);
        it_is_told_to_whom_it_is_about(&world, &ada_acts, &grace_acts);
        nothing_is_left_of_who_is_erased(&world, &ada_acts);
        core_world_close(&world);
        return 0;
}
