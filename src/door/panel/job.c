// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* One document at a panel: its pages to look at, how it shall be printed, and away with it. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/job/inspection.h"
#include "core/job/job.h"
#include "core/job/preview.h"
#include "core/job/recipe.h"
#include "core/release/release.h"
#include "core/trail/watch.h"
#include "door/api/api.h"
#include "door/panel/panel.h"

#define WAIT_MS 2000 /* for an image that is not made yet */

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
        panel_write_options(view, &job);
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
        if (!panel_read_options(view, &job, &ticket))
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
