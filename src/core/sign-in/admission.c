// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/admission.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/person/guest.h"
#include "core/listing.h"
#include "core/state.h"

int admission_look(struct db_tx *tx, struct id tenant, struct admission *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct admission){ .approval = true, .guest_ms = GUEST_MS_DEFAULT };
        r = db_one(
                tx, tenant,
                "SELECT registration, approval, directory_only, badge_enrolment, guests, guest_ms FROM admission"
                " WHERE tenant_id = ?1",
                DB_NONE, &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->registration = db_rows_integer(&rows, 0);
        ret->approval = db_rows_integer(&rows, 1);
        ret->directory_only = db_rows_integer(&rows, 2);
        ret->badge_enrolment = db_rows_integer(&rows, 3);
        ret->guests = db_rows_integer(&rows, 4);
        ret->guest_ms = db_rows_integer(&rows, 5);
        return 0;
}

struct context {
        const struct actor *actor;
        struct admission admission;
        struct address_rule rule;
};

static int find_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return admission_look(tx, c->actor->tenant, &c->admission);
}

int admission_find(struct core *core, const struct actor *actor, struct admission *ret)
{
        struct context c = { .actor = actor };
        int r;

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        r = db_read(core->db, find_in, &c);
        if (r == 0)
                *ret = c.admission;
        return r;
}

static int set_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct admission *a = &c->admission;
        char detail[CORE_WORDS];
        int r;

        r = db_run(
                tx, c->actor->tenant,
                "INSERT INTO admission (tenant_id, registration, approval, directory_only, badge_enrolment,"
                " guests, guest_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant_id) DO UPDATE SET registration = ?2,"
                " approval = ?3, directory_only = ?4, badge_enrolment = ?5, guests = ?6, guest_ms = ?7",
                DB_VALUES(db_integer(a->registration), db_integer(a->approval), db_integer(a->directory_only),
                          db_integer(a->badge_enrolment), db_integer(a->guests), db_integer(a->guest_ms)),
                NULL);
        if (r)
                return fold(r);
        snprintf(detail, sizeof(detail),
                 "registration=%s approval=%s directory-only=%s badge-enrolment=%s guests=%s",
                 a->registration ? "yes" : "no", a->approval ? "yes" : "no", a->directory_only ? "yes" : "no",
                 a->badge_enrolment ? "yes" : "no", a->guests ? "yes" : "no");
        return event_add(tx, c->actor->tenant, c->actor, "admission-changed", c->actor->tenant, detail);
}

int admission_set(struct core *core, const struct actor *actor, const struct admission *admission)
{
        struct context c = { .actor = actor, .admission = *admission };

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, set_in, &c);
}

static bool fold_pattern(char pattern[CORE_EMAIL])
{
        struct text text = text_from(pattern);
        char domain[CORE_EMAIL];

        if (memchr(text.at, '@', text.len))
                return !memchr(text.at, '*', text.len) && email_fold(text, pattern);
        if (text_starts_with(text, "*.")) {
                if (!email_fold_domain(text_from(pattern + 2), domain))
                        return false;
                memcpy(pattern + 2, domain, strlen(domain) + 1);
                return true;
        }
        return email_fold_domain(text, pattern);
}

static int rule_insert(struct db_tx *tx, const struct context *c)
{
        const struct address_rule *rule = &c->rule;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant,
                   "INSERT INTO address_rule (tenant_id, id, blocks, pattern, note, created_ms)"
                   " SELECT ?1, ?2, ?3, ?4, ?5, ?6"
                   " WHERE (SELECT count(*) FROM address_rule WHERE tenant_id = ?1) < ?7",
                   DB_VALUES(db_id(&rule->id), db_integer(rule->blocks), db_string(rule->pattern),
                             db_string(rule->note), db_integer(rule->created_ms),
                             db_integer(ADDRESS_RULES_MAX)),
                   &changed);
        if (r == DB_TAKEN)
                return CORE_TAKEN;
        return r ? fold(r) : changed ? 0 : CORE_BAD_VALUE;
}

static int make_rule_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int r = rule_insert(tx, c);

        return r ? r
                 : event_add(tx, c->actor->tenant, c->actor, "address-rule-made", c->rule.id,
                             c->rule.blocks ? "kind=block" : "kind=allow");
}

int address_rule_make(struct core *core, const struct actor *actor, struct address_rule *rule)
{
        struct context c = { .actor = actor, .rule = *rule };
        int r;

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!fold_pattern(c.rule.pattern) || !text_is_printable(text_from(c.rule.note)))
                return CORE_BAD_VALUE;
        c.rule.id = id_new();
        c.rule.created_ms = clock_unix_ms();
        r = db_write(core->db, make_rule_in, &c);
        if (r == 0)
                *rule = c.rule;
        return r;
}

static void read_rule(struct db_rows *rows, void *item)
{
        struct address_rule *rule = item;

        rule->id = db_rows_id(rows, 0);
        rule->blocks = db_rows_integer(rows, 1);
        db_rows_string(rows, 2, rule->pattern, sizeof(rule->pattern));
        db_rows_string(rows, 3, rule->note, sizeof(rule->note));
        rule->created_ms = db_rows_integer(rows, 4);
}

int address_rule_list(struct core *core, const struct actor *actor, struct id after, struct address_rule *ret,
                      size_t max, size_t *ret_count)
{
        struct listing rules = { .tenant = actor->tenant,
                                 .sql = "SELECT id, blocks, pattern, note, created_ms FROM address_rule"
                                        " WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                                 .after = after,
                                 .read = read_rule,
                                 LISTING_INTO(ret, max) };

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        return listing_find(core, &rules, ret_count);
}

static int delete_rule_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        int64_t changed;
        int r;

        r = db_run(tx, c->actor->tenant, "DELETE FROM address_rule WHERE tenant_id = ?1 AND id = ?2",
                   DB_VALUES(db_id(&c->rule.id)), &changed);
        if (r)
                return fold(r);
        if (!changed)
                return CORE_NOT_FOUND;
        return event_add(tx, c->actor->tenant, c->actor, "address-rule-deleted", c->rule.id, "");
}

int address_rule_delete(struct core *core, const struct actor *actor, struct id id)
{
        struct context c = { .actor = actor, .rule.id = id };

        if (!actor_may(actor, RIGHT_REGISTRATIONS, whose_tenant()))
                return CORE_FORBIDDEN;
        return db_write(core->db, delete_rule_in, &c);
}

/* CORE_NOT_FOUND where there is no rule for just that. */
static int look_for(struct db_tx *tx, struct id tenant, const char *pattern, bool *ret_may)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT blocks FROM address_rule WHERE tenant_id = ?1 AND pattern = ?2",
                       DB_VALUES(db_string(pattern)), &rows);

        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        *ret_may = !db_rows_integer(&rows, 0);
        return 0;
}

static int allows_any(struct db_tx *tx, struct id tenant, bool *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant, "SELECT 1 FROM address_rule WHERE tenant_id = ?1 AND blocks = 0 LIMIT 1",
                       DB_NONE, &rows);

        *ret = r == 0;
        return r == DB_NO_ROW ? 0 : fold(r);
}

int address_rule_look(struct db_tx *tx, struct id tenant, const char *email, bool *ret_may,
                      bool *ret_is_ruled)
{
        const char *domain = email_domain(email);
        bool any;
        int r;

        r = look_for(tx, tenant, email, ret_may);
        if (r == CORE_NOT_FOUND)
                r = look_for(tx, tenant, domain, ret_may);
        /* "*." and what is left of the domain, ever shorter: as many steps as it has dots. */
        for (const char *dot = strchr(domain, '.'); r == CORE_NOT_FOUND && dot; dot = strchr(dot + 1, '.')) {
                char pattern[CORE_EMAIL + 2];

                snprintf(pattern, sizeof(pattern), "*%s", dot);
                r = look_for(tx, tenant, pattern, ret_may);
        }
        if (ret_is_ruled)
                *ret_is_ruled = r == 0;
        if (r != CORE_NOT_FOUND)
                return r;
        r = allows_any(tx, tenant, &any);
        *ret_may = !any;
        return r;
}
