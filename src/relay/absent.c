// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/absent.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "ipp/request.h"
#include "offline/deposit.h"
#include "relay/absent-state.h"
#include "relay/staying.h"
#include "relay/stays.h"

#define MESSAGE_MAX  ((size_t)40 * 1024) /* with base64 and the rest it fits into a deposit's metadata */
#define METADATA_MAX ((size_t)DEPOSIT_METADATA_MAX)
#define ARENA_OCTETS ((size_t)8 * 1024 * 1024)

void absent_free(struct absent *absent)
{
        if (!absent)
                return;
        deposit_abort(absent->deposit);
        EVP_MD_CTX_free(absent->hash);
        sniffing_done(&absent->sniffing);
        if (absent->created)
                explicit_bzero(absent->created, absent->created_octets);
        free(absent->created);
        arena_free(absent->arena);
        free(absent);
}

struct deposits *absent_store(const struct relay_request *request)
{
        const struct relay_parts *parts = &request->relay->parts;

        return stays_has(parts->stays, request->queue.name) ? parts->stays->deposits : parts->deposits;
}

static bool has_credentials(const struct relay_request *request)
{
        return http_header(request->x, "Authorization").at ||
               (request->x->segment_count > 4 && text_starts_with(request->x->segments[4], "adr_"));
}

static int demand(struct relay_request *request)
{
        int r = http_add_header(request->x, "WWW-Authenticate",
                                "Basic realm=\"Imprimatur\", charset=\"UTF-8\"");

        return r ? r
                 : http_respond_problem(request->x, 401, NULL,
                                        "Sign in with your e-mail address and password, or a print token.");
}

/* What was gathered, as a request that makes sense; answers where it does not. */
int absent_open(struct relay_request *request)
{
        const struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        struct absent *absent = calloc(1, sizeof(*absent));
        struct ipp_complaint complaint;
        enum ipp_status status;
        const char *why;

        request->absent = absent;
        if (!absent)
                return fault(-ENOMEM);
        absent->arena = arena_new(ARENA_OCTETS);
        if (!absent->arena)
                return fault(-ENOMEM);
        if (ipp_message_parse((struct text){ request->gathered.at, request->message_octets }, &limits,
                              absent->arena, &absent->message, &complaint))
                return relay_say(request, IPP_CLIENT_ERROR_BAD_REQUEST, complaint.why);
        status = ipp_request_check(&absent->message, &why);
        if (status != IPP_OK)
                return relay_say(request, status, why);
        absent->attributes = absent->message.groups->attributes;
        absent_book_owner(request->relay->book, text_from(request->path),
                          http_header(request->x, "Authorization"), absent->owner);
        return 0;
}

static bool is_submission(const struct absent *absent)
{
        return absent->message.code == IPP_PRINT_JOB || absent->message.code == IPP_SEND_DOCUMENT;
}

bool absent_is_proven(const struct relay_request *request)
{
        uint8_t mark[HASH_OCTETS];
        struct id person;

        return request->relay->settings.unproven ||
               (relay_mark(request, mark) && callers_find(request->relay->parts.callers, mark, &person));
}

/* Whether a document can be kept at all; answers where not. */
static int judge(struct relay_request *request)
{
        struct absent *absent = request->absent;
        struct text compression;

        if (!request->relay->parts.deposits || !deposits_has_key(absent_store(request)))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        /* The service itself says who it is, where it is there. */
        if (!absent->is_staying && !absent_is_proven(request))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_UNPROVEN);
        if (request->message_octets > MESSAGE_MAX)
                return relay_say(request, IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
                                 "The request has too many attributes.");
        /* It cannot be looked into here, and the service wants it as it is. */
        if (ipp_find(absent->attributes, "compression") &&
            (ipp_get_keyword(absent->attributes, "compression", 64, &compression) ||
             !text_equal_string(compression, "none")))
                return relay_say(request, IPP_CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED,
                                 "Send the document uncompressed while the print service cannot be reached.");
        if (ipp_find(absent->attributes, "document-password"))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        return 0;
}

/* Send-Document: the job it is for, which nobody has sent one for yet. */
static int find_created(struct relay_request *request)
{
        struct absent *absent = request->absent;

        if (!absent_book_take_message(request->relay->book, absent->owner, absent->number, &absent->created,
                                      &absent->created_octets))
                return relay_say(request, IPP_CLIENT_ERROR_NOT_FOUND,
                                 "There is no such job that waits for its document.");
        return 0;
}

static int take_piece(struct relay_request *request, struct text octets)
{
        struct absent *absent = request->absent;
        int r;

        if (!octets.len)
                return 0;
        if (EVP_DigestUpdate(absent->hash, octets.at, octets.len) != 1)
                return fault(-EIO);
        absent->octets += octets.len;
        r = sniffing_push(&absent->sniffing, octets);
        if (r == 0)
                r = deposit_write(absent->deposit, octets);
        if (r > 0) {
                deposit_abort(take(absent->deposit));
                return relay_say(request, IPP_SERVER_ERROR_BUSY,
                                 r == DEPOSIT_TOO_LARGE
                                         ? "The document is too large to be kept here."
                                         : "There is no room to keep it here. Print it again later.");
        }
        return r;
}

/* A document comes: where it goes. Answers where it may not. */
int absent_open_document(struct relay_request *request)
{
        struct absent *absent = request->absent;
        int r;

        r = judge(request);
        if (r || http_is_answered(request->x))
                return r;
        absent->number = absent->message.code == IPP_SEND_DOCUMENT ? absent_job_number(absent) : 0;
        /* Where the service is there, and has made the job, it is its own. */
        if (absent->message.code == IPP_SEND_DOCUMENT &&
            !(absent->is_staying && absent->number < ABSENT_NUMBER)) {
                absent->is_staying = false;
                r = find_created(request);
                if (r || http_is_answered(request->x))
                        return r;
        }
        absent->hash = EVP_MD_CTX_new();
        if (!absent->hash || EVP_DigestInit_ex(absent->hash, EVP_sha256(), NULL) != 1)
                return fault(-ENOMEM);
        if (ipp_get_keyword(absent->attributes, "document-format", STAYS_FORMAT - 1, &absent->declared))
                absent->declared = TEXT_OF("");
        sniffing_init(&absent->sniffing, absent->declared, TEXT_OF(""));
        r = deposit_open(absent_store(request), DEPOSIT_IPP, &absent->deposit);
        if (r > 0)
                return relay_say(request, IPP_SERVER_ERROR_BUSY,
                                 "There is no room to keep it here. Print it again later.");
        if (r)
                return r;
        return take_piece(request, (struct text){ request->gathered.at + request->message_octets,
                                                  request->gathered.len - request->message_octets });
}

/* What the service needs to make a job of it. */
static int format_metadata(struct relay_request *request, struct buffer *to)
{
        struct absent *absent = request->absent;
        struct text authorization = http_header(request->x, "Authorization");
        struct text message = absent->created
                                      ? (struct text){ absent->created, absent->created_octets }
                                      : (struct text){ request->gathered.at, request->message_octets };
        SCOPED(buffer_wipe) struct buffer encoded = BUFFER(2 * MESSAGE_MAX);
        struct stays_document document;
        json_t *json;
        char *string;

        base64_format(message.at, message.len, &encoded);
        if (!buffer_string(&encoded))
                return fault(-ENOMEM);
        json = json_pack("{s:s, s:{s:s, s:o, s:s, s:b, s:s}}", "queue", request->queue.name, "ipp", "path",
                         request->path, "authorization",
                         authorization.at ? json_stringn(authorization.at, authorization.len) : json_null(),
                         "client", request->x->peer, "secure", strcmp(request->x->scheme, "https") == 0,
                         "message", buffer_string(&encoded));
        (void)stays_describe(request->relay->parts.stays, &absent->sniffing, absent->declared, absent->octets,
                             absent->mark, &document);
        if (json)
                json_object_set_new(json, "document", stays_document_json(&document));
        string = json ? json_dumps(json, JSON_COMPACT) : NULL;
        json_decref(json);
        if (!string)
                return fault(-ENOMEM);
        buffer_add_string(to, string);
        explicit_bzero(string, strlen(string));
        free(string);
        return to->failure ? fault(to->failure) : 0;
}

int absent_finish(struct relay_request *request, struct id *ret)
{
        SCOPED(buffer_wipe) struct buffer metadata = BUFFER(METADATA_MAX);
        struct absent *absent = request->absent;
        struct deposit_order order = { 0 };
        uint8_t mark[HASH_OCTETS];
        int r;

        if (EVP_DigestFinal_ex(absent->hash, absent->mark, NULL) != 1)
                return fault(-EIO);
        r = format_metadata(request, &metadata);
        if (r)
                return r;
        order.metadata = buffer_text(&metadata);
        if (relay_mark(request, mark)) {
                order.owner = mark;
                (void)callers_find(request->relay->parts.callers, mark, &order.person);
        }
        r = deposit_finish(take(absent->deposit), &order, ret);
        /* What may be the same as something that the service has, though nobody heard it say so, is not
         * printed here. */
        if (r == 0 && !absent->is_staying && order.owner &&
            callers_has_doubt(request->relay->parts.callers, order.owner))
                r = fold(deposit_ask(absent_store(request), *ret, true));
        return r;
}

static void note_entry(struct relay_request *request, struct absent_entry *entry)
{
        struct absent *absent = request->absent;
        struct text title;

        memcpy(entry->owner, absent->owner, sizeof(entry->owner));
        if (ipp_get_name(absent->attributes, "job-name", sizeof(entry->title) - 1, &title) == 0)
                text_copy(title, entry->title, sizeof(entry->title));
        if (!entry->title[0])
                text_copy(TEXT_OF("untitled"), entry->title, sizeof(entry->title));
}

/* On the disk, and in the book. */
static int settle(struct relay_request *request, struct id id, struct absent_entry *entry)
{
        struct absent_book *book = request->relay->book;
        struct deposits *store = absent_store(request);
        struct absent *absent = request->absent;
        int r;

        r = deposit_unstay(store, id);
        deposit_give(store, id);
        if (r)
                return fold(r);
        memcpy(entry->mark, absent->mark, sizeof(entry->mark));
        entry->deposit = id;
        log_write(LOG_NOTICE, "ipp-door-kept", "queue", request->queue.name, NULL);
        note_entry(request, entry);
        entry->number = absent->created ? absent->number : 0;
        if (!entry->number)
                return absent_book_add(book, entry, &entry->number);
        absent_book_set_deposit(book, entry->number, id, absent->mark);
        return 0;
}

/* With the book's lock: a copy of what is there already is not kept. Refusals of deposit_finish(). */
static int keep_once(struct relay_request *request, struct absent_entry *entry)
{
        struct absent_book *book = request->relay->book;
        struct absent *absent = request->absent;
        struct id id;
        int r;

        r = absent_finish(request, &id);
        if (r)
                return r;
        if (absent_book_find_repeated(book, absent->owner, absent->mark, entry))
                return fold(deposit_remove(absent_store(request), id));
        return settle(request, id, entry);
}

int absent_keep_finished(struct relay_request *request, struct id id)
{
        struct absent_entry entry = { .number = 0 };
        int r;

        absent_book_lock(request->relay->book);
        r = settle(request, id, &entry);
        absent_book_unlock(request->relay->book);
        return r ? r : absent_answer_job(request, &entry);
}

/* The document is whole. */
static int keep(struct relay_request *request)
{
        struct absent_entry entry = { .number = 0 };
        int r;

        if (!request->absent->octets)
                return relay_say(request, IPP_CLIENT_ERROR_BAD_REQUEST, "There is no document in it.");
        absent_book_lock(request->relay->book);
        r = keep_once(request, &entry);
        absent_book_unlock(request->relay->book);
        if (r > 0)
                return relay_say(request, IPP_SERVER_ERROR_BUSY,
                                 "There is no room to keep it here. Print it again later.");
        return r ? r : absent_answer_job(request, &entry);
}

static int create(struct relay_request *request)
{
        struct absent_entry entry = { .message = request->gathered.at,
                                      .message_octets = request->message_octets };
        int r = judge(request);

        if (r || http_is_answered(request->x))
                return r;
        note_entry(request, &entry);
        r = absent_book_add(request->relay->book, &entry, &entry.number);
        return r ? r : absent_answer_job(request, &entry);
}

static int validate(struct relay_request *request)
{
        int r = judge(request);

        return r || http_is_answered(request->x) ? r : relay_say(request, IPP_OK, ABSENT_KEPT);
}

int absent_answer(struct relay_request *request)
{
        int r = absent_open(request);

        if (r || http_is_answered(request->x))
                return r;
        if (request->absent->message.code == IPP_GET_PRINTER_ATTRIBUTES)
                return absent_get_printer_attributes(request);
        if (!has_credentials(request))
                return demand(request);
        switch (request->absent->message.code) {
        case IPP_PRINT_JOB:
        case IPP_SEND_DOCUMENT:
                r = absent_open_document(request);
                return r || http_is_answered(request->x) ? r : keep(request);
        case IPP_CREATE_JOB: return create(request);
        case IPP_VALIDATE_JOB: return validate(request);
        case IPP_GET_JOBS: return absent_get_jobs(request);
        case IPP_GET_JOB_ATTRIBUTES: return absent_get_job_attributes(request);
        default: return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        }
}

int absent_begin(struct relay_request *request)
{
        int r = absent_open(request);

        if (r || http_is_answered(request->x))
                return r;
        if (!is_submission(request->absent))
                return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE, ABSENT_AWAY);
        if (!has_credentials(request))
                return demand(request);
        return absent_open_document(request);
}

int absent_begin_staying(struct relay_request *request)
{
        int r = absent_open(request);

        if (r || http_is_answered(request->x))
                return r;
        if (!has_credentials(request))
                return demand(request);
        request->absent->is_staying = true;
        return absent_open_document(request);
}

int absent_write(struct relay_request *request, struct text octets)
{
        return take_piece(request, octets);
}

int absent_end(struct relay_request *request)
{
        return request->absent->is_staying ? staying_end(request) : keep(request);
}

void absent_gone(struct relay_request *request)
{
        if (request->absent && request->absent->answered && request->x->complete)
                absent_book_set_answered(request->relay->book, request->absent->answered);
        absent_free(request->absent);
        request->absent = NULL;
}
