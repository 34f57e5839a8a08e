// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * One request of a client, on its way through.
 *
 *      head -> may it come in at all? -> attributes gathered -> short: all of it gathered, asked at once
 *                                                            -> long:  a handoff, octet by octet
 *                                                            -> the service is out of reach: relay/absent.h
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "ipp/build.h"
#include "ipp/request.h"
#include "relay/absent.h"
#include "relay/state.h"
#include "relay/staying.h"

/* A request up to here is asked in one piece, on a connection that stands already. */
#define SHORT_OCTETS ((size_t)128 * 1024)
/* What may come before somebody says who he is. */
#define OPEN_OCTETS  (64 * 1024)
#define ARENA_OCTETS ((size_t)256 * 1024)

int relay_say(struct relay_request *request, enum ipp_status status, const char *sentence)
{
        SCOPED(buffer_done) struct buffer answer = BUFFER((size_t)64 * 1024);
        struct cursor c = cursor_from(buffer_text(&request->gathered));
        struct arena *arena = arena_new(ARENA_OCTETS);
        uint8_t major = cursor_u8(&c);
        struct ipp_builder b;
        int r;

        if (!arena)
                return fault(-ENOMEM);
        cursor_u8(&c);
        cursor_u16(&c);
        b = ipp_answer(arena, status, (int32_t)cursor_u32(&c));
        if (b.message)
                ipp_answer_set_version(b.message, major);
        ipp_add_string(&b, IPP_TAG_TEXT, "status-message", sentence);
        r = fold(ipp_builder_format(&b, &answer));
        if (r == 0)
                r = http_respond(request->x, 200, "application/ipp", buffer_text(&answer));
        arena_free(arena);
        return r;
}

/* The host of "name:port", "[address]:port" and their kind. */
static struct text host_of(struct text host)
{
        struct text head, tail;

        if (host.len && host.at[0] == '[' &&
            text_cut((struct text){ host.at + 1, host.len - 1 }, ']', &head, &tail))
                return head;
        (void)text_cut(host, ':', &head, &tail);
        return head;
}

static bool is_address(struct text host)
{
        char address[INET6_ADDRSTRLEN];
        uint8_t octets[16];

        return text_copy(host, address, sizeof(address)) &&
               (inet_pton(AF_INET, address, octets) == 1 || inet_pton(AF_INET6, address, octets) == 1);
}

static bool ends_in_local(struct text host)
{
        return host.len > 6 &&
               text_equal_nocase((struct text){ host.at + host.len - 6, 6 }, TEXT_OF(".local"));
}

/* A page of a foreign site that was given a name pointing here is not answered (DNS rebinding). */
static bool host_is_ours(struct relay *relay, struct text host)
{
        char name[DOOR_HOST] = "", configured[DOOR_HOST];
        struct text alone = host_of(host);

        /* Names of the own segment are given by multicast, and change where two machines want the same. */
        if (is_address(alone) || text_equal_nocase(alone, TEXT_OF("localhost")) || ends_in_local(alone))
                return true;
        pthread_rwlock_rdlock(&relay->lock);
        memcpy(configured, relay->plan.host, sizeof(configured));
        pthread_rwlock_unlock(&relay->lock);
        if (gethostname(name, sizeof(name) - 1) < 0)
                name[0] = '\0';
        return (configured[0] && text_equal_nocase(alone, text_from(configured))) ||
               (name[0] && text_equal_nocase(alone, text_from(name))) ||
               (relay->tls && tls_server_is_named(relay->tls, alone));
}

static bool announces_document(const struct http_exchange *x)
{
        return text_equal_nocase(http_header(x, "Expect"), TEXT_OF("100-continue")) &&
               (x->content_length < 0 || x->content_length > OPEN_OCTETS);
}

static bool is_ipp(struct text content_type)
{
        struct text type, parameters;

        text_cut(content_type, ';', &type, &parameters);
        return text_equal_nocase(text_trim(type), TEXT_OF("application/ipp"));
}

/* Whether the path has a device's token, which says who comes. */
static bool has_token(const struct http_exchange *x)
{
        return x->segment_count > 4 && text_starts_with(x->segments[4], "adr_");
}

/* What the service is told beside the request. */
static int set_headers(struct relay_request *request)
{
        struct http_exchange *x = request->x;
        struct text authorization = http_header(x, "Authorization");
        size_t count = 0;

        request->headers = arena_alloc(x->arena, 6 * sizeof(*request->headers));
        if (!request->headers)
                return fault(-ENOMEM);
        request->headers[count++] = arena_format(x->arena, "Imprimatur-Client-Address: %s", x->peer);
        request->headers[count++] =
                arena_format(x->arena, "Imprimatur-Client-Host: %.*s", (int)x->host.len, x->host.at);
        request->headers[count++] = arena_format(x->arena, "Imprimatur-Client-Scheme: %s", x->scheme);
        if (authorization.at)
                request->headers[count++] = arena_format(x->arena, "Authorization: %.*s",
                                                         (int)authorization.len, authorization.at);
        for (size_t i = 0; i < count; i++)
                if (!request->headers[i])
                        return fault(-ENOMEM);
        request->headers[count] = NULL;
        return 0;
}

/* The queue's own path, and what of the request's follows it. */
static int set_path(struct relay_request *request, size_t tail)
{
        struct http_exchange *x = request->x;
        char path[DOOR_PATH + 256];
        size_t len = (size_t)snprintf(path, sizeof(path), "%s", request->queue.path);

        for (size_t i = 2 + tail; i < x->segment_count; i++) {
                struct text segment = x->segments[i];

                for (size_t j = 0; j < segment.len; j++)
                        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.",
                                    segment.at[j]))
                                return http_respond_problem(x, 404, NULL, NULL);
                len += (size_t)snprintf(path + len, sizeof(path) - len, "/%.*s", (int)segment.len,
                                        segment.at);
                if (len >= sizeof(path))
                        return http_respond_problem(x, 404, NULL, NULL);
        }
        request->path = arena_format(x->arena, "%s", path);
        return request->path ? 0 : fault(-ENOMEM);
}

static int begin(struct http_exchange *x)
{
        struct relay_request *request = x->user;
        const struct relay_settings *settings = &request->relay->settings;
        const struct door_queue *queue;
        size_t tail = 0;
        int r;

        if (!http_method_is(x, "POST")) {
                r = http_add_header(x, "Allow", "POST");
                return r ? r
                         : http_respond_problem(
                                   x, 405, NULL,
                                   "This is the address of a print queue. Add it as an IPP printer.");
        }
        if (!is_ipp(x->content_type))
                return http_respond_problem(x, 415, NULL, "Print queues take application/ipp.");
        if (http_header(x, "Content-Encoding").len)
                return http_respond_problem(x, 415, NULL,
                                            "Use the IPP attribute compression instead of Content-Encoding.");
        pthread_rwlock_rdlock(&request->relay->lock);
        queue = door_plan_find(&request->relay->plan, x->segments + 2, x->segment_count - 2, &tail);
        if (queue)
                request->queue = *queue;
        pthread_rwlock_unlock(&request->relay->lock);
        if (!queue)
                return http_respond_problem(x, 404, NULL, "There is no such print queue here.");
        x->body_max_octets = settings->document_octets_max + settings->attributes_octets_max;
        r = set_path(request, tail);
        if (r || http_is_answered(x))
                return r;
        r = set_headers(request);
        if (r)
                return r;
        if (!http_header(x, "Authorization").at && !has_token(x) && announces_document(x)) {
                r = http_add_header(x, "WWW-Authenticate", "Basic realm=\"Imprimatur\", charset=\"UTF-8\"");
                return r ? r
                         : http_respond_problem(
                                   x, 401, NULL,
                                   "Sign in with your e-mail address and password, or a print token.");
        }
        return 0;
}

bool relay_mark(const struct relay_request *request, uint8_t ret[HASH_OCTETS])
{
        struct text authorization = http_header(request->x, "Authorization");
        bool has = authorization.at || has_token(request->x);

        if (has)
                callers_mark(request->relay->parts.callers,
                             has_token(request->x) ? text_from(request->path) : authorization, ret);
        return has;
}

/* Who it was, or that he is nobody: for when the line is down. */
static void note_caller(struct relay_request *request, const struct http_client_response *response)
{
        struct text name = http_client_header(response, "Imprimatur-Person");
        uint8_t mark[HASH_OCTETS];
        struct id person = { { 0 } };

        if ((id_parse(name, &person) || response->status == 401) && relay_mark(request, mark))
                callers_note(request->relay->parts.callers, mark, person);
}

/* The service's answer becomes ours. */
int relay_pass_answer(struct relay_request *request, const struct http_client_response *response)
{
        static const char *const names[] = { "WWW-Authenticate", "Retry-After" };
        struct text job = http_client_header(response, "Imprimatur-Job");
        struct text type = http_client_header(response, "Content-Type");
        struct http_exchange *x = request->x;

        note_caller(request, response);
        for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
                struct text value = http_client_header(response, names[i]);
                const char *copy = value.at ? arena_format(x->arena, "%.*s", (int)value.len, value.at) : NULL;
                int r = copy ? http_add_header(x, names[i], copy) : 0;

                if (r)
                        return r;
        }
        if (job.at && !text_copy(job, request->job, sizeof(request->job)))
                request->job[0] = '\0';
        return http_respond(x, response->status,
                            arena_format(x->arena, "%.*s", (int)type.len, type.at ? type.at : ""),
                            buffer_text(&response->body));
}

/* Sent, and no answer came: it may be held there. The client sends it again, and the service knows it again.
 */
int relay_say_silent(struct relay_request *request)
{
        uint8_t mark[HASH_OCTETS];

        if (relay_mark(request, mark))
                callers_note_doubt(request->relay->parts.callers, mark);
        log_write(LOG_WARNING, "ipp-door-unanswered", "queue", request->queue.name, "why",
                  service_complaint(), NULL);
        return relay_say(request, IPP_SERVER_ERROR_TEMPORARY_ERROR,
                         "The print service did not answer. Send it again.");
}

/* All of it is here. */
int relay_ask(struct relay_request *request)
{
        const struct relay_settings *settings = &request->relay->settings;
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct http_client_request question = {
                .method = "POST",
                .path = request->path,
                .headers = request->headers,
                .content_type = "application/ipp",
                .body = buffer_text(&request->gathered),
                .response_max_octets = settings->answer_octets_max,
                .idle_timeout_ms = settings->answer_ms,
        };
        int r = service_is_away(request->relay->parts.service)
                        ? SERVICE_UNREACHABLE
                        : service_ask(request->relay->parts.service, &question, &response);

        if (r < 0)
                return r;
        if (handoff_is_answer(&response))
                return relay_pass_answer(request, &response);
        /* It may have acted before it went; what is kept here is known there by its contents. */
        if (r == SERVICE_UNREACHABLE || r == SERVICE_SILENT)
                return absent_answer(request);
        return relay_say_silent(request);
}

static int start_handoff(struct relay_request *request)
{
        const struct relay_settings *settings = &request->relay->settings;
        const struct handoff_order order = {
                .path = request->path,
                .headers = request->headers,
                .content_type = "application/ipp",
                .size = request->x->content_length,
                .answer_ms = settings->answer_ms,
                .answer_octets_max = settings->answer_octets_max,
        };
        int r = service_is_away(request->relay->parts.service)
                        ? HANDOFF_UNREACHABLE
                        : handoff_start(request->relay->parts.service, &order, &request->handoff);

        if (r == HANDOFF_UNREACHABLE)
                return absent_begin(request);
        if (r == HANDOFF_SILENT)
                return relay_say_silent(request);
        return r;
}

/* The body is whole, or the service has heard enough. */
static int finish_handoff(struct relay_request *request, bool is_whole)
{
        const struct http_client_response *response;
        int r = handoff_finish(request->handoff, is_whole, &response);

        if (r == 0)
                return relay_pass_answer(request, response);
        return r < 0 ? r : relay_say_silent(request);
}

static int hand_on(struct relay_request *request, struct text octets)
{
        if (request->absent)
                return absent_write(request, octets);
        return handoff_write(request->handoff, octets) ? finish_handoff(request, false) : 0;
}

/* Whether the attributes are all there; answers where they never will be. */
static int scan(struct relay_request *request)
{
        struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        int r;

        limits.octets = request->relay->settings.attributes_octets_max;
        r = ipp_scan(&request->scan, buffer_text(&request->gathered), &limits, &request->message_octets);
        if (r == IPP_TOO_LARGE)
                return relay_say(request, IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
                                 "The request has too many attributes.");
        if (r && r != IPP_MORE)
                return relay_say(request, IPP_CLIENT_ERROR_BAD_REQUEST, "This is no IPP request.");
        return 0;
}

static int take_octets(struct http_exchange *x, struct text octets)
{
        struct relay_request *request = x->user;
        int r;

        if (request->handoff || request->absent)
                return hand_on(request, octets);
        buffer_add_text(&request->gathered, octets);
        if (request->gathered.failure)
                return fault(request->gathered.failure);
        if (!request->message_octets) {
                r = scan(request);
                if (r || http_is_answered(x))
                        return r;
        }
        if (request->message_octets && staying_is(request))
                return absent_begin_staying(request);
        if (!request->message_octets || request->gathered.len <= SHORT_OCTETS)
                return 0;
        r = start_handoff(request);
        if (r || http_is_answered(x) || request->absent)
                return r;
        return hand_on(request, buffer_text(&request->gathered));
}

static int end(struct http_exchange *x)
{
        struct relay_request *request = x->user;

        if (request->absent)
                return absent_end(request);
        if (request->handoff)
                return finish_handoff(request, true);
        if (!request->message_octets)
                return relay_say(request, IPP_CLIENT_ERROR_BAD_REQUEST, "The request ends too early.");
        return relay_ask(request);
}

/* The client has it: from now on the same document is another one. */
static void tell_answered(struct relay_request *request)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r = service_ask_json(request->relay->parts.service, "POST", "/submissions/answered",
                                 json_pack("{s:s}", "job", request->job), &response);

        if (r < 0)
                log_fault("ipp-door-answered", r);
}

static void gone(struct http_exchange *x)
{
        struct relay_request *request = x->user;

        handoff_free(request->handoff);
        absent_gone(request);
        if (request->job[0] && x->complete)
                tell_answered(request);
        buffer_wipe(&request->gathered);
        free(request);
        x->user = NULL;
}

static const struct http_handler handler = { begin, take_octets, end, gone };

/* Icons, whose addresses stand in what IPP says of a queue. */
static int answer_icon(struct http_exchange *x)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct relay *relay = x->user;
        const char *path =
                arena_format(x->arena, "/ipp/icons/%.*s", (int)x->segments[2].len, x->segments[2].at);
        struct http_client_request question = { .path = path };
        struct text type;
        int r;

        if (!path)
                return fault(-ENOMEM);
        for (const char *at = path; *at; at++)
                if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789./", *at))
                        return http_respond_problem(x, 404, NULL, NULL);
        question.timeout_ms = relay->settings.answer_ms;
        r = service_ask(relay->parts.service, &question, &response);
        if (r < 0)
                return r;
        if (!handoff_is_answer(&response))
                return http_respond_problem(x, 503, NULL, "The print service cannot be reached.");
        type = http_client_header(&response, "Content-Type");
        return http_respond(x, response.status,
                            arena_format(x->arena, "%.*s", (int)type.len, type.at ? type.at : ""),
                            buffer_text(&response.body));
}

static const struct http_handler icon = { .end = answer_icon };

const struct http_handler *relay_route(void *context, struct http_exchange *x)
{
        struct relay *relay = context;
        struct relay_request *request;

        if (!host_is_ours(relay, x->host)) {
                (void)http_respond_problem(x, 421, NULL, "This agent is not known by that name.");
                return NULL;
        }
        if (x->segment_count < 2 || x->segment_count > 6 || !text_equal_string(x->segments[0], "ipp"))
                return NULL;
        if (x->segment_count == 3 && text_equal_string(x->segments[1], "icons") && http_method_is(x, "GET")) {
                x->user = relay;
                return &icon;
        }
        if (!text_equal_string(x->segments[1], "print"))
                return NULL;
        request = calloc(1, sizeof(*request));
        if (!request)
                return NULL;
        request->relay = relay;
        request->x = x;
        /* A piece of the document may come with the last octets of the attributes. */
        buffer_init(&request->gathered,
                    relay->settings.attributes_octets_max + SHORT_OCTETS + (size_t)1024 * 1024);
        x->user = request;
        return &handler;
}
