// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Whoever holds a badge to the device itself, as an adapter in it tells (core/panel/panel.h). */

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/badge.h"
#include "core/trail/event.h"
#include "core/panel/panel-code.h"
#include "core/state.h"

struct context {
        const struct panel_place *place;
        struct badge_number number;
        struct actor person;
};

static int find_in(struct db_tx *tx, void *context)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        struct context *c = context;
        struct id person;
        int r = badge_holder(tx, c->place->tenant, &c->number, &person);

        if (r == 0)
                r = db_one(tx, c->place->tenant,
                           "SELECT role, email FROM person WHERE tenant_id = ?1 AND id = ?2 AND disabled = 0",
                           DB_VALUES(db_id(&person)), &rows);
        if (r)
                return r == DB_NO_ROW || r == CORE_NOT_FOUND ? CORE_WRONG_CREDENTIALS : fold(r);
        c->person = (struct actor){ .kind = ACTOR_PERSON,
                                    .tenant = c->place->tenant,
                                    .id = person,
                                    .role = (enum role)db_rows_integer(&rows, 0) };
        db_rows_string(&rows, 1, c->person.name, sizeof(c->person.name));
        return 0;
}

int panel_badge_look(struct core *core, const struct panel_place *place, struct text number,
                     struct text source, struct actor *ret)
{
        struct context c = { .place = place };
        struct text panel = text_from_octets(place->panel.octets, ID_OCTETS);
        const struct badge_asker *badges = core->parts.badges;
        int r = guess_check(core, GUESS_BADGE, panel);

        if (r)
                return r;
        r = badge_number_read(core, place->tenant, number, &c.number);
        if (r == 0)
                r = db_read(core->db, find_in, &c);
        if (r == CORE_WRONG_CREDENTIALS || r == CORE_BAD_VALUE) {
                r = guess_count_wrong(core, GUESS_BADGE, panel);
                return r ? r : CORE_WRONG_CREDENTIALS;
        }
        if (r)
                return r;
        actor_came(&c.person, VIA_PANEL, source);
        r = badges ? badges->is_there(core, place->tenant, c.person.id) : 0;
        if (r)
                return r < 0 ? r : CORE_WRONG_CREDENTIALS;
        r = event_note(core, place->tenant, &c.person, "signed-in", c.person.id, "method=badge");
        if (r == 0)
                *ret = c.person;
        return r;
}
