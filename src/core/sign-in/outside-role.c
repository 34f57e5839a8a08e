// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/sign-in/outside-role.h"

#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/trail/event.h"
#include "core/state.h"

/* How much it is, of those that groups give; 0: they do not. */
static unsigned int weight(enum role role)
{
        switch (role) {
        case ROLE_ADMINISTRATOR: return 3;
        case ROLE_HELP_DESK: return 2;
        case ROLE_ANALYST: return 1;
        default: return 0;
        }
}

bool outside_role_may_be_given(enum role role)
{
        return weight(role) > 0;
}

static bool is_in(const struct outside_claims *claims, const char *group)
{
        for (size_t i = 0; claims->has_groups && i < claims->group_count; i++)
                if (text_equal_string(claims->groups[i], group))
                        return true;
        return false;
}

static enum role wanted(const struct outside_claims *claims, const struct outside_policy *policy)
{
        enum role most = ROLE_PERSON;

        for (size_t i = 0; i < policy->role_count && i < OUTSIDE_ROLES_MAX; i++)
                if (weight(policy->roles[i].role) > weight(most) && is_in(claims, policy->roles[i].group))
                        most = policy->roles[i].role;
        return most;
}

/* How somebody came to his role. */
struct origin {
        bool by_hand;
        bool by_groups;
        struct id method;
};

static int find_origin(struct db_tx *tx, struct id tenant, struct id person, struct origin *ret)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant,
                       "SELECT role_by_hand, role_method_id IS NOT NULL, role_method_id FROM person"
                       " WHERE tenant_id = ?1 AND id = ?2",
                       DB_VALUES(db_id(&person)), &rows);

        *ret = (struct origin){ 0 };
        if (r)
                return fold(r);
        ret->by_hand = db_rows_integer(&rows, 0);
        ret->by_groups = db_rows_integer(&rows, 1);
        if (ret->by_groups)
                ret->method = db_rows_id(&rows, 2);
        return 0;
}

/* DB_NO_ROW where there is no other administrator. */
static int is_another_there(struct db_tx *tx, struct id tenant, struct id person)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };

        return db_one(
                tx, tenant,
                "SELECT 1 FROM person WHERE tenant_id = ?1 AND role = ?2 AND disabled = 0 AND id <> ?3 LIMIT 1",
                DB_VALUES(db_integer(ROLE_ADMINISTRATOR), db_id(&person)), &rows);
}

static int set_role(struct db_tx *tx, struct id tenant, struct id person, enum role role, struct id method,
                    const struct actor *who)
{
        char detail[CORE_WORDS], string[ID_STRING];
        int r;

        r = db_run(
                tx, tenant,
                "UPDATE person SET role = ?3, role_method_id = ?4, secrets_version = secrets_version + 1"
                " WHERE tenant_id = ?1 AND id = ?2",
                DB_VALUES(db_id(&person), db_integer(role), role == ROLE_PERSON ? db_null() : db_id(&method)),
                NULL);
        if (r)
                return fold(r);
        id_format(method, string);
        snprintf(detail, sizeof(detail), "role=%s by=groups method=%s", role_name(role), string);
        return event_add(tx, tenant, who, "person-changed", person, detail);
}

int outside_role_follow(struct db_tx *tx, struct id tenant, const struct outside_identity *identity,
                        const struct outside_claims *claims, const struct outside_policy *policy,
                        struct person *person)
{
        enum role role = wanted(claims, policy);
        struct origin origin;
        int r;

        /* Most people are persons, and stay so. */
        if (person->role == role && !person->role_from_groups)
                return 0;
        r = find_origin(tx, tenant, person->id, &origin);
        if (r)
                return r;
        if (origin.by_hand || person->role == role || (!origin.by_groups && person->role != ROLE_PERSON) ||
            (origin.by_groups && !id_equal(origin.method, identity->method)))
                return 0;
        if (person->role == ROLE_ADMINISTRATOR) {
                r = is_another_there(tx, tenant, person->id);
                if (r)
                        return r == DB_NO_ROW ? 0 : fold(r);
        }
        r = set_role(tx, tenant, person->id, role, identity->method, identity->who);
        if (r == 0) {
                person->role = role;
                person->role_from_groups = role != ROLE_PERSON;
        }
        return r;
}

/* DB_NO_ROW. */
static int find_given(struct db_tx *tx, struct id tenant, struct id method, struct id *ret,
                      enum role *ret_role)
{
        SCOPED(db_rows_done) struct db_rows rows = { 0 };
        int r = db_one(tx, tenant,
                       "SELECT id, role FROM person WHERE tenant_id = ?1 AND role_method_id = ?2 LIMIT 1",
                       DB_VALUES(db_id(&method)), &rows);

        if (r)
                return r;
        *ret = db_rows_id(&rows, 0);
        *ret_role = (enum role)db_rows_integer(&rows, 1);
        return 0;
}

/* The last administrator has his role by hand from then on. */
static int keep(struct db_tx *tx, struct id tenant, struct id person)
{
        return fold(db_run(tx, tenant,
                           "UPDATE person SET role_by_hand = 1, role_method_id = NULL WHERE tenant_id = ?1"
                           " AND id = ?2",
                           DB_VALUES(db_id(&person)), NULL));
}

int outside_role_forget_method(struct db_tx *tx, struct id tenant, struct id method)
{
        enum role role;
        struct id person;
        int r;

        while ((r = find_given(tx, tenant, method, &person, &role)) == 0) {
                r = role == ROLE_ADMINISTRATOR ? is_another_there(tx, tenant, person) : 0;
                if (r == DB_NO_ROW)
                        r = keep(tx, tenant, person);
                else if (r == 0)
                        r = set_role(tx, tenant, person, ROLE_PERSON, method, NULL);
                if (r)
                        return fold(r);
        }
        return r == DB_NO_ROW ? 0 : fold(r);
}
