// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdio.h>

#include "base/scope.h"
#include "ipp/build.h"
#include "ipp/get.h"
#include "ipp/request.h"

#define CHARSET      \
        "\x47\0\x12" \
        "attributes-charset\0\5utf-8"
#define LATIN1       \
        "\x47\0\x12" \
        "attributes-charset\0\x0aiso-8859-1"
#define LANGUAGE     \
        "\x48\0\x1b" \
        "attributes-natural-language\0\2de"

static const struct {
        const char *name;
        struct text octets;
        enum ipp_status status;
} rows[] = {
        { "good", TEXT("\2\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\3"), IPP_OK },
        { "version 1.0", TEXT("\1\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\3"), IPP_OK },
        { "version 0.0", TEXT("\0\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\3"),
          IPP_SERVER_ERROR_VERSION_NOT_SUPPORTED },
        { "version 3.0", TEXT("\3\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\3"),
          IPP_SERVER_ERROR_VERSION_NOT_SUPPORTED },
        { "request-id 0", TEXT("\2\0\0\x0b\0\0\0\0\1" CHARSET LANGUAGE "\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "request-id -1", TEXT("\2\0\0\x0b\xff\xff\xff\xff\1" CHARSET LANGUAGE "\3"),
          IPP_CLIENT_ERROR_BAD_REQUEST },
        { "no groups", TEXT("\2\0\0\x0b\0\0\0\1\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "no attributes", TEXT("\2\0\0\x0b\0\0\0\1\1\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "charset only", TEXT("\2\0\0\x0b\0\0\0\1\1" CHARSET "\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "language only", TEXT("\2\0\0\x0b\0\0\0\1\1" LANGUAGE "\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "misordered", TEXT("\2\0\0\x0b\0\0\0\1\1" LANGUAGE CHARSET "\3"), IPP_CLIENT_ERROR_BAD_REQUEST },
        { "job group first", TEXT("\2\0\0\x0b\0\0\0\1\2" CHARSET LANGUAGE "\3"),
          IPP_CLIENT_ERROR_BAD_REQUEST },
        { "other charset", TEXT("\2\0\0\x0b\0\0\0\1\1" LATIN1 LANGUAGE "\3"),
          IPP_CLIENT_ERROR_CHARSET_NOT_SUPPORTED },
        { "attribute twice", TEXT("\2\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\x44\0\1a\0\1b\x44\0\1a\0\1c\3"),
          IPP_CLIENT_ERROR_BAD_REQUEST },
        { "same name in two groups",
          TEXT("\2\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\x44\0\1a\0\1b\2\x44\0\1a\0\1c\3"), IPP_OK },
        { "operation group twice", TEXT("\2\0\0\x0b\0\0\0\1\1" CHARSET LANGUAGE "\1\3"),
          IPP_CLIENT_ERROR_BAD_REQUEST },
};

static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;

static void test_rows(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                struct ipp_message message;
                const char *why = NULL;

                printf("%s\n", rows[i].name);
                assert(ipp_message_parse(rows[i].octets, &limits, arena, &message, NULL) == 0);
                assert(ipp_request_check(&message, &why) == rows[i].status);
                assert(!why == (rows[i].status == IPP_OK));
        }
}

/* Within a collection too. */
static void test_long_values(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_builder b = ipp_request(arena, IPP_PRINT_JOB, 1);
        const char *why = NULL;

        ipp_add_format(&b, IPP_TAG_NAME, "job-name", "%0255d", 1);
        assert(ipp_request_check(b.message, &why) == IPP_OK);
        ipp_begin_collection(&b, "media-col");
        ipp_add_format(&b, IPP_TAG_KEYWORD, "media-type", "%0256d", 1);
        ipp_end_collection(&b);
        assert(ipp_request_check(b.message, &why) == IPP_CLIENT_ERROR_REQUEST_VALUE_TOO_LONG);
}

static const struct {
        struct text uri;
        bool good;
        struct text host;
        struct text path;
} uris[] = {
        { TEXT("ipps://localhost:8443/ipp/print/demo/pull"), true, TEXT("localhost:8443"),
          TEXT("/ipp/print/demo/pull") },
        { TEXT("ipp://[::1]/"), true, TEXT("[::1]"), TEXT("/") },
        { TEXT("https://host"), true, TEXT("host"), TEXT("/") },
        { TEXT("http://"), true, TEXT(""), TEXT("/") },
        { TEXT("ftp://host/"), false, TEXT(""), TEXT("") },
        { TEXT("ipp:/host/"), false, TEXT(""), TEXT("") },
        { TEXT(""), false, TEXT(""), TEXT("") },
};

static void test_uris(void)
{
        struct ipp_uri uri;

        for (size_t i = 0; i < ARRAY_LENGTH(uris); i++) {
                assert(ipp_uri_parse(uris[i].uri, &uri) == uris[i].good);
                if (uris[i].good)
                        assert(text_equal(uri.host, uris[i].host) && text_equal(uri.path, uris[i].path));
        }
}

/* What an answer to this requested-attributes contains: template, description, named, status. */
static const struct {
        const char *requested[3];
        bool copies, printer_info, media_col_database, job_state;
} filters[] = {
        { { NULL }, true, true, false, true },
        { { "all" }, true, true, false, true },
        { { "all", "media-col-database" }, true, true, true, true },
        { { "job-template" }, true, false, false, false },
        { { "printer-description" }, false, true, false, false },
        { { "job-description" }, false, true, false, true },
        { { "job-status", "copies" }, true, false, false, true },
        { { "copies", "media-col-database" }, true, false, true, false },
        { { "no-such-thing" }, false, false, false, false },
};

static void test_filters(void)
{
        static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };

        for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                SCOPED(buffer_done) struct buffer buffer = BUFFER(4096);
                struct ipp_builder request = ipp_request(arena, IPP_GET_PRINTER_ATTRIBUTES, 1);
                struct ipp_builder b = ipp_answer(arena, IPP_OK, 1);
                const struct ipp_attribute *a;
                struct ipp_filter filter;

                for (size_t j = 0; j < 3 && filters[i].requested[j]; j++)
                        ipp_add_string(&request, IPP_TAG_KEYWORD, "requested-attributes",
                                       filters[i].requested[j]);
                filter = ipp_filter_parse(request.message->groups->attributes, everything);

                ipp_begin_group(&b, IPP_TAG_PRINTER);
                ipp_set_filter(&b, &filter);
                ipp_begin_collection(&b, "media-col-database");
                ipp_begin_collection(&b, "media-size");
                ipp_add_integer(&b, "x-dimension", 1);
                ipp_end_collection(&b);
                ipp_end_collection(&b);
                ipp_set_category(&b, IPP_CATEGORY_TEMPLATE);
                ipp_add_integer(&b, "copies", 1);
                ipp_set_category(&b, IPP_CATEGORY_DESCRIPTION);
                ipp_add_format(&b, IPP_TAG_TEXT, "printer-info", "%d", 1);
                ipp_set_category(&b, IPP_CATEGORY_STATUS);
                ipp_add_enum(&b, "job-state", 3);
                ipp_set_filter(&b, NULL);
                ipp_add_boolean(&b, "last", true);

                assert(ipp_builder_format(&b, &buffer) == 0);
                a = ipp_group_find(b.message, IPP_TAG_PRINTER)->attributes;
                assert(!!ipp_find(a, "copies") == filters[i].copies);
                assert(!!ipp_find(a, "printer-info") == filters[i].printer_info);
                assert(!!ipp_find(a, "media-col-database") == filters[i].media_col_database);
                assert(!!ipp_find(a, "job-state") == filters[i].job_state);
                assert(ipp_find(a, "last"));
        }
}

int main(void)
{
        test_rows();
        test_long_values();
        test_uris();
        test_filters();
        return 0;
}
