// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "relay/staying.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "relay/absent-state.h"
#include "relay/stays.h"

#define HEADERS_MAX 12

bool staying_is(const struct relay_request *request)
{
        const uint8_t *octets = (const uint8_t *)request->gathered.at;
        unsigned int code = request->message_octets > 4 ? (unsigned int)octets[2] << 8 | octets[3] : 0;

        return (code == IPP_PRINT_JOB || code == IPP_SEND_DOCUMENT) &&
               stays_has(request->relay->parts.stays, request->queue.name);
}

/* Beside the client's own: the deposit's header, and what the octets would tell. */
static int add_headers(struct relay_request *request, struct id id)
{
        struct stays *stays = request->relay->parts.stays;
        SCOPED(buffer_done) struct buffer encoded = BUFFER(2 * DEPOSIT_HEADER_OCTETS);
        const char **headers = arena_alloc(request->x->arena, HEADERS_MAX * sizeof(*headers));
        char contents[2 * HASH_OCTETS + 1];
        uint8_t octets[DEPOSIT_HEADER_OCTETS];
        struct stays_document document;
        struct deposit_entry entry;
        size_t count = 0;

        if (!headers || deposit_find(stays->deposits, id, &entry))
                return fault(-ENOMEM);
        deposit_header_format(&entry.header, octets);
        base64_format(octets, sizeof(octets), &encoded);
        (void)stays_describe(stays, &request->absent->sniffing, request->absent->declared,
                             request->absent->octets, request->absent->mark, &document);
        hex_format(document.contents, HASH_OCTETS, contents);
        while (request->headers[count] && count < HEADERS_MAX - 5) {
                headers[count] = request->headers[count];
                count++;
        }
        if (!buffer_string(&encoded))
                return fault(-ENOMEM);
        headers[count++] = arena_format(request->x->arena, "Imprimatur-Stays: %s", buffer_string(&encoded));
        headers[count++] = arena_format(request->x->arena, "Imprimatur-Stays-Size: %llu",
                                        (unsigned long long)document.size);
        headers[count++] = arena_format(request->x->arena, "Imprimatur-Stays-Format: %s", document.format);
        headers[count++] = arena_format(request->x->arena, "Imprimatur-Stays-Contents: %s", contents);
        for (size_t i = 0; i < count; i++)
                if (!headers[i])
                        return fault(-ENOMEM);
        headers[count] = NULL;
        request->headers = headers;
        return 0;
}

/* The service was gone when it should have heard, or went before it answered: what is kept is known there by
 * its contents. */
static int keep(struct relay_request *request, struct id id)
{
        struct deposits *deposits = request->relay->parts.stays->deposits;

        bool is_proven = absent_is_proven(request);

        if (request->absent->message.code == IPP_PRINT_JOB && is_proven)
                return absent_keep_finished(request, id);
        /* A job that is the service's waits there for what it will not hear of. */
        (void)deposit_remove(deposits, id);
        return relay_say(request, IPP_SERVER_ERROR_SERVICE_UNAVAILABLE,
                         is_proven ? ABSENT_AWAY : ABSENT_UNPROVEN);
}

static int ask(struct relay_request *request, struct id id)
{
        const struct relay_settings *settings = &request->relay->settings;
        struct deposits *deposits = request->relay->parts.stays->deposits;
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct http_client_request question = {
                .method = "POST",
                .path = request->path,
                .headers = request->headers,
                .content_type = "application/ipp",
                .body = { request->gathered.at, request->message_octets },
                .response_max_octets = settings->answer_octets_max,
                .idle_timeout_ms = settings->answer_ms,
        };
        int r = service_ask(request->relay->parts.service, &question, &response);

        if (handoff_is_answer(&response)) {
                bool is_taken = http_client_header(&response, "Imprimatur-Job").len > 0;

                if (is_taken)
                        deposit_give(deposits, id);
                else
                        (void)deposit_remove(deposits, id);
                log_write(LOG_NOTICE, is_taken ? "document-stays" : "document-refused", "queue",
                          request->queue.name, NULL);
                return relay_pass_answer(request, &response);
        }
        if (r == SERVICE_UNREACHABLE ||
            (r == SERVICE_SILENT && request->absent->message.code == IPP_PRINT_JOB))
                return keep(request, id);
        deposit_give(deposits, id);
        return r < 0 ? r : relay_say_silent(request);
}

int staying_end(struct relay_request *request)
{
        struct deposits *deposits = request->relay->parts.stays->deposits;
        struct absent *absent = request->absent;
        struct id id;
        int r;

        if (!absent->octets) {
                deposit_abort(take(absent->deposit));
                absent_free(take(request->absent));
                return relay_ask(request);
        }
        r = absent_finish(request, &id);
        if (r > 0)
                return relay_say(request, IPP_SERVER_ERROR_BUSY,
                                 "There is no room to keep it here. Print it again later.");
        if (r)
                return r;
        r = deposit_stay(deposits, id);
        if (r == 0)
                r = add_headers(request, id);
        if (r) {
                (void)deposit_remove(deposits, id);
                return fold(r);
        }
        return ask(request, id);
}
