// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/fake-printer.h"
#include "ipp/build.h"
#include "ipp/get.h"
#include "ipp/message.h"

#define UUID "urn:uuid:00000000-0000-4000-8000-000000000001"

enum {
        COMPLETES,
        COMPLETES_SLOWLY,
        ABORTS_WITHOUT_A_PAGE,
        ABORTS_AFTER_TWO,
        CANCELS_AND_CANNOT_COUNT,
        FORGETS,
        GIVES_THE_NUMBER_AWAY,
        STAYS_STOPPED,
        REFUSES_JOBS,
        IS_BUSY,
        REFUSES_THE_DOCUMENT,
        CLOSES_IN_THE_DOCUMENT,
        CLOSES_IN_THE_DOCUMENT_AND_COMPLETES,
        TAKES_OTHER_FORMATS,
        KNOWS_ONLY_PRINT_JOB,
        WANTS_A_PASSWORD,
        SPEAKS_NO_HTTP,
        SPEAKS_NO_IPP,
        CLOSES_EACH_TIME,
};

/* One request: its head and message in got, its document counted. */
struct request {
        struct text message;
        size_t document;
};

static struct fake_printer fake;
static int asked; /* Get-Job-Attributes so far */
static bool cancelled;
static bool whole;
static char wanted_sides[32];

/* Takes chunks off the connection; the first one is the message. */
static bool read_chunked(int fd, size_t head, struct request *request)
{
        size_t at = head;

        for (int chunk = 0;; chunk++) {
                char *line = fake.got + at, *end;
                size_t size;

                while (!(end = memmem(fake.got + at, fake.got_len - at, "\r\n", 2)))
                        if (!fake_take(&fake, fd, 1))
                                return false;
                size = strtoul(line, NULL, 16);
                at = (size_t)(end + 2 - fake.got);
                while (fake.got_len < at + size + 2)
                        if (!fake_take(&fake, fd, at + size + 2 - fake.got_len))
                                return false;
                if (chunk == 0)
                        request->message = (struct text){ fake.got + at, size };
                else
                        request->document += size;
                if (chunk > 0 && (fake.behaviour == CLOSES_IN_THE_DOCUMENT ||
                                  fake.behaviour == CLOSES_IN_THE_DOCUMENT_AND_COMPLETES))
                        return false;
                at += size + 2;
                if (size == 0)
                        return true;
        }
}

static bool read_request(int fd, struct request *request)
{
        const char *end, *length;
        size_t head, body;

        *request = (struct request){ .document = 0 };
        fake.got_len = 0;
        while (!(end = memmem(fake.got, fake.got_len, "\r\n\r\n", 4)))
                if (!fake_take(&fake, fd, 1))
                        return false;
        head = (size_t)(end + 4 - fake.got);
        length = memmem(fake.got, head, "Content-Length: ", 16);
        if (!length)
                return read_chunked(fd, head, request);
        body = strtoul(length + 16, NULL, 10);
        while (fake.got_len < head + body)
                if (!fake_take(&fake, fd, head + body - fake.got_len))
                        return false;
        request->message = (struct text){ fake.got + head, body };
        return true;
}

static void add_printer(struct ipp_builder *b)
{
        ipp_begin_group(b, IPP_TAG_PRINTER);
        ipp_add_string(b, IPP_TAG_URI, "printer-uuid", UUID);
        ipp_add_string(b, IPP_TAG_MIME, "document-format-supported", "image/urf");
        if (fake.behaviour != TAKES_OTHER_FORMATS)
                ipp_add_string(b, IPP_TAG_MIME, "document-format-supported", "application/pdf");
        ipp_add_enum(b, "operations-supported", IPP_PRINT_JOB);
        if (fake.behaviour != KNOWS_ONLY_PRINT_JOB) {
                ipp_add_enum(b, "operations-supported", IPP_CREATE_JOB);
                ipp_add_enum(b, "operations-supported", IPP_SEND_DOCUMENT);
        }
        ipp_add_range(b, "copies-supported", 1, 9);
        ipp_add_string(b, IPP_TAG_KEYWORD, "sides-supported", "one-sided");
        ipp_add_string(b, IPP_TAG_KEYWORD, "sides-supported", "two-sided-long-edge");
}

static void add_job(struct ipp_builder *b)
{
        int32_t state = IPP_JOB_COMPLETED, pages = 3;

        asked++;
        if (fake.behaviour == FORGETS) {
                b->message->code = IPP_CLIENT_ERROR_NOT_FOUND;
                return;
        }
        if (fake.behaviour == COMPLETES_SLOWLY && asked < 3)
                state = IPP_JOB_PROCESSING;
        if (fake.behaviour == STAYS_STOPPED)
                state = cancelled ? IPP_JOB_CANCELED : IPP_JOB_PROCESSING_STOPPED;
        if (fake.behaviour == ABORTS_WITHOUT_A_PAGE || fake.behaviour == ABORTS_AFTER_TWO ||
            fake.behaviour == CLOSES_IN_THE_DOCUMENT || fake.behaviour == REFUSES_THE_DOCUMENT)
                state = IPP_JOB_ABORTED;
        if (fake.behaviour == CANCELS_AND_CANNOT_COUNT)
                state = IPP_JOB_CANCELED;
        if (state == IPP_JOB_ABORTED || state == IPP_JOB_PROCESSING_STOPPED ||
            fake.behaviour == STAYS_STOPPED)
                pages = fake.behaviour == ABORTS_AFTER_TWO || fake.behaviour == CLOSES_IN_THE_DOCUMENT ? 2
                                                                                                       : 0;
        ipp_begin_group(b, IPP_TAG_JOB);
        ipp_add_integer(b, "job-id", 17);
        ipp_add_string(b, IPP_TAG_NAME, "job-name",
                       fake.behaviour == GIVES_THE_NUMBER_AWAY ? "other" : "imprimatur 1");
        ipp_add_enum(b, "job-state", state);
        if (fake.behaviour == CANCELS_AND_CANNOT_COUNT)
                ipp_add_out_of_band(b, IPP_TAG_UNKNOWN, "job-impressions-completed");
        else
                ipp_add_integer(b, "job-impressions-completed", pages);
}

static void answer_request(struct ipp_builder *b, const struct ipp_message *question)
{
        const struct ipp_group *job = ipp_group_find(question, IPP_TAG_JOB);
        struct text sides;

        switch (question->code) {
        case IPP_GET_PRINTER_ATTRIBUTES: add_printer(b); break;
        case IPP_CREATE_JOB:
                if (job && ipp_get_keyword(job->attributes, "sides", 31, &sides) == 0)
                        (void)text_copy(sides, wanted_sides, sizeof(wanted_sides));
                if (fake.behaviour == REFUSES_JOBS)
                        b->message->code = IPP_CLIENT_ERROR_NOT_AUTHORIZED;
                else if (fake.behaviour == IS_BUSY)
                        b->message->code = IPP_SERVER_ERROR_BUSY;
                ipp_begin_group(b, IPP_TAG_JOB);
                ipp_add_integer(b, "job-id", 17);
                break;
        case IPP_SEND_DOCUMENT:
                if (fake.behaviour == REFUSES_THE_DOCUMENT)
                        b->message->code = IPP_CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED;
                else
                        whole = true;
                break;
        case IPP_CANCEL_JOB: cancelled = true; break;
        case IPP_GET_JOB_ATTRIBUTES: add_job(b); break;
        }
}

static void answer(int fd, const struct request *request)
{
        static const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        SCOPED(arena_freep) struct arena *arena = arena_new(IPP_ARENA_OCTETS);
        SCOPED(buffer_done) struct buffer message = BUFFER(100000);
        SCOPED(buffer_done) struct buffer out = BUFFER(100000);
        struct ipp_message question;
        struct ipp_builder b;

        assert(ipp_message_parse(request->message, &limits, arena, &question, NULL) == 0);
        b = ipp_answer(arena, IPP_OK, question.request_id);
        answer_request(&b, &question);
        assert(ipp_builder_format(&b, &message) == 0);
        if (fake.behaviour == CLOSES_EACH_TIME)
                buffer_format(&out, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nContent-Type: "
                                    "application/ipp\r\n\r\n");
        else
                buffer_format(
                        &out,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %zu\r\n\r\n",
                        message.len);
        buffer_add_text(&out, buffer_text(&message));
        assert(write(fd, out.at, out.len) == (ssize_t)out.len);
}

static void serve(struct fake_printer *unused, int fd)
{
        struct request request;

        while (read_request(fd, &request)) {
                if (fake.behaviour == WANTS_A_PASSWORD) {
                        fake_say(fd, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
                } else if (fake.behaviour == SPEAKS_NO_HTTP) {
                        fake_say(fd, "220 ready\r\n\r\n");
                        return;
                } else if (fake.behaviour == SPEAKS_NO_IPP) {
                        fake_say(fd,
                                 "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi");
                } else {
                        answer(fd, &request);
                }
                if (fake.behaviour == CLOSES_EACH_TIME)
                        return;
        }
}

static const struct {
        const char *name;
        int behaviour;
        enum courier_result result;
        bool may_retry;
        const char *reason;
        uint32_t pages;
        int begun;
        bool noted;
} rows[] = {
        { "completes", COMPLETES, COURIER_PRINTED, false, "completed-by-printer", 3, 1, true },
        { "completes slowly", COMPLETES_SLOWLY, COURIER_PRINTED, false, "completed-by-printer", 3, 1, true },
        { "closes each time", CLOSES_EACH_TIME, COURIER_PRINTED, false, "completed-by-printer", 3, 1, true },
        { "aborts without a page", ABORTS_WITHOUT_A_PAGE, COURIER_NOT_PRINTED, false, "aborted-by-printer", 0,
          1, true },
        { "aborts after two", ABORTS_AFTER_TWO, COURIER_UNCERTAIN, false, "aborted-by-printer", 2, 1, true },
        { "cancels and cannot count", CANCELS_AND_CANNOT_COUNT, COURIER_UNCERTAIN, false,
          "canceled-at-printer", 0, 1, true },
        { "forgets", FORGETS, COURIER_UNCERTAIN, false, "job-unknown-to-printer", 0, 1, true },
        { "gives the number away", GIVES_THE_NUMBER_AWAY, COURIER_UNCERTAIN, false, "job-unknown-to-printer",
          3, 1, true },
        { "stays stopped", STAYS_STOPPED, COURIER_NOT_PRINTED, false, "stalled", 0, 1, true },
        { "refuses jobs", REFUSES_JOBS, COURIER_NOT_PRINTED, true, "refused-by-printer", 0, 1, false },
        { "is busy", IS_BUSY, COURIER_NOT_PRINTED, true, "printer-busy", 0, 1, false },
        { "refuses the document", REFUSES_THE_DOCUMENT, COURIER_NOT_PRINTED, false, "refused-by-printer", 0,
          1, true },
        { "closes in the document", CLOSES_IN_THE_DOCUMENT, COURIER_UNCERTAIN, false, NULL, 2, 1, true },
        { "closes in the document and completes", CLOSES_IN_THE_DOCUMENT_AND_COMPLETES, COURIER_UNCERTAIN,
          false, NULL, 3, 1, true },
        { "takes other formats", TAKES_OTHER_FORMATS, COURIER_NOT_PRINTED, true, "format-not-supported", 0, 0,
          false },
        { "knows only Print-Job", KNOWS_ONLY_PRINT_JOB, COURIER_NOT_PRINTED, true, "operation-not-supported",
          0, 0, false },
        { "wants a password", WANTS_A_PASSWORD, COURIER_NOT_PRINTED, true, "printer-wants-password", 0, 0,
          false },
        { "speaks no HTTP", SPEAKS_NO_HTTP, COURIER_NOT_PRINTED, true, "no-http", 0, 0, false },
        { "speaks no IPP", SPEAKS_NO_IPP, COURIER_NOT_PRINTED, true, "no-ipp", 0, 0, false },
};

static void start(int behaviour, struct courier_order *order)
{
        asked = 0;
        cancelled = whole = false;
        fake_start(&fake, serve, behaviour);
        *order = fake_order();
        fake_add_address(order, "ipp", fake.port, "/ipp/print");
}

static void check(size_t i)
{
        struct fake_document document = { .piece = "0123456789abcde\n", .pieces = 10000 };
        struct courier_order order;
        struct courier_outcome outcome;

        printf("%s\n", rows[i].name);
        start(rows[i].behaviour, &order);
        strcpy(order.identity.uuid, UUID);
        strcpy(order.ticket.sides, "two-sided-long-edge");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        printf("    %s, %s, %u pages\n", courier_result_name(outcome.result), outcome.reason, outcome.pages);
        assert(outcome.result == rows[i].result && outcome.may_retry == rows[i].may_retry &&
               outcome.pages == rows[i].pages);
        assert(!rows[i].reason || strcmp(outcome.reason, rows[i].reason) == 0);
        assert(document.begun == rows[i].begun && (document.job_id == 17) == rows[i].noted);
        assert(document.sent == whole);
        assert(!rows[i].noted || strcmp(wanted_sides, "two-sided-long-edge") == 0);
}

/* Another printer at the address gets nothing, and the address after it is not tried. */
static void test_identity(void)
{
        struct fake_document document = { .piece = "x", .pieces = 1 };
        struct courier_order order;
        struct courier_outcome outcome;

        printf("another printer\n");
        start(COMPLETES, &order);
        fake_add_address(&order, "socket", fake.port, "");
        strcpy(order.identity.uuid, "urn:uuid:00000000-0000-4000-8000-000000000002");
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_NOT_PRINTED && strcmp(outcome.reason, "identity-mismatch") == 0);
        assert(document.begun == 0 && document.given == 0 && strcmp(outcome.seen.uuid, UUID) == 0);
}

static void ask(int behaviour, int32_t job_id, bool sent, struct courier_outcome *ret)
{
        struct courier_observer observer = { .begin = fake_begin };
        struct courier_order order;
        struct courier_trace trace;

        start(behaviour, &order);
        trace = (struct courier_trace){ order.addresses[0], job_id, sent };
        courier_ask(&order, &trace, &observer, ret);
        fake_stop(&fake);
}

/* The printer's row says more than the printer. */
static void test_left_out(void)
{
        struct fake_document document = { .piece = "x", .pieces = 1 };
        struct courier_order order;
        struct courier_outcome outcome;

        printf("what the printer cannot do\n");
        start(COMPLETES, &order);
        strcpy(order.ticket.sides, "two-sided-short-edge");
        strcpy(order.ticket.output_bin, "auto");
        order.ticket.finishings[0] = 4;
        fake_deliver(&order, &document, &outcome);
        fake_stop(&fake);
        assert(outcome.result == COURIER_PRINTED &&
               strcmp(outcome.reason, "completed-without-sides-and-finishings") == 0);
}

/* After a crash. */
static void test_ask(void)
{
        struct courier_outcome outcome;

        printf("asked after a crash\n");
        ask(COMPLETES_SLOWLY, 17, true, &outcome);
        assert(outcome.result == COURIER_PRINTED && !cancelled);
        ask(COMPLETES, 17, false, &outcome);
        assert(outcome.result == COURIER_UNCERTAIN && cancelled);
        ask(ABORTS_WITHOUT_A_PAGE, 17, false, &outcome);
        assert(outcome.result == COURIER_NOT_PRINTED && !outcome.may_retry);
        ask(FORGETS, 17, false, &outcome);
        assert(outcome.result == COURIER_UNCERTAIN);
        ask(COMPLETES, 0, false, &outcome);
        assert(outcome.result == COURIER_NOT_PRINTED && outcome.may_retry);
}

int main(void)
{
        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
                check(i);
        test_identity();
        test_left_out();
        test_ask();
        return 0;
}
