// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "converter/works.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define PIECE_OCTETS ((size_t)256 * 1024) /* as the service cuts them */
#define PATH_OCTETS  192
#define ANSWER_MS    15000
#define TRIES_MAX    4
#define AGAIN_MS     500

struct works {
        struct service *service;
        struct errand_source source;
};

/* A work under way. */
struct task {
        struct service *service;
        char id[ID_STRING];
        int64_t lease_ms;
        int64_t renewed_ms; /* when the service was last heard about it */

        uint64_t read_at; /* where the next piece of the document begins */
        size_t given;     /* of the piece that is here */
        size_t length;
        bool is_last;

        uint64_t written_at; /* where the piece of frames begins that is gathered here */
        size_t gathered;

        char piece[PIECE_OCTETS];
        char frames[PIECE_OCTETS];
};

static void task_free(struct task *task)
{
        explicit_bzero(task, sizeof(*task));
        free(task);
}

static void task_path(const struct task *task, const char *what, char ret[PATH_OCTETS])
{
        snprintf(ret, PATH_OCTETS, "%s/works/%s/%s", service_prefix(task->service), task->id, what);
}

static int refusal_of(int r, int status)
{
        if (r <= 0)
                return r;
        if (status == 413)
                return ERRAND_TOO_LARGE;
        if (status == 507)
                return ERRAND_STORAGE_FULL;
        if (r == SERVICE_CONFUSED)
                return ERRAND_BAD_FRAME;
        return ERRAND_LOST;
}

/* Asks what may be asked twice until there is an answer, or the lease is as good as over. */
static int ask(struct task *task, const struct http_client_request *request)
{
        int r = 0, status = 0;

        for (int i = 0; i < TRIES_MAX; i++) {
                SCOPED(http_client_response_done) struct http_client_response response = { 0 };

                if (i)
                        (void)poll(NULL, 0, AGAIN_MS);
                r = service_ask(task->service, request, &response);
                status = response.status;
                if (status == 507 || (r != SERVICE_UNREACHABLE && r != SERVICE_SILENT && r != SERVICE_BUSY))
                        break;
        }
        if (r == 0)
                task->renewed_ms = clock_monotonic_ms();
        return refusal_of(r, status);
}

struct piece {
        struct task *task;
        size_t length;
};

static bool take_octets(void *context, struct text octets)
{
        struct piece *piece = context;

        if (octets.len > PIECE_OCTETS - piece->length)
                return false;
        memcpy(piece->task->piece + piece->length, octets.at, octets.len);
        piece->length += octets.len;
        return true;
}

/* Once: a piece that has been read is not given again. */
static int fetch(struct task *task)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct piece piece = { task, 0 };
        char path[PATH_OCTETS], what[64];
        struct http_client_request request = {
                .path = path, .octets = take_octets, .context = &piece, .timeout_ms = ANSWER_MS
        };
        int r;

        snprintf(what, sizeof(what), "document?offset=%llu", (unsigned long long)task->read_at);
        task_path(task, what, path);
        r = service_ask(task->service, &request, &response);
        if (r)
                return r < 0 ? r : ERRAND_LOST;
        task->renewed_ms = clock_monotonic_ms();
        task->read_at += piece.length;
        task->given = 0;
        task->length = piece.length;
        task->is_last = piece.length < PIECE_OCTETS;
        return 0;
}

static int read_piece(struct errand *errand, void *to, size_t size, size_t *ret_length)
{
        struct task *task = errand->work;
        size_t left;
        int r = 0;

        if (task->given == task->length && !task->is_last)
                r = fetch(task);
        if (r)
                return r;
        left = task->length - task->given;
        *ret_length = left < size ? left : size;
        memcpy(to, task->piece + task->given, *ret_length);
        task->given += *ret_length;
        return 0;
}

static int flush(struct task *task)
{
        char path[PATH_OCTETS], what[64];
        struct http_client_request request = {
                .method = "POST",
                .path = path,
                .content_type = "application/octet-stream",
                .body = text_from_octets(task->frames, task->gathered),
                .timeout_ms = ANSWER_MS,
        };
        int r;

        if (task->gathered == 0)
                return 0;
        snprintf(what, sizeof(what), "frames?offset=%llu", (unsigned long long)task->written_at);
        task_path(task, what, path);
        r = ask(task, &request);
        if (r == 0) {
                task->written_at += task->gathered;
                task->gathered = 0;
        }
        return r;
}

static int write_frame(struct errand *errand, const struct frame *frame)
{
        uint8_t header[FRAME_HEADER_OCTETS];
        struct task *task = errand->work;
        int r = 0;

        if (task->gathered + sizeof(header) + frame->octets.len > PIECE_OCTETS)
                r = flush(task);
        if (r)
                return r;
        frame_header(frame->type, frame->octets.len, header);
        memcpy(task->frames + task->gathered, header, sizeof(header));
        task->gathered += sizeof(header);
        if (frame->octets.len)
                memcpy(task->frames + task->gathered, frame->octets.at, frame->octets.len);
        task->gathered += frame->octets.len;
        return 0;
}

static int keep(struct errand *errand)
{
        struct task *task = errand->work;
        char path[PATH_OCTETS];
        struct http_client_request request = { .method = "POST", .path = path, .timeout_ms = ANSWER_MS };
        int64_t silent_ms = clock_monotonic_ms() - task->renewed_ms;

        if (silent_ms < task->lease_ms / 3)
                return 0;
        task_path(task, "lease", path);
        return ask(task, &request);
}

/* Tells how it ended, and ends the task. */
static int tell(struct errand *errand, const char *outcome, struct text reason)
{
        struct task *task = errand->work;
        char path[PATH_OCTETS], body[128];
        struct http_client_request request = {
                .method = "POST", .path = path, .content_type = "application/json", .timeout_ms = ANSWER_MS
        };
        int r;

        if (reason.len)
                snprintf(body, sizeof(body), "{\"outcome\":\"%s\",\"reason\":\"%.*s\"}", outcome,
                         TEXT_ARGS(reason));
        else
                snprintf(body, sizeof(body), "{\"outcome\":\"%s\"}", outcome);
        request.body = text_from(body);
        task_path(task, "outcome", path);
        r = ask(task, &request);
        task_free(task);
        return r;
}

static int commit(struct errand *errand)
{
        int r = flush(errand->work);

        if (r == 0)
                return tell(errand, "made", TEXT_OF(""));
        (void)tell(errand, "abandoned", TEXT_OF(""));
        return r;
}

static int fail(struct errand *errand, struct text reason)
{
        return tell(errand, "failed", reason);
}

static void abandon(struct errand *errand)
{
        (void)tell(errand, "abandoned", TEXT_OF(""));
}

static struct text member(json_t *json, const char *name)
{
        const char *string = json_string_value(json_object_get(json, name));

        return text_from(string ? string : "");
}

/* What the service says, which may be a newer one. */
static bool read_work(json_t *json, struct errand *errand, struct task *task)
{
        if (!id_parse(member(json, "work"), &errand->id))
                return false;
        id_format(errand->id, task->id);
        task->lease_ms = json_integer_value(json_object_get(json, "lease_ms"));
        errand->size_octets = (uint64_t)json_integer_value(json_object_get(json, "size"));
        errand->work = task;
        return task->lease_ms > 0;
}

static bool read_order(json_t *json, struct errand *errand)
{
        return work_kind_parse(member(json, "kind"), &errand->kind) &&
               order_line_parse(member(json, "order"), &errand->order) == 0;
}

/* The task where there is a work; else why there is none. */
static int open_work(struct service *service, json_t *json, struct errand *ret)
{
        struct task *task = calloc(1, sizeof(*task));

        if (!task)
                return fault(-ENOMEM);
        task->service = service;
        task->renewed_ms = clock_monotonic_ms();
        *ret = (struct errand){ .work = NULL };
        if (!read_work(json, ret, task)) {
                log_write(LOG_ERROR, "service-not-understood", NULL);
                task_free(task);
                return ERRAND_LATER;
        }
        if (read_order(json, ret))
                return 0;
        log_write(LOG_ERROR, "order-not-understood", "work", task->id, NULL);
        (void)tell(ret, "failed", TEXT_OF("conversion-not-installed"));
        return ERRAND_LATER;
}

static int begin(void *context, enum work_kind least_urgent, struct errand *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct works *works = context;
        json_t *json;
        int r;

        r = service_ask_json(works->service, "POST", "/works",
                             json_pack("{s:s}", "least_urgent", work_kind_name(least_urgent)), &response);
        if (r)
                return r < 0 ? r : ERRAND_LATER;
        if (response.status == 204)
                return ERRAND_NONE;
        json = json_loadb((const char *)response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        r = open_work(works->service, json, ret);
        json_decref(json);
        return r;
}

int works_new(struct service *service, struct works **ret)
{
        struct works *works = calloc(1, sizeof(*works));

        if (!works)
                return fault(-ENOMEM);
        works->service = service;
        works->source = (struct errand_source){ .begin = begin,
                                                .read = read_piece,
                                                .write = write_frame,
                                                .keep = keep,
                                                .commit = commit,
                                                .fail = fail,
                                                .abandon = abandon,
                                                .context = works };
        *ret = works;
        return 0;
}

const struct errand_source *works_source(const struct works *works)
{
        return &works->source;
}

int works_tell_formats(struct service *service, struct format_set formats)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        json_t *types = json_array();

        for (int format = FORMAT_UNKNOWN + 1; types && format < FORMAT_COUNT; format++)
                if (format_set_has(formats, (enum format)format))
                        json_array_append_new(types, json_string(format_media_type((enum format)format)));
        return service_ask_json(service, "PUT", "/formats", json_pack("{s:o}", "formats", types), &response);
}
