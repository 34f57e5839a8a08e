// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * IPP and IPPS (RFC 8011): identity, formats and abilities first; then a job without paper, whose number is
 * made durable; then its document; then questions until the printer knows what became of it.
 *
 *      Get-Printer-Attributes   identity compared; nothing has happened
 *      begin()                  from here on the printer may know a job of ours
 *      Create-Job               no paper effect
 *      note_job()               durable
 *      Send-Document            streamed
 *      Get-Job-Attributes …     ipp-job.c
 */

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "courier/channel.h"
#include "courier/ipp-job.h"
#include "courier/ipp-ticket.h"
#include "crypt/hash.h"
#include "ipp/get.h"

struct printer_view {
        char format[COURIER_KEYWORD]; /* what the document is announced as */
        struct courier_ticket ticket;
        char left_out[sizeof(((struct ipp_job *)0)->left_out)];
        struct courier_accounting accounting;
        const char *password_encryption; /* how the job-password is told; NULL: there is none. Static */
};

enum ipp_attempt_refusal {
        IPP_ATTEMPT_ENDED = 1, /* the outcome is written */
};

static int not_printed(struct attempt *attempt, const char *reason, bool is_final)
{
        attempt_not_printed(attempt, reason, true);
        attempt->is_final = is_final;
        return IPP_ATTEMPT_ENDED;
}

/* Before a document has gone, a question that is not answered proves that nothing was printed. */
static int no_answer(struct attempt *attempt, const struct channel *channel, int r)
{
        return not_printed(attempt, r < 0 ? "fault" : channel->reason, r == CHANNEL_OTHER_KEY);
}

static int compare_identity(struct attempt *attempt, struct channel *channel,
                            const struct ipp_attribute *printer)
{
        const struct courier_identity *wanted = &attempt->order->identity;
        struct courier_identity *seen = &attempt->outcome->seen;
        struct text uuid;

        *seen = channel->seen;
        if (ipp_get_keyword(printer, "printer-uuid", sizeof(seen->uuid) - 1, &uuid) == 0)
                (void)text_copy(uuid, seen->uuid, sizeof(seen->uuid));
        /* A server's queue may be made anew, with another uuid, and is still the one that was meant. */
        if (attempt->order->forward.user[0])
                return 0;
        /* The key is the stronger proof; anybody can say a uuid. */
        if (courier_identity_has_key(wanted) && seen->fingerprint[0])
                return 0;
        if (wanted->uuid[0] && !text_equal_nocase(text_from(wanted->uuid), text_from(seen->uuid)))
                return not_printed(attempt, "identity-mismatch", true);
        return 0;
}

static int choose_format(struct attempt *attempt, const struct ipp_attribute *printer,
                         struct printer_view *view)
{
        const char *format = attempt->order->format;

        if (!ipp_has_string(printer, "document-format-supported", format)) {
                if (!ipp_has_string(printer, "document-format-supported", "application/octet-stream"))
                        return not_printed(attempt, "format-not-supported", false);
                format = "application/octet-stream";
        }
        snprintf(view->format, sizeof(view->format), "%s", format);
        return 0;
}

static bool is_asked_for(const struct ipp_attribute *printer, const char *supported)
{
        bool asks = false;

        return ipp_get_boolean(printer, supported, &asks) == 0 && asks;
}

/* PWG 5100.7: only where the printer says that it supports each. */
static void select_accounting(const struct courier_accounting *accounting,
                              const struct ipp_attribute *printer, struct courier_accounting *ret)
{
        *ret = *accounting;
        if (!is_asked_for(printer, "job-account-id-supported"))
                ret->account[0] = 0;
        if (!is_asked_for(printer, "job-accounting-user-id-supported"))
                ret->user[0] = 0;
}

static void add_accounting(const struct courier_accounting *accounting, struct ipp_builder *b)
{
        if (accounting->account[0])
                ipp_add_string(b, IPP_TAG_NAME, "job-account-id", accounting->account);
        if (accounting->user[0])
                ipp_add_string(b, IPP_TAG_NAME, "job-accounting-user-id", accounting->user);
}

/*
 * In clear only inside of TLS; otherwise as a hash, which keeps it from the eye and not from a computer. Both
 * are attributes of the operation (PWG 5100.11, section 5.1).
 */
static int choose_password(struct attempt *attempt, const struct ipp_attribute *printer,
                           struct printer_view *view)
{
        static const char supported[] = "job-password-encryption-supported";
        size_t digits = strlen(attempt->order->job_password);
        int32_t most = 0;

        view->password_encryption = NULL;
        if (digits == 0)
                return 0;
        (void)ipp_get_integer(printer, "job-password-supported", 0, INT32_MAX, &most);
        if (attempt->address->scheme == ADDRESS_IPPS && ipp_has_string(printer, supported, "none"))
                view->password_encryption = "none";
        else if (ipp_has_string(printer, supported, "sha2-256"))
                view->password_encryption = "sha2-256";
        return view->password_encryption && digits <= (size_t)most
                       ? 0
                       : not_printed(attempt, "job-password-not-supported", false);
}

static void add_password(const struct courier_order *order, const struct printer_view *view,
                         struct ipp_builder *b)
{
        struct text password = text_from(order->job_password);
        uint8_t hash[HASH_OCTETS];

        if (!view->password_encryption)
                return;
        if (strcmp(view->password_encryption, "none") != 0) {
                hash_sha256(password, hash);
                password = text_from_octets((const char *)hash, sizeof(hash));
        }
        ipp_add_text(b, IPP_TAG_OCTET_STRING, "job-password", password);
        ipp_add_string(b, IPP_TAG_KEYWORD, "job-password-encryption", view->password_encryption);
        explicit_bzero(hash, sizeof(hash));
}

static int judge_printer(struct attempt *attempt, struct channel *channel, const struct ipp_message *answer,
                         struct printer_view *view)
{
        const struct ipp_group *group = ipp_group_find(answer, IPP_TAG_PRINTER);
        const struct ipp_attribute *printer = group ? group->attributes : NULL;
        bool accepting = true;
        int r;

        if (!ipp_status_is_ok(answer->code) || !printer)
                return not_printed(attempt, "refused-by-printer", false);
        r = compare_identity(attempt, channel, printer);
        if (r)
                return r;
        if (!ipp_has_integer(printer, "operations-supported", IPP_CREATE_JOB) ||
            !ipp_has_integer(printer, "operations-supported", IPP_SEND_DOCUMENT))
                return not_printed(attempt, "operation-not-supported", false);
        (void)ipp_get_boolean(printer, "printer-is-accepting-jobs", &accepting);
        if (!accepting)
                return not_printed(attempt, "printer-not-accepting", false);
        ipp_ticket_select(&attempt->order->ticket, printer, &view->ticket);
        ipp_ticket_left_out(&attempt->order->ticket, &view->ticket, printer, view->left_out,
                            sizeof(view->left_out));
        select_accounting(&attempt->order->accounting, printer, &view->accounting);
        r = choose_password(attempt, printer, view);
        return r ? r : choose_format(attempt, printer, view);
}

static int look_at_printer(struct attempt *attempt, struct channel *channel, struct printer_view *view)
{
        static const char *const names[] = {
                "printer-uuid",
                "document-format-supported",
                "operations-supported",
                "printer-is-accepting-jobs",
                "color-supported",
                "copies-supported",
                "sides-supported",
                "media-supported",
                "media-source-supported",
                "media-type-supported",
                "media-col-supported",
                "output-bin-supported",
                "print-color-mode-supported",
                "print-quality-supported",
                "orientation-requested-supported",
                "finishings-supported",
                "number-up-supported",
                "page-ranges-supported",
                "multiple-document-handling-supported",
                "job-account-id-supported",
                "job-accounting-user-id-supported",
                "job-password-supported",
                "job-password-encryption-supported",
        };
        struct ipp_builder b = channel_begin(channel, IPP_GET_PRINTER_ATTRIBUTES);
        struct ipp_message answer;
        int r;

        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", names[i]);
        r = channel_ask(channel, &b, &answer);
        return r ? no_answer(attempt, channel, r) : judge_printer(attempt, channel, &answer, view);
}

/* Whose job it is there: a server's queue is told, a device not. */
static const char *user_of(const struct attempt *attempt)
{
        return attempt->order->forward.user[0] ? attempt->order->forward.user : "imprimatur";
}

static int create_job(struct attempt *attempt, struct channel *channel, const struct printer_view *view,
                      int32_t *ret_id)
{
        struct ipp_builder b = channel_begin(channel, IPP_CREATE_JOB);
        const struct ipp_group *group;
        struct ipp_message answer;
        int r;

        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", user_of(attempt));
        ipp_add_string(&b, IPP_TAG_NAME, "job-name", attempt_job_name(attempt));
        ipp_add_boolean(&b, "ipp-attribute-fidelity", false);
        add_password(attempt->order, view, &b);
        ipp_ticket_add(&view->ticket, &b);
        add_accounting(&view->accounting, &b);
        r = channel_ask(channel, &b, &answer);
        if (r)
                return no_answer(attempt, channel, r);
        if (answer.code == IPP_SERVER_ERROR_BUSY || answer.code == IPP_SERVER_ERROR_NOT_ACCEPTING_JOBS)
                return not_printed(attempt, "printer-busy", false);
        group = ipp_group_find(&answer, IPP_TAG_JOB);
        if (!ipp_status_is_ok(answer.code) || !group ||
            ipp_get_integer(group->attributes, "job-id", 1, INT32_MAX, ret_id) != 0)
                return not_printed(attempt, "refused-by-printer", false);
        return 0;
}

static void on_quiet(void *context)
{
        ipp_printer_show(context);
}

static int send_document(struct attempt *attempt, struct channel *channel, const struct printer_view *view,
                         int32_t id, struct ipp_message *ret)
{
        SCOPED(attempt_feed_done) struct attempt_feed feed;
        struct ipp_builder b = channel_begin(channel, IPP_SEND_DOCUMENT);
        int r;

        ipp_add_integer(&b, "job-id", id);
        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", user_of(attempt));
        ipp_add_string(&b, IPP_TAG_MIME, "document-format", view->format);
        ipp_add_boolean(&b, "last-document", true);
        attempt_feed_init(&feed, attempt->source);
        channel->on_quiet = on_quiet;
        channel->context = attempt;
        r = channel_send(channel, &b, &feed, ret);
        channel->on_quiet = NULL;
        attempt->outcome->octets_acked = channel->octets_acked;
        return r;
}

/*
 * Send-Document did not succeed: how much of the document can the printer have? That nothing was acknowledged
 * proves nothing here: in the middle of a conversation a printer may read octets, and reset the connection
 * before its acknowledgement has gone. So the printer is asked.
 */
static void judge_failed_send(struct attempt *attempt, struct ipp_job *job, int r)
{
        struct channel *channel = job->channel;
        const char *reason = r < 0 ? "fault" : r > 0 ? channel->reason : "refused-by-printer";

        if (!channel->document_began) {
                (void)ipp_job_cancel(channel, job->id);
                not_printed(attempt, reason, r == CHANNEL_OTHER_KEY || r == CHANNEL_UNREADABLE);
        } else if (r == CHANNEL_CLOSED && channel->document_arrived) {
                job->whole = true;
                ipp_job_follow(job);
        } else {
                ipp_job_cancel_and_follow(job, reason);
        }
}

/* The server has all of it, and has not thrown it away. */
static bool is_taken(const struct ipp_message *answer)
{
        const struct ipp_group *group = ipp_group_find(answer, IPP_TAG_JOB);
        int32_t state = IPP_JOB_PENDING;

        if (group)
                (void)ipp_get_integer(group->attributes, "job-state", IPP_JOB_PENDING, IPP_JOB_COMPLETED,
                                      &state);
        return state != IPP_JOB_CANCELED && state != IPP_JOB_ABORTED;
}

static void deliver(struct attempt *attempt, struct channel *channel)
{
        const struct courier_observer *observer = attempt->observer;
        struct ipp_job job = { .attempt = attempt, .channel = channel };
        struct printer_view view;
        struct ipp_message answer;
        int r;

        if (look_at_printer(attempt, channel, &view) != 0)
                return;
        memcpy(job.left_out, view.left_out, sizeof(job.left_out));
        if (observer->begin(observer->context, attempt->address) != 0) {
                not_printed(attempt, "grant-expired", true);
                return;
        }
        if (create_job(attempt, channel, &view, &job.id) != 0)
                return;
        if (observer->note_job(observer->context, attempt->address, job.id) != 0) {
                (void)ipp_job_cancel(channel, job.id);
                not_printed(attempt, "grant-expired", true);
                return;
        }
        r = send_document(attempt, channel, &view, job.id, &answer);
        if (r || !ipp_status_is_ok(answer.code)) {
                judge_failed_send(attempt, &job, r);
                return;
        }
        observer->note_sent(observer->context);
        job.whole = true;
        if (attempt->order->forward.user[0] && is_taken(&answer))
                attempt_settle(attempt, COURIER_SENT, "handed-over");
        else
                ipp_job_follow(&job);
}

void ipp_deliver(struct attempt *attempt)
{
        struct channel channel;

        channel_init(&channel, attempt);
        deliver(attempt, &channel);
        if (channel.seen.fingerprint[0])
                memcpy(attempt->outcome->seen.fingerprint, channel.seen.fingerprint,
                       sizeof(channel.seen.fingerprint));
        channel_done(&channel);
}

/* A job of ours without a document, which a crash has left behind; it would only linger. */
static void cancel_by_name(struct attempt *attempt, struct channel *channel)
{
        struct ipp_builder b = channel_begin(channel, IPP_GET_JOBS);
        struct ipp_message answer;
        int32_t id = 0;

        ipp_add_string(&b, IPP_TAG_NAME, "requesting-user-name", "imprimatur");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "which-jobs", "not-completed");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", "job-id");
        ipp_add_string(&b, IPP_TAG_KEYWORD, "requested-attributes", "job-name");
        if (channel_ask(channel, &b, &answer) != 0)
                return;
        for (const struct ipp_group *group = answer.groups; group; group = group->next) {
                struct text name;

                if (group->tag == IPP_TAG_JOB &&
                    ipp_get_name(group->attributes, "job-name", 255, &name) == 0 &&
                    text_equal_string(name, attempt->order->name))
                        (void)ipp_get_integer(group->attributes, "job-id", 1, INT32_MAX, &id);
        }
        if (id > 0)
                (void)ipp_job_cancel(channel, id);
}

void ipp_ask(struct attempt *attempt, const struct courier_trace *trace)
{
        struct channel channel;
        struct ipp_job job = {
                .attempt = attempt,
                .channel = &channel,
                .id = trace->job_id,
                .whole = trace->sent,
        };

        channel_init(&channel, attempt);
        if (trace->job_id == 0) {
                /* The number is made durable before the document goes, so none has gone. */
                cancel_by_name(attempt, &channel);
                not_printed(attempt, "interrupted-before-document", true);
        } else if (trace->sent) {
                ipp_job_follow(&job);
        } else {
                ipp_job_cancel_and_follow(&job, "interrupted");
        }
        channel_done(&channel);
}
