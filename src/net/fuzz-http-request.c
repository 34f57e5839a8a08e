// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "net/http-message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELDS 32

static void inside(struct text t, struct text whole)
{
        assert(t.len == 0 || (t.at >= whole.at && t.at + t.len <= whole.at + whole.len));
}

static void path_check(const struct http_head *head)
{
        SCOPED(freep) char *scratch = malloc(head->path.len + 1);
        struct text segments[8];
        size_t count;

        assert(scratch);
        if (http_path_parse(head->path, scratch, segments, ARRAY_LENGTH(segments), &count))
                return;
        for (size_t i = 0; i < count; i++) {
                assert(segments[i].len > 0 && !memchr(segments[i].at, '/', segments[i].len));
                assert(!memchr(segments[i].at, 0, segments[i].len));
                assert(!text_equal_string(segments[i], "..") && !text_equal_string(segments[i], "."));
        }
}

static void query_check(const struct http_head *head)
{
        SCOPED(freep) char *scratch = malloc(head->query.len + 1);
        struct text rest = head->query, name, value;

        assert(scratch);
        while (http_query_next(&rest, scratch, &name, &value))
                assert(!memchr(name.at, 0, name.len) && !memchr(value.at, 0, value.len));
}

/* What is accepted has one meaning: no line end inside, one length, one host. */
static void head_check(const struct http_head *head, struct text octets)
{
        int lengths = 0, hosts = 0;

        inside(head->method, octets);
        inside(head->query, octets);
        inside(head->authority, octets);
        assert(http_is_token(head->method) && head->path.len > 0);
        for (size_t i = 0; i < head->field_count; i++) {
                inside(head->fields[i].name, octets);
                inside(head->fields[i].value, octets);
                assert(http_is_token(head->fields[i].name));
                assert(!memchr(head->fields[i].value.at, '\r', head->fields[i].value.len));
                assert(!memchr(head->fields[i].value.at, '\n', head->fields[i].value.len));
                lengths += text_equal_nocase(head->fields[i].name, TEXT_OF("content-length"));
                lengths += text_equal_nocase(head->fields[i].name, TEXT_OF("transfer-encoding"));
                hosts += text_equal_nocase(head->fields[i].name, TEXT_OF("host"));
        }
        assert(lengths <= 1 && hosts <= 1 && (hosts == 1 || head->minor_version == 0));
        assert(head->has_body_framing == (lengths == 1) && head->content_length >= -1);
        path_check(head);
        query_check(head);
}

/* Found in pieces or at once, the end is the same. */
static int head_find(struct text octets, size_t piece, size_t *ret_length)
{
        size_t scanned = 0;
        int r = HTTP_MORE;

        for (size_t len = 0; r == HTTP_MORE && len < octets.len;) {
                len = octets.len - len < piece ? octets.len : len + piece;
                r = http_head_find((struct text){ octets.at, len }, 4096, &scanned, ret_length);
        }
        return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct text octets = text_from_octets(data, size);
        struct http_field fields[FIELDS];
        struct http_head head = { .fields = fields, .field_max = FIELDS };
        size_t length, length_by_one;
        uint64_t first, count;
        int r;

        if (http_range_parse(octets, 1000, &first, &count) == 0)
                assert(count > 0 && first + count <= 1000);
        r = head_find(octets, SIZE_MAX, &length);
        assert(size == 0 || size >= 4096 || r == head_find(octets, 1, &length_by_one));
        if (r)
                return 0;
        assert(size >= 4096 || length == length_by_one);
        octets.len = length;
        if (http_head_parse(octets, 1024, &head) == 0)
                head_check(&head, octets);
        return 0;
}
