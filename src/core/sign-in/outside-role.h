// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Roles by groups of a provider or directory: the administrator names groups of a method and the role of
 * whoever is in them (outside_policy.roles).
 *
 *   1. A role that was given here by hand stands, whatever the groups say: also the role of a person, which
 *      keeps somebody from more. An administrator leaves it to the groups again
 * (person_change.role_by_groups).
 *   2. Which method gave a role is remembered. Who is not in its groups any more, is a person again: from the
 *      next sign-in, question or synchronisation on, and when the method is deleted. No other method changes
 *      it meanwhile.
 *   3. Of several groups the one that gives most counts: administrator, help desk, analyst. There are no
 *      others: nobody becomes an operator by a group, and administrators of a site are named at the site.
 *   4. A provider that says nothing of groups gives no role.
 *   5. The last administrator keeps his role.
 *
 * For files of core; in the transaction in which the rest of what the provider says is written.
 */

#include "core/sign-in/outside.h"

/* Whether groups may give it. */
bool outside_role_may_be_given(enum role role);

/* Writes his role as the groups have it, with its event. */
int outside_role_follow(struct db_tx *tx, struct id tenant, const struct outside_identity *identity,
                        const struct outside_claims *claims, const struct outside_policy *policy,
                        struct person *person);

/* The method is deleted: what it gave is taken back. */
int outside_role_forget_method(struct db_tx *tx, struct id tenant, struct id method);
