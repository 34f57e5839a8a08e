// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What the help desk does for somebody: it lets him try again, or takes a PIN away. It never sets or learns
 * one. */

#include "base/outcome.h"
#include "core/sign-in/guess.h"
#include "core/person/person.h"
#include "core/state.h"

struct context {
        const struct actor *actor;
        struct id id;
        struct person person;
        bool takes_pin;
};

static int unlock_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = person_row_find(tx, c->actor->tenant, c->id, &c->person);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (c->takes_pin) {
                r = db_run(tx, c->actor->tenant,
                           "UPDATE person SET pin = NULL, secrets_version = secrets_version + 1"
                           " WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&c->id)), NULL);
                if (r)
                        return fold(r);
        }
        return event_add(tx, c->actor->tenant, c->actor, c->takes_pin ? "pin-taken" : "person-unlocked",
                         c->id, "");
}

static int unlock(struct core *core, struct context *c)
{
        int r;

        if (!actor_may(c->actor, RIGHT_UNLOCK, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_write(core->db, unlock_in, c);
        if (r == 0)
                r = guesses_forget_account(core, text_from(c->person.email), true);
        if (r == 0 && !c->takes_pin)
                r = guesses_forget_account(core, text_from(c->person.email), false);
        if (r == 0 && !c->takes_pin)
                r = guess_forget(core, GUESS_FACTOR, text_from(c->person.email));
        return r;
}

int person_unlock(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .id = id };

        return unlock(core, &c);
}

int person_take_pin(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .id = id, .takes_pin = true };

        return unlock(core, &c);
}
