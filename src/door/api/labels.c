// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Labels of printers: a sheet of them to look at and to cut, or on paper as an ordinary job of whoever asks
 * for it. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "conversion/order.h"
#include "core/site/site.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "door/labels.h"
#include "door/own-job.h"
#include "door/welcome.h"

#define LABELS_MAX  240 /* ten sheets of the smallest */
#define WELCOME_MAX 60
#define NAME_SIZE   256
#define HTML_OCTETS ((size_t)16 * 1024 * 1024)
#define PDF_OCTETS  ((size_t)8 * 1024 * 1024)

struct sheet {
        const struct label_template *template;
        char (*names)[NAME_SIZE];
        size_t name_count;
        struct label *labels;
        size_t count;
        int64_t first;
        char at[NAME_SIZE]; /* the printer where it is printed */
        struct tenant tenant;
        char origin[ORIGIN_STRING];
};

static const struct problem problem_no_labels = {
        503, "no-renderer", "Labels cannot be drawn here at the moment",
        "Have the service's operator look at its renderer: imprimatur doctor.", 10
};

static void sheet_done(struct sheet *sheet)
{
        free(sheet->names);
        free(sheet->labels);
}

/* False after a complaint was answered. */
static bool read_sheet(struct request *request, struct sheet *sheet, bool prints, int *ret_r)
{
        struct members members;
        json_t *array, *item;
        size_t i;
        int which = 0;

        sheet->names = calloc(LABELS_MAX, sizeof(*sheet->names));
        sheet->labels = calloc(LABELS_MAX, sizeof(*sheet->labels));
        if (!sheet->names || !sheet->labels) {
                *ret_r = fault(-ENOMEM);
                return false;
        }
        if (!request_members(request, &members, ret_r))
                return false;
        array = members_array(&members, "printers", MEMBER_REQUIRED, LABELS_MAX);
        json_array_foreach(array, i, item)
        {
                const char *name = json_string_value(item);

                if (!name || !text_copy(text_from(name), sheet->names[i], NAME_SIZE))
                        members_complain(&members, "\"printers\" are ids or names.");
                sheet->name_count = i + 1;
        }
        if (array && sheet->name_count == 0)
                members_complain(&members, "\"printers\" names at least one.");
        members_word(&members, "template", MEMBER_REQUIRED, label_template_names, &which);
        members_number(&members, "first", MEMBER_OPTIONAL, 0, LABELS_MAX, &sheet->first);
        if (prints)
                members_words(&members, "at", MEMBER_REQUIRED, sheet->at, sizeof(sheet->at));
        sheet->template = &label_templates[which];
        if (members_finish(&members))
                return true;
        *ret_r = request_complain(request, &members);
        return false;
}

/* Each printer, which he may change. Core's refusals. */
static int find_label(struct request *request, const char *name, struct label *ret)
{
        struct site site;
        bool may;
        int r = request_find_printer(request, text_from(name), &ret->printer);

        if (r == 0)
                r = site_actor_may(request->core, &request->actor, RIGHT_PRINTERS_CHANGE, ret->printer.site,
                                   &may);
        if (r == 0 && !may)
                r = CORE_FORBIDDEN;
        if (r || id_is_zero(ret->printer.site))
                return r;
        r = site_find(request->core, request->actor.tenant, ret->printer.site, &site);
        if (r == 0)
                memcpy(ret->site, site.title[0] ? site.title : site.name,
                       strlen(site.title[0] ? site.title : site.name) + 1);
        return r;
}

static int format_welcome(struct request *request, const struct sheet *sheet, struct buffer *html)
{
        struct text names[WELCOME_MAX];

        if (sheet->name_count > WELCOME_MAX)
                return CORE_LIMIT_REACHED;
        for (size_t i = 0; i < sheet->name_count; i++)
                names[i] = text_from(sheet->names[i]);
        return welcome_pages_make(request, sheet->origin, names, sheet->name_count, html);
}

static int format_sheet(struct request *request, struct sheet *sheet, struct buffer *html)
{
        struct label_sheet wanted = { .template = sheet->template,
                                      .origin = sheet->origin,
                                      .labels = sheet->labels,
                                      .first = (size_t)sheet->first };
        int r = tenant_find_by_id(request->core, request->actor.tenant, &sheet->tenant);

        if (r == 0 && !sheet->template->columns)
                return format_welcome(request, sheet, html);
        for (; r == 0 && sheet->count < sheet->name_count; sheet->count++)
                r = find_label(request, sheet->names[sheet->count], &sheet->labels[sheet->count]);
        if (r)
                return r;
        wanted.count = sheet->count;
        wanted.language = sheet->tenant.language;
        return labels_format(&wanted, html);
}

/* False after an answer, or with a fault. */
static bool draw(struct request *request, struct sheet *sheet, struct buffer *pdf, int *ret_r)
{
        SCOPED(buffer_done) struct buffer html = BUFFER(HTML_OCTETS);
        struct door *door = request->door;
        struct order order;
        int r;

        if (!request_origin(request, sheet->origin, ret_r))
                return false;
        r = format_sheet(request, sheet, &html);
        if (r == 0) {
                order_init(&order);
                order_set_source(&order, TEXT_OF("text/html"));
                order.to = FORMAT_PDF;
                r = door->draw ? door->draw(door->draw_context, &order, buffer_text(&html), pdf)
                               : CORE_UNREACHABLE;
                if (r == CORE_UNREACHABLE) {
                        *ret_r = request_problem(request, &problem_no_labels, NULL);
                        return false;
                }
        }
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

int labels_answer(struct request *request)
{
        SCOPED(sheet_done) struct sheet sheet = { 0 };
        SCOPED(buffer_done) struct buffer pdf = BUFFER(PDF_OCTETS);
        int r;

        if (!read_sheet(request, &sheet, false, &r) || !draw(request, &sheet, &pdf, &r))
                return r;
        r = http_add_header(request->x, "Cache-Control", "no-store");
        return r ? r : http_respond(request->x, 200, "application/pdf", buffer_text(&pdf));
}

/* At its own size, or the labels are not where they are cut. */
static int print_sheet(struct request *request, const struct sheet *sheet, struct id at, struct text pdf)
{
        struct printer_queues queues;
        struct own_job own = { .printer = at,
                               .queues = &queues,
                               .title = text_from(sheet->template->name),
                               .format = TEXT_OF("application/pdf"),
                               .octets = pdf };
        int r = printer_queues_find(request, at, &queues);

        snprintf(own.ticket.media, sizeof(own.ticket.media), "%s", sheet->template->media);
        memcpy(own.ticket.print_scaling, "none", sizeof("none"));
        memcpy(own.ticket.sides, "one-sided", sizeof("one-sided"));
        return r ? request_refuse(request, r) : own_job_print(request, &own);
}

int labels_print_answer(struct request *request)
{
        SCOPED(sheet_done) struct sheet sheet = { 0 };
        SCOPED(buffer_done) struct buffer pdf = BUFFER(PDF_OCTETS);
        struct printer at;
        int r;

        if (!read_sheet(request, &sheet, true, &r))
                return r;
        r = request_find_printer(request, text_from(sheet.at), &at);
        if (r)
                return request_refuse(request, r);
        return draw(request, &sheet, &pdf, &r) ? print_sheet(request, &sheet, at.id, buffer_text(&pdf)) : r;
}
