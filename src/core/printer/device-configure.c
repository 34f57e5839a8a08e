// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/printer/device-configure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer-desk.h"
#include "core/printer/printer-watch.h"
#include "core/state.h"

#define UNDER_WAY_MS 60000 /* who has said nothing for so long will not */

const char *const device_configure_state_names[] = { "wanted", "asked", "done", "unanswered", NULL };

void device_configuration_init(struct device_configuration *configuration)
{
        *configuration = (struct device_configuration){ .state = DEVICE_CONFIGURE_WANTED };
        buffer_init(&configuration->wanted, DEVICE_CONFIGURE_OCTETS);
        buffer_init(&configuration->outcome, DEVICE_CONFIGURE_OCTETS);
}

void device_configuration_done(struct device_configuration *configuration)
{
        buffer_done(&configuration->wanted);
        buffer_done(&configuration->outcome);
}

struct context {
        const struct actor *actor;
        enum right right;
        struct id printer, task, agent;
        struct text wanted, outcome;
        const char *names;
        const struct device_change *changes;
        size_t change_count;
        int64_t now;
        struct device_configuration *found; /* NULL: it is not looked for */
        struct buffer *taken;
};

/* ---- what is there ---- */

static int read_in(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct device_configuration *found = c->found;
        int r = db_one(tx, c->actor->tenant,
                       "SELECT id, state, created_ms, ended_ms, wanted, outcome FROM device_configuration"
                       " WHERE tenant_id = ?1 AND printer_id = ?2",
                       DB_VALUES(db_id(&c->printer)), &rows);

        found->id = (struct id){ 0 };
        buffer_clear(&found->wanted);
        buffer_clear(&found->outcome);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        found->id = db_rows_id(&rows, 0);
        found->state = (enum device_configure_state)db_rows_integer(&rows, 1);
        found->created_ms = db_rows_integer(&rows, 2);
        found->ended_ms = db_rows_integer(&rows, 3);
        buffer_add_text(&found->wanted, db_rows_text(&rows, 4));
        buffer_add_text(&found->outcome, db_rows_text(&rows, 5));
        return found->wanted.failure || found->outcome.failure ? fault(-ENOBUFS) : 0;
}

static int check_in(struct db_tx *tx, const struct context *c)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = right_at_site(tx, c->actor, c->right, printer.site);
        return r == CORE_FORBIDDEN ? CORE_NOT_FOUND : r;
}

static int see_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = check_in(tx, c);

        return r ? r : read_in(tx, c);
}

int device_configuration_find(struct core *core, const struct actor *actor, struct id printer,
                              struct device_configuration *ret)
{
        struct context c = {
                .actor = actor, .right = RIGHT_PRINTERS_INSPECT, .printer = printer, .found = ret
        };

        if (actor_reach(actor, RIGHT_PRINTERS_INSPECT) < REACH_SITE)
                return CORE_FORBIDDEN;
        return db_read(core->db, see_in, &c);
}

/* ---- wanted ---- */

static int check_writing(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, c->actor->tenant,
                       "SELECT 1 FROM discovery WHERE tenant_id = ?1 AND agent_id = ?2 AND writes = 1",
                       DB_VALUES(db_id(&c->agent)), &rows);

        return r == DB_NO_ROW ? CORE_NO_WRITING : fold(r);
}

/* Which agent saw it last, where it is the one that should stand there. */
static int find_agent(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, c->actor->tenant,
                "SELECT d.agent_id, coalesce(w.swapped_ms, 0) FROM discovered_printer d LEFT JOIN printer_watch w"
                " ON w.tenant_id = d.tenant_id AND w.printer_id = d.printer_id WHERE d.tenant_id = ?1"
                " AND d.printer_id = ?2",
                DB_VALUES(db_id(&c->printer)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NO_DEVICE : fold(r);
        c->agent = db_rows_id(&rows, 0);
        return id_is_zero(c->agent) || db_rows_integer(&rows, 1) ? CORE_NO_DEVICE : 0;
}

static bool is_under_way(const struct context *c)
{
        return !id_is_zero(c->found->id) && c->found->state <= DEVICE_CONFIGURE_ASKED &&
               c->now - c->found->created_ms < UNDER_WAY_MS;
}

static int want_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = see_in(tx, c);

        if (r == 0)
                r = find_agent(tx, c);
        if (r == 0)
                r = check_writing(tx, c);
        if (r == 0 && is_under_way(c))
                r = CORE_TAKEN;
        if (r)
                return r;
        r = fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO device_configuration (tenant_id, printer_id, id, agent_id, state, created_ms,"
                " ended_ms, wanted, outcome) VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, ?6, '')"
                " ON CONFLICT (tenant_id, printer_id) DO UPDATE SET id = excluded.id,"
                " agent_id = excluded.agent_id, state = 0, created_ms = excluded.created_ms, ended_ms = 0,"
                " wanted = excluded.wanted, outcome = ''",
                DB_VALUES(db_id(&c->printer), db_id(&c->task), db_id(&c->agent), db_integer(c->now),
                          db_text(c->wanted)),
                NULL));
        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "device-configuration-wanted", c->printer,
                             c->names);
}

/* Nobody took it: nobody shall, when whoever wanted it has gone. */
static int give_up_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = fold(db_run(tx, c->actor->tenant,
                            "UPDATE device_configuration SET state = 3, ended_ms = ?4 WHERE tenant_id = ?1"
                            " AND printer_id = ?2 AND id = ?3 AND state = 0",
                            DB_VALUES(db_id(&c->printer), db_id(&c->task), db_integer(clock_unix_ms())),
                            NULL));

        return r ? r : read_in(tx, c);
}

int device_configure(struct core *core, const struct actor *actor, struct id printer, struct text wanted,
                     const char *names, int64_t wait_ms, struct device_configuration *ret)
{
        struct context c = { .actor = actor,
                             .right = RIGHT_PRINTERS_CHANGE,
                             .printer = printer,
                             .task = id_new(),
                             .wanted = wanted,
                             .names = names,
                             .now = clock_unix_ms(),
                             .found = ret };
        int64_t until_ms = clock_monotonic_ms() + wait_ms;
        struct printer_wish wish;
        int r;

        if (actor_reach(actor, RIGHT_PRINTERS_CHANGE) < REACH_SITE)
                return CORE_FORBIDDEN;
        if (wanted.len > DEVICE_CONFIGURE_OCTETS)
                return CORE_BAD_VALUE;
        r = db_write(core->db, want_in, &c);
        if (r)
                return r;
        wish = (struct printer_wish){ actor->tenant, printer, c.agent };
        if (printer_desk_want(core->configure_desk, &wish))
                wake_agent(core, actor->tenant, c.agent, "device-configuration");
        if (wait_ms > 0 && crew_wait_begin(CREW_PRINTERS)) {
                (void)printer_desk_wait(core->configure_desk, actor->tenant, printer, until_ms);
                crew_wait_end(CREW_PRINTERS);
        }
        return db_write(core->db, give_up_in, &c);
}

/* ---- its agent ---- */

static int take_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_find(tx, c->actor->tenant,
                        "UPDATE device_configuration SET state = 1 WHERE tenant_id = ?1 AND printer_id = ?2"
                        " AND agent_id = ?3 AND state = 0 RETURNING id, wanted",
                        DB_VALUES(db_id(&c->printer), db_id(&c->actor->id)), &rows);

        c->task = (struct id){ 0 };
        buffer_clear(c->taken);
        if (r)
                return fold(r);
        while (db_rows_next(&rows, &r)) {
                c->task = db_rows_id(&rows, 0);
                buffer_add_text(c->taken, db_rows_text(&rows, 1));
        }
        return r ? fold(r) : c->taken->failure ? fault(c->taken->failure) : 0;
}

int device_task_take(struct core *core, const struct actor *agent, struct device_task *ret, bool *ret_found)
{
        struct context c = { .actor = agent, .taken = &ret->wanted };
        int r;

        *ret_found = false;
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        while (!*ret_found && printer_desk_take(core->configure_desk, agent->tenant, agent->id, &c.printer)) {
                r = discovered_of_printer(core, agent->tenant, c.printer, &ret->device);
                if (r == 0)
                        r = db_write(core->db, take_in, &c);
                if (r < 0)
                        return r;
                *ret_found = r == 0 && !id_is_zero(c.task);
                if (!*ret_found)
                        printer_desk_answer(core->configure_desk, agent->tenant, c.printer, false);
        }
        ret->id = c.task;
        ret->printer = c.printer;
        return 0;
}

/* Both values in one record, or, where they are long, in one each. */
static int note_change(struct db_tx *tx, const struct context *c, const struct device_change *change)
{
        const char *known = change->is_changed ? "after" : "not known whether it is";
        const char *after = change->is_changed ? change->after : "changed";
        char words[CORE_WORDS];
        int len, r;

        len = snprintf(words, sizeof(words), "%s before=\"%s\" %s=\"%s\"", change->setting, change->before,
                       known, after);
        if (len < (int)sizeof(words))
                return event_add(tx, c->actor->tenant, c->actor, "device-configured", c->printer, words);
        snprintf(words, sizeof(words), "%s before=\"%.150s\"", change->setting, change->before);
        r = event_add(tx, c->actor->tenant, c->actor, "device-configured", c->printer, words);
        snprintf(words, sizeof(words), "%s %s=\"%.150s\"", change->setting, known, after);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "device-configured", c->printer, words);
}

/* What is another agent's does not exist for it. */
static int why_not_in(struct db_tx *tx, const struct context *c)
{
        struct printer printer;
        int r = printer_find_in(tx, c->actor->tenant, c->printer, &printer);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return id_is_zero(printer.agent) || id_equal(printer.agent, c->actor->id) ? CORE_STALE
                                                                                  : CORE_NOT_FOUND;
}

static int finish_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = fold(db_run(
                tx, c->actor->tenant,
                "UPDATE device_configuration SET state = 2, ended_ms = ?5, outcome = ?6 WHERE tenant_id = ?1"
                " AND printer_id = ?2 AND id = ?3 AND agent_id = ?4 AND state = 1",
                DB_VALUES(db_id(&c->printer), db_id(&c->task), db_id(&c->actor->id), db_integer(c->now),
                          db_text(c->outcome)),
                &changed));

        if (r == 0 && !changed)
                return why_not_in(tx, c);
        for (size_t i = 0; r == 0 && i < c->change_count; i++)
                r = note_change(tx, c, &c->changes[i]);
        return r;
}

int device_task_finish(struct core *core, const struct actor *agent, struct id printer, struct id task,
                       struct text outcome, const struct device_change *changes, size_t count)
{
        struct context c = { .actor = agent,
                             .printer = printer,
                             .task = task,
                             .outcome = outcome,
                             .changes = changes,
                             .change_count = count,
                             .now = clock_unix_ms() };
        int r;

        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        if (outcome.len > DEVICE_CONFIGURE_OCTETS)
                return CORE_BAD_VALUE;
        r = db_write(core->db, finish_in, &c);
        if (r == 0)
                printer_desk_answer(core->configure_desk, agent->tenant, printer, true);
        return r;
}

int device_configuration_forget(struct db_tx *tx, struct id tenant, struct id printer)
{
        return fold(db_run(tx, tenant,
                           "DELETE FROM device_configuration WHERE tenant_id = ?1 AND printer_id = ?2",
                           DB_VALUES(db_id(&printer)), NULL));
}
