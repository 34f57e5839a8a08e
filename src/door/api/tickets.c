// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* What a job would become at a printer, and what tickets usually hold. */

#include <errno.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/printer/printer.h"
#include "core/release/settle.h"
#include "core/site/site.h"
#include "core/job/ticket-default.h"
#include "door/api/api.h"
#include "door/money.h"

/* The printer's choices, or null. */
static json_t *choices_json(const struct settled_note *note)
{
        struct text rest = text_from(note->choices), one;
        json_t *array = rest.len ? json_array() : json_null();
        bool more = rest.len > 0;

        while (array && more) {
                char word[TICKET_VALUE];
                json_t *value;

                more = text_cut(rest, ',', &one, &rest);
                if (!text_copy(one, word, sizeof(word)))
                        continue;
                value = ticket_value_json(note->option, word);
                /* Of a list, one by one. */
                if (json_is_array(value)) {
                        json_array_extend(array, value);
                        json_decref(value);
                } else {
                        json_array_append_new(array, value);
                }
        }
        return array;
}

static json_t *value_json(const struct settled_note *note, const char *value)
{
        uint64_t pages;

        /* Of pages, how many they are. */
        if (note->kind == SETTLED_TOO_MANY_PAGES || note->kind == SETTLED_PAGES_UNKNOWN)
                return text_number(text_from(value), UINT64_MAX, &pages) ? json_integer((json_int_t)pages)
                                                                         : json_null();
        return value[0] ? ticket_value_json(note->option, value) : json_null();
}

json_t *settled_note_json(const struct settled_note *note)
{
        char name[TICKET_KEYWORD];

        if (!note)
                return json_pack("{s:n, s:n, s:n, s:n, s:n}", "option", "asked", "value", "choices",
                                 "policy");
        ticket_member_name(note->option, name);
        return json_pack("{s:s, s:o, s:o, s:o, s:o}", "option", name, "asked", value_json(note, note->asked),
                         "value", value_json(note, note->value), "choices", choices_json(note), "policy",
                         json_words_or_null(note->title));
}

/* Notes of some kinds, from least to most; those that refuse say why. */
static json_t *notes_json(const struct settled *settled, enum settled_kind least, enum settled_kind most)
{
        json_t *array = json_array();

        for (size_t i = 0; array && i < settled->note_count; i++) {
                const struct settled_note *note = &settled->notes[i];
                json_t *value;

                if (note->kind < least || note->kind > most)
                        continue;
                value = settled_note_json(note);
                if (!value || json_object_set_new(value, "reason", json_string(settled_reason(note->kind))) ||
                    json_array_append_new(array, value)) {
                        json_decref(array);
                        return NULL;
                }
        }
        return array;
}

json_t *settled_json(const struct settled *settled, const struct cost *cost)
{
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "ticket", ticket_json(&settled->ticket),
                         "cost", cost_json(cost), "pages",
                         settled->pages ? json_integer(settled->pages) : json_null(), "forced",
                         notes_json(settled, SETTLED_FORCED, SETTLED_FORCED), "conflicts",
                         notes_json(settled, SETTLED_CONFLICT, SETTLED_NOT_LOADED), "left_out",
                         notes_json(settled, SETTLED_LEFT_OUT, SETTLED_LEFT_OUT), "substituted",
                         notes_json(settled, SETTLED_SUBSTITUTED, SETTLED_SUBSTITUTED), "refused",
                         notes_json(settled, SETTLED_TOO_MANY_PAGES, SETTLED_NO_SUCH_PAGES));
}

int job_ticket_answer(struct request *request)
{
        struct settled settled;
        struct cost cost;
        struct printer printer;
        struct ticket chosen;
        struct text name;
        struct job job;
        int r = request_find_job(request, &job);

        if (r == 0 && !actor_may(&request->actor, RIGHT_JOBS_CHANGE, whose_person(job.owner)))
                r = CORE_NOT_FOUND;
        if (r)
                return request_refuse(request, r);
        if (!http_query(request->x, "printer", &name) || name.len == 0)
                return request_bad(request, "Name the printer: ?printer=lobby");
        if (!ticket_read_query(request, &chosen, &r))
                return r;
        r = request_find_printer(request, name, &printer);
        if (r == 0)
                r = settle_look(request->core, &request->actor, job.id, printer.id, &chosen, &settled, &cost);
        return r ? request_refuse(request, r) : request_answer(request, 200, settled_json(&settled, &cost));
}

static int answer_default(struct request *request, enum ticket_default_kind kind, struct id owner)
{
        struct ticket ticket;
        int r = ticket_default_find(request->core, &request->actor, kind, owner, &ticket);

        return r ? request_refuse(request, r) : request_answer(request, 200, ticket_json(&ticket));
}

static int set_default(struct request *request, enum ticket_default_kind kind, struct id owner)
{
        struct ticket ticket;
        int r;

        if (!ticket_read(request, request->json, &ticket, &r))
                return r;
        r = ticket_default_set(request->core, &request->actor, kind, owner, &ticket);
        return r ? request_refuse(request, r) : answer_default(request, kind, owner);
}

typedef int act_on_default(struct request *request, enum ticket_default_kind kind, struct id owner);

static int of_person(struct request *request, act_on_default *act)
{
        struct id person;
        int r = request_find_person(request, request->arguments[0], &person);

        return r ? request_refuse(request, r) : act(request, TICKET_DEFAULT_PERSON, person);
}

static int of_queue(struct request *request, act_on_default *act)
{
        struct queue queue;
        int r = request_find_queue(request, &queue);

        return r ? request_refuse(request, r) : act(request, TICKET_DEFAULT_QUEUE, queue.id);
}

static int of_printer(struct request *request, act_on_default *act)
{
        struct printer printer;
        int r = request_find_printer(request, request->arguments[0], &printer);

        return r ? request_refuse(request, r) : act(request, TICKET_DEFAULT_PRINTER, printer.id);
}

static int of_site(struct request *request, act_on_default *act)
{
        struct site site;
        int r = request_find_site(request, request->arguments[0], &site);

        return r ? request_refuse(request, r) : act(request, TICKET_DEFAULT_SITE, site.id);
}

int person_ticket_answer(struct request *request)
{
        return of_person(request, answer_default);
}

int person_ticket_set_answer(struct request *request)
{
        return of_person(request, set_default);
}

int queue_ticket_answer(struct request *request)
{
        return of_queue(request, answer_default);
}

int queue_ticket_set_answer(struct request *request)
{
        return of_queue(request, set_default);
}

int printer_ticket_answer(struct request *request)
{
        return of_printer(request, answer_default);
}

int printer_ticket_set_answer(struct request *request)
{
        return of_printer(request, set_default);
}

int site_ticket_answer(struct request *request)
{
        return of_site(request, answer_default);
}

int site_ticket_set_answer(struct request *request)
{
        return of_site(request, set_default);
}

int tenant_ticket_answer(struct request *request)
{
        return answer_default(request, TICKET_DEFAULT_TENANT, request->actor.tenant);
}

int tenant_ticket_set_answer(struct request *request)
{
        return set_default(request, TICKET_DEFAULT_TENANT, request->actor.tenant);
}
