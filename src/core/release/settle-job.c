// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/job/job.h"
#include "core/printer/printer-people.h"
#include "core/report/report-paper.h"
#include "core/release/settle.h"
#include "core/state.h"
#include "core/job/substitution.h"
#include "core/job/ticket-default.h"

/* What is known of its pages so far. */
static int find_pages(struct db_tx *tx, struct id tenant, const struct job_row *job,
                      struct settle_question *question)
{
        struct inspection inspection;
        int r = inspection_row_find(tx, tenant, job->id, &inspection);

        if (r)
                return r == DB_NO_ROW ? 0 : fold(r);
        question->pages = inspection.facts.pages;
        question->pages_come = inspection.state == INSPECTION_WAITING;
        question->is_grey = inspection.facts.has_colour_pages && inspection.facts.colour_pages == 0;
        return 0;
}

/* What holds for somebody's job from a queue. */
struct rules {
        struct ticket defaults[TICKET_DEFAULTS];
        struct policy *policies;
};

static void rules_done(struct rules *rules)
{
        free(rules->policies);
}

static int find_rules(struct db_tx *tx, struct id tenant, struct id owner, struct id queue,
                      struct rules *rules, struct settle_question *question)
{
        const struct printer *printer = question->printer;
        const struct policy_case policy_case = { owner, queue, printer->id, printer->site };
        const struct ticket_default_case default_case = { owner, queue, printer->id, printer->site };
        int r;

        rules->policies = calloc(POLICIES_MAX, sizeof(*rules->policies));
        if (!rules->policies)
                return fault(-ENOMEM);
        question->defaults = rules->defaults;
        question->policies = rules->policies;
        r = ticket_defaults_for(tx, tenant, &default_case, rules->defaults, &question->default_count);
        return r ? r : policies_for(tx, tenant, &policy_case, rules->policies, &question->policy_count);
}

int settle_estimate(struct db_tx *tx, struct id tenant, const struct job *job, const struct printer *printer,
                    struct settled *ret)
{
        SCOPED(rules_done) struct rules rules = { .policies = NULL };
        struct settle_question question = { .sent = &job->ticket,
                                            .printer = printer,
                                            .pages = job->document_pages,
                                            .is_grey = job->has_colour_pages && job->colour_pages == 0 };
        int r = find_rules(tx, tenant, job->owner, job->queue, &rules, &question);

        if (r == 0)
                settle(&question, ret);
        return r;
}

int settle_job(struct db_tx *tx, struct id tenant, const struct job_row *job, const struct printer *printer,
               const struct settle_options *options, struct settled *ret)
{
        SCOPED(rules_done) struct rules rules = { .policies = NULL };
        struct settle_question question = { .chosen = options->chosen,
                                            .sent = &job->ticket,
                                            .printer = printer,
                                            .from_page = options->from_page };
        int r;

        r = find_rules(tx, tenant, job->owner, job->queue, &rules, &question);
        if (r == 0)
                r = find_pages(tx, tenant, job, &question);
        if (r)
                return r;
        question.pages_come = question.pages_come || options->pages_come;
        settle(&question, ret);
        /* Further steps follow here, each as one call. */
        return substitution_settle(tx, tenant, printer, job, ret);
}

static int note_change(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                       const struct settled_note *note)
{
        bool is_forced = note->kind == SETTLED_FORCED;
        bool is_paper = note->kind == SETTLED_NOT_LOADED || note->kind == SETTLED_SUBSTITUTED;
        char detail[CORE_WORDS];

        snprintf(detail, sizeof(detail), "option=%s%s%.64s value=%.64s%s%.64s", note->option->name,
                 note->asked[0] ? " asked=" : "", note->asked, note->value[0] ? note->value : "any",
                 is_forced  ? " policy="
                 : is_paper ? " reason="
                            : "",
                 is_forced  ? note->title
                 : is_paper ? settled_reason(note->kind)
                            : "");
        return event_add(tx, tenant, actor, is_forced ? "job-ticket-forced" : "job-ticket-adapted", job,
                         detail);
}

int settled_note_changes(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                         const struct settled *settled)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < settled->note_count; i++)
                if (settled->notes[i].kind == SETTLED_FORCED ||
                    settled->notes[i].kind == SETTLED_SUBSTITUTED || settled_is_conflict(&settled->notes[i]))
                        r = note_change(tx, tenant, actor, job, &settled->notes[i]);
        return r;
}

int settled_note_one_left(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                          const struct settled_note *note)
{
        char detail[CORE_WORDS];

        snprintf(detail, sizeof(detail), "reason=%s option=%s%s%.64s%s%.96s", settled_reason(note->kind),
                 note->option->name, note->asked[0] ? " asked=" : "", note->asked,
                 note->title[0] ? " policy=" : "", note->title);
        return event_add(tx, tenant, actor, "job-left-out", job, detail);
}

int settled_note_left(struct db_tx *tx, struct id tenant, const struct actor *actor, struct id job,
                      const struct settled *settled)
{
        int r = 0;

        for (size_t i = 0; r == 0 && i < settled->note_count; i++)
                if (settled->notes[i].kind >= SETTLED_TOO_MANY_PAGES)
                        r = settled_note_one_left(tx, tenant, actor, job, &settled->notes[i]);
        return r;
}

struct look {
        const struct actor *actor;
        struct id job, printer;
        const struct ticket *chosen;
        struct settled *ret;
        struct cost *ret_cost;
};

/* What it would cost there as it was settled. */
static int price(struct db_tx *tx, const struct look *look, const struct printer *printer)
{
        struct inspection inspection = { .state = INSPECTION_NONE };
        struct price_list list;
        struct report_use use;
        struct report_paper paper = { .ticket = &look->ret->ticket, .has_colour = printer->colour };
        int r = inspection_row_find(tx, look->actor->tenant, look->job, &inspection);

        if (r == 0 || r == DB_NO_ROW)
                r = price_list_find(tx, look->actor->tenant, printer->id, &list);
        if (r)
                return fold(r);
        paper.document_pages = inspection.facts.pages;
        paper.has_colour_pages = inspection.facts.has_colour_pages;
        paper.colour_pages = inspection.facts.colour_pages;
        report_measure(&paper, &use);
        *look->ret_cost = price_use(&list, &use);
        look->ret_cost->is_estimate = true;
        return 0;
}

static int look_in(struct db_tx *tx, void *context)
{
        struct look *look = context;
        const struct actor *actor = look->actor;
        const struct settle_options options = { .chosen = look->chosen };
        struct printer printer;
        struct job_row job;
        int r;

        r = job_row_find(tx, actor->tenant, look->job, &job);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        if (!actor_may(actor, RIGHT_JOBS_CHANGE, whose_person(job.owner)))
                return CORE_NOT_FOUND;
        r = printer_find_in(tx, actor->tenant, look->printer, &printer);
        if (r)
                return r == DB_NO_ROW ? CORE_NOT_FOUND : fold(r);
        r = printer_check_use(tx, actor, &printer);
        if (r == 0)
                r = settle_job(tx, actor->tenant, &job, &printer, &options, look->ret);
        return r ? r : price(tx, look, &printer);
}

int settle_look(struct core *core, const struct actor *actor, struct id job, struct id printer,
                const struct ticket *chosen, struct settled *ret, struct cost *ret_cost)
{
        struct look look = { actor, job, printer, chosen, ret, ret_cost };
        int r;

        if (chosen && !ticket_is_valid(chosen))
                return CORE_BAD_VALUE;
        r = substitution_prepare(core, actor->tenant, printer, core->settings.printer_state_wait_ms);
        return r ? r : db_read(core->db, look_in, &look);
}
