// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/badge-place.h"

#include <stdio.h>

#include "base/outcome.h"
#include "core/notice/alarm.h"
#include "core/state.h"

struct context {
        struct id tenant;
        const struct actor *holder;
        const struct badge_place *place;
};

bool badge_place_is_strange(const struct core *core, const struct badge_place *place)
{
        return !id_is_zero(place->site) && !id_is_zero(place->before_site) &&
               !id_equal(place->site, place->before_site) &&
               place->now_ms - place->before_ms < core->settings.badge_two_sites_ms;
}

int badge_place_keep(struct db_tx *tx, struct id tenant, const struct badge_place *place)
{
        return fold(db_run(tx, tenant,
                           "UPDATE badge SET used_ms = ?3, seen_site = ?4, seen_ms = ?3"
                           " WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&place->badge), db_integer(place->now_ms), db_id(&place->site)),
                           NULL));
}

static int tell_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        struct alarm alarm = { .agent = c->place->agent,
                               .printer = c->place->printer,
                               .severity = ALERT_CRITICAL,
                               .concerns = "badge",
                               .code = "two-sites",
                               .description = "A badge was shown here that was at another site just before" };
        char here[ID_STRING], before[ID_STRING], detail[CORE_WORDS];
        int r = badge_place_keep(tx, c->tenant, c->place);

        id_format(c->place->site, here);
        id_format(c->place->before_site, before);
        snprintf(detail, sizeof(detail), "site=%s before=%s seconds=%lld", here, before,
                 (long long)(c->place->now_ms - c->place->before_ms) / 1000);
        if (r == 0)
                r = event_add(tx, c->tenant, c->holder, "badge-at-two-sites", c->holder->id, detail);
        return r ? r : alarm_raise_in(tx, c->tenant, &alarm, c->place->now_ms);
}

int badge_place_tell(struct core *core, const struct actor *holder, const struct badge_place *place)
{
        struct context c = { .tenant = holder->tenant, .holder = holder, .place = place };

        return db_write(core->db, tell_in, &c);
}

static int keep_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return badge_place_keep(tx, c->tenant, c->place);
}

int badge_place_note(struct core *core, struct id tenant, const struct badge_place *place)
{
        struct context c = { .tenant = tenant, .place = place };

        return id_is_zero(place->site) ? 0 : db_write(core->db, keep_in, &c);
}
