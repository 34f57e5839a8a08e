// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * Defaults of tickets: what somebody, a queue, a site or the whole tenant usually wants. They fill what was
 * left open when the job was sent and when it is released, at release and no earlier: a default that is
 * changed while a job waits is the one that counts. The nearest wins: person, queue, printer, its
 * site, tenant.
 *
 * A default says nothing of pages, which are a document's.
 */

#include "core/actor.h"
#include "core/job/ticket.h"

struct db_tx;

enum ticket_default_kind { /* in the database: the numbers never change */
        TICKET_DEFAULT_TENANT = 0,
        TICKET_DEFAULT_SITE = 1,
        TICKET_DEFAULT_QUEUE = 2,
        TICKET_DEFAULT_PERSON = 3,
        TICKET_DEFAULT_PRINTER = 4,
        TICKET_DEFAULTS
};

/* Whose: the id of the tenant, the site, … CORE_NOT_FOUND, CORE_FORBIDDEN. Where there is none, *ret is
 * empty. */
int ticket_default_find(struct core *core, const struct actor *actor, enum ticket_default_kind kind,
                        struct id owner, struct ticket *ret);
/* Takes the place of the one before; an empty one is none. Likewise, and CORE_BAD_VALUE. */
int ticket_default_set(struct core *core, const struct actor *actor, enum ticket_default_kind kind,
                       struct id owner, const struct ticket *ticket);

/* The nearest first, those that there are. Zero ids: none of that kind. ret has room for TICKET_DEFAULTS. */
struct ticket_default_case {
        struct id person;
        struct id queue;
        struct id printer;
        struct id site;
};
int ticket_defaults_for(struct db_tx *tx, struct id tenant, const struct ticket_default_case *c,
                        struct ticket *ret, size_t *ret_count);
/* What is known of a queue before anybody has come: nobody's own. */
int ticket_default_of_queue(struct core *core, struct id tenant, const struct ticket_default_case *c,
                            struct ticket *ret);
/* With whom it was for. */
int ticket_default_forget(struct db_tx *tx, struct id tenant, enum ticket_default_kind kind, struct id owner);
