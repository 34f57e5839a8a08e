// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>

#include "base/scope.h"
#include "ipp/get.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What the parser accepts is exactly one message to the scanner, and its formatter writes back the same
 * octets. The getters, which see printers' answers, bear every accepted value.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(2 * 1024 * 1024);
        struct text octets = text_from_octets(data, size);
        struct ipp_scan scan = { 0 };
        struct ipp_message message;
        struct text text;
        size_t length;
        int32_t integer;
        int scanned = ipp_scan(&scan, octets, &limits, &length);

        if (ipp_message_parse(octets, &limits, arena, &message, NULL) != 0)
                return 0;

        assert(scanned == 0 && length == size);
        assert(ipp_message_format(&message, &buffer) == 0);
        assert(text_equal(buffer_text(&buffer), octets));

        for (const struct ipp_group *g = message.groups; g; g = g->next) {
                if (ipp_get_name(g->attributes, "job-name", 255, &text) == 0)
                        assert(text.len <= 255 && text_is_printable(text));
                if (ipp_get_integer(g->attributes, "job-id", 1, 1000, &integer) == 0)
                        assert(integer >= 1 && integer <= 1000);
                (void)ipp_has_integer(g->attributes, "page-ranges", 1);
                (void)ipp_has_string(g->attributes, "job-state-reasons", "none");
        }
        return 0;
}
