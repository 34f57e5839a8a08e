// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Groups: names under which people stand together.
 *
 * A person is a member because an administrator said so here (a local membership), or because a sign-in
 * method's source did (a directory, a provider). Each membership names its source, and a source changes only
 * its own: what the directory takes away, an administrator's word still gives, and the other way round. One
 * group has one name, whoever speaks of it.
 *
 * Everything an outside source may say is bounded: GROUPS_FROM_MAX names a person, GROUPS_MAX groups a
 * tenant; what is beyond, or is no name, is left out.
 */

#include "core/actor.h"

#define GROUPS_FROM_MAX 512
#define GROUPS_MAX      10000

struct db_tx;

struct group {
        struct id id;
        char name[CORE_TITLE];
        uint32_t members; /* people, each once */
        int64_t created_ms;
};

/* CORE_FORBIDDEN, CORE_TAKEN, CORE_BAD_VALUE (no printable name, GROUPS_MAX). */
int group_make(struct core *core, const struct actor *actor, struct text name, struct group *ret);
/* An id or a name. CORE_NOT_FOUND, CORE_FORBIDDEN. */
int group_find(struct core *core, const struct actor *actor, struct text id_or_name, struct group *ret);
/* In order of id. CORE_FORBIDDEN. */
int group_list(struct core *core, const struct actor *actor, struct id after, struct group *ret, size_t max,
               size_t *ret_count);
/* CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_TAKEN, CORE_BAD_VALUE. */
int group_rename(struct core *core, const struct actor *actor, struct id id, struct text name,
                 struct group *ret);
/* With all memberships; a source that still names it makes it anew. CORE_FORBIDDEN, CORE_NOT_FOUND,
 * CORE_TAKEN (a printer is its members' alone, and must not become everybody's). */
int group_delete(struct core *core, const struct actor *actor, struct id id);

/* Local memberships; adding one that is there, or taking one away that is not, is done. CORE_FORBIDDEN,
 * CORE_NOT_FOUND (group, person). */
int group_add(struct core *core, const struct actor *actor, struct id group, struct id person);
int group_remove(struct core *core, const struct actor *actor, struct id group, struct id person);

/* One person in one group, by one source. */
struct membership {
        struct id person;
        struct id group;
        struct id method; /* the sign-in method that says so; zero: local */
        char email[CORE_EMAIL];
        char group_name[CORE_TITLE];
};
/* Of a group, in order of person; after is the last person seen. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int group_members(struct core *core, const struct actor *actor, struct id group, struct id after,
                  struct membership *ret, size_t max, size_t *ret_count);
/* Of a person, whom an administrator or himself may ask about. CORE_NOT_FOUND. */
int group_list_of(struct core *core, const struct actor *actor, struct id person, struct membership *ret,
                  size_t max, size_t *ret_count);

/*
 * What a source says of a person now: exactly these names, which become groups where there are none. Other
 * sources' memberships stay. method is zero for local ones. Whatever changed is one event, "groups-changed",
 * about the person; the same names again change nothing and write nothing. Faults only.
 */
int group_set_from(struct db_tx *tx, struct id tenant, struct id person, struct id method,
                   const char *const *names, size_t count);
/* A source that is no more takes what it said with it. */
int group_forget_source(struct db_tx *tx, struct id tenant, struct id method);
