// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What clients see of queues and jobs, as functions of what is stored: descriptions that are complete and
 * name nothing twice, options taken over or told to be unsupported, and states that follow the delivery.
 */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "door/ipp/job.h"
#include "door/ipp/template.h"
#include "ipp/get.h"
#include "ipp/request.h"

static const struct printer lobby = {
        .title = "Lobby",
        .location = "Ground floor",
        .make_and_model = "Acme; Colour: MFP",
        .accepting = true,
        .colour = true,
        .duplex = true,
        .resolution_dpi = 600,
        .formats = { "application/pdf", "application/vnd.acme" },
        .format_count = 2,
        .media = { "iso_a4_210x297mm", "na_letter_8.5x11in" },
        .media_count = 2,
        .trays = 2,
};

/* One that says more of itself. */
static const struct printer finisher = {
        .accepting = true,
        .duplex = true,
        .formats = { "application/pdf" },
        .format_count = 1,
        .media = { "iso_a4_210x297mm", "iso_a3_297x420mm" },
        .media_count = 2,
        .output_bins = { "stacker-1", "face-up" },
        .output_bin_count = 2,
        .media_types = { "photographic", "auto" },
        .media_type_count = 2,
        .media_sources = { "main", "by-pass-tray" },
        .media_source_count = 2,
        .finishings = { 3, 4, 5 },
        .finishing_count = 3,
};

/* The least there can be. */
static const struct printer plain = {
        .accepting = true,
        .formats = { "application/vnd.hp-PCLXL" },
        .format_count = 1,
        .media = { "iso_a4_210x297mm" },
        .media_count = 1,
};

static struct queue direct_queue = {
        .tenant_name = "demo", .name = "lobby", .kind = QUEUE_DIRECT, .accepting = true, .created_ms = 1000000
};
static struct queue pull_queue = {
        .tenant_name = "demo", .name = "pull", .kind = QUEUE_PULL, .accepting = true, .created_ms = 1000000
};

static struct ipp_view view_of(const struct queue *queue, const struct printer *printer)
{
        struct ipp_view view = { .queue = queue,
                                 .printer = printer,
                                 .is_secure = true,
                                 .now_ms = 5000000,
                                 .started_ms = 2000000,
                                 .time_out_ms = 300000,
                                 .octets_max = 1 << 30,
                                 .organization = "" };

        ipp_view_set_host(&view, TEXT_OF("print.example:8443"));
        return view;
}

static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };

static const struct ipp_attribute *describe(struct ipp_view *view, struct arena *arena)
{
        SCOPED(buffer_done) struct buffer buffer = BUFFER(1024 * 1024);
        struct ipp_builder b = ipp_answer(arena, IPP_OK, 1);
        const char *why = "";

        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_set_filter(&b, &everything);
        ipp_describe_printer(&b, view);
        assert(ipp_builder_format(&b, &buffer) == 0);
        /* No attribute twice in a group, none too long: the rules for requests hold for our answers. */
        assert(ipp_request_check(b.message, &why) == IPP_OK);
        return ipp_group_find(b.message, IPP_TAG_PRINTER)->attributes;
}

static bool same_count(const struct ipp_attribute *a, const char *one, const char *other)
{
        return ipp_value_count(ipp_find(a, one)) == ipp_value_count(ipp_find(a, other));
}

static void test_printers(void)
{
        const struct {
                const struct queue *queue;
                const struct printer *printer;
                bool colour, everywhere;
        } rows[] = {
                { &direct_queue, &lobby, true, true },
                { &direct_queue, &plain, false, true },
                { &pull_queue, ipp_view_pull_printer(), true, true },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                struct ipp_view view = view_of(rows[i].queue, rows[i].printer);
                const struct ipp_attribute *a = describe(&view, arena);
                bool is_pull = rows[i].queue->kind == QUEUE_PULL;

                assert(!!ipp_find(a, "pages-per-minute-color") == rows[i].colour);
                assert(ipp_has_string(a, "sides-supported", "two-sided-long-edge") ==
                       rows[i].printer->duplex);
                assert(ipp_has_string(a, "printer-uri-supported",
                                      is_pull ? "ipps://print.example:8443/ipp/print/demo/pull"
                                              : "ipps://print.example:8443/ipp/print/demo/lobby"));
                assert(same_count(a, "printer-uri-supported", "uri-security-supported"));
                assert(same_count(a, "printer-uri-supported", "uri-authentication-supported"));
                assert(same_count(a, "printer-alert", "printer-alert-description"));
                assert(same_count(a, "printer-supply", "printer-supply-description"));
                assert(!ipp_find(a, "media-col-database"));
                assert(ipp_has_string(a, "ipp-features-supported", "job-release") == is_pull);
                assert(!!ipp_find(a, "job-release-action-supported") == is_pull);
                assert(!ipp_has_integer(a, "operations-supported", 0x0003)); /* Print-URI */
                assert(!ipp_has_integer(a, "operations-supported", 0x0007)); /* Send-URI */
                assert(ipp_has_integer(a, "operations-supported", IPP_GET_USER_PRINTER_ATTRIBUTES));
                assert(ipp_has_string(a, "document-format-supported", "application/pdf"));
                assert(!ipp_has_integer(a, "orientation-requested-supported", 7));
        }
}

static bool says(const struct ipp_attribute *a, const char *name, const char *const *words)
{
        size_t count = 0;

        for (; words[count]; count++)
                if (!ipp_has_string(a, name, words[count]))
                        return false;
        return ipp_value_count(ipp_find(a, name)) == count;
}
#define SAYS(a, name, ...) says(a, name, (const char *const[]){ __VA_ARGS__, NULL })

static void test_abilities(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_view said = view_of(&direct_queue, &finisher), unsaid = view_of(&direct_queue, &lobby);
        const struct ipp_attribute *a = describe(&said, arena), *b = describe(&unsaid, arena);

        assert(SAYS(a, "output-bin-supported", "auto", "stacker-1", "face-up"));
        assert(SAYS(a, "media-type-supported", "auto", "photographic"));
        assert(SAYS(a, "media-source-supported", "auto", "main", "by-pass-tray"));
        assert(SAYS(a, "media-ready", "iso_a4_210x297mm", "iso_a3_297x420mm"));
        assert(ipp_has_integer(a, "finishings-supported", 4) &&
               ipp_has_integer(a, "finishings-supported", 5));
        assert(ipp_value_count(ipp_find(a, "finishings-supported")) == 3);

        assert(SAYS(b, "output-bin-supported", "auto", "face-down", "face-up"));
        assert(SAYS(b, "media-source-supported", "auto", "tray-1", "tray-2"));
        assert(ipp_value_count(ipp_find(b, "finishings-supported")) == 1);
}

/* Commands for a printer go to one only through a queue that may carry them. */
static void test_raw_documents(void)
{
        struct text pcl_xl = TEXT("application/vnd.hp-PCLXL"), pcl = TEXT("application/vnd.hp-PCL");
        struct queue direct = direct_queue, pull = pull_queue;
        struct ipp_view views[] = { view_of(&direct, &plain), view_of(&pull, ipp_view_pull_printer()) };

        for (size_t i = 0; i < ARRAY_LENGTH(views); i++)
                assert(!ipp_view_takes(&views[i], pcl_xl) && !ipp_view_takes(&views[i], pcl));
        direct.takes_raw = pull.takes_raw = true;
        assert(ipp_view_takes(&views[0], pcl_xl) && !ipp_view_takes(&views[0], pcl));
        assert(ipp_view_takes(&views[1], pcl_xl) && ipp_view_takes(&views[1], pcl));
        assert(ipp_view_takes(&views[1], TEXT_OF("text/markdown")));
        assert(!ipp_view_takes(&views[1], TEXT_OF("application/vnd.acme")));
}

/* A foreign name with the separators of IEEE 1284 in it cannot bring fields of its own. */
static void test_device_id(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_view view = view_of(&direct_queue, &lobby);
        struct text id;

        assert(ipp_get_name(describe(&view, arena), "printer-device-id", 1023, &id) == 0);
        assert(text_starts_with(id, "MFG:Imprimatur;MDL:Acme  Colour  MFP;CMD:"));
}

static void test_hosts(void)
{
        static const struct {
                struct text host;
                const char *kept;
        } rows[] = {
                { TEXT("print.example"), "print.example" },
                { TEXT("[::1]:631"), "[::1]:631" },
                { TEXT("evil/path"), "localhost" },
                { TEXT("user@host"), "localhost" },
                { TEXT("a b"), "localhost" },
                { TEXT("a\r\nb"), "localhost" },
                { TEXT(""), "localhost" },
        };
        struct ipp_view view;

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                ipp_view_set_host(&view, rows[i].host);
                assert(strcmp(view.host, rows[i].kept) == 0);
        }
}

/* Options as a client writes them: name, tag, one value; whether they are taken over, and as which ticket. */
static const struct {
        const char *name;
        uint8_t tag;
        int32_t number;
        const char *string;
        bool taken;
        const char *ticket;
} options[] = {
        { "copies", IPP_TAG_INTEGER, 2, NULL, true, "copies=2" },
        { "copies", IPP_TAG_INTEGER, 0, NULL, false, "" },
        { "copies", IPP_TAG_INTEGER, 1000, NULL, false, "" },
        { "copies", IPP_TAG_KEYWORD, 0, "two", false, "" },
        { "sides", IPP_TAG_KEYWORD, 0, "two-sided-short-edge", true, "sides=two-sided-short-edge" },
        { "sides", IPP_TAG_KEYWORD, 0, "three-sided", false, "" },
        { "media", IPP_TAG_KEYWORD, 0, "na_letter_8.5x11in", true, "media=na_letter_8.5x11in" },
        { "media", IPP_TAG_NAME, 0, "iso_a4_210x297mm", true, "media=iso_a4_210x297mm" },
        { "media", IPP_TAG_KEYWORD, 0, "iso_a0_841x1189mm", false, "" },
        { "print-color-mode", IPP_TAG_KEYWORD, 0, "color", true, "print-color-mode=color" },
        { "print-color-mode", IPP_TAG_KEYWORD, 0, "bi-level", false, "" },
        { "print-quality", IPP_TAG_ENUM, 5, NULL, true, "print-quality=5" },
        { "print-quality", IPP_TAG_ENUM, 6, NULL, false, "" },
        { "orientation-requested", IPP_TAG_ENUM, 4, NULL, true, "orientation-requested=4" },
        { "orientation-requested", IPP_TAG_ENUM, 7, NULL, false, "" },
        { "number-up", IPP_TAG_INTEGER, 2, NULL, true, "number-up=2" },
        { "number-up", IPP_TAG_INTEGER, 3, NULL, false, "" },
        { "imposition-template", IPP_TAG_KEYWORD, 0, "signature", true, "imposition-template=signature" },
        { "presentation-direction-number-up", IPP_TAG_KEYWORD, 0, "toleft-totop", true,
          "presentation-direction-number-up=toleft-totop" },
        { "print-scaling", IPP_TAG_KEYWORD, 0, "fill", true, "print-scaling=fill" },
        { "print-scaling", IPP_TAG_KEYWORD, 0, "half", false, "" },
        { "finishings", IPP_TAG_ENUM, 3, NULL, true, "finishings=3" },
        { "finishings", IPP_TAG_ENUM, 4, NULL, false, "" },
        { "output-bin", IPP_TAG_KEYWORD, 0, "face-up", true, "output-bin=face-up" },
        { "job-hold-until", IPP_TAG_KEYWORD, 0, "indefinite", true, "hold=1" },
        { "job-hold-until", IPP_TAG_KEYWORD, 0, "no-hold", true, "" },
        { "job-hold-until", IPP_TAG_KEYWORD, 0, "night", false, "" },
        { "job-release-action", IPP_TAG_KEYWORD, 0, "owner-authorized", false, "" },
        { "job-sheets", IPP_TAG_KEYWORD, 0, "none", true, "" },
        { "job-sheets", IPP_TAG_KEYWORD, 0, "standard", false, "" },
        { "print-scaling", IPP_TAG_KEYWORD, 0, "auto", true, "print-scaling=auto" },
        { "no-such-option", IPP_TAG_KEYWORD, 0, "x", false, "" },
};

static const struct ipp_attribute *ask(struct ipp_builder *b, size_t i)
{
        ipp_begin_group(b, IPP_TAG_JOB);
        if (options[i].tag == IPP_TAG_INTEGER)
                ipp_add_integer(b, options[i].name, options[i].number);
        else if (options[i].tag == IPP_TAG_ENUM)
                ipp_add_enum(b, options[i].name, options[i].number);
        else
                ipp_add_string(b, options[i].tag, options[i].name, options[i].string);
        return b->group->attributes;
}

static void test_options(void)
{
        struct ipp_view view = view_of(&direct_queue, &lobby);

        for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                struct ipp_builder request = ipp_request(arena, IPP_PRINT_JOB, 1);
                struct ipp_template template = { 0 }, strict = { 0 };
                const struct ipp_attribute *job = ask(&request, i);
                char words[TICKET_TEXT];

                printf("%s %d %s\n", options[i].name, options[i].number,
                       options[i].string ? options[i].string : "");
                assert(ipp_template_parse(NULL, job, &view, arena, &template) == 0);
                ticket_format(&template.ticket, words, sizeof(words));
                assert(strcmp(words, options[i].ticket) == 0);
                assert(!template.unsupported == options[i].taken && !template.is_refused);

                request = ipp_request(arena, IPP_PRINT_JOB, 1);
                ipp_add_boolean(&request, "ipp-attribute-fidelity", true);
                assert(ipp_template_parse(request.message->groups->attributes, job, &view, arena, &strict) ==
                       0);
                assert(strict.is_refused == !options[i].taken);
        }
}

/* What a printer names itself may be asked of it, and of it alone. */
static void test_options_of_its_own(void)
{
        static const struct {
                const char *name, *string;
                int32_t first, second;
                bool taken, taken_elsewhere;
        } own[] = {
                { "output-bin", "stacker-1", 0, 0, true, false },
                { "output-bin", "face-down", 0, 0, false, true },
                { "output-bin", "auto", 0, 0, true, true },
                { "finishings", NULL, 4, 0, true, false },
                { "finishings", NULL, 3, 4, true, false },
                { "finishings", NULL, 4, 5, true, false },
                { "finishings", NULL, 4, 6, false, false },
                { "finishings", NULL, 4, 4, false, false },
                { "finishings", NULL, 3, 0, true, true },
        };
        struct ipp_view views[] = { view_of(&direct_queue, &finisher), view_of(&direct_queue, &lobby) };

        for (size_t i = 0; i < 2 * ARRAY_LENGTH(own); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                struct ipp_builder request = ipp_request(arena, IPP_PRINT_JOB, 1);
                struct ipp_template template = { 0 };
                size_t row = i / 2;

                ipp_begin_group(&request, IPP_TAG_JOB);
                if (own[row].string)
                        ipp_add_string(&request, IPP_TAG_KEYWORD, own[row].name, own[row].string);
                else
                        ipp_add_enum(&request, own[row].name, own[row].first);
                if (own[row].second)
                        ipp_add_enum(&request, own[row].name, own[row].second);
                assert(ipp_template_parse(NULL, request.group->attributes, &views[i % 2], arena, &template) ==
                       0);
                assert((template.unsupported == NULL) == (i % 2 ? own[row].taken_elsewhere : own[row].taken));
        }
}

/* What was asked for comes back with the job, value by value; what was refused is named. */
static void test_echo(void)
{
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_view view = view_of(&direct_queue, &lobby);
        struct ipp_builder request = ipp_request(arena, IPP_PRINT_JOB, 1),
                           answer = ipp_answer(arena, IPP_OK, 1);
        struct ipp_template template = { 0 };
        const struct ipp_attribute *job, *members, *echo;
        int32_t number;

        ipp_add_string(&request, IPP_TAG_KEYWORD, "job-mandatory-attributes", "overrides");
        ipp_begin_group(&request, IPP_TAG_JOB);
        job = NULL;
        ipp_add_range(&request, "page-ranges", 1, 3);
        ipp_add_range(&request, "page-ranges", 7, 7);
        ipp_add_resolution(&request, "printer-resolution", 600, 600);
        ipp_begin_collection(&request, "media-col");
        ipp_begin_collection(&request, "media-size");
        ipp_add_integer(&request, "x-dimension", 21590);
        ipp_add_integer(&request, "y-dimension", 27940);
        ipp_end_collection(&request);
        ipp_add_string(&request, IPP_TAG_KEYWORD, "media-source", "tray-2");
        ipp_end_collection(&request);
        ipp_add_string(&request, IPP_TAG_KEYWORD, "x-colour", "plaid");
        ipp_add_integer(&request, "copies", -1);
        job = request.group->attributes;

        assert(ipp_template_parse(request.message->groups->attributes, job, &view, arena, &template) == 0);
        assert(!template.is_refused && strcmp(template.ticket.page_ranges, "1-3,7-7") == 0);
        assert(strcmp(template.ticket.media, "na_letter_8.5x11in") == 0);

        ipp_template_report(&answer, &template);
        echo = ipp_group_find(answer.message, IPP_TAG_UNSUPPORTED_GROUP)->attributes;
        assert(ipp_find(echo, "x-colour")->values->tag == IPP_TAG_UNSUPPORTED);
        assert(ipp_get_integer(echo, "copies", INT32_MIN, INT32_MAX, &number) == 0 && number == -1);

        ipp_begin_group(&answer, IPP_TAG_JOB);
        ipp_describe_ticket(&answer, &template.ticket);
        echo = answer.group->attributes;
        assert(ipp_has_integer(echo, "page-ranges", 2) && ipp_has_integer(echo, "page-ranges", 7));
        assert(!ipp_has_integer(echo, "page-ranges", 5) && !ipp_find(echo, "copies"));
        assert(ipp_get_collection(echo, "media-col", &members) == 0);
        assert(ipp_has_string(members, "media-source", "tray-2"));

        template = (struct ipp_template){ 0 };
        ipp_begin_collection(&request, "overrides");
        ipp_end_collection(&request);
        assert(ipp_template_parse(request.message->groups->attributes, job, &view, arena, &template) == 0);
        assert(template.is_refused);
}

/* Several pages on a side and a booklet are not both had, in whichever order they are asked for. */
static void test_booklet(void)
{
        static const int32_t before[] = { 4, 1, 0, 0, 0 }, after[] = { 0, 0, 4, 1, 0 };
        static const char *const tickets[] = { "number-up=4", "number-up=1;imposition-template=signature",
                                               "number-up=4", "number-up=1;imposition-template=signature",
                                               "imposition-template=signature" };
        struct ipp_view view = view_of(&direct_queue, &lobby);

        for (size_t i = 0; i < ARRAY_LENGTH(tickets); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                struct ipp_builder request = ipp_request(arena, IPP_PRINT_JOB, 1);
                struct ipp_template template = { 0 };
                char words[TICKET_TEXT];

                ipp_begin_group(&request, IPP_TAG_JOB);
                if (before[i])
                        ipp_add_integer(&request, "number-up", before[i]);
                ipp_add_string(&request, IPP_TAG_KEYWORD, "imposition-template", "signature");
                if (after[i])
                        ipp_add_integer(&request, "number-up", after[i]);
                assert(ipp_template_parse(NULL, request.group->attributes, &view, arena, &template) == 0);
                ticket_format(&template.ticket, words, sizeof(words));
                assert(strcmp(words, tickets[i]) == 0 && ticket_is_valid(&template.ticket));
                assert(!template.unsupported == (before[i] + after[i] < 4));
        }
}

/* Page ranges must ascend and stay apart, and there is an end to how many. */
static void test_page_ranges(void)
{
        static const struct {
                struct ipp_range ranges[2];
                const char *ticket;
        } rows[] = {
                { { { 1, 1 }, { 2, 2 } }, "page-ranges=1-1,2-2" },
                { { { 1, 3 }, { 3, 4 } }, "" },
                { { { 5, 6 }, { 1, 2 } }, "" },
                { { { 0, 1 }, { 2, 3 } }, "" },
                { { { 3, 1 }, { 4, 5 } }, "" },
                /* to the end, and behind it */
                { { { 1, 3 }, { 5, INT32_MAX } }, "page-ranges=1-3,5-1000000" },
                { { { 1, 3 }, { 1000000, 1000001 } }, "page-ranges=1-3,1000000-1000000" },
                { { { 1, 3 }, { 1000001, INT32_MAX } }, "" },
                { { { 1, 1000001 }, { 1000002, INT32_MAX } }, "" },
        };
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        struct ipp_view view = view_of(&direct_queue, &lobby);
        struct ipp_builder request = ipp_request(arena, IPP_PRINT_JOB, 1);
        struct ipp_template template;
        char words[TICKET_TEXT];

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                template = (struct ipp_template){ 0 };
                ipp_begin_group(&request, IPP_TAG_JOB);
                for (size_t j = 0; j < 2; j++)
                        ipp_add_range(&request, "page-ranges", rows[i].ranges[j].least,
                                      rows[i].ranges[j].most);
                assert(ipp_template_parse(NULL, request.group->attributes, &view, arena, &template) == 0);
                ticket_format(&template.ticket, words, sizeof(words));
                assert(strcmp(words, rows[i].ticket) == 0 && ticket_is_valid(&template.ticket));
                assert(!template.unsupported == (rows[i].ticket[0] != 0));
        }
        template = (struct ipp_template){ 0 };
        ipp_begin_group(&request, IPP_TAG_JOB);
        for (int32_t i = 1; i < 400; i += 2)
                ipp_add_range(&request, "page-ranges", i, i);
        assert(ipp_template_parse(NULL, request.group->attributes, &view, arena, &template) == 0);
        assert(template.unsupported && !template.ticket.page_ranges[0]);
}

static const struct {
        const char *name;
        enum queue_kind kind;
        enum job_state job;
        int delivery; /* -1: none */
        enum ipp_job_state state;
        const char *reason;
        const char *why; /* the job's own reason; NULL: none */
} states[] = {
        { "receiving", QUEUE_PULL, JOB_RECEIVING, -1, IPP_JOB_PENDING, "job-incoming" },
        { "held", QUEUE_PULL, JOB_HELD, -1, IPP_JOB_PENDING_HELD, "job-held-for-release" },
        { "held for Release-Job", QUEUE_DIRECT, JOB_HELD, -1, IPP_JOB_PENDING_HELD,
          "job-hold-until-specified" },
        { "held again", QUEUE_PULL, JOB_HELD, DELIVERY_NOT_PRINTED, IPP_JOB_PENDING_HELD,
          "job-held-for-release" },
        { "requested", QUEUE_PULL, JOB_RELEASING, DELIVERY_REQUESTED, IPP_JOB_PENDING, "none" },
        { "at home elsewhere", QUEUE_PULL, JOB_RELEASING, DELIVERY_REQUESTED, IPP_JOB_PENDING,
          "resources-are-not-ready", "waits-for-site" },
        { "offered", QUEUE_PULL, JOB_RELEASING, DELIVERY_OFFERED, IPP_JOB_PENDING, "none" },
        { "armed", QUEUE_PULL, JOB_RELEASING, DELIVERY_ARMED, IPP_JOB_PROCESSING, "job-printing" },
        { "printed", QUEUE_PULL, JOB_DONE, DELIVERY_PRINTED, IPP_JOB_COMPLETED,
          "job-completed-successfully" },
        { "sent", QUEUE_PULL, JOB_DONE, DELIVERY_SENT, IPP_JOB_COMPLETED, "job-completed-with-warnings" },
        { "sent, kept", QUEUE_PULL, JOB_RELEASING, DELIVERY_SENT, IPP_JOB_COMPLETED,
          "job-completed-with-warnings" },
        { "uncertain", QUEUE_PULL, JOB_RELEASING, DELIVERY_UNCERTAIN, IPP_JOB_ABORTED, "aborted-by-system" },
        { "deleted", QUEUE_PULL, JOB_DELETED, -1, IPP_JOB_CANCELED, "job-canceled-by-user" },
        { "deleted after a try", QUEUE_PULL, JOB_DELETED, DELIVERY_CANCELLED, IPP_JOB_CANCELED,
          "job-canceled-by-user" },
        { "expired", QUEUE_PULL, JOB_EXPIRED, -1, IPP_JOB_ABORTED, "aborted-by-system" },
        { "rejected", QUEUE_PULL, JOB_REJECTED, -1, IPP_JOB_ABORTED, "aborted-by-system" },
};

static void test_states(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
                SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
                SCOPED(buffer_done) struct buffer buffer = BUFFER(65536);
                struct ipp_builder b = ipp_answer(arena, IPP_OK, 1);
                struct job job = { .number = 7,
                                   .title = "letter",
                                   .owner_name = "ada@demo.example",
                                   .state = states[i].job,
                                   .created_ms = 3000000,
                                   .has_delivery = states[i].delivery >= 0,
                                   .delivery_state = (enum delivery_state)(
                                           states[i].delivery < 0 ? 0 : states[i].delivery) };
                struct queue *queue = states[i].kind == QUEUE_PULL ? &pull_queue : &direct_queue;
                struct ipp_view view = view_of(queue, &lobby);
                struct ipp_job_status status;
                const struct ipp_attribute *a;
                const char *why = "";

                printf("%s\n", states[i].name);
                if (states[i].why)
                        snprintf(job.reason, sizeof(job.reason), "%s", states[i].why);
                status = ipp_job_status(&job, states[i].kind);
                assert(status.state == states[i].state && strcmp(status.reasons[0], states[i].reason) == 0);
                assert(ipp_job_is_over(&job, states[i].kind) == (status.state >= IPP_JOB_CANCELED));

                ipp_begin_group(&b, IPP_TAG_JOB);
                ipp_set_filter(&b, &everything);
                ipp_describe_job(&b, &view, &job);
                assert(ipp_builder_format(&b, &buffer) == 0 && ipp_request_check(b.message, &why) == IPP_OK);
                a = b.group->attributes;
                assert(ipp_has_integer(a, "job-state", (int32_t)states[i].state));
                assert(ipp_has_integer(a, "time-at-creation", 2001));
                assert(!ipp_find(a, "page-ranges") && !ipp_find(a, "copies"));
                assert(!!ipp_find(a, "job-hold-until") == (states[i].job == JOB_HELD));
        }
}

int main(void)
{
        test_printers();
        test_device_id();
        test_raw_documents();
        test_hosts();
        test_abilities();
        test_options();
        test_options_of_its_own();
        test_echo();
        test_booklet();
        test_page_ranges();
        test_states();
        return 0;
}
