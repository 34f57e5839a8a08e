// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/machine.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct machine machine;
        struct id queue;
};

static int find_account(struct db_tx *tx, const struct context *c)
{
        struct person person;
        int r = person_row_find(tx, c->actor->tenant, c->machine.account, &person);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return person.role == ROLE_MACHINE ? 0 : CORE_NOT_FOUND;
}

static int read_limit(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant,
                       "SELECT jobs_max FROM machine WHERE tenant_id = ?1 AND person_id = ?2",
                       DB_VALUES(db_id(&c->machine.account)), &rows);

        if (r == 0)
                c->machine.jobs_max = (uint32_t)db_rows_integer(&rows, 0);
        return r == DB_NO_ROW ? 0 : fold(r);
}

static int read_queues(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        c->machine.queue_count = 0;
        r = db_find(
                tx, c->actor->tenant,
                "SELECT queue_id FROM machine_queue WHERE tenant_id = ?1 AND person_id = ?2 ORDER BY queue_id LIMIT ?3",
                DB_VALUES(db_id(&c->machine.account), db_integer(MACHINE_QUEUES_MAX)), &rows);
        if (r)
                return fold(r);
        while (c->machine.queue_count < MACHINE_QUEUES_MAX && db_rows_next(&rows, &r))
                c->machine.queues[c->machine.queue_count++] = db_rows_id(&rows, 0);
        return fold(r);
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_account(tx, c);
        if (r == 0)
                r = read_limit(tx, c);
        return r ? r : read_queues(tx, c);
}

int machine_find(struct core *core, const struct actor *actor, struct id account, struct machine *ret)
{
        struct context c = { .actor = actor, .machine.account = account };
        int r;

        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.machine;
        return r;
}

static int write_queues(struct db_tx *tx, const struct context *c)
{
        const struct machine *m = &c->machine;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant, "DELETE FROM machine_queue WHERE tenant_id = ?1 AND person_id = ?2",
                   DB_VALUES(db_id(&m->account)), NULL);
        for (size_t i = 0; r == 0 && i < m->queue_count; i++) {
                r = db_run(tx, c->actor->tenant,
                           "INSERT INTO machine_queue (tenant_id, person_id, queue_id)"
                           " SELECT tenant_id, ?2, id FROM queue WHERE tenant_id = ?1 AND id = ?3"
                           " ON CONFLICT DO NOTHING",
                           DB_VALUES(db_id(&m->account), db_id(&m->queues[i])), &changed);
                if (r == 0 && !changed)
                        return CORE_BAD_VALUE;
        }
        return fold(r);
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_account(tx, c);
        if (r)
                return r;
        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO machine (tenant_id, person_id, jobs_max) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (tenant_id, person_id) DO UPDATE SET jobs_max = excluded.jobs_max",
                   DB_VALUES(db_id(&c->machine.account), db_integer(c->machine.jobs_max)), NULL);
        if (r)
                return fold(r);
        r = write_queues(tx, c);
        if (r)
                return r;
        return event_add(tx, c->actor->tenant, c->actor, "machine-changed", c->machine.account, "");
}

int machine_change(struct core *core, const struct actor *actor, const struct machine *machine)
{
        struct context c = { .actor = actor, .machine = *machine };

        if (!actor_may(actor, RIGHT_CLIENTS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (machine->queue_count > MACHINE_QUEUES_MAX)
                return CORE_BAD_VALUE;
        return db_write(core->db, change_in, &c);
}

static int has_queue(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT 1 FROM machine_queue WHERE tenant_id = ?1 AND person_id = ?2 AND queue_id = ?3",
                DB_VALUES(db_id(&c->actor->id), db_id(&c->queue)), &rows);

        return r == DB_NO_ROW ? CORE_FORBIDDEN : fold(r);
}

int machine_check_queue(struct core *core, const struct actor *actor, struct id queue)
{
        struct context c = { .actor = actor, .queue = queue };

        return actor->role == ROLE_MACHINE ? db_read(core->db, has_queue, &c) : 0;
}
