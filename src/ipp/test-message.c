// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "ipp/build.h"
#include "ipp/get.h"

/* A request's header, then what the row adds. */
#define HEADER "\2\0\0\x0b\0\0\0\1"

static const struct {
        const char *name;
        struct text octets;
        int refusal;
} rows[] = {
        { "nothing", TEXT(""), IPP_MORE },
        { "half a header", TEXT("\2\0\0"), IPP_MORE },
        { "header only", TEXT(HEADER), IPP_MORE },
        { "no groups", TEXT(HEADER "\3"), 0 },
        { "octets behind the end", TEXT(HEADER "\3x"), IPP_MALFORMED },
        { "delimiter 0", TEXT(HEADER "\0\3"), IPP_MALFORMED },
        { "empty group", TEXT(HEADER "\1\3"), 0 },
        { "group of the future", TEXT(HEADER "\x0b\3"), 0 },
        { "attribute outside of a group", TEXT(HEADER "\x44\0\1a\0\1b\3"), IPP_MALFORMED },
        { "keyword", TEXT(HEADER "\1\x44\0\1a\0\1b\3"), 0 },
        { "two keywords", TEXT(HEADER "\1\x44\0\1a\0\1b\x44\0\0\0\1c\3"), 0 },
        { "cut in the name", TEXT(HEADER "\1\x44\0\5a"), IPP_MORE },
        { "cut in the value", TEXT(HEADER "\1\x44\0\1a\0\5b"), IPP_MORE },
        { "value of negative length", TEXT(HEADER "\1\x44\0\1a\xff\xff"), IPP_MORE },
        { "second value first", TEXT(HEADER "\1\x44\0\0\0\1b\3"), IPP_MALFORMED },
        { "second value in a new group", TEXT(HEADER "\1\x44\0\1a\0\1b\2\x44\0\0\0\1b\3"), IPP_MALFORMED },
        { "space in the name", TEXT(HEADER "\1\x44\0\3a b\0\1b\3"), IPP_MALFORMED },
        { "NUL in the name", TEXT(HEADER "\1\x44\0\3a\0b\0\1b\3"), IPP_MALFORMED },
        { "integer", TEXT(HEADER "\1\x21\0\1a\0\4\xff\xff\xff\xff\3"), 0 },
        { "integer of 3 octets", TEXT(HEADER "\1\x21\0\1a\0\3\0\0\1\3"), IPP_MALFORMED },
        { "integer of none", TEXT(HEADER "\1\x21\0\1a\0\0\3"), IPP_MALFORMED },
        { "enum of 5 octets", TEXT(HEADER "\1\x23\0\1a\0\5\0\0\0\0\1\3"), IPP_MALFORMED },
        { "boolean", TEXT(HEADER "\1\x22\0\1a\0\1\1\3"), 0 },
        { "boolean 2", TEXT(HEADER "\1\x22\0\1a\0\1\2\3"), IPP_MALFORMED },
        { "date of 10 octets",
          TEXT(HEADER "\1\x31\0\1a\0\x0a"
                      "0123456789\3"),
          IPP_MALFORMED },
        { "resolution", TEXT(HEADER "\1\x32\0\1a\0\x09\0\0\1\0\0\0\1\0\3\3"), 0 },
        { "resolution of 8 octets", TEXT(HEADER "\1\x32\0\1a\0\x08\0\0\1\0\0\0\1\0\3"), IPP_MALFORMED },
        { "range", TEXT(HEADER "\1\x33\0\1a\0\x08\0\0\0\1\0\0\0\2\3"), 0 },
        { "range of 4 octets", TEXT(HEADER "\1\x33\0\1a\0\4\0\0\0\1\3"), IPP_MALFORMED },
        { "no value", TEXT(HEADER "\1\x13\0\1a\0\0\3"), 0 },
        { "no value, with octets", TEXT(HEADER "\1\x13\0\1a\0\1x\3"), IPP_MALFORMED },
        { "text with language", TEXT(HEADER "\1\x35\0\1a\0\7\0\2en\0\1x\3"), 0 },
        { "text with too much language",
          TEXT(HEADER "\1\x35\0\1a\0\7\0\xff"
                      "en\0\1x\3"),
          IPP_MALFORMED },
        { "text with language, and more", TEXT(HEADER "\1\x35\0\1a\0\x08\0\2en\0\1xy\3"), IPP_MALFORMED },
        { "text with half a language", TEXT(HEADER "\1\x35\0\1a\0\1\0\3"), IPP_MALFORMED },
        { "value of an unknown tag", TEXT(HEADER "\1\x5f\0\1a\0\1x\3"), 0 },
        { "empty collection", TEXT(HEADER "\1\x34\0\1a\0\0\x37\0\0\0\0\3"), 0 },
        { "collection", TEXT(HEADER "\1\x34\0\1a\0\0\x4a\0\0\0\1m\x22\0\0\0\1\1\x37\0\0\0\0\3"), 0 },
        { "collection that begins with octets", TEXT(HEADER "\1\x34\0\1a\0\1x\x37\0\0\0\0\3"),
          IPP_MALFORMED },
        { "collection that ends with octets", TEXT(HEADER "\1\x34\0\1a\0\0\x37\0\0\0\1x\3"), IPP_MALFORMED },
        { "open collection", TEXT(HEADER "\1\x34\0\1a\0\0\3"), IPP_MALFORMED },
        { "open collection, cut", TEXT(HEADER "\1\x34\0\1a\0\0"), IPP_MORE },
        { "member without a value", TEXT(HEADER "\1\x34\0\1a\0\0\x4a\0\0\0\1m\x37\0\0\0\0\3"),
          IPP_MALFORMED },
        { "member without a name", TEXT(HEADER "\1\x34\0\1a\0\0\x22\0\0\0\1\1\x37\0\0\0\0\3"),
          IPP_MALFORMED },
        { "member with a name of its own", TEXT(HEADER "\1\x34\0\1a\0\0\x4a\0\1n\0\1m\x37\0\0\0\0\3"),
          IPP_MALFORMED },
        { "end of no collection", TEXT(HEADER "\1\x37\0\1a\0\0\3"), IPP_MALFORMED },
        { "member of no collection", TEXT(HEADER "\1\x4a\0\1a\0\1m\3"), IPP_MALFORMED },
};

static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;

/* The same octets, given to the scanner one at a time. */
static int scan_slowly(struct text octets, size_t *ret)
{
        struct ipp_scan scan = { 0 };
        int r = IPP_MORE;

        for (size_t n = 0; r == IPP_MORE && n <= octets.len; n++)
                r = ipp_scan(&scan, (struct text){ octets.at, n }, &limits, ret);
        return r;
}

static void test_rows(void)
{
        struct ipp_message message;
        size_t length;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                SCOPED(buffer_done) struct buffer buffer = BUFFER(1024);
                struct ipp_complaint complaint = { 0 };
                int r = ipp_message_parse(rows[i].octets, &limits, arena, &message, &complaint);

                printf("%s: %d %s\n", rows[i].name, r, complaint.why ? complaint.why : "");
                assert(r == rows[i].refusal && (r == 0 || complaint.why));
                if (r)
                        continue;
                assert(ipp_message_format(&message, &buffer) == 0);
                assert(text_equal(buffer_text(&buffer), rows[i].octets));
                assert(scan_slowly(rows[i].octets, &length) == 0 && length == rows[i].octets.len);
        }
}

/* The scanner says how long a message is whatever follows it, and refuses at the limit. */
static void test_scan(void)
{
        static const struct text octets = TEXT(HEADER "\1\x44\0\1a\0\1b\3%PDF\3");
        struct ipp_limits small = limits;
        struct ipp_scan scan = { 0 };
        size_t length = 0;

        assert(ipp_scan(&scan, octets, &limits, &length) == 0 && length == octets.len - 5);
        assert(scan_slowly(octets, &length) == 0 && length == octets.len - 5);

        small.octets = octets.len - 6;
        scan = (struct ipp_scan){ 0 };
        assert(ipp_scan(&scan, octets, &small, &length) == IPP_TOO_LARGE);
        small.octets = 10;
        scan = (struct ipp_scan){ 0 };
        assert(ipp_scan(&scan, (struct text){ octets.at, 12 }, &small, &length) == IPP_TOO_LARGE);
        scan = (struct ipp_scan){ 0 };
        assert(ipp_scan(&scan, TEXT_OF(HEADER "\0"), &limits, &length) == IPP_MALFORMED);
}

static int parse_repeated(const char *piece, size_t piece_length, size_t times, struct arena *arena)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(4 * 1024 * 1024);
        struct ipp_message message;

        buffer_add(&buffer, HEADER "\1", 9);
        for (size_t i = 0; i < times; i++)
                buffer_add(&buffer, piece, piece_length);
        buffer_add_octet(&buffer, IPP_TAG_END);
        return ipp_message_parse(buffer_text(&buffer), &limits, arena, &message, NULL);
}

static void test_limits(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(arena_freep) struct arena *small = arena_new(8192);

        assert(parse_repeated("\x13\0\1a\0\0", 6, limits.attributes - 1, arena) == 0);
        assert(parse_repeated("\x13\0\1a\0\0", 6, limits.attributes, arena) == IPP_TOO_LARGE);
        assert(parse_repeated("\2", 1, limits.attributes, arena) == IPP_TOO_LARGE);
        assert(parse_repeated("\x13\0\1a\0\0", 6, 1000, small) == IPP_TOO_LARGE);
        /* One level needs an attribute in the group and members below. */
        assert(parse_repeated("\x34\0\1a\0\0\x4a\0\0\0\1m", 12, 9, arena) == IPP_MALFORMED);
}

static void test_nesting(void)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(4096);
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_message message;

        for (unsigned depth = limits.nesting; depth <= limits.nesting + 1; depth++) {
                buffer_clear(&buffer);
                buffer_add(&buffer, HEADER "\1\x34\0\1a\0\0", 15);
                for (unsigned i = 1; i < depth; i++)
                        buffer_add(&buffer, "\x4a\0\0\0\1m\x34\0\0\0\0", 11);
                for (unsigned i = 0; i < depth; i++)
                        buffer_add(&buffer, "\x37\0\0\0\0", 5);
                buffer_add_octet(&buffer, IPP_TAG_END);
                assert(ipp_message_parse(buffer_text(&buffer), &limits, arena, &message, NULL) ==
                       (depth > limits.nesting ? IPP_TOO_LARGE : 0));
        }
}

/* What the builder makes is parsed back equal, and the getters find it. */
static void test_build(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(4096);
        struct ipp_builder b = ipp_request(arena, IPP_PRINT_JOB, 7);
        const struct ipp_attribute *a, *members;
        struct ipp_message message;
        struct ipp_resolution resolution;
        struct ipp_range range;
        struct text text;
        int32_t integer;
        bool boolean;

        ipp_add_format(&b, IPP_TAG_URI, "printer-uri", "ipps://%s/ipp/print", "host");
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_add_integer(&b, "copies", 3);
        ipp_add_enum(&b, "print-quality", IPP_QUALITY_HIGH);
        ipp_add_boolean(&b, "last", true);
        ipp_add_range(&b, "page-ranges", 1, 2);
        ipp_add_range(&b, "page-ranges", 4, 9);
        ipp_add_range(&b, "one-range", 4, 9);
        ipp_add_resolution(&b, "printer-resolution", 300, 600);
        ipp_add_date(&b, "when", 1769860800123);
        ipp_add_string(&b, IPP_TAG_NAME, "job-name", "Brief f\xc3\xbcr Ada");
        ipp_add_out_of_band(&b, IPP_TAG_NO_VALUE, "nothing");
        ipp_begin_collection(&b, "media-col");
        ipp_begin_collection(&b, "media-size");
        ipp_add_integer(&b, "x-dimension", 21000);
        ipp_end_collection(&b);
        ipp_add_string(&b, IPP_TAG_KEYWORD, "media-type", "stationery");
        ipp_end_collection(&b);
        assert(ipp_builder_format(&b, &buffer) == 0);

        assert(ipp_message_parse(buffer_text(&buffer), &limits, arena, &message, NULL) == 0);
        assert(ipp_message_equal(&message, b.message));
        assert(message.code == IPP_PRINT_JOB && message.request_id == 7 && message.version_major == 2);

        a = ipp_group_find(&message, IPP_TAG_OPERATION)->attributes;
        assert(ipp_get_keyword(a, "printer-uri", 1023, &text) == 0 &&
               text_equal_string(text, "ipps://host/ipp/print"));
        assert(ipp_get_keyword(a, "printer-uri", 4, &text) == IPP_OUT_OF_RANGE);
        assert(!ipp_group_find(&message, IPP_TAG_PRINTER));

        a = ipp_group_find(&message, IPP_TAG_JOB)->attributes;
        assert(ipp_get_integer(a, "copies", 1, 99, &integer) == 0 && integer == 3);
        assert(ipp_get_integer(a, "copies", 1, 2, &integer) == IPP_OUT_OF_RANGE);
        assert(ipp_get_integer(a, "nothing", 1, 2, &integer) == IPP_ABSENT);
        assert(ipp_get_integer(a, "job-name", 1, 2, &integer) == IPP_WRONG_TYPE);
        assert(ipp_get_integer(a, "print-quality", 3, 5, &integer) == 0 && integer == 5);
        assert(ipp_get_boolean(a, "last", &boolean) == 0 && boolean);
        assert(ipp_get_boolean(a, "copies", &boolean) == IPP_WRONG_TYPE);
        assert(ipp_get_range(a, "page-ranges", &range) == IPP_WRONG_TYPE);
        assert(ipp_get_range(a, "one-range", &range) == 0 && range.least == 4 && range.most == 9);
        assert(ipp_has_integer(a, "page-ranges", 5) && !ipp_has_integer(a, "page-ranges", 3));
        assert(ipp_get_resolution(a, "printer-resolution", &resolution) == 0 && resolution.along == 600);
        assert(ipp_get_name(a, "job-name", 255, &text) == 0 && text.len == 14);
        assert(ipp_get_keyword(a, "job-name", 255, &text) == IPP_OUT_OF_RANGE);
        assert(ipp_value_count(ipp_find(a, "page-ranges")) == 2);
        assert(memcmp(ipp_find(a, "when")->values->text.at, "\x07\xea\1\x1f\x0c\0\0\1+\0\0", 11) == 0);
        assert(ipp_get_collection(a, "media-col", &members) == 0);
        assert(ipp_has_string(members, "media-type", "stationery"));
        assert(ipp_get_collection(members, "media-size", &members) == 0);
        assert(ipp_get_integer(members, "x-dimension", 1, 100000, &integer) == 0 && integer == 21000);
}

/* An arena that is full, and collections left open, are failures of the whole. */
static void test_build_failure(void)
{
        SCOPED(arena_freep) struct arena *small = arena_new(512);
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(4096);
        struct ipp_builder b = ipp_answer(small, IPP_OK, 1);

        for (int i = 0; i < 1000; i++)
                ipp_add_integer(&b, "a", i);
        assert(ipp_builder_format(&b, &buffer) < 0);

        b = ipp_answer(arena, IPP_OK, 1);
        ipp_begin_collection(&b, "media-col");
        assert(ipp_builder_format(&b, &buffer) < 0);
        ipp_end_collection(&b);
        assert(ipp_builder_format(&b, &buffer) == 0);
        ipp_end_collection(&b);
        assert(ipp_builder_format(&b, &buffer) < 0);
}

int main(void)
{
        test_rows();
        test_scan();
        test_limits();
        test_nesting();
        test_build();
        test_build_failure();
        assert(strcmp(ipp_status_name(IPP_CLIENT_ERROR_NOT_FOUND), "client-error-not-found") == 0);
        assert(strcmp(ipp_operation_name(0x0b), "Get-Printer-Attributes") == 0 &&
               !ipp_operation_name(0x7fff));
        return 0;
}
