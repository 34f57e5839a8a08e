// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A printer's welcome page: to look at, and on paper as an ordinary job of whoever asks for it. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/media.h"
#include "conversion/order.h"
#include "core/printer/printer.h"
#include "core/site/site.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "door/own-job.h"
#include "door/welcome.h"

#define READERS_MAX 1000
#define HTML_OCTETS ((size_t)512 * 1024)
#define PDF_OCTETS  ((size_t)8 * 1024 * 1024)

/* What the page names, and the queue by which it comes out. */
struct page_of {
        struct printer printer;
        struct tenant tenant;
        struct site site;
        struct printer_queues queues;
        bool has_reader;
        char origin[ORIGIN_STRING];
};

static const struct problem problem_no_page = {
        503, "no-renderer", "Pages cannot be drawn here at the moment",
        "Have the service's operator look at its renderer: imprimatur doctor.", 10
};
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
static int find_all(struct request *request, struct text name, struct page_of *of)
{
        bool may;
        int r = request_find_printer(request, name, &of->printer);

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
                r = printer_queues_find(request, of->printer.id, &of->queues);
        return r ? r : find_reader(request, of);
}

static struct welcome welcome_of(const struct page_of *of)
{
        return (struct welcome){
                .printer = &of->printer,
                .language = of->tenant.language,
                .organisation = of->tenant.title,
                .site = of->site.title[0] ? of->site.title : of->site.name,
                .origin = of->origin,
                .pull_queue = of->queues.pull.name,
                .direct_queue = of->queues.direct.name,
                .secure_queue = of->queues.secure.name,
                .tenant_name = of->tenant.name,
                .has_reader = of->has_reader,
        };
}

int welcome_pages_make(struct request *request, const char *origin, const struct text *names, size_t count,
                       struct buffer *html)
{
        SCOPED(freep) struct page_of *pages = calloc(count, sizeof(*pages));
        SCOPED(freep) struct welcome *welcomes = calloc(count, sizeof(*welcomes));
        int r = pages && welcomes ? 0 : fault(-ENOMEM);

        for (size_t i = 0; r == 0 && i < count; i++) {
                snprintf(pages[i].origin, sizeof(pages[i].origin), "%s", origin);
                r = find_all(request, names[i], &pages[i]);
                welcomes[i] = welcome_of(&pages[i]);
        }
        return r ? r : welcome_format(welcomes, count, html);
}

/* The page, for whoever may change the printer. False after a refusal was answered. */
static bool make_page(struct request *request, struct page_of *of, struct buffer *html, int *ret_r)
{
        int r;

        if (!request_origin(request, of->origin, ret_r))
                return false;
        r = find_all(request, request->arguments[0], of);
        if (r == 0)
                r = welcome_format((const struct welcome[]){ welcome_of(of) }, 1, html);
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

int printer_welcome_print_answer(struct request *request)
{
        SCOPED(buffer_done) struct buffer html = BUFFER(HTML_OCTETS);
        struct page_of of = { .origin = "" };
        struct members members;
        struct own_job own;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!make_page(request, &of, &html, &r))
                return r;
        own = (struct own_job){ .printer = of.printer.id,
                                .queues = &of.queues,
                                .title = text_from(of.printer.title[0] ? of.printer.title : of.printer.name),
                                .format = TEXT_OF("text/html"),
                                .octets = buffer_text(&html) };
        return own_job_print(request, &own);
}
