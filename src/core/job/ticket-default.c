// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/ticket-default.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/state.h"

static const char *const kind_names[] = {
        [TICKET_DEFAULT_TENANT] = "tenant",   [TICKET_DEFAULT_SITE] = "site",
        [TICKET_DEFAULT_QUEUE] = "queue",     [TICKET_DEFAULT_PERSON] = "person",
        [TICKET_DEFAULT_PRINTER] = "printer",
};

struct context {
        const struct actor *actor;
        enum ticket_default_kind kind;
        struct id owner;
        const struct ticket *set;
        struct ticket ticket;
        bool changes;
};

static int exists(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct db_value owner = db_id(&c->owner);
        int r = 0;

        switch (c->kind) {
        case TICKET_DEFAULT_PERSON:
                r = db_one(tx, c->actor->tenant, "SELECT 1 FROM person WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(owner), &rows);
                break;
        case TICKET_DEFAULT_QUEUE:
                r = db_one(tx, c->actor->tenant, "SELECT 1 FROM queue WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(owner), &rows);
                break;
        case TICKET_DEFAULT_SITE:
                r = db_one(tx, c->actor->tenant, "SELECT 1 FROM site WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(owner), &rows);
                break;
        case TICKET_DEFAULT_PRINTER:
                r = db_one(tx, c->actor->tenant, "SELECT 1 FROM printer WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(owner), &rows);
                break;
        default: return id_equal(c->owner, c->actor->tenant) ? 0 : CORE_NOT_FOUND;
        }
        return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
}

/* A direct queue belongs where its printer stands, any other to the tenant. */
static int check_queue(struct db_tx *tx, const struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        if (!c->changes)
                return actor_may(c->actor, RIGHT_QUEUES_READ, whose_tenant()) ? 0 : CORE_FORBIDDEN;
        r = db_one(tx, c->actor->tenant,
                   "SELECT p.site_id FROM queue q LEFT JOIN printer p ON p.tenant_id = q.tenant_id"
                   " AND p.id = q.printer_id WHERE q.tenant_id = ?1 AND q.id = ?2",
                   DB_VALUES(db_id(&c->owner)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, RIGHT_QUEUES_CHANGE, db_rows_id(&rows, 0));
}

static int check_printer(struct db_tx *tx, const struct context *c)
{
        struct printer printer;
        int r;

        if (!c->changes)
                return actor_may(c->actor, RIGHT_PRINTERS_READ, whose_tenant()) ? 0 : CORE_FORBIDDEN;
        r = printer_find_in(tx, c->actor->tenant, c->owner, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        return right_at_site(tx, c->actor, RIGHT_PRINTERS_CHANGE, printer.site);
}

/* What is beyond somebody's reach does not exist for him. */
static int check(struct db_tx *tx, const struct context *c)
{
        enum right of_site = c->changes ? RIGHT_SITES_CHANGE : RIGHT_SITES_READ;
        enum right of_tenant = c->changes ? RIGHT_TENANT_CHANGE : RIGHT_TENANT_READ;

        switch (c->kind) {
        case TICKET_DEFAULT_PERSON:
                return actor_may(c->actor, RIGHT_TICKET_DEFAULTS, whose_person(c->owner)) ? 0
                                                                                          : CORE_NOT_FOUND;
        case TICKET_DEFAULT_QUEUE: return check_queue(tx, c);
        case TICKET_DEFAULT_PRINTER: return check_printer(tx, c);
        case TICKET_DEFAULT_SITE: return actor_may(c->actor, of_site, whose_tenant()) ? 0 : CORE_FORBIDDEN;
        default: return actor_may(c->actor, of_tenant, whose_tenant()) ? 0 : CORE_FORBIDDEN;
        }
}

/* DB_NO_ROW. */
static int look(struct db_tx *tx, struct id tenant, enum ticket_default_kind kind, struct id owner,
                struct ticket *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(
                tx, tenant,
                "SELECT ticket FROM ticket_default WHERE tenant_id = ?1 AND kind = ?2 AND owner_id = ?3",
                DB_VALUES(db_integer(kind), db_id(&owner)), &rows);

        if (r)
                return r;
        return ticket_parse(db_rows_text(&rows, 0), ret) ? fault(-EBADMSG) : 0;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r = check(tx, c);

        if (r == 0)
                r = exists(tx, c);
        if (r)
                return r;
        r = look(tx, c->actor->tenant, c->kind, c->owner, &c->ticket);
        return r == DB_NO_ROW ? 0 : fold(r);
}

int ticket_default_find(struct core *core, const struct actor *actor, enum ticket_default_kind kind,
                        struct id owner, struct ticket *ret)
{
        struct context c = { .actor = actor, .kind = kind, .owner = owner };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.ticket;
        return r;
}

/* "of=queue copies=2 sides=one-sided". */
static void describe(const struct context *c, const char *words, char ret[CORE_WORDS])
{
        snprintf(ret, CORE_WORDS, "of=%s%s%.200s", kind_names[c->kind], words[0] ? " " : "", words);
        for (char *at = ret; *at; at++)
                if (*at == ';')
                        *at = ' ';
}

static int set_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        char words[TICKET_TEXT], detail[CORE_WORDS];
        int r = check(tx, c);

        if (r == 0)
                r = exists(tx, c);
        if (r == 0)
                r = ticket_default_forget(tx, c->actor->tenant, c->kind, c->owner);
        if (r)
                return r;
        ticket_format(c->set, words, sizeof(words));
        if (words[0])
                r = db_run(tx, c->actor->tenant,
                           "INSERT INTO ticket_default (tenant_id, kind, owner_id, ticket)"
                           " VALUES (?1, ?2, ?3, ?4)",
                           DB_VALUES(db_integer(c->kind), db_id(&c->owner), db_string(words)), NULL);
        if (r)
                return fold(r);
        describe(c, words, detail);
        return event_add(tx, c->actor->tenant, c->actor, "ticket-default-changed", c->owner, detail);
}

int ticket_default_set(struct core *core, const struct actor *actor, enum ticket_default_kind kind,
                       struct id owner, const struct ticket *ticket)
{
        struct context c = { .actor = actor, .kind = kind, .owner = owner, .set = ticket, .changes = true };

        if (!ticket_is_valid(ticket) || ticket->page_ranges[0] || ticket->hold)
                return CORE_BAD_VALUE;
        return db_write(core->db, set_in, &c);
}

int ticket_defaults_for(struct db_tx *tx, struct id tenant, const struct ticket_default_case *c,
                        struct ticket *ret, size_t *ret_count)
{
        const struct {
                enum ticket_default_kind kind;
                struct id owner;
        } nearest_first[] = {
                { TICKET_DEFAULT_PERSON, c->person },   { TICKET_DEFAULT_QUEUE, c->queue },
                { TICKET_DEFAULT_PRINTER, c->printer }, { TICKET_DEFAULT_SITE, c->site },
                { TICKET_DEFAULT_TENANT, tenant },
        };

        *ret_count = 0;
        for (size_t i = 0; i < ARRAY_LENGTH(nearest_first); i++) {
                int r;

                if (id_is_zero(nearest_first[i].owner))
                        continue;
                r = look(tx, tenant, nearest_first[i].kind, nearest_first[i].owner, &ret[*ret_count]);
                if (r && r != DB_NO_ROW)
                        return fold(r);
                *ret_count += r == 0;
        }
        return 0;
}

struct of_queue {
        struct id tenant;
        struct ticket_default_case where;
        struct ticket ticket;
};

static int of_queue_in(struct db_tx *tx, void *context)
{
        struct of_queue *of = context;
        struct ticket defaults[TICKET_DEFAULTS];
        size_t count;
        int r = ticket_defaults_for(tx, of->tenant, &of->where, defaults, &count);

        for (; r == 0 && count > 0; count--)
                ticket_overlay(&of->ticket, &defaults[count - 1]);
        return r;
}

int ticket_default_of_queue(struct core *core, struct id tenant, const struct ticket_default_case *c,
                            struct ticket *ret)
{
        struct of_queue of = { .tenant = tenant, .where = *c };
        int r = db_read(core->db, of_queue_in, &of);

        if (r == 0)
                *ret = of.ticket;
        return r;
}

int ticket_default_forget(struct db_tx *tx, struct id tenant, enum ticket_default_kind kind, struct id owner)
{
        return fold(db_run(tx, tenant,
                           "DELETE FROM ticket_default WHERE tenant_id = ?1 AND kind = ?2 AND owner_id = ?3",
                           DB_VALUES(db_integer(kind), db_id(&owner)), NULL));
}
