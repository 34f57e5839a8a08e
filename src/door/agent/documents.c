// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The sealed octets of a delivery, whole or from some octet on (RFC 9110, section 14): a connection that
 * broke is taken up where it ended. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "core/release/delivery.h"
#include "door/agent/octets.h"
#include "door/api/api.h"
#include "vault/vault.h"

struct sealed_octets {
        struct vault_reader *reader;
        uint64_t offset;
        uint64_t end;
};

static int pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct sealed_octets *octets = context;
        uint64_t left = octets->end - octets->offset;
        int r = 0;

        *ret_length = 0;
        if (left)
                r = vault_read(octets->reader, octets->offset, to, left < size ? left : size, ret_length);
        octets->offset += *ret_length;
        return fold(r);
}

static void close_octets(void *context)
{
        struct sealed_octets *octets = context;

        vault_close_reader(octets->reader);
        free(octets);
}

struct range {
        uint64_t first;
        uint64_t last;
};

enum range_kind {
        RANGE_NONE, /* no such header, or none that we serve: the whole */
        RANGE_GOOD,
        RANGE_BEYOND,
};

/* "bytes=first-" and "bytes=first-last"; anything else may be ignored, says the standard. */
static enum range_kind read_range(struct text header, uint64_t size, struct range *ret)
{
        struct text first, last;

        if (!header.at || !text_starts_with(header, "bytes="))
                return RANGE_NONE;
        header.at += 6;
        header.len -= 6;
        if (!text_cut(header, '-', &first, &last) || !text_number(first, INT64_MAX, &ret->first))
                return RANGE_NONE;
        ret->last = size - 1;
        if (last.len && (!text_number(last, INT64_MAX, &ret->last) || ret->last < ret->first))
                return RANGE_NONE;
        if (ret->first >= size)
                return RANGE_BEYOND;
        if (ret->last >= size)
                ret->last = size - 1;
        return RANGE_GOOD;
}

int answer_sealed_octets(struct request *request, struct vault_reader *reader, uint64_t size)
{
        struct sealed_octets *octets = malloc(sizeof(*octets));
        struct http_source source = { .pull = pull, .close = close_octets, .context = octets };
        struct range range = { 0, size - 1 };
        enum range_kind kind = read_range(http_header(request->x, "Range"), size, &range);
        char content_range[96];
        int r = 0;

        if (!octets) {
                vault_close_reader(reader);
                return fault(-ENOMEM);
        }
        *octets = (struct sealed_octets){ reader, range.first, range.last + 1 };
        if (kind == RANGE_GOOD)
                snprintf(content_range, sizeof(content_range), "bytes %llu-%llu/%llu",
                         (unsigned long long)range.first, (unsigned long long)range.last,
                         (unsigned long long)size);
        else
                snprintf(content_range, sizeof(content_range), "bytes */%llu", (unsigned long long)size);
        if (kind != RANGE_NONE)
                r = http_add_header(request->x, "Content-Range", content_range);
        if (r == 0)
                r = http_add_header(request->x, "Accept-Ranges", "bytes");
        if (r || kind == RANGE_BEYOND) {
                close_octets(octets);
                return r ? r : request_problem(request, &problem_bad_range, NULL);
        }
        return http_respond_stream(request->x, kind == RANGE_GOOD ? 206 : 200, "application/octet-stream",
                                   (int64_t)(range.last + 1 - range.first), &source);
}

int delivery_document_answer(struct request *request)
{
        struct vault_reader *reader;
        struct id delivery;
        struct text word;
        uint64_t epoch, size;
        int r;

        if (!request_id(request, 0, &delivery))
                return request_refuse(request, CORE_NOT_FOUND);
        if (!http_query(request->x, "epoch", &word) || !text_number(word, UINT32_MAX, &epoch))
                return request_bad(request, "Name the offer's epoch: ?epoch=1");
        r = delivery_open_document(request->core, &request->actor, delivery, (uint32_t)epoch, &reader, &size);
        return r ? request_refuse(request, r) : answer_sealed_octets(request, reader, size);
}
