// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/guest.h"

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/person.h"
#include "core/printer/printer.h"
#include "core/state.h"

#define ERASED_ONCE 16 /* by one sweep: each takes some transactions */

struct context {
        int64_t now_ms;
        struct id tenant[ERASED_ONCE], id[ERASED_ONCE];
        size_t count;
};

static int is_guest(struct db_tx *tx, const struct actor *actor, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, actor->tenant,
                       "SELECT 1 FROM person WHERE tenant_id = ?1 AND id = ?2 AND guest_until_ms > 0",
                       DB_VALUES(db_id(&actor->id)), &rows);

        *ret = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

int guest_check_printer(struct db_tx *tx, const struct actor *actor, const struct printer *printer)
{
        bool guest;
        int r;

        if (printer->is_public || actor->kind != ACTOR_PERSON)
                return 0;
        r = is_guest(tx, actor, &guest);
        return r ? r : guest ? CORE_NOT_FOUND : 0;
}

static int find_over(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r;

        c->count = 0;
        r = db_find_all(tx,
                        "SELECT tenant_id, id FROM person WHERE guest_until_ms > 0 AND guest_until_ms <= ?1"
                        " ORDER BY guest_until_ms LIMIT ?2",
                        DB_VALUES(db_integer(c->now_ms), db_integer(ERASED_ONCE)), &rows);
        if (r)
                return fold(r);
        while (c->count < ERASED_ONCE && db_rows_next(&rows, &r)) {
                c->tenant[c->count] = db_rows_id(&rows, 0);
                c->id[c->count++] = db_rows_id(&rows, 1);
        }
        return fold(r);
}

int guests_sweep(struct core *core, int64_t now_ms)
{
        struct context c = { .now_ms = now_ms };
        int r = db_read(core->db, find_over, &c);

        for (size_t i = 0; r == 0 && i < c.count; i++) {
                /* The service itself, with what his tenant's administrator may. */
                const struct actor service = { .kind = ACTOR_PERSON,
                                               .role = ROLE_ADMINISTRATOR,
                                               .tenant = c.tenant[i] };

                r = person_delete(core, &service, c.id[i]);
                if (r > 0)
                        r = 0; /* gone meanwhile, or something of his is on its way to paper: at the next one
                                */
        }
        return r;
}
