// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Roles by groups outside: given, taken back, and never against a hand. */

#include "core/sign-in/outside-role.h"

#include "base/scope.h"
#include "core/trail/event.h"
#include "core/test-world.h"

static struct core_world world;
static struct id method, other;

static const struct outside_policy mapped = {
        .creates = true,
        .roles = { { "Desk", ROLE_HELP_DESK },
                   { "Admins", ROLE_ADMINISTRATOR },
                   { "Figures", ROLE_ANALYST } },
        .role_count = 3,
};
static const struct outside_policy unmapped = { .creates = true };

/* One and the same person; what the provider says of his groups, between commas. */
static struct person come(struct id by, const struct outside_policy *policy, const char *groups)
{
        struct outside_identity identity = { .method = by, .subject = TEXT_OF("s") };
        struct text list[8];
        struct outside_claims claims = { .email = TEXT_OF("greta@demo.example"),
                                         .email_verified = true,
                                         .has_groups = groups != NULL,
                                         .groups = list };
        struct text rest = text_from(groups ? groups : "");
        struct person person;
        bool more = rest.len > 0;

        while (more)
                more = text_cut(rest, ',', &list[claims.group_count++], &rest);
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, policy, &person) == 0);
        return person;
}

static int64_t changes(const char *words)
{
        char sql[256];

        snprintf(
                sql, sizeof(sql),
                "SELECT count(*) FROM event WHERE tenant_id = ?1 AND kind = 'person-changed' AND detail LIKE '%s%%'",
                words);
        return core_world_number(&world, sql);
}

static void test_given_and_taken_back(void)
{
        static const struct {
                const char *groups;
                enum role want;
        } rows[] = {
                { "sales", ROLE_PERSON },
                { "sales,Desk", ROLE_HELP_DESK },
                { "sales,desk", ROLE_PERSON }, /* another group */
                { "Figures,Desk,Admins", ROLE_ADMINISTRATOR },
                { "Admins2,Figures", ROLE_ANALYST },
                { "", ROLE_PERSON },
                { "Admins", ROLE_ADMINISTRATOR },
                /* Who says nothing of groups gives no role. */
                { NULL, ROLE_PERSON },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct person person = come(method, &mapped, rows[i].groups), found;

                assert(person.role == rows[i].want);
                assert(person_find(world.core, &world.admin, person.id, &found) == 0);
                assert(found.role == rows[i].want && found.role_from_groups == (found.role != ROLE_PERSON));
        }
        assert(changes("role=help-desk by=groups") == 1 && changes("role=administrator by=groups") == 2);
        assert(changes("role=person by=groups") == 3 && changes("role=analyst by=groups") == 1);
        /* Where no group is named any more. */
        assert(come(method, &mapped, "Desk").role == ROLE_HELP_DESK);
        assert(come(method, &unmapped, "Desk").role == ROLE_PERSON);
}

static void give(struct id id, enum role role, bool by_groups)
{
        struct person_change change = { .role = &role, .role_by_groups = by_groups };
        struct person changed;

        assert(person_change(world.core, &world.admin, id, &change, &changed) == 0);
        assert(changed.role == (by_groups ? ROLE_PERSON : role) && !changed.role_from_groups);
}

static void test_a_hand_goes_before_groups(void)
{
        struct person person = come(method, &mapped, "Desk");

        give(person.id, ROLE_ANALYST, false);
        assert(come(method, &mapped, "Desk,Admins").role == ROLE_ANALYST);
        assert(come(method, &mapped, "").role == ROLE_ANALYST);
        give(person.id, ROLE_PERSON, false);
        assert(come(method, &mapped, "Admins").role == ROLE_PERSON);
        give(person.id, ROLE_PERSON, true);
        assert(come(method, &mapped, "Admins").role == ROLE_ADMINISTRATOR);
        /* Also with the role that he has from the groups already. */
        give(person.id, ROLE_ADMINISTRATOR, false);
        assert(come(method, &mapped, "").role == ROLE_ADMINISTRATOR);
        give(person.id, ROLE_PERSON, true);
        assert(come(method, &mapped, "").role == ROLE_PERSON);
}

static void test_another_method_takes_nothing_back(void)
{
        static const struct outside_policy links = { .links_by_email = true,
                                                     .roles = { { "Admins", ROLE_ADMINISTRATOR } },
                                                     .role_count = 1 };

        assert(come(method, &mapped, "Desk").role == ROLE_HELP_DESK);
        assert(come(other, &links, "").role == ROLE_HELP_DESK);
        assert(come(other, &links, "Admins").role == ROLE_HELP_DESK);
        assert(come(method, &mapped, "").role == ROLE_PERSON);
        assert(come(other, &links, "Admins").role == ROLE_ADMINISTRATOR);
        assert(come(method, &mapped, "").role == ROLE_ADMINISTRATOR);
        assert(come(other, &links, "").role == ROLE_PERSON);
}

static int forget_in(struct db_tx *tx, void *context)
{
        return outside_forget_method(tx, world.tenant.id, *(struct id *)context);
}

static void test_a_method_that_is_deleted_takes_its_roles_back(void)
{
        struct person person = come(method, &mapped, "Desk"), found;

        assert(db_write(world.db, forget_in, &method) == 0);
        assert(person_find(world.core, &world.admin, person.id, &found) == 0 && found.role == ROLE_PERSON);
}

static void test_the_last_administrator_stays(void)
{
        static const struct outside_policy links = { .links_by_email = true,
                                                     .roles = { { "Admins", ROLE_ADMINISTRATOR } },
                                                     .role_count = 1 };
        struct person person = come(method, &links, "Admins"), found;
        struct actor now = core_world_actor(&world, &person);
        enum role less = ROLE_PERSON;

        assert(person.role == ROLE_ADMINISTRATOR);
        assert(person_change(world.core, &now, world.admin.id, &(struct person_change){ .role = &less },
                             &found) == 0);
        assert(come(method, &links, "").role == ROLE_ADMINISTRATOR);
        assert(db_write(world.db, forget_in, &method) == 0);
        assert(person_find(world.core, &now, person.id, &found) == 0);
        assert(found.role == ROLE_ADMINISTRATOR && !found.role_from_groups);
}

static void test_which_groups_may_give(void)
{
        assert(outside_role_may_be_given(ROLE_ADMINISTRATOR) && outside_role_may_be_given(ROLE_HELP_DESK) &&
               outside_role_may_be_given(ROLE_ANALYST));
        assert(!outside_role_may_be_given(ROLE_OPERATOR) && !outside_role_may_be_given(ROLE_MACHINE) &&
               !outside_role_may_be_given(ROLE_PERSON) &&
               !outside_role_may_be_given(ROLE_SITE_ADMINISTRATOR));
}

int main(void)
{
        method = id_new();
        other = id_new();
        core_world_open(&world);
        test_which_groups_may_give();
        test_given_and_taken_back();
        test_a_hand_goes_before_groups();
        test_another_method_takes_nothing_back();
        test_a_method_that_is_deleted_takes_its_roles_back();
        test_the_last_administrator_stays();
        core_world_close(&world);
        return 0;
}
