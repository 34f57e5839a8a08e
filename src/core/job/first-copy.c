// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The first copy now, the rest later. The job keeps what was chosen for all of its copies, and the delivery
 * of the first one how many are left. In the transaction that settles that delivery, which is applied once,
 * the job is held again for them, so that nobody gets them twice and nobody loses them.
 */

#include <stdio.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "core/state.h"

static int set_ticket(struct db_tx *tx, struct id tenant, struct id job, const struct ticket *ticket)
{
        char words[TICKET_TEXT];

        ticket_format(ticket, words, sizeof(words));
        return fold(db_run(tx, tenant, "UPDATE job SET ticket = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&job), db_string(words)), NULL));
}

int first_copy_begin(struct db_tx *tx, struct id tenant, const struct job_row *job,
                     const struct ticket *chosen, struct ticket *settled, uint32_t *ret_rest)
{
        struct ticket intent = job->ticket;

        *ret_rest = 0;
        if (settled->copies <= 1)
                return 0;
        if (chosen)
                ticket_overlay(&intent, chosen);
        intent.copies = settled->copies;
        *ret_rest = settled->copies - 1;
        settled->copies = 1;
        return set_ticket(tx, tenant, job->id, &intent);
}

int first_copy_keep_rest(struct db_tx *tx, struct id tenant, struct id delivery, uint32_t rest)
{
        return fold(db_run(tx, tenant, "UPDATE delivery SET rest = ?3 WHERE tenant_id = ?1 AND id = ?2",
                           DB_VALUES(db_id(&delivery), db_integer(rest)), NULL));
}

int first_copy_out(struct core *core, struct db_tx *tx, const struct actor *actor, struct job_row *job,
                   uint32_t rest)
{
        struct id tenant = actor->tenant;
        struct tenant settings;
        char detail[CORE_WORDS];
        int r;

        job->ticket.copies = rest;
        r = set_ticket(tx, tenant, job->id, &job->ticket);
        if (r)
                return r;
        r = tenant_find_by_id(core, tenant, &settings);
        if (r)
                return fold(r);
        r = job_row_become(core, tx, tenant, job, JOB_HELD, "first-copy", clock_unix_ms() + settings.held_ms);
        if (r)
                return r;
        snprintf(detail, sizeof(detail), "reason=first-copy copies=%u", rest);
        return event_add(tx, tenant, actor, "job-held-again", job->id, detail);
}
