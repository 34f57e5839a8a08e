// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A document that comes in over the API: POST /v1/jobs?queue=pull&name=Letter with the octets as its body. */

#include <string.h>

#include "base/scope.h"
#include "core/job/intake.h"
#include "core/printer/printer.h"
#include "core/tenant/tenant.h"
#include "door/api/api.h"
#include "conversion/sniffing.h"

static const struct problem problem_bad_coding = {
        415, "content-coding", "Documents are taken as gzip or without coding",
        "Send the document's own octets, or with Content-Encoding: gzip what gzip makes of them.", 0
};

static const struct problem problem_bad_gzip = { 400, "bad-gzip", "This is not what gzip makes",
                                                 "It is damaged, cut, or something follows its end.", 0 };

static const struct problem problem_expands = {
        413, "document-expands", "The compressed document becomes too large",
        "Send it without Content-Encoding, or as another format that is smaller by itself.", 0
};

/* False after a refusal was answered. */
static bool find_queue(struct request *request, struct queue *ret, int *ret_r)
{
        struct tenant tenant;
        struct text name;
        int r;

        if (!http_query(request->x, "queue", &name) || name.len == 0) {
                *ret_r = request_bad(request, "Name the queue: ?queue=pull");
                return false;
        }
        r = tenant_find_by_id(request->core, request->actor.tenant, &tenant);
        if (r == 0)
                r = queue_find(request->core, text_from(tenant.name), name, ret);
        if (r == 0)
                return true;
        *ret_r = request_refuse(request, r);
        return false;
}

/* False after a refusal was answered. What the type is called only helps to tell what the octets are. */
static bool begin_sniffing(struct request *request, struct text name, int *ret_r)
{
        struct text coding = http_header(request->x, "Content-Encoding");

        request->is_compressed = coding.at && (text_equal_nocase(coding, TEXT_OF("gzip")) ||
                                               text_equal_nocase(coding, TEXT_OF("x-gzip")));
        if (coding.at && !request->is_compressed && !text_equal_nocase(coding, TEXT_OF("identity"))) {
                *ret_r = request_problem(request, &problem_bad_coding, NULL);
                return false;
        }
        sniffing_init(&request->sniffing, request->x->content_type, name);
        if (!request->sniffing.is_foreign)
                return true;
        *ret_r = request_refuse(request, CORE_BAD_FORMAT);
        return false;
}

/* ?release=now|hold: what its owner wants at once of a queue that leads to one printer. False after a
 * complaint was answered. */
static bool read_release(struct request *request, struct intake_order *order, int *ret_r)
{
        struct text word;

        if (!http_query(request->x, "release", &word))
                return true;
        if (text_equal_string(word, "now") && request->queue.kind != QUEUE_PULL) {
                order->release_now = request->queue.kind == QUEUE_SECURE;
                order->ticket.hold = false;
                return true;
        }
        if (text_equal_string(word, "hold")) {
                order->ticket.hold = true;
                return true;
        }
        *ret_r = request_bad(request,
                             "\"release\" is \"hold\", or \"now\" at a queue that leads to one printer.");
        return false;
}

/* Octets of the document itself. */
static int take_octets(void *context, struct text octets)
{
        struct request *request = context;
        int r;

        r = sniffing_push(&request->sniffing, octets);
        return r < 0 ? r : intake_write(request->intake, octets);
}

int upload_open(struct request *request)
{
        SCOPED(document_password_done) struct document_password password;
        struct accounting accounting = { .account = "" };
        struct intake_order order = { .actor = &request->actor, .accounting = &accounting };
        int r;

        if (!request_begin_key(request, &r))
                return r;
        order.key = request->key;
        if (http_query(request->x, "name", &order.title) && !text_is_printable(order.title))
                return request_bad(request, "\"name\" must be text without control characters.");
        if (!ticket_read_query(request, &order.ticket, &r))
                return r;
        if (!accounting_read_headers(request, &accounting, &r))
                return r;
        if (!document_password_read(request, &password, &r))
                return r;
        order.password = text_from_octets(password.octets, password.length);
        if (!begin_sniffing(request, order.title, &r))
                return r;
        request->inflating = (struct inflating){ .limits = request->door->settings.expansion,
                                                 .to = take_octets,
                                                 .context = request };
        if (!find_queue(request, &request->queue, &r))
                return r;
        order.queue = &request->queue;
        if (!read_release(request, &order, &r))
                return r;
        r = intake_open(request->core, &order, &request->intake);
        if (r)
                return request_refuse(request, r);
        request->x->body_max_octets = UINT64_MAX; /* the intake counts, and says so in its own words */
        return 0;
}

static int refuse_inflating(struct request *request, int r)
{
        switch (r) {
        case INFLATING_BAD: return request_problem(request, &problem_bad_gzip, NULL);
        case INFLATING_EXPANDS: return request_problem(request, &problem_expands, NULL);
        case INFLATING_REFUSED: return request_refuse(request, request->inflating.refusal);
        default: return r;
        }
}

int upload_octets(struct request *request, struct text octets)
{
        int r;

        if (request->is_compressed)
                return refuse_inflating(request, inflating_write(&request->inflating, octets));
        r = take_octets(request, octets);
        return r > 0 ? request_refuse(request, r) : r;
}

/* 0, CORE_BAD_FORMAT where the queue does not take such a document, or a fault. */
static int judge_format(struct request *request, struct text format)
{
        const struct queue *queue = &request->queue;
        struct printer printer;
        int r = 0;

        if (queue->kind != QUEUE_PULL)
                r = printer_find(request->core, queue->tenant, queue->printer, &printer);
        if (r)
                return r;
        return queue_takes(queue, queue->kind == QUEUE_PULL ? NULL : &printer, format) ? 0 : CORE_BAD_FORMAT;
}

int upload_settle_format(struct request *request)
{
        const char *format;
        int r;

        sniffing_finish(&request->sniffing);
        format = sniffing_media_type(&request->sniffing);
        if (!format)
                return CORE_BAD_FORMAT;
        r = judge_format(request, text_from(format));
        if (r == 0)
                intake_set_format(request->intake, text_from(format));
        return r;
}

static int answer_upload(struct request *request, const struct job *job)
{
        char location[64] = "/v1/jobs/";
        int r;

        id_format(job->id, location + strlen(location));
        r = http_add_header(request->x, "Location", location);
        return r ? r : request_answer(request, 201, job_json(job));
}

int upload_answer(struct request *request)
{
        struct job job;
        int r;

        if (inflating_finish(&request->inflating))
                return refuse_inflating(request, INFLATING_BAD);
        if (!request->sniffing.is_settled && request->sniffing.beginning.len == 0)
                return request_refuse(request, CORE_EMPTY);
        r = upload_settle_format(request);
        if (r)
                return request_refuse(request, r);
        r = intake_commit(take(request->intake), &job);
        return r ? request_refuse(request, r) : answer_upload(request, &job);
}

void upload_close(struct request *request)
{
        intake_abortp(&request->intake);
        sniffing_done(&request->sniffing);
        inflating_done(&request->inflating);
}
