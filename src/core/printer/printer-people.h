// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Who may use a printer: everybody of its tenant, or the members of the groups that it names.
 *
 *   1. To whom it is not open it is what never was: lists leave it out, it is not found, nothing is released
 *      there, and queues that lead to it take nothing from him. Guests see public printers alone
 * (core/person/guest.h).
 *   2. Whoever may change it sees it, and prints there no more than others.
 *   3. A group that a printer names cannot be deleted: nothing opens a printer by itself.
 */

#include "core/person/group.h"
#include "core/printer/printer.h"

#define PRINTER_ALLOWED_MAX 32

struct queue;

/*
 * Whether the rows of a table "printer" are seen by ?4, a person; ?5: he may change every one of them. For
 * lists (core/listing.h), whose values then begin with PRINTER_SEEN_VALUES(actor).
 */
#define PRINTER_SEEN(printer)                                                                           \
        " AND (" printer ".is_public <> 0 OR NOT EXISTS (SELECT 1 FROM person g WHERE g.tenant_id = ?1" \
        " AND g.id = ?4 AND g.guest_until_ms > 0)) AND (?5 <> 0"                                        \
        " OR NOT EXISTS (SELECT 1 FROM printer_allowed a WHERE a.tenant_id = ?1"                        \
        " AND a.printer_id = " printer ".id)"                                                           \
        " OR EXISTS (SELECT 1 FROM printer_allowed a JOIN membership m ON m.tenant_id = a.tenant_id"    \
        " AND m.group_id = a.group_id WHERE a.tenant_id = ?1 AND a.printer_id = " printer ".id"         \
        " AND m.person_id = ?4)"                                                                        \
        " OR EXISTS (SELECT 1 FROM site_administrator s WHERE s.tenant_id = ?1 AND s.person_id = ?4"    \
        " AND s.site_id = " printer ".site_id))"
#define PRINTER_SEEN_VALUES(actor) \
        db_id(&(actor)->id), db_integer(actor_may(actor, RIGHT_PRINTERS_CHANGE, whose_tenant()))

/* Whether ?4 may print there, and not only see it; guests are told apart by PRINTER_SEEN(). */
#define PRINTER_USABLE(printer)                                                                           \
        "(NOT EXISTS (SELECT 1 FROM printer_allowed a WHERE a.tenant_id = ?1 AND a.printer_id = " printer \
        ".id) OR EXISTS (SELECT 1 FROM printer_allowed a JOIN membership m ON m.tenant_id = a.tenant_id"  \
        " AND m.group_id = a.group_id WHERE a.tenant_id = ?1 AND a.printer_id = " printer                 \
        ".id AND m.person_id = ?4))"

/* To print there, in a transaction: CORE_NOT_FOUND, or CORE_FORBIDDEN for who only sees it. */
int printer_check_use(struct db_tx *tx, const struct actor *actor, const struct printer *printer);
/* To see it: CORE_NOT_FOUND. */
int printer_check_seen(struct core *core, const struct actor *actor, const struct printer *printer);
/* To send to a queue: CORE_FORBIDDEN where it leads to a printer that is not his to use. */
int printer_check_submit(struct core *core, const struct actor *actor, const struct queue *queue);

/* The groups it names; ret has room for PRINTER_ALLOWED_MAX. CORE_NOT_FOUND, CORE_FORBIDDEN (not his to
 * change). */
int printer_allowed(struct core *core, const struct actor *actor, struct id printer, struct group *ret,
                    size_t *ret_count);
/* Exactly these from now on, by name or id; none: everybody's. Likewise, and CORE_BAD_VALUE for a group that
 * there is not, or too many. */
int printer_allow(struct core *core, const struct actor *actor, struct id printer, const struct text *groups,
                  size_t count);
/* With a printer that is no more. */
int printer_allowed_forget(struct db_tx *tx, struct id tenant, struct id printer);
