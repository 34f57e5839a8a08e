// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/badge-wait.h"

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/state.h"

struct context {
        const struct actor *person;
        struct id tenant, printer, reader;
        int64_t now_ms, expires_ms;
        struct id holder;
        char email[CORE_EMAIL];
};

static int begin_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = db_run(tx, c->tenant,
                       "INSERT INTO badge_wait (tenant_id, printer_id, person_id, reader_id, expires_ms)"
                       " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tenant_id, printer_id)"
                       " DO UPDATE SET person_id = ?3, reader_id = ?4, expires_ms = ?5",
                       DB_VALUES(db_id(&c->printer), db_id(&c->person->id), db_id(&c->reader),
                                 db_integer(c->expires_ms)),
                       NULL);

        return r ? fold(r) : event_add(tx, c->tenant, c->person, "badge-waits", c->printer, "");
}

int badge_wait_begin(struct core *core, const struct actor *person, struct id printer, struct id reader)
{
        struct context c = { .person = person,
                             .tenant = person->tenant,
                             .printer = printer,
                             .reader = reader,
                             .expires_ms = clock_unix_ms() + core->settings.badge_wait_ms };

        return db_write(core->db, begin_in, &c);
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        int r = db_one(
                tx, c->tenant,
                "SELECT p.id, p.email FROM badge_wait w"
                " JOIN person p ON p.tenant_id = w.tenant_id AND p.id = w.person_id"
                " WHERE w.tenant_id = ?1 AND w.printer_id = ?2 AND w.expires_ms > ?3 AND p.disabled = 0",
                DB_VALUES(db_id(&c->printer), db_integer(c->now_ms)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        c->holder = db_rows_id(&rows, 0);
        db_rows_string(&rows, 1, c->email, sizeof(c->email));
        return 0;
}

static int end_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int64_t changed;
        int r = db_run(tx, c->tenant,
                       "DELETE FROM badge_wait WHERE tenant_id = ?1 AND printer_id = ?2 AND person_id = ?3"
                       " AND expires_ms > ?4",
                       DB_VALUES(db_id(&c->printer), db_id(&c->holder), db_integer(c->now_ms)), &changed);

        if (r)
                return fold(r);
        return changed ? 0 : CORE_WRONG_CREDENTIALS;
}

int badge_wait_confirm(struct core *core, struct id tenant, struct id printer, struct text pin,
                       struct text source, struct sign_in *ret)
{
        static const struct id nobodys;
        struct context c = { .tenant = tenant, .printer = printer, .now_ms = clock_unix_ms() };
        int r = id_is_zero(tenant) || id_is_zero(printer) ? CORE_NOT_FOUND : db_read(core->db, find_in, &c);

        if (r && r != CORE_NOT_FOUND)
                return r;
        r = sign_in_by_pin(core, r ? &nobodys : &tenant, r ? TEXT_OF("") : text_from(c.email), pin, source,
                           ret);
        if (r)
                return r;
        /* Asked once more: he may have gone, or somebody else come, while the PIN was compared. */
        c.now_ms = clock_unix_ms();
        return id_equal(ret->actor.id, c.holder) ? db_write(core->db, end_in, &c) : CORE_WRONG_CREDENTIALS;
}
