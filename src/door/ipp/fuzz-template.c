// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/scope.h"
#include "door/ipp/job.h"
#include "door/ipp/template.h"
#include "ipp/get.h"
#include "ipp/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever job attributes a client sends: the ticket they become can be stored and read back the same, what
 * it says can be told to a client in a well-formed answer, and so can what was not taken over.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        static const struct queue queue = { .tenant_name = "demo", .name = "pull", .kind = QUEUE_PULL };
        SCOPED(arena_freep) struct arena *arena = arena_new(4 * IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer buffer = BUFFER(4 * 1024 * 1024);
        struct ipp_view view = {
                .queue = &queue, .printer = ipp_view_pull_printer(), .host = "localhost", .organization = ""
        };
        struct ipp_template template = { 0 };
        struct ipp_message request, answer;
        const struct ipp_group *group;
        char words[TICKET_TEXT], again[TICKET_TEXT];
        struct ticket same = { 0 };
        struct ipp_builder b;
        const char *why;

        if (ipp_message_parse(text_from_octets(data, size), &limits, arena, &request, NULL) != 0 ||
            ipp_request_check(&request, &why) != IPP_OK)
                return 0;
        group = ipp_group_find(&request, IPP_TAG_JOB);
        assert(ipp_template_parse(request.groups->attributes, group ? group->attributes : NULL, &view, arena,
                                  &template) == 0);

        ticket_format(&template.ticket, words, sizeof(words));
        assert(ticket_parse(text_from(words), &same) == 0);
        ticket_format(&same, again, sizeof(again));
        assert(strcmp(again, words) == 0);

        b = ipp_answer(arena, IPP_OK, request.request_id);
        ipp_template_report(&b, &template);
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_describe_ticket(&b, &template.ticket);
        assert(ipp_builder_format(&b, &buffer) == 0);
        assert(ipp_message_parse(buffer_text(&buffer), &limits, arena, &answer, NULL) == 0);
        assert(ipp_message_equal(b.message, &answer));
        return 0;
}
