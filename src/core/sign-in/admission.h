// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Admission: how people come to be known to a tenant by themselves. An administrator may always add somebody.
 *
 *   - registration: whoever proves a mailbox gets an account (core/person/registration.h). Off unless it is
 * switched on.
 *   - approval: an administrator looks at each of them first; until then he is disabled, and nothing of his
 * is kept.
 *   - directory only: no registration whatever else is set; only who a sign-in method's source vouches for.
 *   - badge enrolment: a badge that nobody knows can be bound by whoever shows it (core/person/enrolment.h).
 *
 * And for whom: address rules, which are asked wherever an account would come into being by itself, also at
 * the first sign-in by an outside provider. The more specific rule decides: an address before its domain, a
 * domain before "*.domain", which is all below it. Where there is a rule that allows, whom none allows stays
 * outside.
 */

#include "core/actor.h"

#define ADDRESS_RULES_MAX 10000

struct db_tx;

struct admission {
        bool registration;
        bool approval;
        bool directory_only;
        bool badge_enrolment;
        bool guests; /* whoever is from elsewhere and proves a mailbox is a guest (core/person/guest.h) */
        int64_t guest_ms; /* for so long */
};
/* A tenant that has set nothing has everything off, but for approval. CORE_FORBIDDEN. */
int admission_find(struct core *core, const struct actor *actor, struct admission *ret);
int admission_set(struct core *core, const struct actor *actor, const struct admission *admission);
/* In a transaction of somebody else's. */
int admission_look(struct db_tx *tx, struct id tenant, struct admission *ret);

struct address_rule {
        struct id id;
        bool blocks;              /* or else allows */
        char pattern[CORE_EMAIL]; /* "ada@demo.example", "demo.example", "*.demo.example", in lower case */
        char note[CORE_TITLE];
        int64_t created_ms;
};
/* pattern, note and blocks are set. CORE_FORBIDDEN, CORE_BAD_VALUE (no such pattern, too many), CORE_TAKEN
 * (there is a rule for it). */
int address_rule_make(struct core *core, const struct actor *actor, struct address_rule *rule);
int address_rule_list(struct core *core, const struct actor *actor, struct id after, struct address_rule *ret,
                      size_t max, size_t *ret_count);
int address_rule_delete(struct core *core, const struct actor *actor, struct id id);
/* Whether the folded address may come in, and whether a rule speaks of it (ret_is_ruled may be NULL); faults.
 */
int address_rule_look(struct db_tx *tx, struct id tenant, const char *email, bool *ret_may,
                      bool *ret_is_ruled);
