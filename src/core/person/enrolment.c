// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/enrolment.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/admission.h"
#include "core/sign-in/guess.h"
#include "core/state.h"

const char *enrolment_state_name(enum enrolment_state state)
{
        static const char *const names[] = {
                [ENROLMENT_SHOWN] = "shown",
                [ENROLMENT_CLAIMED] = "show-again",
                [ENROLMENT_BOUND] = "bound",
                [ENROLMENT_CANCELLED] = "cancelled",
        };

        return names[state];
}

/* What is open at a printer: no more than two of them matter. */
struct open {
        struct enrolment at[2];
        struct id person[2];
        uint8_t mac[2][KEYS_MAC_OCTETS];
        size_t count;
};

struct context {
        const struct actor *actor;
        struct id reader, printer;
        const struct badge_number *number;
        int64_t now;
        struct enrolment enrolment;
        struct open open;
};

static int find_open(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct open *open = &c->open;
        int r;

        *open = (struct open){ .count = 0 };
        r = db_find(
                tx, c->actor->tenant,
                "SELECT id, tail, state, expires_ms, person_id, mac FROM enrolment"
                " WHERE tenant_id = ?1 AND printer_id = ?2 AND expires_ms > ?3 AND state IN (0, 1) LIMIT 2",
                DB_VALUES(db_id(&c->printer), db_integer(c->now)), &rows);
        if (r)
                return fold(r);
        while (open->count < 2 && db_rows_next(&rows, &r)) {
                struct enrolment *e = &open->at[open->count];

                e->id = db_rows_id(&rows, 0);
                e->printer = c->printer;
                db_rows_string(&rows, 1, e->tail, sizeof(e->tail));
                e->state = (enum enrolment_state)db_rows_integer(&rows, 2);
                e->expires_ms = db_rows_integer(&rows, 3);
                open->person[open->count] = db_rows_id(&rows, 4);
                if (!db_rows_octets(&rows, 5, open->mac[open->count], KEYS_MAC_OCTETS))
                        return fault(-EBADMSG);
                open->count++;
        }
        return fold(r);
}

/* Everything at this printer that is not over. */
static int cancel_all(struct db_tx *tx, const struct context *c)
{
        int r = db_run(tx, c->actor->tenant,
                       "UPDATE enrolment SET state = 3 WHERE tenant_id = ?1 AND printer_id = ?2"
                       " AND state = 1 AND expires_ms > ?3",
                       DB_VALUES(db_id(&c->printer), db_integer(c->now)), NULL);

        return r ? fold(r) : event_add(tx, c->actor->tenant, c->actor, "enrolment-cancelled", c->printer, "");
}

static int insert_shown(struct db_tx *tx, struct context *c)
{
        struct id id = id_new();

        return fold(db_run(
                tx, c->actor->tenant,
                "INSERT INTO enrolment (tenant_id, id, reader_id, printer_id, mac, key_version, tail, state,"
                " shown_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9)",
                DB_VALUES(db_id(&id), db_id(&c->reader), db_id(&c->printer), marks_newest(&c->number->marks),
                          db_integer(c->number->marks.version), db_string(c->number->tail),
                          db_integer(c->now), db_integer(c->now + ENROLMENT_SHOWN_MS)),
                NULL));
}

static int set_state(struct db_tx *tx, const struct context *c, struct id id, enum enrolment_state state,
                     const struct id *person, int64_t expires_ms)
{
        return fold(db_run(tx, c->actor->tenant,
                           "UPDATE enrolment SET state = ?3, person_id = ?4, expires_ms = ?5"
                           " WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&id), db_integer(state), db_id(person), db_integer(expires_ms)),
                           NULL));
}

/* The claimed badge is here again: it is his from now on. */
static int bind(struct db_tx *tx, struct context *c, const struct enrolment *claimed, struct id person)
{
        const struct badge badge = {
                .id = id_new(), .person = person, .kind = BADGE_CARD, .created_ms = c->now
        };
        int r = badge_insert(tx, c->actor->tenant, c->actor, &badge, c->number);

        if (r == CORE_TAKEN)
                return cancel_all(tx, c); /* meanwhile bound in another way */
        if (r == 0)
                r = set_state(tx, c, claimed->id, ENROLMENT_BOUND, &person, c->now + ENROLMENT_SHOWN_MS);
        if (r == 0)
                r = event_add(tx, c->actor->tenant, c->actor, "badge-enrolled", person, "");
        if (r == 0)
                c->enrolment.state = ENROLMENT_BOUND;
        return r;
}

static int shown_again(struct db_tx *tx, struct context *c)
{
        const struct open *open = &c->open;
        bool is_same = marks_have(&c->number->marks, open->mac[0]);

        if (open->at[0].state == ENROLMENT_CLAIMED)
                return is_same ? bind(tx, c, &open->at[0], open->person[0]) : cancel_all(tx, c);
        c->enrolment.state = ENROLMENT_SHOWN;
        if (is_same)
                return set_state(tx, c, open->at[0].id, ENROLMENT_SHOWN, &(struct id){ 0 },
                                 c->now + ENROLMENT_SHOWN_MS);
        return insert_shown(tx, c);
}

static int has_holder(struct db_tx *tx, const struct context *c, bool *ret)
{
        struct id holder;
        int r = badge_holder(tx, c->actor->tenant, c->number, &holder);

        *ret = r == 0;
        return r == CORE_NOT_FOUND ? 0 : r;
}

static int shown_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct admission admission;
        bool is_known;
        int r;

        c->enrolment.state = ENROLMENT_CANCELLED;
        r = admission_look(tx, c->actor->tenant, &admission);
        if (r || !admission.badge_enrolment)
                return r;
        r = has_holder(tx, c, &is_known);
        if (r || is_known)
                return r;
        r = find_open(tx, c);
        if (r)
                return r;
        if (c->open.count == 0) {
                c->enrolment.state = ENROLMENT_SHOWN;
                return insert_shown(tx, c);
        }
        /* Two different ones are no more claimable than three. */
        return c->open.count > 1 ? 0 : shown_again(tx, c);
}

int enrolment_shown(struct core *core, const struct actor *agent, struct id reader, struct id printer,
                    const struct badge_number *number, enum enrolment_state *ret_state)
{
        struct context c = {
                .actor = agent, .reader = reader, .printer = printer, .number = number, .now = clock_unix_ms()
        };
        int r = db_write(core->db, shown_in, &c);

        if (r == 0)
                *ret_state = c.enrolment.state;
        return fold(r);
}

static int claim_only_one(struct db_tx *tx, struct context *c)
{
        const struct open *open = &c->open;
        int r;

        c->enrolment = open->at[0];
        if (open->at[0].state == ENROLMENT_CLAIMED)
                return id_equal(open->person[0], c->actor->id) ? 0 : CORE_AMBIGUOUS;
        c->enrolment.state = ENROLMENT_CLAIMED;
        c->enrolment.expires_ms = c->now + ENROLMENT_CLAIMED_MS;
        r = set_state(tx, c, c->enrolment.id, ENROLMENT_CLAIMED, &c->actor->id, c->enrolment.expires_ms);
        return r ? r : event_add(tx, c->actor->tenant, c->actor, "enrolment-claimed", c->printer, "");
}

static int claim_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct admission admission;
        int r;

        r = admission_look(tx, c->actor->tenant, &admission);
        if (r)
                return r;
        if (!admission.badge_enrolment)
                return CORE_FORBIDDEN;
        r = find_open(tx, c);
        if (r)
                return r;
        if (c->open.count == 0)
                return CORE_NOT_FOUND;
        return c->open.count > 1 ? CORE_AMBIGUOUS : claim_only_one(tx, c);
}

/* What a second person's claim does must be written, which a refused work is not. */
static int cancel_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return cancel_all(tx, c);
}

int enrolment_claim(struct core *core, const struct actor *actor, struct id printer, struct enrolment *ret)
{
        struct context c = { .actor = actor, .printer = printer, .now = clock_unix_ms() };
        struct text person = text_from_octets(actor->id.octets, ID_OCTETS);
        int r, cancelled;

        if (actor->kind != ACTOR_PERSON || !actor_may(actor, RIGHT_BADGES_ENROL, whose_person(actor->id)))
                return CORE_FORBIDDEN;
        r = guess_begin(core, GUESS_CODE, person);
        if (r)
                return r;
        r = db_write(core->db, claim_in, &c);
        if (r == CORE_AMBIGUOUS) {
                cancelled = db_write(core->db, cancel_in, &c);
                if (cancelled)
                        return cancelled;
        }
        if (r == 0)
                *ret = c.enrolment;
        return r;
}

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct enrolment *e = &c->enrolment;
        int r;

        r = db_one(tx, c->actor->tenant,
                   "SELECT printer_id, tail, state, expires_ms FROM enrolment"
                   " WHERE tenant_id = ?1 AND id = ?2 AND person_id = ?3",
                   DB_VALUES(db_id(&e->id), db_id(&c->actor->id)), &rows);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        e->printer = db_rows_id(&rows, 0);
        db_rows_string(&rows, 1, e->tail, sizeof(e->tail));
        e->state = (enum enrolment_state)db_rows_integer(&rows, 2);
        e->expires_ms = db_rows_integer(&rows, 3);
        if (e->state == ENROLMENT_CLAIMED && e->expires_ms <= c->now)
                e->state = ENROLMENT_CANCELLED;
        return 0;
}

int enrolment_find(struct core *core, const struct actor *actor, struct id id, struct enrolment *ret)
{
        struct context c = { .actor = actor, .enrolment.id = id, .now = clock_unix_ms() };
        int r = db_read(core->db, find_in, &c);

        if (r == 0)
                *ret = c.enrolment;
        return r;
}
