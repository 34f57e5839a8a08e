// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "ipp/filter.h"
#include "ipp/request.h"
#include "offline/deposit.h"
#include "relay/absent-state.h"

#define ANSWER_OCTETS ((size_t)2 * 1024 * 1024)

static const struct ipp_filter everything = { .categories = IPP_CATEGORY_ALL };

uint32_t absent_job_number(const struct absent *absent)
{
        struct text uri, head, tail;
        uint64_t number = 0;
        int32_t id;

        if (ipp_get_integer(absent->attributes, "job-id", 1, INT32_MAX, &id) == 0)
                return (uint32_t)id;
        if (ipp_get_keyword(absent->attributes, "job-uri", 1023, &uri))
                return 0;
        for (tail = uri; text_cut(tail, '/', &head, &tail);)
                continue;
        return text_number(head, INT32_MAX, &number) ? (uint32_t)number : 0;
}

static bool is_secure(const struct relay_request *request)
{
        return strcmp(request->x->scheme, "https") == 0;
}

static const char *uri_of(const struct relay_request *request, uint32_t number)
{
        struct text host = request->x->host;
        const char *scheme = is_secure(request) ? "ipps" : "ipp";

        if (number)
                return arena_format(request->absent->arena, "%s://%.*s%s/%u", scheme, (int)host.len, host.at,
                                    request->path, number);
        return arena_format(request->absent->arena, "%s://%.*s%s", scheme, (int)host.len, host.at,
                            request->path);
}

static struct ipp_builder begin(struct relay_request *request, enum ipp_status status)
{
        struct ipp_builder b =
                ipp_answer(request->absent->arena, status, request->absent->message.request_id);

        if (b.message)
                ipp_answer_set_version(b.message, request->absent->message.version_major);
        return b;
}

static int answer(struct relay_request *request, struct ipp_builder *b)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER(ANSWER_OCTETS);
        int r = ipp_builder_format(b, &octets);

        return r ? fold(r) : http_respond(request->x, 200, "application/ipp", buffer_text(&octets));
}

/* It waits, whatever the queue: nothing is printed before the service has it. */
static void describe_job(struct ipp_builder *b, struct relay_request *request,
                         const struct absent_entry *entry)
{
        bool is_kept = !id_is_zero(entry->deposit);
        char id[ID_STRING];

        id_format(entry->deposit, id);
        ipp_set_category(b, IPP_CATEGORY_STATUS);
        ipp_add_string(b, IPP_TAG_URI, "job-uri", uri_of(request, entry->number));
        ipp_add_integer(b, "job-id", (int32_t)entry->number);
        ipp_add_enum(b, "job-state", is_kept ? IPP_JOB_PENDING_HELD : IPP_JOB_PENDING);
        ipp_add_string(b, IPP_TAG_KEYWORD, "job-state-reasons",
                       is_kept ? "job-hold-until-specified" : "job-incoming");
        ipp_add_string(b, IPP_TAG_TEXT, "job-state-message", ABSENT_KEPT);
        ipp_add_string(b, IPP_TAG_URI, "job-printer-uri", uri_of(request, 0));
        ipp_add_text(b, IPP_TAG_NAME, "job-name",
                     text_from(arena_format(request->absent->arena, "%s", entry->title)));
        if (is_kept)
                ipp_add_format(b, IPP_TAG_URI, "job-uuid", "urn:uuid:%s", id);
        ipp_add_integer(b, "job-printer-up-time", (int32_t)(clock_monotonic_ms() / 1000) + 1);
        ipp_add_integer(b, "time-at-creation", (int32_t)(entry->at_ms / 1000) + 1);
}

int absent_answer_job(struct relay_request *request, const struct absent_entry *entry)
{
        struct ipp_builder b = begin(request, IPP_OK);

        if (!id_is_zero(entry->deposit))
                request->absent->answered = entry->number;
        ipp_add_string(&b, IPP_TAG_TEXT, "status-message", ABSENT_KEPT);
        ipp_begin_group(&b, IPP_TAG_JOB);
        describe_job(&b, request, entry);
        return answer(request, &b);
}

/* Gone to the service, and no longer ours to tell. */
static bool is_handed_on(struct relay_request *request, const struct absent_entry *entry)
{
        struct deposit_entry found;

        return !id_is_zero(entry->deposit) &&
               (deposit_find(absent_store(request), entry->deposit, &found) == DEPOSIT_NOT_FOUND ||
                found.is_staying);
}

int absent_get_job_attributes(struct relay_request *request)
{
        struct absent *absent = request->absent;
        struct ipp_filter filter = ipp_filter_parse(absent->attributes, everything);
        struct absent_entry entry;
        struct ipp_builder b;

        if (!absent_book_find(request->relay->book, absent->owner, absent_job_number(absent), &entry) ||
            is_handed_on(request, &entry))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        b = begin(request, IPP_OK);
        ipp_begin_group(&b, IPP_TAG_JOB);
        ipp_set_filter(&b, &filter);
        describe_job(&b, request, &entry);
        return answer(request, &b);
}

int absent_get_jobs(struct relay_request *request)
{
        SCOPED(freep) struct absent_entry *entries = calloc(ABSENT_ENTRIES, sizeof(*entries));
        struct absent *absent = request->absent;
        struct ipp_filter filter = ipp_filter_parse(absent->attributes, everything);
        struct ipp_builder b = begin(request, IPP_OK);
        bool completed = ipp_has_string(absent->attributes, "which-jobs", "completed");
        size_t count = 0;

        if (!entries)
                return fault(-ENOMEM);
        if (!completed)
                count = absent_book_list(request->relay->book, absent->owner, entries, ABSENT_ENTRIES);
        for (size_t i = 0; i < count; i++) {
                if (is_handed_on(request, &entries[i]))
                        continue;
                ipp_set_filter(&b, NULL);
                ipp_begin_group(&b, IPP_TAG_JOB);
                ipp_set_filter(&b, &filter);
                describe_job(&b, request, &entries[i]);
        }
        return answer(request, &b);
}

/* What we say of ourselves in place of what was kept. */
static bool is_ours(struct text name)
{
        static const char *const names[] = { "printer-uri-supported",
                                             "uri-security-supported",
                                             "uri-authentication-supported",
                                             "printer-state",
                                             "printer-state-reasons",
                                             "printer-state-message",
                                             "printer-is-accepting-jobs",
                                             "printer-icons",
                                             "printer-more-info",
                                             "printer-supply-info-uri",
                                             "queued-job-count",
                                             "compression-supported",
                                             "document-password-supported",
                                             "operations-supported",
                                             "printer-current-time" };

        for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
                if (text_equal_string(name, names[i]))
                        return true;
        return false;
}

static void describe_state(struct ipp_builder *b, struct relay_request *request)
{
        bool takes = request->relay->parts.deposits && deposits_has_key(absent_store(request));
        static const int32_t operations[] = { IPP_PRINT_JOB,
                                              IPP_VALIDATE_JOB,
                                              IPP_CREATE_JOB,
                                              IPP_SEND_DOCUMENT,
                                              IPP_GET_JOB_ATTRIBUTES,
                                              IPP_GET_JOBS,
                                              IPP_GET_PRINTER_ATTRIBUTES };
        struct text host = request->x->host;

        ipp_add_string(b, IPP_TAG_URI, "printer-uri-supported", uri_of(request, 0));
        ipp_add_string(b, IPP_TAG_KEYWORD, "uri-security-supported", is_secure(request) ? "tls" : "none");
        ipp_add_string(b, IPP_TAG_KEYWORD, "uri-authentication-supported",
                       strstr(request->path, "/adr_") ? "none" : "basic");
        ipp_add_enum(b, "printer-state", takes ? IPP_PRINTER_IDLE : IPP_PRINTER_STOPPED);
        ipp_add_string(b, IPP_TAG_KEYWORD, "printer-state-reasons", "offline-report");
        ipp_add_string(b, IPP_TAG_TEXT, "printer-state-message", takes ? ABSENT_KEPT : ABSENT_AWAY);
        ipp_add_boolean(b, "printer-is-accepting-jobs", takes);
        ipp_add_integer(b, "queued-job-count", 0);
        ipp_add_string(b, IPP_TAG_KEYWORD, "compression-supported", "none");
        ipp_add_integer(b, "document-password-supported", 0);
        for (size_t i = 0; i < ARRAY_LENGTH(operations); i++)
                ipp_add_enum(b, "operations-supported", operations[i]);
        ipp_add_date(b, "printer-current-time", clock_unix_ms());
        ipp_add_format(b, IPP_TAG_URI, "printer-more-info", "%s://%.*s/", request->x->scheme, (int)host.len,
                       host.at);
}

int absent_get_printer_attributes(struct relay_request *request)
{
        SCOPED(buffer_done) struct buffer octets = BUFFER((size_t)1024 * 1024);
        const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        struct absent *absent = request->absent;
        struct ipp_filter filter = ipp_filter_parse(absent->attributes, everything);
        const struct ipp_group *group;
        struct ipp_message shown;
        struct ipp_builder b;

        if (!shown_find(request->relay->shown, &request->queue, &octets) ||
            ipp_message_parse(buffer_text(&octets), &limits, absent->arena, &shown, NULL))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        group = ipp_group_find(&shown, IPP_TAG_PRINTER);
        b = begin(request, IPP_OK);
        ipp_begin_group(&b, IPP_TAG_PRINTER);
        ipp_set_filter(&b, &filter);
        ipp_set_category(&b, IPP_CATEGORY_DESCRIPTION);
        describe_state(&b, request);
        /* Which of the two groups an attribute was of is not kept: who asks for one gets both. */
        ipp_set_category(&b, IPP_CATEGORY_DESCRIPTION | IPP_CATEGORY_TEMPLATE);
        for (const struct ipp_attribute *a = group ? group->attributes : NULL; a; a = a->next) {
                bool only_named = text_equal_string(a->name, "media-col-database");

                if (is_ours(a->name))
                        continue;
                ipp_set_category(&b, only_named ? IPP_CATEGORY_NAMED
                                                : IPP_CATEGORY_DESCRIPTION | IPP_CATEGORY_TEMPLATE);
                ipp_add_attribute(&b, a);
        }
        return answer(request, &b);
}
