// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* A document that comes in over the API: POST /v1/jobs?queue=pull&name=Letter with the octets as its body. */

#include <string.h>

#include "base/scope.h"
#include "core/intake.h"
#include "core/tenant.h"
#include "door/api.h"
#include "door/format.h"

static const struct problem problem_bad_coding = {
        415, "content-coding", "Documents are taken without coding",
        "Send the document's own octets, without Content-Encoding.", 0
};

static const char *const declared[] = { FORMAT_PDF, FORMAT_POSTSCRIPT, FORMAT_JPEG, FORMAT_PWG_RASTER,
                                        FORMAT_URF, FORMAT_TEXT,       FORMAT_PCL,  FORMAT_PCLXL };

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

/* False after a refusal was answered. *ret is empty where the octets must tell. */
static bool read_format(struct request *request, struct text *ret, int *ret_r)
{
        struct text type = request->x->content_type;
        struct text coding = http_header(request->x, "Content-Encoding");
        struct text name, parameters;

        if (coding.at && !text_equal_nocase(coding, (struct text)TEXT("identity"))) {
                *ret_r = request_problem(request, &problem_bad_coding, NULL);
                return false;
        }
        text_cut(type, ';', &name, &parameters);
        name = text_trim(name);
        *ret = TEXT_OF("");
        if (name.len == 0 || text_equal_nocase(name, text_from(FORMAT_OCTET_STREAM)))
                return true;
        for (size_t i = 0; i < ARRAY_LENGTH(declared); i++) {
                *ret = text_from(declared[i]);
                if (text_equal_nocase(name, *ret))
                        return true;
        }
        *ret_r = request_refuse(request, CORE_BAD_FORMAT);
        return false;
}

int upload_open(struct request *request)
{
        struct intake_order order = { .actor = &request->actor };
        struct queue queue;
        int r;

        if (!request_begin_key(request, &r))
                return r;
        order.key = request->key;
        if (http_query(request->x, "name", &order.title) && !text_is_printable(order.title))
                return request_bad(request, "\"name\" must be text without control characters.");
        if (!ticket_read_query(request, &order.ticket, &r))
                return r;
        if (!read_format(request, &order.format, &r))
                return r;
        if (!find_queue(request, &queue, &r))
                return r;
        order.queue = &queue;
        r = intake_open(request->core, &order, &request->intake);
        if (r)
                return request_refuse(request, r);
        buffer_init(&request->beginning, order.format.len ? 0 : FORMAT_SENSE_OCTETS);
        request->x->body_max_octets = UINT64_MAX; /* the intake counts, and says so in its own words */
        return 0;
}

static void keep_beginning(struct request *request, struct text octets)
{
        size_t room = request->beginning.max - request->beginning.len;

        if (room && octets.len)
                buffer_add(&request->beginning, octets.at, octets.len < room ? octets.len : room);
}

int upload_octets(struct request *request, struct text octets)
{
        int r;

        keep_beginning(request, octets);
        r = intake_write(request->intake, octets);
        return r > 0 ? request_refuse(request, r) : r;
}

/* True where the format is known now. */
static bool settle_format(struct request *request)
{
        const char *format;

        if (request->beginning.max == 0)
                return true;
        format = format_sense(buffer_text(&request->beginning));
        if (format)
                intake_set_format(request->intake, text_from(format));
        return format != NULL;
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

        if (request->beginning.max && request->beginning.len == 0)
                return request_refuse(request, CORE_EMPTY);
        if (!settle_format(request))
                return request_refuse(request, CORE_BAD_FORMAT);
        r = intake_commit(take(request->intake), &job);
        return r ? request_refuse(request, r) : answer_upload(request, &job);
}

void upload_close(struct request *request)
{
        intake_abortp(&request->intake);
        buffer_done(&request->beginning);
}
