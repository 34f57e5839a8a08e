// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * LPD, the client's side (RFC 1179). The server answers every step with one octet; its last zero means that
 * it has received the document, which is SENT and never PRINTED.
 */

#include <string.h>

#include "base/clock.h"
#include "base/scope.h"
#include "courier/attempt.h"
#include "lpd/command.h"
#include "lpd/job.h"

#define HOST "imprimatur"

struct lpr {
        struct attempt *attempt;
        struct wire *wire;
        bool document_began; /* octets of it were given to the connection */
};

enum lpr_refusal {
        LPR_FAILED = 1, /* the outcome is written */
};

/* How an attempt ends that did not come to its last zero. */
static int fail(struct lpr *lpr, const char *reason)
{
        lpr->attempt->outcome->octets_acked = wire_octets_acked(lpr->wire);
        if (!lpr->document_began)
                attempt_not_printed(lpr->attempt, reason, true);
        else
                attempt_uncertain(lpr->attempt, reason);
        return LPR_FAILED;
}

static int fail_wire(struct lpr *lpr, int refusal)
{
        const char *reason = refusal == WIRE_TIMEOUT ? "stalled" : attempt_wire_reason(refusal);

        return fail(lpr, reason);
}

/* Waits for room or for an answer; octets that the kernel could pass on meanwhile count as progress. */
static int wait_for_progress(struct lpr *lpr, int events, int64_t limit_ms)
{
        uint64_t acked = wire_octets_acked(lpr->wire);
        int64_t since_ms = clock_monotonic_ms();

        for (;;) {
                int r = wire_wait(lpr->wire, events, 1000);

                if (r != WIRE_TIMEOUT)
                        return r;
                if (wire_octets_acked(lpr->wire) != acked) {
                        acked = wire_octets_acked(lpr->wire);
                        since_ms = clock_monotonic_ms();
                }
                if (clock_monotonic_ms() - since_ms >= limit_ms)
                        return WIRE_TIMEOUT;
        }
}

static int write_all(struct lpr *lpr, struct text octets)
{
        while (octets.len > 0) {
                size_t n;
                int r = wire_write(lpr->wire, octets.at, octets.len, &n);

                if (r == 0 && n == 0)
                        r = wait_for_progress(lpr, WIRE_WRITABLE, lpr->attempt->order->limits.stall_ms);
                if (r)
                        return fail_wire(lpr, r);
                octets.at += n;
                octets.len -= n;
        }
        return 0;
}

/* One octet: zero is yes. */
static int read_answer(struct lpr *lpr, int64_t limit_ms)
{
        char answer;
        size_t n = 0;
        int r;

        for (;;) {
                r = wire_read(lpr->wire, &answer, 1, &n);
                if (r)
                        return fail_wire(lpr, r);
                if (n == 1)
                        break;
                r = wait_for_progress(lpr, WIRE_READABLE, limit_ms);
                if (r)
                        return fail_wire(lpr, r);
        }
        return answer == 0 ? 0 : fail(lpr, "refused-by-printer");
}

static int say(struct lpr *lpr, struct text octets)
{
        int r = write_all(lpr, octets);

        return r ? r : read_answer(lpr, lpr->attempt->order->limits.answer_ms);
}

/* What the document will be in octets once it has passed the filter: LPD wants to know before. */
static int measure(struct lpr *lpr, uint64_t *ret)
{
        const struct courier_source *source = lpr->attempt->source;
        SCOPED(attempt_feed_done) struct attempt_feed feed;
        uint64_t octets = 0;
        struct text piece;
        int r;

        attempt_feed_init(&feed, source);
        for (;;) {
                r = attempt_feed_peek(&feed, &piece);
                if (r)
                        return fail(lpr, "document-unreadable");
                if (piece.len == 0)
                        break;
                octets += piece.len;
                attempt_feed_take(&feed, piece.len);
        }
        if (source->rewind(source->context) != 0)
                return fail(lpr, "document-unreadable");
        *ret = octets;
        return 0;
}

static int send_document(struct lpr *lpr)
{
        SCOPED(attempt_feed_done) struct attempt_feed feed;
        struct text piece;
        int r;

        attempt_feed_init(&feed, lpr->attempt->source);
        for (;;) {
                r = attempt_feed_peek(&feed, &piece);
                if (r)
                        return fail(lpr, "document-unreadable");
                if (piece.len == 0)
                        return 0;
                lpr->document_began = true;
                r = write_all(lpr, piece);
                if (r)
                        return r;
                attempt_feed_take(&feed, piece.len);
        }
}

/* Job numbers are three digits that a server may use to name its files: taken from the delivery's own name.
 */
static unsigned job_number(const char *name)
{
        unsigned sum = 0;

        for (; *name; name++)
                sum = sum * 31 + (unsigned char)*name;
        return sum % (LPD_NUMBER_MAX + 1);
}

static int send_control(struct lpr *lpr, const struct lpd_job *job)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(LPD_LINE_MAX);
        SCOPED(buffer_done) struct buffer control = BUFFER(65536);
        int r;

        r = lpd_control_format(job, &control);
        if (r == 0)
                r = lpd_subcommand_format(job, LPD_CONTROL_FILE, control.len, &line);
        if (r || control.failure || line.failure)
                return fail(lpr, "bad-name");
        buffer_add_octet(&control, 0);
        r = say(lpr, buffer_text(&line));
        return r ? r : say(lpr, buffer_text(&control));
}

static int send_data(struct lpr *lpr, const struct lpd_job *job)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(LPD_LINE_MAX);
        uint64_t octets;
        int r;

        r = measure(lpr, &octets);
        if (r)
                return r;
        r = lpd_subcommand_format(job, LPD_DATA_FILE, octets, &line);
        if (r)
                return fail(lpr, "bad-name");
        r = say(lpr, buffer_text(&line));
        if (r)
                return r;
        r = send_document(lpr);
        if (r)
                return r;
        r = write_all(lpr, TEXT_OF("\0"));
        return r ? r : read_answer(lpr, lpr->attempt->order->limits.stall_ms);
}

/* Cut or changed, it would be somebody else's: RFC 1179 has 31 characters of ASCII. */
static bool user_is_possible(struct text user)
{
        for (size_t i = 0; i < user.len; i++)
                if (user.at[i] <= 0x20 || user.at[i] > 0x7e)
                        return false;
        return user.len <= LPD_USER_MAX;
}

/* As much of it as the protocol knows letters for: "?" for each character that it has none for. */
static struct text plain_title(const char *title, char ret[LPD_TITLE_MAX + 1])
{
        size_t len = 0;

        for (; *title && len < LPD_TITLE_MAX; title++) {
                unsigned char c = (unsigned char)*title;

                if (c >= 0x20 && c <= 0x7e)
                        ret[len++] = (char)c;
                else if ((c & 0xc0) != 0x80)
                        ret[len++] = '?';
        }
        return (struct text){ ret, len };
}

/* Nothing was sent, and the next attempt would be no other. */
static int fail_for_good(struct lpr *lpr, const char *reason)
{
        attempt_not_printed(lpr->attempt, reason, false);
        return LPR_FAILED;
}

static int converse(struct lpr *lpr)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(LPD_LINE_MAX);
        const struct courier_order *order = lpr->attempt->order;
        struct lpd_command command = { LPD_RECEIVE_JOB, text_from(lpr->attempt->address->path), TEXT("") };
        struct lpd_job job = { job_number(order->name), TEXT(HOST), TEXT(HOST), text_from(order->name),
                               order->ticket.copies };
        char title[LPD_TITLE_MAX + 1];
        int r;

        if (order->forward.user[0]) {
                job.user = text_from(order->forward.user);
                if (!user_is_possible(job.user))
                        return fail_for_good(lpr, "user-name-not-for-lpd");
                if (order->forward.title[0])
                        job.title = plain_title(order->forward.title, title);
        }
        if (lpd_command_format(&command, &line) != 0)
                return fail(lpr, "bad-queue");
        r = say(lpr, buffer_text(&line));
        if (r)
                return r;
        r = send_control(lpr, &job);
        return r ? r : send_data(lpr, &job);
}

void lpr_deliver(struct attempt *attempt)
{
        const struct courier_limits *limits = &attempt->order->limits;
        SCOPED(wire_closep) struct wire *wire = NULL;
        struct lpr lpr = { .attempt = attempt };
        int r;

        if (attempt->order->job_password[0]) {
                attempt_not_printed(attempt, "job-password-not-supported", true);
                return;
        }
        r = wire_open(attempt->address, clock_monotonic_ms() + limits->connect_ms, &wire);
        if (r) {
                attempt_not_printed(attempt, attempt_wire_reason(r), true);
                return;
        }
        r = attempt->observer->begin(attempt->observer->context, attempt->address);
        if (r) {
                attempt_not_printed(attempt, "grant-expired", true);
                attempt->is_final = true;
                return;
        }
        lpr.wire = wire;
        if (converse(&lpr) != 0) {
                wire_abort(take(wire));
                return;
        }
        attempt->outcome->octets_acked = wire_octets_acked(wire);
        attempt_settle(attempt, COURIER_SENT,
                       attempt->order->forward.user[0] ? "handed-over" : "received-by-printer");
}
