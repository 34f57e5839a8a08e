// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* One document at a panel: its pages to look at, how it shall be printed, and away with it. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/inspection.h"
#include "core/job.h"
#include "core/preview.h"
#include "core/recipe.h"
#include "core/release.h"
#include "core/watch.h"
#include "door/api.h"
#include "door/panel.h"

#define FINISHING_STAPLE 4
#define COPIES_MAX       99
#define WAIT_MS          2000 /* for an image that is not made yet */

struct choice {
        const char *value, *key; /* key NULL: the value says it */
};
static const struct choice sides[] = { { "", "panel.auto" },
                                       { "one-sided", "panel.sides-one" },
                                       { "two-sided-long-edge", "panel.sides-long" },
                                       { "two-sided-short-edge", "panel.sides-short" },
                                       { NULL, NULL } };
static const struct choice colours[] = { { "", "panel.auto" },
                                         { "color", "panel.colour-yes" },
                                         { "monochrome", "panel.colour-grey" },
                                         { NULL, NULL } };
static const struct choice number_ups[] = { { "", "panel.auto" }, { "1", NULL }, { "2", NULL }, { "4", NULL },
                                            { "6", NULL },        { "9", NULL }, { NULL, NULL } };

static void write_label(struct panel_view *view, const char *name, const char *key)
{
        struct html *html = &view->page.html;

        html_open(html, "label");
        html_attribute(html, "for", name);
        html_words(html, panel_say(view, key));
        html_close(html);
}

static void write_choices(struct panel_view *view, const char *name, const char *key,
                          const struct choice *choices, const char *chosen)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        write_label(view, name, key);
        html_open(html, "select");
        html_attribute(html, "id", name);
        html_attribute(html, "name", name);
        for (; choices->value; choices++) {
                html_open(html, "option");
                html_attribute(html, "value", choices->value);
                if (strcmp(choices->value, chosen) == 0)
                        html_flag(html, "selected");
                html_words(html, choices->key ? panel_say(view, choices->key) : choices->value);
                html_close(html);
        }
        html_close(html);
        html_close(html);
}

static void write_copies(struct panel_view *view, uint32_t copies)
{
        struct html *html = &view->page.html;
        char number[16];

        snprintf(number, sizeof(number), "%u", copies ? copies : 1);
        html_open(html, "p");
        write_label(view, "copies", "panel.copies");
        html_empty(html, "input");
        html_attribute(html, "id", "copies");
        html_attribute(html, "name", "copies");
        html_attribute(html, "type", "number");
        html_attribute(html, "min", "1");
        html_attribute(html, "max", "99");
        html_attribute(html, "autocomplete", "off");
        html_attribute(html, "value", number);
        html_close(html);
}

static bool has_finishing(const struct ticket *ticket, uint32_t finishing)
{
        for (size_t i = 0; i < TICKET_FINISHINGS; i++)
                if (ticket->finishings[i] == finishing)
                        return true;
        return false;
}

static void write_staple(struct panel_view *view, const struct ticket *ticket)
{
        struct html *html = &view->page.html;

        html_open(html, "p");
        html_attribute(html, "class", "tick");
        html_empty(html, "input");
        html_attribute(html, "type", "checkbox");
        html_attribute(html, "id", "staple");
        html_attribute(html, "name", "staple");
        html_attribute(html, "value", "1");
        if (has_finishing(ticket, FINISHING_STAPLE))
                html_flag(html, "checked");
        write_label(view, "staple", "panel.staple");
        html_close(html);
}

static void write_options(struct panel_view *view, const struct job *job)
{
        const struct ticket *ticket = &job->ticket;
        char id[ID_STRING], number_up[16] = "";

        if (ticket->number_up)
                snprintf(number_up, sizeof(number_up), "%u", ticket->number_up);
        panel_form(view, "print-one");
        id_format(job->id, id);
        page_hidden(&view->page, "job", text_from(id));
        id_format(id_new(), id);
        page_hidden(&view->page, "release", text_from(id));
        panel_button(view, "panel.print", NULL, NULL, true);
        write_copies(view, ticket->copies);
        if (view->printer.duplex)
                write_choices(view, "sides", "panel.sides", sides, ticket->sides);
        if (view->printer.colour)
                write_choices(view, "colour", "panel.colour", colours, ticket->print_color_mode);
        write_choices(view, "number_up", "panel.number-up", number_ups, number_up);
        if (printer_finishes(&view->printer, FINISHING_STAPLE))
                write_staple(view, ticket);
        html_close(&view->page.html);
        panel_form(view, "chosen");
        snprintf(number_up, sizeof(number_up), "job-");
        id_format(job->id, id);
        {
                const char *name = arena_format(view->request->x->arena, "job-%s", id);

                if (name)
                        page_hidden(&view->page, name, TEXT_OF("1"));
        }
        panel_button(view, "panel.delete", "press", "delete", false);
        html_close(&view->page.html);
}

/* The pages one after another; nothing of them is kept by the browser. */
static void write_preview(struct panel_view *view, const struct job *job, uint32_t at, uint32_t pages)
{
        struct html *html = &view->page.html;
        char id[ID_STRING], number[16];
        const char *path;

        id_format(job->id, id);
        snprintf(number, sizeof(number), "%u", at);
        path = panel_path(view, "/page?job=%s&page=%u", id, at);
        html_open(html, "p");
        html_attribute(html, "class", "preview");
        html_empty(html, "img");
        if (path)
                html_path(html, "src", path);
        html_attribute(html, "alt", number);
        html_close(html);
        html_open(html, "p");
        say_with(html, view->page.language, "panel.page-of", number);
        html_close(html);
        path = panel_path(view, "?job=%s&page=%u", id, at - 1);
        if (path && at > 1)
                panel_link(view, path, "panel.previous-page", false);
        path = panel_path(view, "?job=%s&page=%u", id, at + 1);
        if (path && at < pages)
                panel_link(view, path, "panel.next-page", false);
}

static uint32_t page_wanted(const struct http_exchange *x)
{
        struct text word;
        uint64_t page;

        return http_query(x, "page", &word) && text_number(word, 100000, &page) && page ? (uint32_t)page : 1;
}

static int refuse(struct panel_view *view, int r)
{
        if (r < 0)
                return r;
        panel_note_refusal(view, r);
        return panel_show_jobs(view, 404);
}

int panel_show_job(struct panel_view *view, struct text name)
{
        struct request *request = view->request;
        struct inspection inspection = { .state = INSPECTION_NONE };
        struct html *html = &view->page.html;
        struct job job;
        struct id id;
        int r = id_parse(name, &id) ? job_find(request->core, &request->actor, id, &job) : CORE_NOT_FOUND;

        if (r == 0 && job.state != JOB_HELD)
                r = CORE_NOT_HELD;
        if (r)
                return refuse(view, r);
        (void)inspection_find(request->core, &request->actor, job.id, &inspection);
        r = panel_begin(view, "panel.options", 0, NULL);
        if (r)
                return r;
        html_open(html, "p");
        html_attribute(html, "class", "title");
        panel_write_title(view, &job);
        html_close(html);
        html_open(html, "div");
        html_attribute(html, "class", "half");
        write_options(view, &job);
        panel_link(view, view->base, "panel.back", false);
        html_close(html);
        if (id_equal(job.owner, request->actor.id)) {
                html_open(html, "div");
                html_attribute(html, "class", "half");
                write_preview(view, &job, page_wanted(request->x), inspection.facts.pages);
                html_close(html);
        }
        return panel_answer(view, 200);
}

/* ---- printing it ---- */

static bool is_one_of(const struct choice *choices, struct text value)
{
        for (; choices->value; choices++)
                if (text_equal_string(value, choices->value))
                        return true;
        return false;
}

/* What was chosen; what was not stays as the document came. False: that is no choice of ours. */
static bool read_ticket(const struct panel_view *view, const struct job *job, struct ticket *ret)
{
        const struct form *form = view->request->form;
        struct text copies = form_value(form, "copies"), number_up = form_value(form, "number_up"),
                    side = form_value(form, "sides"), colour = form_value(form, "colour");
        bool is_stapled = has_finishing(&job->ticket, FINISHING_STAPLE),
             wants_staple = form_value(form, "staple").len > 0;
        uint64_t number;

        *ret = (struct ticket){ 0 };
        if (copies.len) {
                if (!text_number(copies, COPIES_MAX, &number) || !number)
                        return false;
                ret->copies = (uint32_t)number;
        }
        if (number_up.len) {
                if (!is_one_of(number_ups, number_up) || !text_number(number_up, 9, &number))
                        return false;
                ret->number_up = (uint32_t)number;
        }
        if (!is_one_of(sides, side) || !is_one_of(colours, colour))
                return false;
        text_copy(side, ret->sides, sizeof(ret->sides));
        text_copy(colour, ret->print_color_mode, sizeof(ret->print_color_mode));
        if (printer_finishes(&view->printer, FINISHING_STAPLE) && is_stapled != wants_staple)
                ret->finishings[0] = wants_staple ? FINISHING_STAPLE : 3;
        return true;
}

int panel_take_print_one(struct panel_view *view)
{
        const struct form *form = view->request->form;
        struct request *request = view->request;
        struct release_order order = { .method = RELEASE_API, .selection = RELEASE_LISTED, .job_count = 1 };
        struct ticket ticket;
        struct job job;
        struct id id;
        int r = id_parse(form_value(form, "job"), &id) ? job_find(request->core, &request->actor, id, &job)
                                                       : CORE_NOT_FOUND;

        if (r)
                return refuse(view, r);
        if (!read_ticket(view, &job, &ticket))
                return refuse(view, CORE_UNSUPPORTED);
        (void)id_parse(form_value(form, "release"), &order.id);
        order.jobs = &id;
        order.ticket = &ticket;
        return panel_release(view, &order);
}

/* ---- its pages ---- */

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        return fold(preview_read(context, to, size, ret_length));
}

static void close_preview(void *context)
{
        preview_close(context);
}

static int answer_image(struct request *request, struct preview *preview)
{
        struct http_source source = { .pull = pull, .close = close_preview, .context = preview };
        int r = http_add_header(request->x, "Cache-Control", "no-store");

        if (r) {
                preview_close(preview);
                return r;
        }
        return http_respond_stream(request->x, 200, "image/jpeg", (int64_t)preview_size_octets(preview),
                                   &source);
}

int panel_preview_answer(struct request *request)
{
        char reason[CORE_WORDS] = "";
        struct panel_view view;
        struct preview *preview;
        struct text name;
        struct id id;
        int r;

        if (!panel_find_view(&view, request, false, &r))
                return r;
        if (request->actor.kind != ACTOR_PERSON)
                return request_problem(request, &problem_not_signed_in, NULL);
        r = http_query(request->x, "job", &name) && id_parse(name, &id)
                    ? preview_open(request->core, &request->actor, id, page_wanted(request->x),
                                   RECIPE_PREVIEW_WIDTH, WAIT_MS, reason, &preview)
                    : CORE_NOT_FOUND;
        if (r)
                return request_refuse(request, r);
        r = watch_look(request->core, &request->actor, "page-viewed", "", id);
        if (r) {
                preview_close(preview);
                return request_refuse(request, r);
        }
        return answer_image(request, preview);
}
