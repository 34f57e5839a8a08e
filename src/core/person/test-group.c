// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/person/group.h"

#include "base/scope.h"
#include "core/test-world.h"

static struct actor ada, grace;

struct said {
        struct core_world *world;
        struct id person, method;
        const char *const *names;
        size_t count;
};

static int say_in(struct db_tx *tx, void *context)
{
        const struct said *said = context;

        return group_set_from(tx, said->world->tenant.id, said->person, said->method, said->names,
                              said->count);
}

static void say(struct core_world *world, const struct actor *person, struct id method,
                const char *const *names, size_t count)
{
        struct said said = { world, person->id, method, names, count };

        assert(db_write(world->db, say_in, &said) == 0);
}

static size_t groups_of(struct core_world *world, const struct actor *person, struct membership *ret,
                        size_t max)
{
        size_t count;

        assert(group_list_of(world->core, person, person->id, ret, max, &count) == 0);
        return count;
}

static void administrators_make_them(struct core_world *world)
{
        static const struct {
                const char *name;
                int outcome;
        } names[] = {
                { "Accounts", 0 },        { "Accounts", CORE_TAKEN },  { "", CORE_BAD_VALUE },
                { " a", CORE_BAD_VALUE }, { "a\nb", CORE_BAD_VALUE },  { "CN=Drucker,OU=Büro", 0 },
                { "accounts", 0 },        { "a\xff", CORE_BAD_VALUE },
        };
        struct group group, again;
        size_t count;

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                assert(group_make(world->core, &world->admin, text_from(names[i].name), &group) ==
                       names[i].outcome);
        assert(group_make(world->core, &ada, TEXT_OF("Mine"), &group) == CORE_FORBIDDEN);
        assert(group_find(world->core, &world->admin, TEXT_OF("Accounts"), &group) == 0);
        assert(group_add(world->core, &world->admin, group.id, ada.id) == 0);
        assert(group_add(world->core, &world->admin, group.id, ada.id) == 0);
        assert(group_add(world->core, &world->admin, group.id, group.id) == CORE_NOT_FOUND);
        assert(group_add(world->core, &world->admin, ada.id, ada.id) == CORE_NOT_FOUND);
        assert(group_rename(world->core, &world->admin, group.id, TEXT_OF("accounts"), &again) == CORE_TAKEN);
        assert(group_rename(world->core, &world->admin, group.id, TEXT_OF("Accounting"), &again) == 0);
        assert(again.members == 1 && strcmp(again.name, "Accounting") == 0);
        {
                struct membership of[4];

                assert(group_members(world->core, &world->admin, group.id, (struct id){ 0 }, of, 4, &count) ==
                       0);
                assert(count == 1 && id_equal(of[0].person, ada.id) && id_is_zero(of[0].method));
                assert(group_list_of(world->core, &ada, grace.id, of, 4, &count) == CORE_NOT_FOUND);
        }
        assert(group_remove(world->core, &world->admin, group.id, ada.id) == 0);
        assert(group_remove(world->core, &world->admin, group.id, ada.id) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM membership WHERE tenant_id = ?1") == 0);
        assert(group_delete(world->core, &world->admin, group.id) == 0);
        assert(group_delete(world->core, &world->admin, group.id) == CORE_NOT_FOUND);
}

/* The directory takes away what it gave, and nothing that an administrator gave. */
static void a_source_changes_only_its_own(struct core_world *world)
{
        static const char *const first[] = { "staff", "printing", "staff", "", "bad\nname" };
        static const char *const second[] = { "printing", "night shift" };
        const struct id directory = id_new(), provider = id_new();
        struct membership of[8];
        struct group group;
        int64_t events;

        say(world, &ada, directory, first, ARRAY_LENGTH(first));
        assert(groups_of(world, &ada, of, 8) == 2);
        events = core_world_number(world, "SELECT count(*) FROM event WHERE tenant_id = ?1");
        say(world, &ada, directory, first, ARRAY_LENGTH(first));
        assert(core_world_number(world, "SELECT count(*) FROM event WHERE tenant_id = ?1") == events);

        assert(group_find(world->core, &world->admin, TEXT_OF("staff"), &group) == 0);
        assert(group_add(world->core, &world->admin, group.id, ada.id) == 0);
        say(world, &ada, provider, second, ARRAY_LENGTH(second));
        say(world, &ada, directory, NULL, 0);
        assert(groups_of(world, &ada, of, 8) == 3);
        assert(strcmp(of[0].group_name, "night shift") == 0 && strcmp(of[2].group_name, "staff") == 0);
        assert(id_equal(of[0].method, provider) && id_is_zero(of[2].method));
        say(world, &ada, provider, second, 1);
        assert(groups_of(world, &ada, of, 8) == 2);
}

static void a_source_has_an_end(struct core_world *world)
{
        static char texts[GROUPS_FROM_MAX + 100][16];
        static const char *names[GROUPS_FROM_MAX + 100];

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                snprintf(texts[i], sizeof(texts[i]), "many-%zu", i);
                names[i] = texts[i];
        }
        say(world, &grace, id_new(), names, ARRAY_LENGTH(names));
        assert(core_world_number(world, "SELECT count(*) FROM \"group\" WHERE tenant_id = ?1"
                                        " AND name LIKE 'many-%'") == GROUPS_FROM_MAX);
}

static void open_world(struct core_world *world)
{
        core_world_open(world);
        ada = core_world_make_actor(world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(world, "grace@demo.example", ROLE_PERSON);
}

int main(void)
{
        static struct core_world world;

        open_world(&world);
        administrators_make_them(&world);
        a_source_changes_only_its_own(&world);
        a_source_has_an_end(&world);
        assert(person_delete(world.core, &world.admin, grace.id) == 0);
        assert(person_delete(world.core, &world.admin, ada.id) == 0);
        assert(core_world_number(&world, "SELECT count(*) FROM membership WHERE tenant_id = ?1") == 0);
        core_world_close(&world);
        return 0;
}
