// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Guests: people from elsewhere who print at a tenant's public printers. A guest is a person of that tenant
 * and of no other, made by the proof of a mailbox (core/person/registration.h); his jobs stand in its list as
 * everybody's.
 *
 *   1. He sees, and prints and releases at, the printers that are public, and queues that lead to them; any
 * other is to him what never was.
 *   2. Nobody of the tenant's own proved domains becomes one.
 *   3. His account ends by itself: everything of his is erased then, as if an administrator had.
 */

#include "core/actor.h"

struct db_tx;
struct printer;

#define GUEST_MS_DEFAULT (INT64_C(24) * 3600000)

/* CORE_NOT_FOUND where the actor is a guest and the printer is not public: for core/printer/printer-people.h.
 * Faults.
 */
int guest_check_printer(struct db_tx *tx, const struct actor *actor, const struct printer *printer);
/* Erases those whose time is over. */
int guests_sweep(struct core *core, int64_t now_ms);
