// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Outside identities: who is made, who is linked, and above all who is not. */

#include "core/sign-in/outside.h"

#include "base/scope.h"
#include "core/trail/event.h"
#include "core/person/group.h"
#include "core/test-world.h"

static struct core_world world;
static struct id method, other_method;

static const struct outside_policy makes = { .creates = true };
static const struct outside_policy makes_none = { .creates = false };
static const struct outside_policy links = { .creates = true, .links_by_email = true };
static const struct outside_policy trusts = { .creates = true, .trusts_email = true, .links_by_email = true };
static const struct outside_policy elsewhere = {
        .creates = true, .links_by_email = true, .domains = { "partner.example" }, .domain_count = 1
};

struct row {
        const char *name;
        const char *subject;
        const char *email;
        bool verified;
        const struct outside_policy *policy;
        int want;
};

static int sign_in(const struct row *row, struct id by, const char *issuer, struct person *ret)
{
        struct outside_identity identity = { by, text_from(issuer), text_from(row->subject) };
        struct outside_claims claims = { .email = text_from(row->email),
                                         .email_verified = row->verified,
                                         .name = TEXT_OF("Ada Lovelace"),
                                         .department = TEXT_OF("Engines") };

        return outside_sign_in(world.core, world.tenant.id, &identity, &claims, row->policy, ret);
}

/* "local@demo.example" is an account that was here before; "admin@demo.example" the administrator's. */
static void test_who_comes_in(void)
{
        static const struct row rows[] = {
                { "not known, none is made", "s1", "ada@demo.example", true, &makes_none, CORE_FORBIDDEN },
                { "a new person", "s1", "ada@demo.example", true, &makes, 0 },
                { "the same again, even where none is made", "s1", "ada@demo.example", true, &makes_none, 0 },
                { "without an address, known already", "s1", "", false, &makes_none, 0 },
                { "another subject with his address", "s2", "ada@demo.example", true, &links, CORE_TAKEN },
                { "an address in capitals", "s2", "ADA@Demo.Example", true, &links, CORE_TAKEN },
                { "no subject", "", "eve@demo.example", true, &makes, CORE_BAD_VALUE },
                { "no address", "s3", "", true, &makes, CORE_BAD_VALUE },
                { "no usable address", "s3", "eve@demo.example, x@y", true, &makes, CORE_BAD_VALUE },
                { "an address nobody verified", "s3", "eve@demo.example", false, &makes, CORE_FORBIDDEN },
                { "the same where addresses are trusted", "s3", "eve@demo.example", false, &trusts, 0 },
                { "another domain", "s4", "eve@evil.example", true, &makes, CORE_FORBIDDEN },
                { "a domain below ours", "s4", "eve@x.demo.example", true, &makes, CORE_FORBIDDEN },
                { "a domain that is named", "s4", "joe@partner.example", true, &elsewhere, 0 },
                { "ours where only another is named", "s5", "bob@demo.example", true, &elsewhere,
                  CORE_FORBIDDEN },
                { "a local account", "s6", "local@demo.example", true, &makes, CORE_TAKEN },
                { "a local account, not verified", "s6", "local@demo.example", false, &links,
                  CORE_FORBIDDEN },
                { "a local account, only trusted", "s6", "local@demo.example", false, &trusts, CORE_TAKEN },
                { "the administrator's", "s6", "admin@demo.example", true, &makes, CORE_TAKEN },
                { "a local account in a domain not proved", "s6", "local@partner.example", true, &elsewhere,
                  CORE_TAKEN },
                { "a local account, linked", "s6", "local@demo.example", true, &links, 0 },
                { "linked already to somebody else", "s7", "local@demo.example", true, &links, CORE_TAKEN },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                struct person person = { 0 };
                int r = sign_in(&rows[i], method, "https://id.example", &person);

                if (r != rows[i].want) {
                        fprintf(stderr, "%s: %d instead of %d\n", rows[i].name, r, rows[i].want);
                        abort();
                }
                assert(r || person.role == ROLE_PERSON);
        }
}

static void test_nobody_by_another_way(void)
{
        static const struct row row = { "", "s1", "", true, &makes_none, 0 };
        struct person person;

        assert(sign_in(&row, method, "https://other.example", &person) == CORE_BAD_VALUE);
        assert(sign_in(&row, other_method, "https://id.example", &person) == CORE_BAD_VALUE);
}

static void test_what_the_provider_says_is_written(void)
{
        struct outside_identity identity = { method, TEXT_OF("https://id.example"), TEXT_OF("s1") };
        struct outside_claims claims = { .email = TEXT_OF("Lovelace@demo.example"),
                                         .email_verified = true,
                                         .name = TEXT_OF("Countess"),
                                         .department = TEXT_OF("Mathematics") };
        struct person person, found;

        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &makes, &person) == 0);
        assert(person_find(world.core, &world.admin, person.id, &found) == 0);
        assert(strcmp(found.email, "lovelace@demo.example") == 0);
        assert(strcmp(found.name, "Countess") == 0);
        assert(strcmp(found.department, "Mathematics") == 0);

        /* An address of somebody else, of another domain, or unverified changes nothing. */
        claims.email = TEXT_OF("local@demo.example");
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &links, &person) == 0);
        assert(strcmp(person.email, "lovelace@demo.example") == 0);
        claims.email = TEXT_OF("ada@evil.example");
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &links, &person) == 0);
        assert(strcmp(person.email, "lovelace@demo.example") == 0);
        claims.email = TEXT_OF("new@demo.example");
        claims.email_verified = false;
        claims.name = TEXT_OF("");
        claims.department = TEXT_OF("a\nb");
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &links, &person) == 0);
        assert(strcmp(person.email, "lovelace@demo.example") == 0);
        assert(strcmp(person.name, "Countess") == 0 && strcmp(person.department, "Mathematics") == 0);
}

static void test_groups_are_the_providers(void)
{
        struct outside_identity identity = { method, TEXT_OF("https://id.example"), TEXT_OF("s1") };
        const struct text groups[] = { TEXT("sales"), TEXT("a\nb"), TEXT("berlin") };
        struct outside_claims claims = { .has_groups = true, .groups = groups, .group_count = 3 };
        struct membership in[4];
        struct person person;
        struct group own;
        size_t count;

        assert(group_make(world.core, &world.admin, TEXT_OF("choir"), &own) == 0);
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &makes, &person) == 0);
        assert(group_add(world.core, &world.admin, own.id, person.id) == 0);
        assert(group_list_of(world.core, &world.admin, person.id, in, 4, &count) == 0 && count == 3);

        claims.has_groups = false;
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &makes, &person) == 0);
        assert(group_list_of(world.core, &world.admin, person.id, in, 4, &count) == 0 && count == 3);
        claims.has_groups = true;
        claims.group_count = 0;
        assert(outside_sign_in(world.core, world.tenant.id, &identity, &claims, &makes, &person) == 0);
        assert(group_list_of(world.core, &world.admin, person.id, in, 4, &count) == 0);
        assert(count == 1 && strcmp(in[0].group_name, "choir") == 0);
}

static void test_disabled_stays_outside(void)
{
        static const struct row row = { "", "s1", "", true, &makes, 0 };
        struct outside_identity identity = { method, TEXT_OF("https://id.example"), TEXT_OF("s1") };
        struct person_change change = { .disabled = &(bool){ true } };
        struct person person;

        assert(sign_in(&row, method, "https://id.example", &person) == 0);
        assert(person_change(world.core, &world.admin, person.id, &change, &person) == 0);
        assert(sign_in(&row, method, "https://id.example", &person) == CORE_WRONG_CREDENTIALS);
        assert(outside_find(world.core, world.tenant.id, &identity, &person) == 0 && person.disabled);
}

static int forget(struct db_tx *tx, void *context)
{
        return outside_forget_method(tx, world.tenant.id, method);
}

static void test_who_is_gone(void)
{
        struct outside_identity identity = { method, TEXT_OF("https://id.example"), TEXT_OF("s6") };
        struct outside_known known[4];
        struct person person;
        size_t count;

        assert(outside_find(world.core, world.tenant.id, &identity, &person) == 0);
        assert(outside_list(world.core, world.tenant.id, person.id, NULL, known, 4, &count) == 0);
        assert(count == 1 && strcmp(known[0].subject, "s6") == 0 && id_equal(known[0].method, method));
        assert(outside_list(world.core, world.tenant.id, person.id, &other_method, known, 4, &count) == 0);
        assert(count == 0);
        assert(person_delete(world.core, &world.admin, person.id) == 0);
        assert(outside_find(world.core, world.tenant.id, &identity, &person) == CORE_NOT_FOUND);

        identity.subject = TEXT_OF("s3");
        assert(outside_find(world.core, world.tenant.id, &identity, &person) == 0);
        assert(db_write(world.db, forget, NULL) == 0);
        assert(outside_find(world.core, world.tenant.id, &identity, &person) == CORE_NOT_FOUND);
        assert(person_find(world.core, &world.admin, person.id, &person) == 0);
}

static void test_refusals_are_events(void)
{
        struct event events[100];
        size_t count, refused = 0, linked = 0;

        assert(event_list(world.core, &world.admin, NULL, 0, events, 100, &count) == 0);
        for (size_t i = 0; i < count; i++) {
                refused += strcmp(events[i].kind, "sign-in-refused") == 0;
                linked += strcmp(events[i].kind, "person-linked") == 0;
        }
        assert(refused == 16 && linked == 1);
}

int main(void)
{
        method = id_new();
        other_method = id_new();
        core_world_open(&world);
        (void)core_world_make_person(&world, "local@demo.example", ROLE_PERSON);
        (void)core_world_make_person(&world, "local@partner.example", ROLE_PERSON);
        test_who_comes_in();
        test_refusals_are_events();
        test_nobody_by_another_way();
        test_what_the_provider_says_is_written();
        test_groups_are_the_providers();
        test_disabled_stays_outside();
        test_who_is_gone();
        core_world_close(&world);
        return 0;
}
