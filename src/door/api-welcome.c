// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A printer's welcome page: to look at, and on paper as an ordinary job of whoever asks for it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/media.h"
#include "conversion/order.h"
#include "core/intake.h"
#include "core/printer.h"
#include "core/release.h"
#include "core/site.h"
#include "core/tenant.h"
#include "door/api.h"
#include "door/welcome.h"

#define QUEUES_MAX           200
#define READERS_MAX          1000
#define HTML_OCTETS          ((size_t)512 * 1024)
#define PDF_OCTETS           ((size_t)8 * 1024 * 1024)
#define RELEASE_ARENA_OCTETS (4 * 1024 * 1024)

/* What the page names, and the queue by which it comes out. */
struct page_of {
        struct printer printer;
        struct tenant tenant;
        struct site site;
        struct queue pull, direct, secure; /* id zero: there is none */
        bool has_reader;
        char origin[ORIGIN_STRING];
};

static const struct problem problem_no_page = {
        503, "no-renderer", "Pages cannot be drawn here at the moment",
        "Have the service's operator look at its renderer: imprimatur doctor.", 10
};
static const struct problem problem_no_queue = { 409, "no-queue",
                                                 "No queue leads to this printer, nor is there one for all",
                                                 "Add one: imprimatur queue add pull.", 0 };

static void take_queue(struct page_of *of, const struct queue *queue)
{
        struct queue *to = queue->kind == QUEUE_PULL                   ? &of->pull
                           : !id_equal(queue->printer, of->printer.id) ? NULL
                           : queue->kind == QUEUE_DIRECT               ? &of->direct
                                                                       : &of->secure;

        if (to && id_is_zero(to->id) && queue->accepting)
                *to = *queue;
}

static int find_queues(struct request *request, struct page_of *of)
{
        SCOPED(freep) struct queue *queues = calloc(QUEUES_MAX, sizeof(*queues));
        size_t count;
        int r;

        if (!queues)
                return fault(-ENOMEM);
        r = queue_list(request->core, &request->actor, (struct id){ 0 }, queues, QUEUES_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                take_queue(of, &queues[i]);
        return r;
}

static int find_reader(struct request *request, struct page_of *of)
{
        SCOPED(freep) struct reader *readers = calloc(READERS_MAX, sizeof(*readers));
        size_t count = 0;
        int r;

        if (!readers)
                return fault(-ENOMEM);
        r = reader_list(request->core, &request->actor, (struct id){ 0 }, readers, READERS_MAX, &count);
        for (size_t i = 0; r == 0 && i < count; i++)
                of->has_reader = of->has_reader || id_equal(readers[i].printer, of->printer.id);
        return r;
}

/* Core's refusals; CORE_FORBIDDEN where he could not change the printer. */
static int find_all(struct request *request, struct page_of *of)
{
        bool may;
        int r = request_find_printer(request, request->arguments[0], &of->printer);

        if (r == 0)
                r = site_actor_may(request->core, &request->actor, RIGHT_PRINTERS_CHANGE, of->printer.site,
                                   &may);
        if (r == 0 && !may)
                r = CORE_FORBIDDEN;
        if (r == 0)
                r = tenant_find_by_id(request->core, request->actor.tenant, &of->tenant);
        if (r == 0 && !id_is_zero(of->printer.site))
                r = site_find(request->core, request->actor.tenant, of->printer.site, &of->site);
        if (r == 0)
                r = find_queues(request, of);
        return r ? r : find_reader(request, of);
}

static int format_page(const struct page_of *of, struct buffer *html)
{
        const struct welcome welcome = {
                .printer = &of->printer,
                .language = of->tenant.language,
                .organisation = of->tenant.title,
                .site = of->site.title[0] ? of->site.title : of->site.name,
                .origin = of->origin,
                .pull_queue = of->pull.name,
                .direct_queue = of->direct.name,
                .secure_queue = of->secure.name,
                .tenant_name = of->tenant.name,
                .has_reader = of->has_reader,
        };

        return welcome_format(&welcome, html);
}

/* The page, for whoever may change the printer. False after a refusal was answered. */
static bool make_page(struct request *request, struct page_of *of, struct buffer *html, int *ret_r)
{
        int r;

        if (!request_origin(request, of->origin, ret_r))
                return false;
        r = find_all(request, of);
        if (r == 0)
                r = format_page(of, html);
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

int printer_welcome_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer html = BUFFER(HTML_OCTETS), pdf = BUFFER(PDF_OCTETS);
        struct door *door = request->door;
        struct page_of of = { .origin = "" };
        struct order order;
        struct text medium;
        char name[CORE_NAME];
        int r;

        if (!make_page(request, &of, &html, &r))
                return r;
        order_init(&order);
        order_set_source(&order, TEXT_OF("text/html"));
        order.to = FORMAT_PDF;
        if (!http_query(request->x, "media", &medium) || medium.len == 0)
                medium = text_from(of.printer.media_count ? of.printer.media[0] : "iso_a4_210x297mm");
        if (!text_copy(medium, name, sizeof(name)) || order_set(&order, "--media", name))
                return request_bad(request, "\"media\" is a size's name, such as iso_a4_210x297mm.");
        r = door->draw ? door->draw(door->draw_context, &order, buffer_text(&html), &pdf) : CORE_UNREACHABLE;
        if (r == CORE_UNREACHABLE)
                return request_problem(request, &problem_no_page, NULL);
        if (r)
                return request_refuse(request, r);
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, "application/pdf", buffer_text(&pdf));
}

static int submit(struct request *request, const struct page_of *of, struct text html, struct job *ret)
{
        const struct queue *queue = !id_is_zero(of->pull.id)     ? &of->pull
                                    : !id_is_zero(of->secure.id) ? &of->secure
                                                                 : &of->direct;
        struct intake_order order = { .queue = queue,
                                      .actor = &request->actor,
                                      .title = text_from(of->printer.title[0] ? of->printer.title
                                                                              : of->printer.name),
                                      .format = TEXT_OF("text/html"),
                                      .key = request->key };
        SCOPED(intake_abortp) struct intake *intake = NULL;
        int r = intake_open(request->core, &order, &intake);

        if (r == 0)
                r = intake_write(intake, html);
        return r ? r : intake_commit(take(intake), ret);
}

/* What is held comes out there; what a queue that prints at once took is on its way already. */
static int let_go(struct request *request, const struct page_of *of, struct job *job)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(RELEASE_ARENA_OCTETS);
        const struct release_order order = { .printer = of->printer.id,
                                             .method = RELEASE_API,
                                             .selection = RELEASE_LISTED,
                                             .jobs = &job->id,
                                             .job_count = 1,
                                             .adapts = true };
        struct release release_made;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        r = job->state == JOB_HELD ? release(request->core, &request->actor, &order, arena, &release_made)
                                   : 0;
        return r ? r : job_find(request->core, &request->actor, job->id, job);
}

int printer_welcome_print_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer html = BUFFER(HTML_OCTETS);
        struct page_of of = { .origin = "" };
        struct members members;
        struct job job;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!make_page(request, &of, &html, &r))
                return r;
        if (id_is_zero(of.pull.id) && id_is_zero(of.secure.id) && id_is_zero(of.direct.id))
                return request_problem(request, &problem_no_queue, NULL);
        r = submit(request, &of, buffer_text(&html), &job);
        if (r == 0)
                r = let_go(request, &of, &job);
        return r ? request_refuse(request, r) : request_answer(request, 201, job_json(&job));
}
