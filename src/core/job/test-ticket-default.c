// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/job/ticket-default.h"

#include "base/scope.h"
#include "core/job/queue.h"
#include "core/site/site.h"
#include "core/test-world.h"

static struct actor ada, grace;
static struct site hall;
static struct queue pull;

static struct ticket ticket(const char *words)
{
        struct ticket made;

        assert(ticket_parse(text_from(words), &made) == 0);
        return made;
}

static int set(struct core_world *world, const struct actor *actor, enum ticket_default_kind kind,
               struct id owner, const char *words)
{
        struct ticket made = ticket(words);

        return ticket_default_set(world->core, actor, kind, owner, &made);
}

static const char *find(struct core_world *world, const struct actor *actor, enum ticket_default_kind kind,
                        struct id owner)
{
        static char words[TICKET_TEXT];
        struct ticket found;

        if (ticket_default_find(world->core, actor, kind, owner, &found))
                return NULL;
        ticket_format(&found, words, sizeof(words));
        return words;
}

static void everybody_has_his_own(struct core_world *world)
{
        assert(strcmp(find(world, &ada, TICKET_DEFAULT_PERSON, ada.id), "") == 0);
        assert(set(world, &ada, TICKET_DEFAULT_PERSON, ada.id, "copies=2") == 0);
        assert(set(world, &ada, TICKET_DEFAULT_PERSON, ada.id, "sides=one-sided") == 0);
        assert(strcmp(find(world, &ada, TICKET_DEFAULT_PERSON, ada.id), "sides=one-sided") == 0);
        assert(!find(world, &grace, TICKET_DEFAULT_PERSON, ada.id));
        assert(set(world, &grace, TICKET_DEFAULT_PERSON, ada.id, "copies=9") == CORE_NOT_FOUND);
        assert(set(world, &world->admin, TICKET_DEFAULT_PERSON, ada.id, "copies=3") == 0);
        assert(set(world, &world->admin, TICKET_DEFAULT_PERSON, id_new(), "copies=3") == CORE_NOT_FOUND);
        assert(set(world, &ada, TICKET_DEFAULT_PERSON, ada.id, "page-ranges=1-3") == CORE_BAD_VALUE);
        assert(set(world, &ada, TICKET_DEFAULT_PERSON, ada.id, "") == 0);
        assert(strcmp(find(world, &ada, TICKET_DEFAULT_PERSON, ada.id), "") == 0);
        assert(core_world_number(world, "SELECT count(*) FROM ticket_default WHERE tenant_id = ?1") == 0);
}

static void places_have_theirs(struct core_world *world)
{
        const struct {
                enum ticket_default_kind kind;
                struct id owner;
        } places[] = { { TICKET_DEFAULT_QUEUE, pull.id },
                       { TICKET_DEFAULT_SITE, hall.id },
                       { TICKET_DEFAULT_TENANT, world->tenant.id } };

        for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
                assert(set(world, &ada, places[i].kind, places[i].owner, "copies=2") == CORE_FORBIDDEN);
                assert(set(world, &world->admin, places[i].kind, places[i].owner, "copies=2") == 0);
                assert(strcmp(find(world, &ada, places[i].kind, places[i].owner), "copies=2") == 0);
                assert(!find(world, &ada, places[i].kind, id_new()));
                assert(set(world, &world->admin, places[i].kind, places[i].owner, "") == 0);
        }
}

struct asked {
        struct id tenant;
        struct ticket_default_case about;
        struct ticket tickets[TICKET_DEFAULTS];
        size_t count;
};

static int ask_in(struct db_tx *tx, void *context)
{
        struct asked *asked = context;

        return ticket_defaults_for(tx, asked->tenant, &asked->about, asked->tickets, &asked->count);
}

static void the_nearest_is_first(struct core_world *world)
{
        struct asked asked = { .tenant = world->tenant.id,
                               .about = { .person = ada.id, .queue = pull.id, .site = hall.id } };
        char words[TICKET_TEXT];
        struct ticket known;

        assert(set(world, &ada, TICKET_DEFAULT_PERSON, ada.id, "copies=4") == 0);
        assert(set(world, &world->admin, TICKET_DEFAULT_QUEUE, pull.id, "copies=3;number-up=2") == 0);
        assert(set(world, &world->admin, TICKET_DEFAULT_SITE, hall.id, "copies=2;media=iso_a4_210x297mm") ==
               0);
        assert(set(world, &world->admin, TICKET_DEFAULT_TENANT, world->tenant.id, "copies=1") == 0);
        assert(db_read(world->db, ask_in, &asked) == 0 && asked.count == 4);
        for (uint32_t i = 0; i < 4; i++)
                assert(asked.tickets[i].copies == 4 - i);
        asked.about.site = (struct id){ 0 };
        asked.about.person = grace.id;
        assert(db_read(world->db, ask_in, &asked) == 0 && asked.count == 2 && asked.tickets[0].copies == 3);

        /* Nobody's own is told of a queue. */
        assert(ticket_default_of_queue(world->core, world->tenant.id,
                                       &(struct ticket_default_case){ .queue = pull.id, .site = hall.id },
                                       &known) == 0);
        ticket_format(&known, words, sizeof(words));
        assert(strcmp(words, "copies=3;media=iso_a4_210x297mm;number-up=2") == 0);
        assert(queue_delete(world->core, &world->admin, pull.id) == 0);
        assert(site_delete(world->core, &world->admin, hall.id) == 0);
        assert(core_world_number(world, "SELECT count(*) FROM ticket_default WHERE tenant_id = ?1") == 2);
}

int main(void)
{
        struct core_world world = { 0 };

        core_world_open(&world);
        ada = core_world_make_actor(&world, "ada@demo.example", ROLE_PERSON);
        grace = core_world_make_actor(&world, "grace@demo.example", ROLE_PERSON);
        strcpy(hall.name, "hall");
        assert(site_make(world.core, &world.admin, &hall) == 0);
        pull = (struct queue){ .name = "pull", .accepting = true };
        assert(queue_make(world.core, &world.admin, world.tenant.id, &pull) == 0);
        everybody_has_his_own(&world);
        places_have_theirs(&world);
        the_nearest_is_first(&world);
        core_world_close(&world);
        return 0;
}
