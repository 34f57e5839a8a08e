// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The raw port (9100): octets to the printer, and whatever it says meanwhile.
 *
 * The envelope asks the printer to echo a nonce and to report jobs. A printer that echoes it speaks PJL, and
 * its "JOB END" of our name is the one proof of paper there is. One that does not has taken the document when
 * all octets are acknowledged and it has closed in order, which is SENT.
 *
 *      head                        a printer that turns us away does so now: proof that needs no counting
 *      document, tail              written while the printer's words are read; both ends may be slow
 *      echo seen                   wait for JOB END, the connection open: printers report only while it is
 *      no echo for echo_ms         we close our half; a printer that waits for the end then goes on, and may
 *                                  still echo and report
 */

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/scope.h"
#include "courier/attempt.h"
#include "pjl/envelope.h"
#include "pjl/readback.h"

#define ENVELOPE_MAX 4096
#define PROBE_MS     50

enum raw_phase {
        RAW_HEAD,
        RAW_PROBE, /* the head is on its way, and the document waits a moment for it to be acknowledged */
        RAW_DOCUMENT,
        RAW_TAIL,
        RAW_WAITING,  /* all is written */
        RAW_FINISHED, /* and our half is closed */
        RAW_SETTLED,  /* the outcome is written */
};

struct raw {
        struct attempt *attempt;
        struct wire *wire;
        enum raw_phase phase;
        struct attempt_feed feed;
        struct buffer head;
        struct buffer tail;
        char nonce[ID_STRING];
        bool document_began; /* octets of it were given to the connection */
        bool echoed;
        bool job_started;
        struct pjl_reader reader;
        uint64_t acked;      /* when last looked at */
        int64_t progress_ms; /* when it last grew, or the printer last spoke */
};

static void settle(struct raw *raw, enum courier_result result, const char *reason)
{
        attempt_settle(raw->attempt, result, reason);
        raw->phase = RAW_SETTLED;
}

static void fail(struct raw *raw, const char *reason, bool by_the_other_end)
{
        if (!raw->document_began || (by_the_other_end && wire_octets_acked(raw->wire) == 0))
                attempt_not_printed(raw->attempt, reason, true);
        else
                attempt_uncertain(raw->attempt, reason);
        raw->phase = RAW_SETTLED;
}

static bool all_acked(const struct raw *raw)
{
        return wire_octets_acked(raw->wire) >= wire_octets_written(raw->wire);
}

static void on_closed(struct raw *raw)
{
        if (raw->phase < RAW_WAITING || !all_acked(raw))
                fail(raw, "closed-by-printer", true);
        else if (raw->job_started)
                settle(raw, COURIER_UNCERTAIN, "closed-without-report");
        else
                settle(raw, COURIER_SENT, "taken-by-printer");
}

/* A job that ended otherwise than well, at the printer. */
static void on_stopped(struct raw *raw, const struct pjl_report *report)
{
        raw->attempt->outcome->pages = report->pages;
        if (report->has_pages && report->pages == 0)
                attempt_not_printed(raw->attempt, "canceled-at-printer", false);
        else
                attempt_uncertain(raw->attempt, "canceled-at-printer");
        raw->phase = RAW_SETTLED;
}

static void on_job_end(struct raw *raw, const struct pjl_report *report)
{
        if (report->result.len > 0 && !text_equal_nocase(report->result, TEXT_OF("OK"))) {
                on_stopped(raw, report);
                return;
        }
        raw->attempt->outcome->pages = report->pages;
        if (report->result.len > 0)
                settle(raw, COURIER_PRINTED, "reported-by-printer");
        else
                settle(raw, COURIER_SENT, "ended-without-result");
}

/* PJL Technical Reference, appendix D: what the panel asks for, in IPP's words. */
static const char *device_reason(uint32_t code)
{
        if (code >= 41000 && code < 42000)
                return "media-needed";
        if (code >= 42000 && code < 43000)
                return "media-jam";
        if (code == 40021)
                return "cover-open";
        if (code >= 40000 && code < 50000)
                return "stopped";
        return "";
}

static void on_report(struct raw *raw, const struct pjl_report *report)
{
        struct text name = text_from(raw->attempt->order->name);

        /* What comes before our nonce was said to somebody else. */
        if (report->kind == PJL_ECHO && text_equal_string(report->words, raw->nonce))
                raw->echoed = true;
        if (!raw->echoed)
                return;
        raw->progress_ms = clock_monotonic_ms();
        if (report->kind == PJL_DEVICE)
                attempt_progress(raw->attempt, device_reason(report->code), 0);
        if (!text_equal(report->name, name))
                return;
        if (report->kind == PJL_JOB_START)
                raw->job_started = true;
        else if (report->kind == PJL_JOB_END)
                on_job_end(raw, report);
        else if (report->kind == PJL_JOB_CANCELED)
                on_stopped(raw, report);
}

/* Reads what is there; *ret_busy where there was something. */
static void listen_to_printer(struct raw *raw, bool *ret_busy)
{
        char octets[2048];
        struct pjl_report report;
        struct text text;
        size_t n;
        int r;

        r = wire_read(raw->wire, octets, sizeof(octets), &n);
        text = (struct text){ octets, n };
        while (raw->phase != RAW_SETTLED && pjl_reader_next(&raw->reader, &text, &report))
                on_report(raw, &report);
        if (n > 0)
                *ret_busy = true;
        if (raw->phase == RAW_SETTLED || r == 0)
                return;
        if (r == WIRE_CLOSED)
                on_closed(raw);
        else
                fail(raw, attempt_wire_reason(r), r == WIRE_BROKEN);
}

/* What is to be written next; empty when all of this phase has gone. */
static int peek(struct raw *raw, struct text *ret)
{
        if (raw->phase == RAW_DOCUMENT)
                return attempt_feed_peek(&raw->feed, ret);
        *ret = buffer_text(raw->phase == RAW_TAIL ? &raw->tail : &raw->head);
        return 0;
}

static void written(struct raw *raw, size_t n)
{
        if (raw->phase == RAW_DOCUMENT)
                attempt_feed_take(&raw->feed, n);
        else
                buffer_consume(raw->phase == RAW_HEAD ? &raw->head : &raw->tail, n);
}

static bool probe_is_over(const struct raw *raw)
{
        return all_acked(raw) || clock_monotonic_ms() - raw->progress_ms >= PROBE_MS;
}

static void write_to_printer(struct raw *raw, bool *ret_busy)
{
        struct text octets;
        size_t n;
        int r;

        r = peek(raw, &octets);
        if (r) {
                fail(raw, "document-unreadable", false);
                return;
        }
        if (octets.len == 0) {
                if (raw->phase == RAW_PROBE && !probe_is_over(raw))
                        return;
                raw->phase++;
                raw->progress_ms = clock_monotonic_ms();
                *ret_busy = true;
                return;
        }
        raw->document_began |= raw->phase == RAW_DOCUMENT;
        r = wire_write(raw->wire, octets.at, octets.len, &n);
        if (r) {
                fail(raw, attempt_wire_reason(r), true);
                return;
        }
        written(raw, n);
        *ret_busy |= n > 0;
}

/* A quiet moment: how long has it been one? */
static void on_quiet(struct raw *raw)
{
        const struct courier_limits *limits = &raw->attempt->order->limits;
        uint64_t acked = wire_octets_acked(raw->wire);
        int64_t now_ms = clock_monotonic_ms();

        if (acked != raw->acked)
                raw->progress_ms = now_ms;
        raw->acked = acked;
        if (now_ms - raw->progress_ms >= limits->stall_ms) {
                fail(raw, "stalled", false);
        } else if (raw->phase == RAW_WAITING && !raw->echoed && all_acked(raw) &&
                   (raw->attempt->address->bare || now_ms - raw->progress_ms >= limits->echo_ms)) {
                wire_finish(raw->wire);
                raw->phase = RAW_FINISHED;
        }
}

/* No event tells of an acknowledgement, so that whoever waits for one looks again soon. */
static void wait_for_printer(struct raw *raw)
{
        if (raw->phase == RAW_PROBE)
                (void)wire_wait(raw->wire, WIRE_READABLE, 1);
        else if (raw->phase < RAW_WAITING)
                (void)wire_wait(raw->wire, WIRE_READABLE | WIRE_WRITABLE, 1000);
        else
                (void)wire_wait(raw->wire, WIRE_READABLE, raw->phase == RAW_WAITING ? 50 : 1000);
}

static void run(struct raw *raw)
{
        raw->progress_ms = clock_monotonic_ms();
        while (raw->phase != RAW_SETTLED) {
                bool busy = false;

                listen_to_printer(raw, &busy);
                if (raw->phase < RAW_WAITING)
                        write_to_printer(raw, &busy);
                if (busy || raw->phase == RAW_SETTLED)
                        continue;
                on_quiet(raw);
                if (raw->phase != RAW_SETTLED)
                        wait_for_printer(raw);
        }
}

static enum pjl_sides sides_of(const char *sides)
{
        if (strcmp(sides, "one-sided") == 0)
                return PJL_ONE_SIDED;
        if (strcmp(sides, "two-sided-long-edge") == 0)
                return PJL_LONG_EDGE;
        return strcmp(sides, "two-sided-short-edge") == 0 ? PJL_SHORT_EDGE : PJL_SIDES_DEFAULT;
}

static enum pjl_colour colour_of(const char *mode)
{
        if (strcmp(mode, "monochrome") == 0)
                return PJL_GRAYSCALE;
        return strcmp(mode, "color") == 0 ? PJL_COLOUR : PJL_COLOUR_DEFAULT;
}

static const char *make_nonce(struct raw *raw)
{
        id_format(id_new(), raw->nonce);
        return raw->nonce;
}

static int format_envelope(struct raw *raw)
{
        const struct courier_order *order = raw->attempt->order;
        const char *nonce = make_nonce(raw);
        struct pjl_job job = {
                .name = text_from(order->name),
                .nonce = text_from(nonce),
                .format = text_from(order->format),
                .media = text_from(order->ticket.media),
                .copies = order->ticket.copies,
                .hold_key = text_from(order->job_password),
                .sides = sides_of(order->ticket.sides),
                .colour = colour_of(order->ticket.print_color_mode),
        };
        int r;

        if (raw->attempt->address->bare)
                return 0;
        r = pjl_begin_format(&job, &raw->head);
        return r ? r : pjl_end_format(&job, &raw->tail);
}

void raw_deliver(struct attempt *attempt)
{
        const struct courier_limits *limits = &attempt->order->limits;
        SCOPED(wire_closep) struct wire *wire = NULL;
        struct raw raw = { .attempt = attempt, .head = BUFFER(ENVELOPE_MAX), .tail = BUFFER(ENVELOPE_MAX) };
        int r;

        /* Without an envelope it would lie open at the printer. */
        if (attempt->order->job_password[0] && attempt->address->bare) {
                attempt_not_printed(attempt, "job-password-not-supported", true);
                return;
        }
        r = wire_open(attempt->address, clock_monotonic_ms() + limits->connect_ms, &wire);
        if (r) {
                attempt_not_printed(attempt, attempt_wire_reason(r), true);
                return;
        }
        raw.wire = wire;
        if (format_envelope(&raw) != 0) {
                attempt_not_printed(attempt, "bad-name", false);
        } else if (attempt->observer->begin(attempt->observer->context, attempt->address) != 0) {
                attempt_not_printed(attempt, "grant-expired", true);
                attempt->is_final = true;
        } else {
                attempt_feed_init(&raw.feed, attempt->source);
                pjl_reader_init(&raw.reader);
                run(&raw);
                attempt_feed_done(&raw.feed);
                attempt->outcome->octets_acked = wire_octets_acked(wire);
        }
        buffer_done(&raw.head);
        buffer_done(&raw.tail);
        if (attempt->outcome->result == COURIER_UNCERTAIN || attempt->outcome->result == COURIER_NOT_PRINTED)
                wire_abort(take(wire));
}
