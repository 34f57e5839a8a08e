// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <string.h>

#include "core/actor.h"

static const enum role people[] = {
        ROLE_PERSON,        ROLE_HELP_DESK, ROLE_ANALYST, ROLE_SITE_ADMINISTRATOR,
        ROLE_ADMINISTRATOR, ROLE_OPERATOR,  ROLE_MACHINE,
};

#define PEOPLE (sizeof(people) / sizeof(people[0]))

static void test_names(void)
{
        for (enum right right = 1; right < RIGHTS; right++) {
                assert(right_name(right));
                for (enum right other = 1; other < right; other++)
                        assert(strcmp(right_name(right), right_name(other)) != 0);
        }
        assert(!right_name(0) && !right_name(RIGHTS));
        for (enum role role = 0; role < ROLES; role++)
                assert(role_name(role));
        assert(!role_name(ROLES) && !role_names_of_people[ROLE_MACHINE + 1]);
        assert(right_reach(0, ROLE_ADMINISTRATOR) == REACH_NONE);
        assert(right_reach(RIGHT_ME, ROLES) == REACH_NONE);
}

/* What no change of the table may give away. */
static void test_promises(void)
{
        for (size_t i = 0; i < PEOPLE; i++) {
                assert(right_reach(RIGHT_JOBS_CONTENT, people[i]) <= REACH_OWN);
                assert(right_reach(RIGHT_RELEASE, people[i]) <= REACH_OWN);
                assert(right_reach(RIGHT_DELEGATES, people[i]) <= REACH_OWN);
                assert(right_reach(RIGHT_AGENT_WORK, people[i]) == REACH_NONE);
                if (people[i] != ROLE_ADMINISTRATOR && people[i] != ROLE_OPERATOR) {
                        assert(right_reach(RIGHT_PASSWORD, people[i]) <= REACH_OWN);
                        assert(right_reach(RIGHT_PIN, people[i]) <= REACH_OWN);
                        assert(right_reach(RIGHT_CODES, people[i]) <= REACH_OWN);
                        assert(right_reach(RIGHT_PEOPLE_ROLE, people[i]) == REACH_NONE);
                        assert(right_reach(RIGHT_METHODS, people[i]) == REACH_NONE);
                }
                for (enum right right = 1; right < RIGHTS; right++)
                        if (people[i] != ROLE_OPERATOR && !right_is_open(right))
                                assert(right_reach(right, people[i]) < REACH_SERVICE);
        }
        for (enum right right = 1; right < RIGHTS; right++) {
                bool is_for_nobody = right_is_open(right) || right == RIGHT_RELEASE;

                assert((right_reach(right, ROLE_NOBODY) > REACH_NONE) == is_for_nobody);
                assert(right_is_open(right) || right_reach(right, ROLE_PRINT_TOKEN) <= REACH_OWN);
                assert(right_is_open(right) || right_reach(right, ROLE_AGENT) <= REACH_OWN);
                assert(right_is_open(right) || right_reach(right, ROLE_MACHINE) <= REACH_TENANT);
        }
        assert(right_reach(RIGHT_SUBMIT, ROLE_OPERATOR) == REACH_NONE);
        assert(right_reach(RIGHT_JOBS_READ, ROLE_OPERATOR) == REACH_NONE);
        assert(right_reach(RIGHT_PRINTERS_READ, ROLE_OPERATOR) == REACH_NONE);
        assert(right_reach(RIGHT_PEOPLE_LIST, ROLE_ANALYST) == REACH_NONE);
}

static void test_whose(void)
{
        struct actor ada = { .kind = ACTOR_PERSON, .tenant = id_new(), .id = id_new() };
        struct actor nobody = { .kind = ACTOR_NOBODY }, admin = ada;
        struct id other = id_new(), none = { 0 };

        admin.id = id_new();
        admin.role = ROLE_ADMINISTRATOR;
        assert(actor_may(&ada, RIGHT_JOBS_DELETE, whose_person(ada.id)));
        assert(!actor_may(&ada, RIGHT_JOBS_DELETE, whose_person(other)));
        assert(!actor_may(&ada, RIGHT_JOBS_DELETE, whose_person(none)));
        assert(!actor_may(&ada, RIGHT_JOBS_DELETE, whose_tenant()));
        assert(actor_may(&ada, RIGHT_JOBS_DELETE, whose_some()));
        assert(actor_may(&admin, RIGHT_JOBS_DELETE, whose_person(ada.id)));
        assert(!actor_may(&admin, RIGHT_RELEASE, whose_person(ada.id)));
        assert(!actor_may(&admin, RIGHT_JOBS_CONTENT, whose_person(ada.id)));
        assert(!actor_may(&admin, RIGHT_TENANTS_READ, whose_service()));
        assert(!actor_may(&nobody, RIGHT_RELEASE, whose_person(none)));
        assert(actor_may(&nobody, RIGHT_RELEASE, whose_some()));

        admin.prints_only = true; /* a device of an administrator is a device */
        assert(actor_may(&admin, RIGHT_SUBMIT, whose_person(admin.id)));
        assert(!actor_may(&admin, RIGHT_JOBS_READ, whose_tenant()));
        assert(!actor_may(&admin, RIGHT_RELEASE, whose_some()));
        admin.role = ROLE_OPERATOR; /* and one of an operator no more than he is */
        assert(!actor_may(&admin, RIGHT_SUBMIT, whose_some()));
}

int main(void)
{
        test_names();
        test_promises();
        test_whose();
        return 0;
}
