// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "base/outcome.h"
#include "base/scope.h"
#include "core/sign-in/method.h"
#include "core/state.h"

bool second_factor_is_owed(enum second_factor_rule rule, enum role role, bool has_factor)
{
        if (role == ROLE_MACHINE)
                return false;
        return has_factor || rule == SECOND_FACTOR_EVERYBODY ||
               (rule == SECOND_FACTOR_ADMINISTRATORS && role != ROLE_PERSON);
}

int sign_in_policy_get(struct db_tx *tx, struct id tenant, struct sign_in_policy *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r;

        *ret = (struct sign_in_policy){ .password_least = 8 };
        r = db_one(
                tx, tenant,
                "SELECT second_factor, pin_for_web, password_least FROM sign_in_policy WHERE tenant_id = ?1",
                DB_NONE, &rows);
        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        ret->second_factor = (enum second_factor_rule)db_rows_integer(&rows, 0);
        ret->pin_for_web = db_rows_integer(&rows, 1);
        ret->password_least = (uint32_t)db_rows_integer(&rows, 2);
        return 0;
}

struct context {
        const struct actor *actor;
        struct id tenant;
        struct sign_in_policy policy;
};

static int read_in(struct db_tx *tx, void *context)
{
        struct context *c = context;

        return sign_in_policy_get(tx, c->tenant, &c->policy);
}

int sign_in_policy_read(struct core *core, struct id tenant, struct sign_in_policy *ret)
{
        struct context c = { .tenant = tenant };
        int r = db_read(core->db, read_in, &c);

        if (r == 0)
                *ret = c.policy;
        return r;
}

static int change_in(struct db_tx *tx, void *context)
{
        struct context *c = context;
        const struct sign_in_policy *p = &c->policy;
        int r;

        r = db_run(tx, c->tenant,
                   "INSERT INTO sign_in_policy (tenant_id, second_factor, pin_for_web, password_least)"
                   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant_id) DO UPDATE SET second_factor = ?2,"
                   " pin_for_web = ?3, password_least = ?4",
                   DB_VALUES(db_integer(p->second_factor), db_integer(p->pin_for_web),
                             db_integer(p->password_least)),
                   NULL);
        if (r)
                return fold(r);
        return event_add(tx, c->tenant, c->actor, "sign-in-policy-changed", c->tenant, "");
}

int sign_in_policy_change(struct core *core, const struct actor *actor, const struct sign_in_policy *policy)
{
        struct context c = { .actor = actor, .tenant = actor->tenant, .policy = *policy };

        if (!actor_may(actor, RIGHT_METHODS, whose_tenant()))
                return CORE_FORBIDDEN;
        if (policy->second_factor > SECOND_FACTOR_EVERYBODY || policy->password_least < 8 ||
            policy->password_least > 64)
                return CORE_BAD_VALUE;
        return db_write(core->db, change_in, &c);
}
