// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Synchronisation: everybody a directory has, and nobody else of those it brought.
 *
 * One thread of the process does it, one directory after the other: those whose time has come, and those that
 * an administrator asks for. A list that did not come whole takes nobody away, and neither does one that
 * would take away more than the method's brake allows; both say so in the run's outcome.
 */

#include "core/person/roster.h"

struct ldap_sync;

int ldap_sync_start(struct core *core, struct ldap_sync **ret);
/* Waits for the one under way; what had not begun is not begun. */
void ldap_sync_stop(struct ldap_sync *sync);
void ldap_sync_stopp(struct ldap_sync **sync);

/*
 * To be done soon; *ret is the run, whose outcome is found with roster_run_find(). dry: nothing is changed,
 * and the lines say what would be. CORE_FORBIDDEN, CORE_NOT_FOUND (no method of this kind), CORE_BUSY.
 */
int ldap_sync_order(struct ldap_sync *sync, const struct actor *actor, struct id method, bool dry,
                    struct roster_run *ret);
