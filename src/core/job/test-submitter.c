// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/submitter.h"

#include "base/scope.h"
#include "core/site/agent.h"
#include "core/site/site.h"
#include "core/test-world.h"

static struct core_world world;
static struct actor ada, grace, agent;
static struct site site;

static struct submitter rule_of(const char *network, const char *user, const struct actor *person,
                                const char *domain)
{
        struct submitter rule = { .user = "" };

        if (person)
                rule.person = person->id;
        assert(text_copy(text_from(network), rule.network, sizeof(rule.network)));
        assert(text_copy(text_from(user), rule.user, sizeof(rule.user)));
        assert(text_copy(text_from(domain), rule.domain, sizeof(rule.domain)));
        return rule;
}

static struct id make(const char *network, const char *user, const struct actor *person, const char *domain)
{
        struct submitter rule = rule_of(network, user, person, domain);

        assert(submitter_make(world.core, &world.admin, &rule) == 0);
        return rule.id;
}

/* The person's address, or "" for nobody. */
static const char *who(const char *address, const char *user)
{
        static struct actor found;
        int r = submitter_find(world.core, &agent, text_from(address), text_from(user), &found);

        assert(r == 0 || r == CORE_NOT_FOUND);
        if (r)
                return "";
        assert(found.kind == ACTOR_PERSON && found.via == VIA_LPD && strcmp(found.source, address) == 0);
        return found.name;
}

static void only_rules_that_make_sense_are_kept(void)
{
        static const struct {
                const char *network, *user, *domain;
                bool has_person;
                int outcome;
        } rows[] = {
                { "192.0.2.7", "MARA", "", true, 0 },
                { "192.0.2.7", "mara", "", true, CORE_TAKEN },
                { "192.0.2.7", "mara", "", false, CORE_BAD_VALUE },
                { "192.0.2.7", "mara", "demo.example", true, CORE_BAD_VALUE },
                { "192.0.2.7", "mara", "demo.example", false, CORE_BAD_VALUE },
                { "192.0.2.7", "*", "not a domain", false, CORE_BAD_VALUE },
                { "192.0.2.7", "", "", true, CORE_BAD_VALUE },
                { "192.0.2.7", "two words", "", true, CORE_BAD_VALUE },
                { "192.0.2.7", "a\nb", "", true, CORE_BAD_VALUE },
                { "192.0.2.7/8", "x", "", true, CORE_BAD_VALUE },
                { "host.example", "x", "", true, CORE_BAD_VALUE },
        };
        struct submitter rule, found[4];
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                rule = rule_of(rows[i].network, rows[i].user, rows[i].has_person ? &ada : NULL,
                               rows[i].domain);
                assert(submitter_make(world.core, &world.admin, &rule) == rows[i].outcome);
        }
        rule = rule_of("192.0.2.8", "x", &ada, "");
        assert(submitter_make(world.core, &ada, &rule) == CORE_FORBIDDEN);
        rule.person = id_new();
        assert(submitter_make(world.core, &world.admin, &rule) == CORE_NOT_FOUND);
        assert(submitter_list(world.core, &world.admin, (struct id){ 0 }, found, 4, &count) == 0);
        assert(count == 1 && strcmp(found[0].user, "mara") == 0);
        assert(strcmp(found[0].person_email, "ada@demo.example") == 0);
        assert(submitter_list(world.core, &ada, (struct id){ 0 }, found, 4, &count) == CORE_FORBIDDEN);
        assert(submitter_delete(world.core, &ada, found[0].id) == CORE_FORBIDDEN);
        assert(submitter_delete(world.core, &world.admin, found[0].id) == 0);
        assert(submitter_delete(world.core, &world.admin, found[0].id) == CORE_NOT_FOUND);
}

static void the_closest_rule_says_who_it_is(void)
{
        struct submitter of_site;
        struct agent row;

        make("10.0.0.0/8", "*", NULL, "demo.example");
        assert(strcmp(who("10.1.2.3", "ADA"), "ada@demo.example") == 0);
        assert(strcmp(who("10.1.2.3", "ada@demo.example"), "ada@demo.example") == 0);
        assert(strcmp(who("10.1.2.3", "ada@other.example"), "") == 0);
        assert(strcmp(who("10.1.2.3", "nobody"), "") == 0);
        assert(strcmp(who("11.1.2.3", "ada"), "") == 0);

        make("10.1.2.0/24", "ada", &grace, "");
        assert(strcmp(who("10.1.2.3", "Ada"), "grace@demo.example") == 0);
        assert(strcmp(who("10.1.3.3", "ada"), "ada@demo.example") == 0);
        make("10.1.2.3", "*", &ada, "");
        assert(strcmp(who("10.1.2.3", "root"), "ada@demo.example") == 0);
        assert(strcmp(who("10.1.2.3", "ada"), "grace@demo.example") == 0); /* his own name goes before */
        make("2001:db8::/32", "mainusr1", &grace, "");
        assert(strcmp(who("2001:db8::5", "MAINUSR1"), "grace@demo.example") == 0);

        of_site = rule_of("10.1.2.0/24", "root", &grace, "");
        of_site.site = site.id;
        assert(submitter_make(world.core, &world.admin, &of_site) == 0);
        assert(strcmp(who("10.1.2.4", "root"), "") == 0); /* the agent is of no site */
        assert(agent_find(world.core, &world.admin, agent.id, &row) == 0);
        row.site = site.id;
        assert(agent_change(world.core, &world.admin, &row) == 0);
        assert(strcmp(who("10.1.2.4", "root"), "grace@demo.example") == 0);
        assert(site_delete(world.core, &world.admin, site.id) == 0);
        assert(strcmp(who("10.1.2.4", "root"), "") == 0); /* the rule went with it */
}

static void nobody_comes_in_by_a_name_that_is_none(void)
{
        static const char *const users[] = { "", "a b", "a\nb", "a\001", "x=y" };
        struct actor found;

        for (size_t i = 0; i < ARRAY_LENGTH(users); i++)
                assert(submitter_find(world.core, &agent, TEXT_OF("10.1.2.3"), text_from(users[i]), &found) ==
                       CORE_BAD_VALUE);
        assert(submitter_find(world.core, &agent, TEXT_OF("10.1.2.0/24"), TEXT_OF("ada"), &found) ==
               CORE_BAD_VALUE);
        assert(submitter_find(world.core, &agent, TEXT_OF("host"), TEXT_OF("ada"), &found) == CORE_BAD_VALUE);
        assert(submitter_find(world.core, &ada, TEXT_OF("10.1.2.3"), TEXT_OF("ada"), &found) ==
               CORE_FORBIDDEN);
}

static void unknown_ones_are_told_but_do_not_fill_the_trail(void)
{
        static const char count[] =
                "SELECT count(*) FROM event WHERE tenant_id = ?1 AND kind = 'submitter-unknown'";
        int64_t before = core_world_number(&world, count), after;

        for (int i = 0; i < 200; i++)
                assert(strcmp(who("198.51.100.9", "stranger"), "") == 0);
        after = core_world_number(&world, count);
        assert(after > before && after <= before + 10);
}

static void a_person_takes_the_rules_along(void)
{
        struct person person = core_world_make_person(&world, "leaver@demo.example", ROLE_PERSON);
        struct actor leaver = core_world_actor(&world, &person);

        make("10.9.0.0/16", "leaver", &leaver, "");
        assert(strcmp(who("10.9.1.1", "leaver"), "leaver@demo.example") == 0);
        assert(person_delete(world.core, &world.admin, leaver.id) == 0);
        assert(strcmp(who("10.9.1.1", "leaver"), "") == 0);
}

int main(void)
{
        uint8_t fingerprint[32] = { 5 };
        char code[OUTPOST_CODE];
        struct agent row;

        core_world_open(&world);
        ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(&world, "grace@demo.example", ROLE_PERSON);
        strcpy(site.name, "north");
        assert(site_make(world.core, &world.admin, &site) == 0);
        assert(agent_make(world.core, &world.admin, world.tenant.id, TEXT_OF("a"), (struct id){ 0 }, &row,
                          code) == 0);
        assert(agent_enrol(world.core, text_from(code), fingerprint, TEXT_OF("::1"), &agent) == 0);

        only_rules_that_make_sense_are_kept();
        the_closest_rule_says_who_it_is();
        nobody_comes_in_by_a_name_that_is_none();
        unknown_ones_are_told_but_do_not_fill_the_trail();
        a_person_takes_the_rules_along();
        core_world_close(&world);
        return 0;
}
