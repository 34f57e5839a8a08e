// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "base/scope.h"
#include "ipp/build.h"
#include "ipp/get.h"
#include "ipp/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A request that passes the check has what every operation relies on; its echo can always be formatted. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };
        SCOPED(arena_freep) struct arena *arena = arena_new(4 * IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(2 * 1024 * 1024);
        struct ipp_message message;
        struct ipp_filter filter;
        struct ipp_builder b;
        const char *why = NULL;
        struct ipp_uri uri;
        struct text text;

        if (ipp_message_parse(text_from_octets(data, size), &limits, arena, &message, NULL) != 0)
                return 0;
        if (ipp_request_check(&message, &why) != IPP_OK) {
                assert(why);
                return 0;
        }
        assert(message.request_id > 0 && message.groups->tag == IPP_TAG_OPERATION);
        assert(text_equal_string(message.groups->attributes->name, "attributes-charset"));

        if (ipp_get_keyword(message.groups->attributes, "printer-uri", 1023, &text) == 0 &&
            ipp_uri_parse(text, &uri))
                assert(uri.path.len > 0 && uri.path.at[0] == '/');

        filter = ipp_filter_parse(message.groups->attributes, everything);
        b = ipp_answer(arena, IPP_OK, message.request_id);
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_set_filter(&b, &filter);
        ipp_set_category(&b, IPP_CATEGORY_TEMPLATE);
        for (const struct ipp_attribute *a = message.groups->attributes; a; a = a->next)
                ipp_add_attribute(&b, a);
        assert(ipp_builder_format(&b, &buffer) == 0);
        return 0;
}
