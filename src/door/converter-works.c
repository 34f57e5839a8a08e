// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What a converter is given to do: works by lease (core/rendering/lease.h). The document goes out and the
 * frames come back in bounded pieces, each a request of its own; what lies in memory for it is wiped.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/rendering/lease.h"
#include "door/api/api.h"

#define PIECE_OCTETS ((size_t)256 * 1024)

static json_t *work_json(const struct request *request, const struct work_order *work)
{
        char line[ORDER_LINE];

        order_line_format(&work->order, line);
        return json_pack("{s:o, s:s, s:s, s:I, s:I}", "work", json_of_id(work->id), "kind",
                         work_kind_name(work->kind), "order", line, "size", (json_int_t)work->size_octets,
                         "lease_ms", (json_int_t)core_settings(request->core)->converter_lease_ms);
}

int converter_work_answer(struct request *request)
{
        enum work_kind least_urgent = WORK_INSPECTION;
        struct work_order work;
        struct members members;
        const char *kind;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        kind = members_string(&members, "least_urgent", MEMBER_OPTIONAL, 32);
        if (kind && !work_kind_parse(text_from(kind), &least_urgent))
                members_complain(&members,
                                 "\"least_urgent\" must be one of: rendition, preview, inspection.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        r = lease_begin(request->core, &request->actor, least_urgent, &work);
        if (r == CORE_NOTHING_HELD)
                return request_answer_nothing(request);
        if (r)
                return request_refuse(request, r == CORE_DESTROYED ? CORE_BUSY : r);
        return request_answer(request, 200, work_json(request, &work));
}

/* False after a refusal was answered. */
static bool take_lease(struct request *request, struct lease **ret, int *ret_r)
{
        struct id work;
        int r = CORE_STALE;

        if (request_id(request, 0, &work))
                r = lease_take(request->core, &request->actor, work, ret);
        if (r)
                *ret_r = request_refuse(request, r);
        return r == 0;
}

static bool read_offset(struct request *request, uint64_t *ret)
{
        struct text word;

        return http_query(request->x, "offset", &word) && text_number(word, INT64_MAX, ret);
}

struct piece {
        size_t length;
        size_t given;
        char octets[PIECE_OCTETS];
};

static int piece_pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct piece *piece = context;
        size_t left = piece->length - piece->given;

        *ret_length = left < size ? left : size;
        memcpy(to, piece->octets + piece->given, *ret_length);
        piece->given += *ret_length;
        return 0;
}

static void piece_close(void *context)
{
        struct piece *piece = context;

        explicit_bzero(piece->octets, piece->length);
        free(piece);
}

/* As much as there is room for, unless the document ends before. */
static int piece_fill(struct request *request, struct lease *lease, struct piece *piece)
{
        size_t length = 1;
        int r = 0;

        while (r == 0 && length && piece->length < PIECE_OCTETS) {
                r = lease_read(request->core, lease, piece->octets + piece->length,
                               PIECE_OCTETS - piece->length, &length);
                piece->length += r ? 0 : length;
        }
        return r;
}

/* An empty piece is the end. */
int converter_document_answer(struct request *request)
{
        struct piece *piece;
        struct http_source source = { .pull = piece_pull, .close = piece_close };
        struct lease *lease;
        uint64_t offset;
        int r;

        if (!read_offset(request, &offset))
                return request_bad(request, "Say from which octet on: ?offset=0");
        if (!take_lease(request, &lease, &r))
                return r;
        piece = malloc(sizeof(*piece));
        if (piece) {
                piece->length = piece->given = 0;
                r = lease_reads_at(lease, offset) ? piece_fill(request, lease, piece) : CORE_STALE;
        }
        lease_give(request->core, lease);
        if (!piece)
                return fault(-ENOMEM);
        if (r) {
                piece_close(piece);
                return request_refuse(request, r);
        }
        source.context = piece;
        return http_respond_stream(request->x, 200, "application/octet-stream", (int64_t)piece->length,
                                   &source);
}

int converter_frames_open(struct request *request)
{
        struct id work;
        int r = CORE_STALE;

        if (request_id(request, 0, &work))
                r = lease_expect(request->core, &request->actor, work);
        if (r)
                return request_refuse(request, r);
        request->expects = work;
        buffer_init(&request->body, PIECE_OCTETS);
        request->x->body_max_octets = PIECE_OCTETS;
        return 0;
}

int converter_frames_octets(struct request *request, struct text octets)
{
        buffer_add_text(&request->body, octets);
        return request->body.failure ? fault(request->body.failure) : 0;
}

void converter_frames_close(struct request *request)
{
        if (!id_is_zero(request->expects))
                lease_expect_no_more(request->core, &request->actor, request->expects);
}

int converter_frames_answer(struct request *request)
{
        struct lease *lease;
        uint64_t offset;
        int r;

        if (!read_offset(request, &offset))
                return request_bad(request, "Say from which octet on: ?offset=0");
        if (!take_lease(request, &lease, &r))
                return r;
        r = lease_write(request->core, lease, offset, buffer_text(&request->body));
        lease_give(request->core, lease);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}

int converter_lease_answer(struct request *request)
{
        struct lease *lease;
        int r;

        if (!take_lease(request, &lease, &r))
                return r;
        lease_give(request->core, lease);
        return request_answer_nothing(request);
}

/* Why a document could not be made into anything. What hangs on the machine may go better on another one. */
static const struct {
        const char *reason;
        bool is_of_document;
} reasons[] = {
        { "document-format-error", true },     { "document-unprintable-error", true },
        { "document-password-error", true },   { "conversion-too-large", true },
        { "conversion-timed-out", true },      { "conversion-failed", false },
        { "conversion-not-installed", false }, { "storage-full", false },
};

static int fail(struct request *request, struct lease *lease, const char *reason)
{
        for (size_t i = 0; i < ARRAY_LENGTH(reasons); i++)
                if (strcmp(reasons[i].reason, reason) == 0)
                        return lease_fail(request->core, lease, text_from(reason), reasons[i].is_of_document);
        return lease_fail(request->core, lease, TEXT_OF("conversion-failed"), false);
}

static int end_lease(struct request *request, struct lease *lease, const char *outcome, const char *reason)
{
        if (strcmp(outcome, "made") == 0)
                return lease_commit(request->core, lease);
        if (strcmp(outcome, "failed") == 0)
                return fail(request, lease, reason ? reason : "");
        lease_abandon(request->core, lease);
        return 0;
}

int converter_outcome_answer(struct request *request)
{
        const char *outcome, *reason;
        struct members members;
        struct lease *lease;
        int r;

        if (!request_members(request, &members, &r))
                return r;
        outcome = members_string(&members, "outcome", MEMBER_REQUIRED, 32);
        reason = members_string(&members, "reason", MEMBER_OPTIONAL, CORE_WORDS - 1);
        if (outcome && strcmp(outcome, "made") != 0 && strcmp(outcome, "failed") != 0 &&
            strcmp(outcome, "abandoned") != 0)
                members_complain(&members, "\"outcome\" must be one of: made, failed, abandoned.");
        if (!members_finish(&members))
                return request_complain(request, &members);
        if (!take_lease(request, &lease, &r))
                return r;
        r = end_lease(request, lease, outcome, reason);
        return r ? request_refuse(request, r) : request_answer_nothing(request);
}
