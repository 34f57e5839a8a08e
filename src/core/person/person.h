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
        bool role_from_groups; /* of a provider or directory: core/sign-in/outside-role.h */
        bool disabled;
        bool has_password;
        bool has_pin;
        bool password_given;    /* somebody else set it, and it is good only to set another one */
        bool pin_given;         /* somebody else set it */
        bool asks_company;      /* where he signs in, he wants to be asked for the company code */
        int64_t guest_until_ms; /* 0: no guest (core/person/guest.h) */
        uint32_t badges;
        int64_t created_ms;
};

/* What person_change() changes: NULL leaves it. */
struct person_change {
        const char *email; /* his jobs, badges and tokens stay his; what waits in the old mailbox does not */
        const char *name;
        const char *department;
        const enum role *role; /* from now on it is one that was given by hand */
        bool role_by_groups;   /* with role: it is left to the groups again, and he is a person until then */
        const bool *disabled;
};

/* CORE_FORBIDDEN, CORE_TAKEN, CORE_BAD_VALUE (no address, too long). The first person of a tenant is made
 * with a NULL actor by init. */
int person_make(struct core *core, const struct actor *actor, struct id tenant, struct text email,
                struct text name, enum role role, struct person *ret);
/* An administrator finds everyone, a person only himself; CORE_NOT_FOUND otherwise. */
int person_find(struct core *core, const struct actor *actor, struct id id, struct person *ret);
int person_find_by_email(struct core *core, const struct actor *actor, struct text email, struct person *ret);
/* Which people: those in whose name, address or department the words stand (letters of ASCII in either case;
 * at most PERSON_WORDS octets count), and those with this role. */
#define PERSON_WORDS 255
struct person_search {
        struct text words;     /* empty: whatever they are called */
        const enum role *role; /* NULL: any */
};

/* In order of id; after may be the zero id; *ret_count is at most max.
 * CORE_FORBIDDEN. */
int person_search(struct core *core, const struct actor *actor, const struct person_search *search,
                  struct id after, struct person *ret, size_t max, size_t *ret_count);
/* Everybody. */
int person_list(struct core *core, const struct actor *actor, struct id after, struct person *ret, size_t max,
                size_t *ret_count);
/* CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_TAKEN (the address), CORE_BAD_VALUE (the last administrator cannot be
 * disabled or changed to a person). Whoever is disabled loses at once what person_end_everything() ends. */
int person_change(struct core *core, const struct actor *actor, struct id id,
                  const struct person_change *change, struct person *ret);
/*
 * Whether the actor himself is always to be asked for the company code, to choose among organisations. What
 * is told to nobody but him: it is the browser in which he signed in that remembers it. CORE_FORBIDDEN.
 */
int person_ask_company(struct core *core, const struct actor *actor, bool always);
/*
 * Everything by which he is let in without showing a secret again: sessions, tokens, grants of programs,
 * one-time codes. In the transaction that disables or deletes him; whatever is asked for after it is refused.
 * A table in core/person/person-end.c names them: who adds another such thing adds its line there. Faults
 * only.
 */
struct db_tx;
int person_end_everything(struct db_tx *tx, struct id tenant, struct id person);
/*
 * Erases the person: credentials, jobs with their documents, groups, mail that waits, and whatever else is
 * kept of him. What happened stays in the trail of events, which names him by an id that then belongs to
 * nobody. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BUSY (a document of his is on its way to paper).
 */
int person_delete(struct core *core, const struct actor *actor, struct id id);

/*
 * Sets a password: text of as many characters as the tenant's policy says (8 or more; 15 is the better
 * advice) and at most 512 octets; which characters is nobody's business but the owner's. One that is in the
 * list of known ones is refused. Ends the cache and a lock. CORE_FORBIDDEN, CORE_NOT_FOUND, CORE_BAD_VALUE,
 * CORE_KNOWN_PASSWORD, CORE_BUSY.
 *
 * One that somebody else sets is known to two: it lets its owner in to set his own (actor.owes_password) and
 * to nothing else, for as long as a one-time code is good, and he cannot keep it (CORE_KNOWN_PASSWORD). A
 * NULL actor is the owner himself, at the machine.
 */
int person_set_password(struct core *core, const struct actor *actor, struct id tenant, struct id id,
                        struct text password);
/* The first one of somebody who is made together with his tenant: whoever makes it sees it. */
int person_set_first_password(struct core *core, struct id tenant, struct id id, struct text password);
/* A PIN is 6 to 12 digits: ten guesses of a million. As above, but that one from somebody else goes on being
 * good: it is told as such (pin_given), for printers have no page to set another. */
int person_set_pin(struct core *core, const struct actor *actor, struct id id, struct text pin);
/* Forgets wrong guesses at somebody's secrets, or takes his PIN away, for who forgot it; he sets another
 * himself. CORE_FORBIDDEN, CORE_NOT_FOUND. */
int person_unlock(struct core *core, const struct actor *actor, struct id id);
int person_take_pin(struct core *core, const struct actor *actor, struct id id);
/* Whether it is one. */
bool person_pin_is_good(struct text pin);
