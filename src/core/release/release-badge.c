// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/notice/alarm.h"
#include "core/person/badge-place.h"
#include "core/person/badge-wait.h"
#include "core/site/agent.h"
#include "core/person/badge.h"
#include "core/person/enrolment.h"
#include "core/trail/event.h"
#include "core/panel/panel-code.h"
#include "core/panel/panel-notice.h"
#include "core/release/release.h"
#include "core/state.h"
#include "core/job/substitution.h"

const char *swipe_result_name(enum swipe_result result)
{
        static const char *const names[] = {
                [SWIPE_RELEASED] = "released",
                [SWIPE_NOTHING_HELD] = "nothing-held",
                [SWIPE_UNKNOWN_BADGE] = "unknown-badge",
                [SWIPE_ENROL] = "enrol",
                [SWIPE_BOUND] = "bound",
                [SWIPE_PANEL] = "panel",
                [SWIPE_PIN] = "pin-wanted",
                [SWIPE_REFUSED] = "refused",
        };

        return names[result];
}

struct context {
        struct core *core;
        const struct actor *agent;
        const struct swipe_order *order;
        struct id printer;
        bool newest_only, wants_pin, opens_panel;
        struct badge_number number;
        bool has_number;
        struct badge_place place;
        struct actor person;
        struct arena *arena;
        struct swipe *ret;
};

/* The reader as the administrator bound it: an agent's own, at one printer. */
static int find_reader(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(
                tx, c->agent->tenant,
                "SELECT r.printer_id, r.newest_only, r.wants_pin, COALESCE(p.site_id, a.site_id), r.opens_panel FROM reader r"
                " JOIN printer p ON p.tenant_id = r.tenant_id AND p.id = r.printer_id"
                " JOIN agent a ON a.tenant_id = r.tenant_id AND a.id = r.agent_id"
                " WHERE r.tenant_id = ?1 AND r.id = ?2 AND r.agent_id = ?3",
                DB_VALUES(db_id(&c->order->reader), db_id(&c->agent->id)), &rows);
        if (r)
                return r;
        c->printer = db_rows_id(&rows, 0);
        c->newest_only = db_rows_integer(&rows, 1);
        c->wants_pin = db_rows_integer(&rows, 2);
        c->place.site = db_rows_id(&rows, 3);
        c->opens_panel = db_rows_integer(&rows, 4);
        c->place.printer = c->printer;
        c->place.agent = c->agent->id;
        return 0;
}

static int find_holder(struct db_tx *tx, struct context *c)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        r = db_one(tx, c->agent->tenant,
                   "SELECT b.id, p.id, p.role, p.email, b.seen_site, b.seen_ms FROM badge b"
                   " JOIN person p ON p.tenant_id = b.tenant_id AND p.id = b.person_id"
                   " WHERE b.tenant_id = ?1 AND b.mac IN (?2, ?3) AND p.disabled = 0",
                   DB_VALUES(marks_newest(&c->number.marks), marks_before(&c->number.marks)), &rows);
        if (r)
                return r;
        c->place.badge = db_rows_id(&rows, 0);
        c->person = (struct actor){ .kind = ACTOR_PERSON,
                                    .tenant = c->agent->tenant,
                                    .id = db_rows_id(&rows, 1) };
        c->person.role = (enum role)db_rows_integer(&rows, 2);
        db_rows_string(&rows, 3, c->person.name, sizeof(c->person.name));
        c->place.before_site = db_rows_id(&rows, 4);
        c->place.before_ms = db_rows_integer(&rows, 5);
        actor_came(&c->person, VIA_BADGE, text_from(c->agent->source));
        return 0;
}

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        int r;

        r = find_reader(tx, c);
        if (r) {
                c->ret->result = SWIPE_REFUSED;
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        }
        r = find_holder(tx, c);
        if (r) {
                c->ret->result = SWIPE_UNKNOWN_BADGE;
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        }
        return 0;
}

struct release_and_lease {
        struct context *c;
        struct release_order order;
        struct release release;
};

/*
 * One transaction from the swipe to the offer, so that between the card and the paper there are two commits
 * and not three: this one and the one that arms.
 */
static int release_and_lease_in(struct db_tx *tx, void *context)
{
        struct release_and_lease *both = context;
        struct context *c = both->c;
        int r;

        r = release_within(c->core, tx, &c->person, &both->order, c->arena, &both->release);
        if (r)
                return r;
        r = event_add(tx, c->person.tenant, &c->person, "signed-in", c->person.id, "method=badge");
        if (r)
                return r;
        r = badge_place_keep(tx, c->agent->tenant, &c->place);
        if (r)
                return r;
        return delivery_lease_in(c->core, tx, c->agent, c->order->incarnation, c->order->offers_max,
                                 c->printer, c->arena, &c->ret->offers, &c->ret->offer_count);
}

/* Nobody's badge, at a reader that is somebody's: its holder may be about to bind it. */
static int may_be_enrolled(struct context *c)
{
        enum enrolment_state state = ENROLMENT_CANCELLED;
        int r = c->has_number
                        ? enrolment_shown(c->core, c->agent, c->order->reader, c->printer, &c->number, &state)
                        : 0;

        if (state == ENROLMENT_SHOWN)
                c->ret->result = SWIPE_ENROL;
        else if (state == ENROLMENT_BOUND)
                c->ret->result = SWIPE_BOUND;
        return r;
}

/* Whoever holds it looks at the panel, where there is one. */
static int tell_panels(struct context *c, enum panel_notice_kind kind)
{
        struct panel_notice notice = { .kind = kind };

        if (c->has_number)
                memcpy(notice.tail, c->number.tail, sizeof(notice.tail));
        return panel_notice_put(c->core, c->agent->tenant, c->printer, &notice);
}

static int refuse_unknown(struct context *c, struct text reader)
{
        struct alarm alarm = { .agent = c->agent->id,
                               .printer = c->printer,
                               .severity = ALERT_INFORMATION,
                               .concerns = "badge",
                               .code = "unknown-badge",
                               .description = "A badge was shown here that is nobody's" };
        int r;

        r = may_be_enrolled(c);
        if (r || c->ret->result == SWIPE_BOUND)
                return r;
        c->core->badges_unknown++;
        r = guess_count_wrong(c->core, GUESS_BADGE, reader);
        if (r)
                return r;
        r = event_note(c->core, c->agent->tenant, c->agent, "badge-unknown", c->order->reader, "");
        if (r == 0)
                r = tell_panels(c, c->ret->result == SWIPE_ENROL ? PANEL_NOTICE_NEW : PANEL_NOTICE_UNKNOWN);
        return r ? r : alarm_raise(c->core, c->agent->tenant, &alarm);
}

/* Nothing came of it, and nothing was written: he was here all the same. */
static int note_came(struct context *c)
{
        int r = badge_place_note(c->core, c->person.tenant, &c->place);

        return r ? r
                 : event_note(c->core, c->person.tenant, &c->person, "signed-in", c->person.id,
                              "method=badge");
}

static int note_refused_for(struct context *c, const char *reason)
{
        char detail[CORE_WORDS];
        int r = note_came(c);

        snprintf(detail, sizeof(detail), "right=%s reason=%s", right_name(RIGHT_RELEASE), reason);
        return r ? r : event_note(c->core, c->person.tenant, &c->person, "refused", c->printer, detail);
}

static int note_refused(struct context *c, int refusal)
{
        return note_refused_for(c, refusal == CORE_NOT_ACCEPTING                            ? "not-accepting"
                                   : refusal == CORE_NOT_FOUND || refusal == CORE_FORBIDDEN ? "not-allowed"
                                   : refusal == CORE_BAD_FORMAT                             ? "bad-format"
                                   : refusal == CORE_UNSUPPORTED                            ? "unsupported"
                                   : release_word(refusal) ? release_word(refusal)
                                                           : "not-released");
}

/* Nothing of what he has is released: each job says why, where there is something to say. */
static int leave_all(struct context *c, const struct release *release, int refusal)
{
        bool has_words = refusal == CORE_UNSUPPORTED || release_word(refusal);
        int r = has_words ? release_note_left(c->core, &c->person, release) : 0;

        return r ? r : note_refused(c, refusal);
}

static int release_held(struct context *c, const struct tenant *tenant)
{
        struct release_and_lease both = { .c = c };
        int r;

        both.order = (struct release_order){ .id = c->order->swipe,
                                             .printer = c->printer,
                                             .method = RELEASE_BADGE,
                                             .selection = c->newest_only ? RELEASE_NEWEST : RELEASE_ALL,
                                             .leaves_words = true };
        both.order.adapts = !tenant->holds_unsupported;
        r = substitution_prepare(c->core, c->agent->tenant, c->printer,
                                 c->core->settings.printer_state_badge_ms);
        if (r)
                return r;
        r = db_write(c->core->db, release_and_lease_in, &both);
        switch (r) {
        case 0:
                c->ret->result = SWIPE_RELEASED;
                c->ret->released = both.release.item_count;
                c->core->jobs_released += both.release.item_count;
                /* What another agent has, or is to carry. */
                if (c->ret->offer_count < both.release.item_count)
                        wake_agent(c->core, c->agent->tenant, (struct id){ 0 }, "delivery");
                if (release_waits_for_site(&both.release))
                        wake_agent(c->core, c->agent->tenant, (struct id){ 0 }, "homes");
                if (c->ret->offer_count == 0 && c->core->parts.wake_render)
                        c->core->parts.wake_render(c->core->parts.wake_context);
                return 0;
        case CORE_NOTHING_HELD: c->ret->result = SWIPE_NOTHING_HELD; return note_came(c);
        case CORE_STALE: return r;
        default: c->ret->result = SWIPE_REFUSED; return r < 0 ? r : leave_all(c, &both.release, r);
        }
}

/* It was at another site just now. *ret_goes_on: the tenant lets it release all the same. */
static int is_strange(struct context *c, const struct tenant *tenant, bool *ret_goes_on)
{
        int r;

        *ret_goes_on = true;
        if (!badge_place_is_strange(c->core, &c->place))
                return 0;
        *ret_goes_on = !tenant->refuses_two_sites;
        r = badge_place_tell(c->core, &c->person, &c->place);
        return r || *ret_goes_on ? r : note_refused_for(c, "two-sites");
}

/* He is signed in at the panel there, and looks for himself. */
static int open_panel(struct context *c)
{
        int r = panel_come_by_badge(c->core, &c->person, c->printer);

        switch (r) {
        case 0:
                c->ret->result = SWIPE_PANEL;
                r = badge_place_note(c->core, c->person.tenant, &c->place);
                return r ? r
                         : event_note(c->core, c->person.tenant, &c->person, "signed-in", c->person.id,
                                      "method=badge");
        case CORE_BUSY: return note_refused_for(c, "panel-in-use");
        case CORE_NOT_FOUND: return note_refused_for(c, "no-panel");
        default:
                if (r < 0)
                        return r;
                r = note_refused(c, r);
                return r ? r : tell_panels(c, PANEL_NOTICE_REFUSED);
        }
}

/* A known badge, and nothing speaks against its holder. */
static int come(struct context *c)
{
        struct tenant tenant;
        bool goes_on;
        int r;

        r = tenant_find_by_id(c->core, c->agent->tenant, &tenant);
        if (r)
                return fold(r);
        r = is_strange(c, &tenant, &goes_on);
        if (r || !goes_on)
                return r;
        if (c->opens_panel && !c->wants_pin)
                return open_panel(c);
        if (!c->wants_pin)
                return release_held(c, &tenant);
        c->ret->result = SWIPE_PIN;
        r = badge_place_note(c->core, c->person.tenant, &c->place);
        return r ? r : badge_wait_begin(c->core, &c->person, c->printer, c->order->reader);
}

/* A badge that is nobody's may be known elsewhere; then its holder is here now. */
static int find_elsewhere(struct context *c)
{
        const struct badge_asker *badges = c->core->parts.badges;
        int r = badges ? badges->look_up(c->core, c->agent->tenant, c->order->badge) : CORE_NOT_FOUND;

        return r ? r : db_read(c->core->db, find_in, c);
}

static int is_still_there(struct context *c)
{
        const struct badge_asker *badges = c->core->parts.badges;

        return badges ? badges->is_there(c->core, c->agent->tenant, c->person.id) : 0;
}

int release_by_badge(struct core *core, const struct actor *agent, const struct swipe_order *order,
                     struct arena *arena, struct swipe *ret)
{
        struct context c = { .core = core, .agent = agent, .order = order, .arena = arena, .ret = ret };
        struct text reader = text_from_octets(order->reader.octets, ID_OCTETS);
        int r;

        *ret = (struct swipe){ .result = SWIPE_REFUSED };
        if (agent->kind != ACTOR_AGENT)
                return CORE_FORBIDDEN;
        c.place.now_ms = clock_unix_ms();
        r = guess_check(core, GUESS_BADGE, reader);
        if (r)
                return r == CORE_LOCKED ? 0 : r;
        r = badge_number_read(core, agent->tenant, order->badge, &c.number);
        if (r && r != CORE_BAD_VALUE)
                return r;
        c.has_number = r == 0;
        if (r) {
                ret->result = SWIPE_UNKNOWN_BADGE;
        } else {
                r = db_read(core->db, find_in, &c);
                if (r > 0 && ret->result == SWIPE_UNKNOWN_BADGE)
                        r = find_elsewhere(&c);
        }
        if (r < 0)
                return r;
        if (r)
                return ret->result == SWIPE_UNKNOWN_BADGE ? refuse_unknown(&c, reader) : 0;
        ret->result = SWIPE_REFUSED;
        r = is_still_there(&c);
        if (r)
                return r < 0 ? r : 0;
        return come(&c);
}
