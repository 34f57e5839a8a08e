// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* People, and what they show to say who they are. Only administrators change them; a person may change the
 * own secrets. */

#include "core/actor.h"

struct person {
        struct id id;
        char email[CORE_EMAIL]; /* lower case */
        char name[CORE_TITLE];
        char department[CORE_TITLE]; /* empty: none */
        enum role role;
        bool disabled;
        bool has_password;
        bool has_pin;
        uint32_t badges;
        int64_t created_ms;
};

/* What person_change() changes: NULL leaves it. */
struct person_change {
        const char *name;
        const char *department;
        const enum role *role;
        const bool *disabled;
};

/* CORE_FORBIDDEN, CORE_TAKEN, CORE_BAD_VALUE (no address, too long). The first person of a tenant is made
 * with a NULL actor by init. */
int person_make(struct core *core, const struct actor *actor, struct id tenant, struct text email,
                struct text name, enum role role, struct person *ret);
/* An administrator finds everyone, a person only himself; CORE_NOT_FOUND otherwise. */
int person_find(struct core *core, const struct actor *actor, struct id id, struct person *ret);
int person_find_by_email(struct core *core, const struct actor *actor, struct text email, struct person *ret);
/* In order of id; after may be the zero id. *ret_count is at most max. CORE_FORBIDDEN. */
int person_list(struct core *core, const struct actor *actor, struct id after, struct person *ret, size_t max,
                size_t *ret_count);
/* CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE (the last administrator cannot be disabled or changed to a
 * person). */
int person_change(struct core *core, const struct actor *actor, struct id id,
                  const struct person_change *change, struct person *ret);
/* Deletes the person with all credentials and jobs, documents included. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int person_delete(struct core *core, const struct actor *actor, struct id id);

/*
 * Sets a password (8 to 512 octets of text; longer and no composition rules is the better advice), ends the
 * cache and a lock. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE, CORE_BUSY.
 */
int person_set_password(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                        struct text password);
/* A PIN is 6 to 12 digits: ten guesses of a million. As above. */
int person_set_pin(struct core *core, const struct actor *actor, struct id id, struct text pin);

/* A badge's number as canonical text (badge/card-number.h at the agent): 4 to 64 hexadecimal digits, either
 * case. */
struct badge {
        struct id id;
        struct id person;
        char label[CORE_TITLE];
        int64_t created_ms;
        int64_t used_ms; /* 0: never */
};
/* CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE, CORE_TAKEN (bound to somebody). */
int badge_add(struct core *core, const struct actor *actor, struct id person, struct text number,
              struct text label, struct badge *ret);
int badge_list(struct core *core, const struct actor *actor, struct id person, struct badge *ret, size_t max,
               size_t *ret_count);
int badge_delete(struct core *core, const struct actor *actor, struct id person, struct id badge);
