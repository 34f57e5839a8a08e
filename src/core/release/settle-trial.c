// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "core/release/settle-trial.h"

#include "base/outcome.h"
#include "core/person/person.h"
#include "core/printer/printer-people.h"
#include "core/state.h"
#include "core/job/ticket-default.h"

struct context {
        const struct actor *actor;
        const struct settle_trial *trial;
        struct settle_trial_outcome *ret;
};

/* As that person alone: what he may administer is no use of a printer. */
static int find_may_print(struct db_tx *tx, const struct context *c, const struct printer *printer)
{
        const struct actor person = { .kind = ACTOR_PERSON,
                                      .tenant = c->actor->tenant,
                                      .id = c->trial->person };
        int r = printer_check_use(tx, &person, printer);

        c->ret->may_print = r == 0;
        return r < 0 ? r : 0;
}

static int settle_in(struct db_tx *tx, const struct context *c, const struct printer *printer)
{
        const struct settle_trial *trial = c->trial;
        const struct policy_case policy_case = { trial->person, trial->queue, printer->id, printer->site };
        const struct ticket_default_case default_case = { trial->person, trial->queue, printer->id,
                                                          printer->site };
        struct ticket defaults[TICKET_DEFAULTS];
        struct settle_question question = { .sent = &trial->sent,
                                            .defaults = defaults,
                                            .policies = c->ret->policies,
                                            .printer = printer,
                                            .pages = trial->pages,
                                            .is_grey = trial->is_grey };
        int r;

        r = ticket_defaults_for(tx, c->actor->tenant, &default_case, defaults, &question.default_count);
        if (r == 0)
                r = policies_for(tx, c->actor->tenant, &policy_case, c->ret->policies,
                                 &question.policy_count);
        if (r)
                return r;
        c->ret->policy_count = question.policy_count;
        settle(&question, &c->ret->settled);
        return 0;
}

static int try_in(struct db_tx *tx, void *context)
{
        const struct context *c = context;
        struct printer printer;
        struct person person;
        int r = person_row_find(tx, c->actor->tenant, c->trial->person, &person);

        if (r == 0)
                r = printer_find_in(tx, c->actor->tenant, c->trial->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = find_may_print(tx, c, &printer);
        return r ? r : settle_in(tx, c, &printer);
}

int settle_try(struct core *core, const struct actor *actor, const struct settle_trial *trial,
               struct settle_trial_outcome *ret)
{
        struct context c = { actor, trial, ret };

        if (!actor_may(actor, RIGHT_POLICIES, whose_tenant()))
                return CORE_FORBIDDEN;
        if (!ticket_is_valid(&trial->sent))
                return CORE_BAD_VALUE;
        return db_read(core->db, try_in, &c);
}
