// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/ipp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/cursor.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "core/core.h"
#include "core/job/intake.h"
#include "core/job/queue.h"
#include "core/sign-in/token.h"
#include "core/trail/watch.h"
#include "door/ipp/authenticate.h"
#include "door/ipp/exchange.h"
#include "door/ipp/icon.h"
#include "door/ipp/operation.h"
#include "door/ipp/refusal.h"
#include "door/ipp/relayed.h"
#include "door/ipp/submit.h"
#include "ipp/request.h"
#include "net/http-exchange.h"

/* Values of the request, and all of the answer: the longest list of jobs fits. */
#define ARENA_OCTETS ((size_t)16 * 1024 * 1024)

/* What a client may send before it has said who it is; Get-Printer-Attributes needs a fraction of it. */
#define OPEN_OCTETS (64 * 1024)

struct ipp_door_settings ipp_door_settings_default(void)
{
        return (struct ipp_door_settings){
                .default_tenant = "",
                .default_queue = "pull",
                .public_url = "",
                .organization = "",
                .attributes_octets_max = 1024 * 1024,
                .expansion = inflating_limits_default(),
                .jobs_listed_max = 1000,
        };
}

struct ipp_door_settings ipp_door_settings_read(struct config *config)
{
        struct ipp_door_settings s = ipp_door_settings_default();

        s.default_tenant = config_string(config, "ipp", "default_tenant", s.default_tenant);
        s.default_queue = config_string(config, "ipp", "default_queue", s.default_queue);
        s.public_url = config_string(config, "api", "public_url", s.public_url);
        s.organization = config_string(config, "ipp", "organization", s.organization);
        s.attributes_octets_max = (uint32_t)config_number(config, "ipp", "attributes_octets_max",
                                                          s.attributes_octets_max, 4096, 16 * 1024 * 1024);
        s.expansion = inflating_limits_read(config);
        s.jobs_listed_max =
                (uint32_t)config_number(config, "ipp", "jobs_listed_max", s.jobs_listed_max, 1, 1500);
        return s;
}

int ipp_door_new(struct core *core, struct tls_server *tls, const struct ipp_door_settings *settings,
                 struct ipp_door **ret)
{
        struct ipp_door *door = calloc(1, sizeof(*door));

        if (!door)
                return fault(-ENOMEM);
        door->core = core;
        door->tls = tls;
        door->settings = *settings;
        door->started_ms = clock_unix_ms();
        *ret = door;
        return 0;
}

void ipp_door_free(struct ipp_door *door)
{
        free(door);
}

void ipp_door_freep(struct ipp_door **door)
{
        ipp_door_free(*door);
}

static void exchange_free(struct ipp_exchange *e)
{
        if (!e)
                return;
        ipp_document_done(&e->document);
        buffer_wipe(&e->gathered); /* passwords of documents stand in it */
        arena_free(e->arena);
        free(e);
}

/* What may be asked for: of a queue with a printer that one's, of the others what any of the tenant's could
 * do. */
int ipp_door_find_abilities(struct core *core, const struct queue *queue, struct printer *ret)
{
        if (queue->kind != QUEUE_PULL)
                return printer_find(core, queue->tenant, queue->printer, ret);
        *ret = *ipp_view_pull_printer();
        if (queue->documents == DOCUMENTS_SITE) {
                int r = stay_unite_formats(core, queue->tenant, ret);

                if (r)
                        return r;
        }
        return printer_unite(core, queue->tenant, ret);
}

/*
 * What follows /ipp/print/TENANT/QUEUE: a device's token, a job's number, both, or nothing. False where it is
 * something else.
 */
static bool read_tail(const struct text *segments, size_t count, struct text *ret_address,
                      uint32_t *ret_number)
{
        uint64_t number = 0;
        size_t at = 0;

        *ret_address = TEXT_OF("");
        if (at < count && text_starts_with(segments[at], TOKEN_ADDRESS_PREFIX))
                *ret_address = segments[at++];
        if (at < count && (!text_number(segments[at++], INT32_MAX, &number) || number == 0))
                return false;
        *ret_number = (uint32_t)number;
        return at == count;
}

/*
 * /ipp/print, /ipp/print/QUEUE, /ipp/print/TENANT/QUEUE, and with a tail. Which queue that is, or
 * CORE_NOT_FOUND, which is told in IPP's words once the request is here.
 */
static int find_queue(struct ipp_exchange *e)
{
        const struct text *segments = e->http->segments + 2;
        size_t count = e->http->segment_count - 2;
        struct text tenant = text_from(e->door->settings.default_tenant);
        struct text queue = text_from(e->door->settings.default_queue);
        int r;

        if (count == 1) {
                queue = segments[0];
        } else if (count >= 2) {
                tenant = segments[0];
                queue = segments[1];
        }
        if (count > 2 && !read_tail(segments + 2, count - 2, &e->view.address, &e->path_number))
                return CORE_NOT_FOUND;

        r = queue_find(e->core, tenant, queue, &e->queue);
        if (r)
                return r;
        r = ipp_door_find_abilities(e->core, &e->queue, &e->printer);
        if (r)
                return r;
        e->has_queue = true;
        return 0;
}

static void set_view(struct ipp_exchange *e)
{
        const struct core_settings *settings = core_settings(e->core);

        e->view.queue = &e->queue;
        e->view.printer = &e->printer;
        ipp_view_set_host(&e->view, e->http->host);
        e->view.is_secure = strcmp(e->http->scheme, "https") == 0;
        e->view.now_ms = clock_unix_ms();
        e->view.started_ms = e->door->started_ms;
        e->view.time_out_ms = settings->receiving_ms;
        e->view.octets_max = settings->document_octets_max;
        e->view.opens_documents = settings->inspects && e->queue.documents == DOCUMENTS_SERVICE;
        e->view.organization = e->door->settings.organization;
}

/*
 * A client that waits for "100 Continue" with a document in hand, and without credentials, is told at once;
 * it would otherwise send the document for nothing. A short request may be Get-Printer-Attributes.
 */
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

static int door_begin(struct http_exchange *x)
{
        struct ipp_exchange *e = x->user;
        int r;

        if (!http_method_is(x, "POST")) {
                r = http_add_header(x, "Allow", "POST");
                if (r < 0)
                        return r;
                return http_respond_problem(
                        x, 405, NULL, "This is the address of a print queue. Add it as an IPP printer.");
        }
        if (!is_ipp(x->content_type))
                return http_respond_problem(x, 415, NULL, "Print queues take application/ipp.");
        if (http_header(x, "Content-Encoding").len)
                return http_respond_problem(x, 415, NULL,
                                            "Use the IPP attribute compression instead of Content-Encoding.");

        x->body_max_octets =
                core_settings(e->core)->document_octets_max + e->door->settings.attributes_octets_max;
        r = find_queue(e);
        if (r < 0)
                return r;
        text_copy(text_from(x->peer), e->came, sizeof(e->came));
        set_view(e);
        if (x->is_agent && http_header(x, "Imprimatur-Client-Address").at) {
                r = ipp_relayed_read(e);
                if (r < 0 || http_is_answered(x))
                        return r;
        }
        if (e->has_queue) {
                r = ipp_authenticate(e);
                if (r < 0 || http_is_answered(x))
                        return r;
        }
        if (!e->has_actor && !e->is_invited && announces_document(x))
                return ipp_authenticate_demand(e);
        return 0;
}

/* printer-uri or job-uri (RFC 8011, section 4.1.5): any host and scheme of ours, but the path we were called
 * by. */
static bool target_is_ours(struct ipp_exchange *e, const char *name, uint32_t *ret_number)
{
        struct text segments[8], rest, uri, address = TEXT_OF("");
        struct ipp_uri parts;
        uint32_t number = 0;
        size_t count = 0;

        if (ipp_get_keyword(e->attributes, name, 1023, &uri) || !ipp_uri_parse(uri, &parts))
                return false;
        rest = (struct text){ parts.path.at + 1, parts.path.len - 1 };
        while (rest.len && count < ARRAY_LENGTH(segments))
                text_cut(rest, '/', &segments[count++], &rest);

        /* "/ipp/print/TENANT/QUEUE/NUMBER"; shorter ones mean what the request's own path means. */
        if (count < 2 || count > 6 || !text_equal_string(segments[0], "ipp") ||
            !text_equal_string(segments[1], "print"))
                return false;
        if (count == 3 && !text_equal_string(segments[2], e->queue.name))
                return false;
        if (count > 3 && (!text_equal_string(segments[2], e->queue.tenant_name) ||
                          !text_equal_string(segments[3], e->queue.name)))
                return false;
        if (count > 4 && !read_tail(segments + 4, count - 4, &address, &number))
                return false;
        /* Whose it is comes from the request's own address alone. */
        if (address.len && !text_equal(address, e->view.address))
                return false;
        *ret_number = number;
        return true;
}

/* What the request is about; answers where that is unclear. */
static int find_target(struct ipp_exchange *e)
{
        const bool is_job = e->operation->target == IPP_TARGET_JOB;
        const bool has_job_uri = is_job && ipp_find(e->attributes, "job-uri");
        uint32_t number = 0;
        int32_t id = 0;

        if (!has_job_uri && !ipp_find(e->attributes, "printer-uri"))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST,
                                        "The request does not say which printer it is for (printer-uri).");
        if (!target_is_ours(e, has_job_uri ? "job-uri" : "printer-uri", &number))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_NOT_FOUND,
                                        "There is no such print queue. Check its address.");
        if (!is_job)
                return 0;

        if (!has_job_uri && ipp_get_integer(e->attributes, "job-id", 1, INT32_MAX, &id))
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST,
                                        "The request does not say which job it is for (job-uri or job-id).");
        e->job_number = has_job_uri ? number : (uint32_t)id;
        return 0;
}

static int say_core(struct ipp_exchange *e, int refusal)
{
        struct ipp_refusal_words words = ipp_refusal_words(refusal);
        int r = refusal == CORE_FORBIDDEN ? watch_refusal(e->core, &e->actor, "ipp", "forbidden") : 0;

        return r ? r : ipp_exchange_say(e, words.status, words.sentence);
}

/*
 * The edge of a request: refusals become answers, and a fault is logged once and told as an internal error.
 * Only where even that fails does the fault go on, to the server.
 */
static int settle(struct ipp_exchange *e, int r)
{
        if (r == 0)
                return 0;
        if (http_is_answered(e->http))
                return r < 0 ? r : 0;
        if (r > 0)
                return say_core(e, r);

        log_fault("ipp-fault", r);
        return ipp_exchange_say(e, IPP_SERVER_ERROR_INTERNAL_ERROR,
                                "Something went wrong here. Try again, or tell an administrator.");
}

/* The attributes are complete: length octets of what was gathered. */
static int dispatch(struct ipp_exchange *e, size_t length)
{
        struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        const struct ipp_group *job_group;
        struct ipp_complaint complaint;
        enum ipp_status status;
        const char *why;
        int r;

        limits.octets = e->door->settings.attributes_octets_max;
        r = ipp_message_parse((struct text){ e->gathered.at, length }, &limits, e->arena, &e->request,
                              &complaint);
        if (r)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST, complaint.why);
        status = ipp_request_check(&e->request, &why);
        if (status != IPP_OK)
                return ipp_exchange_say(e, status, why);

        e->operation = ipp_handler_find(e->request.code);
        if (!e->operation)
                return ipp_exchange_say(e, IPP_SERVER_ERROR_OPERATION_NOT_SUPPORTED,
                                        "This operation is not supported here; see operations-supported.");
        if (!e->has_queue)
                return say_core(e, CORE_NOT_FOUND);
        if (!right_is_open(e->operation->right)) {
                if (!e->has_actor)
                        return e->is_invited ? ipp_authenticate_invite(e) : ipp_authenticate_demand(e);
                if (!actor_may(&e->actor, e->operation->right, whose_some()))
                        return say_core(e, CORE_FORBIDDEN);
        }

        e->attributes = e->request.groups->attributes;
        job_group = ipp_group_find(&e->request, IPP_TAG_JOB);
        e->job_attributes = job_group ? job_group->attributes : NULL;
        r = find_target(e);
        if (r < 0 || http_is_answered(e->http))
                return r;
        return e->operation->begin(e);
}

static int take_document(struct ipp_exchange *e, struct text octets)
{
        int r;

        if (octets.len == 0)
                return 0;
        if (e->stays)
                return ipp_exchange_say(e, IPP_CLIENT_ERROR_BAD_REQUEST,
                                        "The document stays with the agent, and came all the same.");
        if (!e->document.intake) {
                r = ipp_send_document_open(e);
                if (r || http_is_answered(e->http))
                        return r;
        }
        r = ipp_document_write(&e->document, octets);
        return r ? ipp_submit_refuse(e, r) : 0;
}

/* A request whose header alone was understood, if that: its request-id is all we can answer to. */
static int say_unread(struct ipp_exchange *e, enum ipp_status status, const char *sentence)
{
        struct cursor c = cursor_from(buffer_text(&e->gathered));

        e->request.version_major = cursor_u8(&c);
        cursor_u8(&c);
        cursor_u16(&c);
        e->request.request_id = (int32_t)cursor_u32(&c);
        return ipp_exchange_say(e, status, sentence);
}

static int gather(struct ipp_exchange *e, struct text octets)
{
        struct ipp_limits limits = IPP_LIMITS_DEFAULT;
        struct text rest;
        size_t length;
        int r;

        limits.octets = e->door->settings.attributes_octets_max;
        buffer_add_text(&e->gathered, octets);
        if (e->gathered.failure)
                return fault(e->gathered.failure);

        r = ipp_scan(&e->scan, buffer_text(&e->gathered), &limits, &length);
        if (r == IPP_MORE)
                return 0;
        if (r == IPP_TOO_LARGE)
                return say_unread(e, IPP_CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE,
                                  "The request has too many attributes.");
        if (r)
                return say_unread(e, IPP_CLIENT_ERROR_BAD_REQUEST, "This is no IPP request.");

        r = dispatch(e, length);
        if (r || http_is_answered(e->http))
                return r;
        rest = (struct text){ e->gathered.at + length, e->gathered.len - length };
        return take_document(e, rest);
}

static int door_octets(struct http_exchange *x, struct text octets)
{
        struct ipp_exchange *e = x->user;

        return settle(e, e->wants_document ? take_document(e, octets) : gather(e, octets));
}

static int door_end(struct http_exchange *x)
{
        struct ipp_exchange *e = x->user;

        if (e->wants_document)
                return settle(e, e->operation->end(e));
        return settle(e, say_unread(e, IPP_CLIENT_ERROR_BAD_REQUEST, "The request ends too early."));
}

static void door_gone(struct http_exchange *x)
{
        struct ipp_exchange *e = x->user;

        if (!id_is_zero(e->submitted) && x->complete && !e->is_relayed)
                intake_answered(e->core, e->submitted);
        exchange_free(e);
        x->user = NULL;
}

static const struct http_handler handler = { door_begin, door_octets, door_end, door_gone };

const struct http_handler *ipp_door_route(struct ipp_door *door, struct http_exchange *x)
{
        struct ipp_exchange *e;

        if (x->segment_count < 2 || !text_equal_string(x->segments[0], "ipp"))
                return NULL;
        if (text_equal_string(x->segments[1], "icons"))
                return ipp_icon_route(x);
        if (!text_equal_string(x->segments[1], "print"))
                return NULL;

        e = calloc(1, sizeof(*e));
        if (!e)
                return NULL;
        e->door = door;
        e->core = door->core;
        e->http = x;
        e->arena = arena_new(ARENA_OCTETS);
        /* A piece of the document may come with the last octets of the attributes. */
        buffer_init(&e->gathered, door->settings.attributes_octets_max + 1024 * 1024);
        if (!e->arena) {
                exchange_free(e);
                return NULL;
        }
        x->user = e;
        return &handler;
}
