// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/service.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/tls.h"

#define KEPT_MAX         64
#define WARM_MAX         4
#define ANSWER_MS        15000
#define DOCUMENT_IDLE_MS 15000
#define PART_TAKEN_MS    45000 /* the service writes down what it was told before it answers */

struct kept {
        struct http_client *client;
        uint64_t generation;
};

struct service {
        pthread_mutex_t lock;
        char *url, *ca_path, *identity_path;
        uint64_t generation; /* of the identity */
        struct kept kept[KEPT_MAX];
        size_t kept_count;
};

static _Thread_local char complaint[256];

const char *service_complaint(void)
{
        return complaint;
}

int service_new(const struct service_options *options, struct service **ret)
{
        SCOPED(service_freep) struct service *service = calloc(1, sizeof(*service));

        if (!service)
                return fault(-ENOMEM);
        pthread_mutex_init(&service->lock, NULL);
        service->url = strdup(options->url);
        service->ca_path = options->ca_path ? strdup(options->ca_path) : NULL;
        service->identity_path = strdup(options->identity_path);
        if (!service->url || !service->identity_path || (options->ca_path && !service->ca_path))
                return fault(-ENOMEM);
        *ret = take(service);
        return 0;
}

void service_free(struct service *service)
{
        if (!service)
                return;
        for (size_t i = 0; i < service->kept_count; i++)
                http_client_free(service->kept[i].client);
        pthread_mutex_destroy(&service->lock);
        free(service->url);
        free(service->ca_path);
        free(service->identity_path);
        free(service);
}

void service_freep(struct service **service)
{
        service_free(*service);
}

void service_renew(struct service *service)
{
        pthread_mutex_lock(&service->lock);
        service->generation++;
        pthread_mutex_unlock(&service->lock);
}

int service_client(struct service *service, struct http_client **ret)
{
        struct http_client_options options = {
                .base = service->url,
                .ca_path = service->ca_path,
                .certificate_path = service->identity_path,
                .key_path = service->identity_path,
                .alpn = TLS_ALPN_AGENT,
        };

        return fold(http_client_new(&options, ret));
}

static int take_client(struct service *service, struct kept *ret)
{
        struct kept old = { NULL, 0 };

        pthread_mutex_lock(&service->lock);
        *ret = (struct kept){ NULL, service->generation };
        if (service->kept_count > 0)
                old = service->kept[--service->kept_count];
        pthread_mutex_unlock(&service->lock);
        if (old.client && old.generation == ret->generation) {
                *ret = old;
                return 0;
        }
        http_client_free(old.client);
        return service_client(service, &ret->client);
}

static void give_client(struct service *service, struct kept kept)
{
        bool keep;

        pthread_mutex_lock(&service->lock);
        keep = kept.generation == service->generation && service->kept_count < KEPT_MAX;
        if (keep)
                service->kept[service->kept_count++] = kept;
        pthread_mutex_unlock(&service->lock);
        if (!keep)
                http_client_free(kept.client);
}

static int refusal_of_status(int status)
{
        if (status >= 200 && status < 300)
                return 0;
        if (status == 429 || status >= 500)
                return SERVICE_BUSY;
        if (status == 401 || status == 403)
                return SERVICE_UNKNOWN_AGENT;
        return status == 404 || status == 409 || status == 410 ? SERVICE_STALE : SERVICE_CONFUSED;
}

static int refusal_of_client(int refusal)
{
        switch (refusal) {
        case HTTP_CLIENT_UNREACHABLE:
        case HTTP_CLIENT_UNTRUSTED:
        case HTTP_CLIENT_TLS:
        case HTTP_CLIENT_BAD_ADDRESS: return SERVICE_UNREACHABLE;
        case HTTP_CLIENT_TOO_LARGE: return SERVICE_CONFUSED;
        default: return SERVICE_SILENT;
        }
}

/* *ret_generation: of the identity that asked. */
static int ask_once(struct service *service, const struct http_client_request *request,
                    struct http_client_response *ret, uint64_t *ret_generation)
{
        struct kept kept;
        int r;

        *ret = (struct http_client_response){ 0 };
        complaint[0] = 0;
        r = take_client(service, &kept);
        if (r)
                return r;
        *ret_generation = kept.generation;
        r = http_client_request(kept.client, request, ret);
        if (r > 0)
                snprintf(complaint, sizeof(complaint), "%s", http_client_complaint(kept.client));
        else if (r == 0 && ret->status >= 300)
                snprintf(complaint, sizeof(complaint), "HTTP status %d", ret->status);
        /* A client that failed may sit on a connection that is no good. */
        if (r)
                http_client_free(kept.client);
        else
                give_client(service, kept);
        if (r)
                return r > 0 ? refusal_of_client(r) : r;
        return refusal_of_status(ret->status);
}

static uint64_t generation_of(struct service *service)
{
        uint64_t generation;

        pthread_mutex_lock(&service->lock);
        generation = service->generation;
        pthread_mutex_unlock(&service->lock);
        return generation;
}

/*
 * Asks; an answer other than 2xx is a refusal. *ret is written in every case, and ended by the caller. Who is
 * unknown because his key was renewed while he asked, asks again with the new one.
 */
static int ask(struct service *service, const struct http_client_request *request,
               struct http_client_response *ret)
{
        uint64_t generation = 0;
        int r;

        r = ask_once(service, request, ret, &generation);
        if (r != SERVICE_UNKNOWN_AGENT || generation == generation_of(service))
                return r;
        http_client_response_done(ret);
        return ask_once(service, request, ret, &generation);
}

void service_warm(struct service *service, size_t count)
{
        static const struct http_client_request request = { .path = "/healthz", .timeout_ms = ANSWER_MS };
        struct kept kept[WARM_MAX];
        size_t taken = 0;

        while (taken < count && taken < WARM_MAX && take_client(service, &kept[taken]) == 0)
                taken++;
        for (size_t i = 0; i < taken; i++) {
                SCOPED(http_client_response_done) struct http_client_response response = { 0 };

                if (http_client_request(kept[i].client, &request, &response) == 0)
                        give_client(service, kept[i]);
                else
                        http_client_free(kept[i].client);
        }
}

static int ask_json(struct service *service, const char *method, const char *path, json_t *question,
                    struct http_client_response *ret)
{
        SCOPED(freep) char *body = question ? json_dumps(question, JSON_COMPACT) : NULL;
        struct http_client_request request = {
                .method = method,
                .path = path,
                .content_type = question ? "application/json" : NULL,
                .body = text_from(body),
                .timeout_ms = ANSWER_MS,
        };

        json_decref(question);
        *ret = (struct http_client_response){ 0 };
        if (question && !body)
                return fault(-ENOMEM);
        return ask(service, &request, ret);
}

static json_t *json_incarnation(uint64_t incarnation)
{
        return json_sprintf("%016llx", (unsigned long long)incarnation);
}

int service_enrol(struct service *service, struct text code, const char *name, struct buffer *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = ask_json(service, "POST", "/v1/agent/enrolment",
                     json_pack("{s:s%, s:s}", "code", code.at, code.len, "name", name), &response);
        if (r == 0)
                buffer_add_text(ret, buffer_text(&response.body));
        return r;
}

int service_announce_key(struct service *service, const char *fingerprint)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return ask_json(service, "POST", "/v1/agent/renewal", json_pack("{s:s}", "fingerprint", fingerprint),
                        &response);
}

int service_configuration(struct service *service, struct buffer *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = ask_json(service, "GET", "/v1/agent/configuration", NULL, &response);
        if (r == 0)
                buffer_add_text(ret, buffer_text(&response.body));
        return r;
}

static json_t *json_ids(const struct id *ids, size_t count)
{
        json_t *array = json_array();
        char string[ID_STRING];

        for (size_t i = 0; array && i < count; i++) {
                id_format(ids[i], string);
                json_array_append_new(array, json_string(string));
        }
        return array;
}

int service_incarnation(struct service *service, uint64_t incarnation, uint64_t starts,
                        const struct id *journal, size_t journal_count)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return ask_json(service, "POST", "/v1/agent/incarnation",
                        json_pack("{s:o, s:I, s:o*}", "incarnation", json_incarnation(incarnation), "starts",
                                  (json_int_t)starts, "journal",
                                  journal ? json_ids(journal, journal_count) : NULL),
                        &response);
}

int service_lease(struct service *service, uint64_t incarnation, size_t max, struct offer *ret,
                  size_t *ret_count)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        *ret_count = 0;
        r = ask_json(
                service, "POST", "/v1/agent/leases",
                json_pack("{s:o, s:I}", "incarnation", json_incarnation(incarnation), "max", (json_int_t)max),
                &response);
        if (r)
                return r;
        return offers_parse(buffer_text(&response.body), ret, max, ret_count) ? SERVICE_CONFUSED : 0;
}

static int read_swipe(struct text answer, enum swipe_result *ret)
{
        static const char *const names[] = { "released", "nothing-held", "unknown-badge",
                                             "enrol",    "bound",        "refused" };
        json_t *json = json_loadb(answer.at, answer.len, JSON_REJECT_DUPLICATES, NULL);
        const char *result = json_string_value(json_object_get(json, "result"));
        int r = SERVICE_CONFUSED;

        for (size_t i = 0; result && i < ARRAY_LENGTH(names); i++)
                if (strcmp(result, names[i]) == 0) {
                        *ret = (enum swipe_result)i;
                        r = 0;
                }
        json_decref(json);
        return r;
}

int service_swipe(struct service *service, uint64_t incarnation, const struct swipe *swipe,
                  enum swipe_result *ret, struct offer *ret_offers, size_t max, size_t *ret_count)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char reader[ID_STRING], id[ID_STRING];
        int r;

        *ret_count = 0;
        id_format(swipe->reader, reader);
        id_format(swipe->id, id);
        r = ask_json(service, "POST", "/v1/agent/swipes",
                     json_pack("{s:s, s:s, s:s, s:o, s:I}", "reader", reader, "badge", swipe->badge, "swipe",
                               id, "incarnation", json_incarnation(incarnation), "max", (json_int_t)max),
                     &response);
        if (r == 0)
                r = read_swipe(buffer_text(&response.body), ret);
        if (r == 0)
                (void)offers_parse(buffer_text(&response.body), ret_offers, max, ret_count);
        return r;
}

int service_directory_questions(struct service *service, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = ask_json(service, "POST", "/v1/agent/directory/questions", NULL, &response);
        if (r == 0 && !buffer_extend(to, response.body.len))
                r = fault(-ENOMEM);
        if (r == 0)
                memcpy(to->at, response.body.at, response.body.len);
        buffer_wipe(&response.body);
        return r;
}

int service_directory_answer(struct service *service, struct text answer)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = {
                .method = "POST",
                .path = "/v1/agent/directory/answers",
                .content_type = "application/json",
                .body = answer,
                .timeout_ms = PART_TAKEN_MS,
        };

        return ask(service, &request, &response);
}

struct fetch {
        int (*give)(void *context, struct text octets);
        void *context;
        uint64_t got;
};

static bool fetch_octets(void *context, struct text octets)
{
        struct fetch *fetch = context;

        if (fetch->give(fetch->context, octets) != 0)
                return false;
        fetch->got += octets.len;
        return true;
}

int service_fetch(struct service *service, const struct offer *offer, uint64_t offset,
                  int (*give)(void *context, struct text octets), void *context, uint64_t *ret_got)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct fetch fetch = { give, context, 0 };
        char path[128], range[64], delivery[ID_STRING];
        const char *headers[] = { range, NULL };
        struct http_client_request request = {
                .path = path,
                .headers = offset ? headers : NULL,
                .octets = fetch_octets,
                .context = &fetch,
                .idle_timeout_ms = DOCUMENT_IDLE_MS,
        };
        int r;

        id_format(offer->delivery, delivery);
        snprintf(path, sizeof(path), "/v1/agent/deliveries/%s/document?epoch=%u", delivery, offer->epoch);
        snprintf(range, sizeof(range), "Range: bytes=%llu-", (unsigned long long)offset);
        r = ask(service, &request, &response);
        *ret_got = fetch.got;
        /* Another part than we asked for would be noticed by the seal, but why fetch it. */
        if (r == 0 && offset && response.status != 206)
                return SERVICE_CONFUSED;
        return r;
}

/* The member's string, found by hand: a JSON library would leave copies of the key in memory. */
static struct text member_of(struct text answer, const char *quoted_name)
{
        const char *at = answer.len ? memmem(answer.at, answer.len, quoted_name, strlen(quoted_name)) : NULL;
        struct text rest, value, tail;

        if (!at)
                return (struct text){ "", 0 };
        at += strlen(quoted_name);
        rest = (struct text){ at, answer.len - (size_t)(at - answer.at) };
        rest = text_trim(rest);
        if (rest.len < 2 || rest.at[0] != ':')
                return (struct text){ "", 0 };
        rest = text_trim((struct text){ rest.at + 1, rest.len - 1 });
        if (rest.len < 2 || rest.at[0] != '"')
                return (struct text){ "", 0 };
        rest = (struct text){ rest.at + 1, rest.len - 1 };
        return text_cut(rest, '"', &value, &tail) ? value : (struct text){ "", 0 };
}

int service_arm(struct service *service, const struct offer *offer, uint64_t incarnation, struct secret *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(secret_done) struct secret key = { { 0 } };
        char path[128], delivery[ID_STRING], nonce[ID_STRING];
        size_t length;
        int r;

        id_format(offer->delivery, delivery);
        id_format(id_new(), nonce);
        snprintf(path, sizeof(path), "/v1/agent/deliveries/%s/arm", delivery);
        r = ask_json(service, "POST", path,
                     json_pack("{s:I, s:o, s:s}", "epoch", (json_int_t)offer->epoch, "incarnation",
                               json_incarnation(incarnation), "nonce", nonce),
                     &response);
        if (r == 0 && (!text_equal_string(member_of(buffer_text(&response.body), "\"nonce\""), nonce) ||
                       !base64_parse(member_of(buffer_text(&response.body), "\"key\""), key.octets,
                                     sizeof(key.octets), &length) ||
                       length != sizeof(key.octets)))
                r = SERVICE_CONFUSED;
        buffer_wipe(&response.body);
        if (r == 0)
                *ret = key;
        return r;
}

int service_report(struct service *service, struct id delivery, uint32_t epoch, uint64_t incarnation,
                   const struct courier_outcome *outcome)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[128], string[ID_STRING];

        id_format(delivery, string);
        snprintf(path, sizeof(path), "/v1/agent/deliveries/%s/outcome", string);
        return ask_json(service, "POST", path,
                        json_pack("{s:I, s:o, s:s, s:s, s:I, s:I, s:b}", "epoch", (json_int_t)epoch,
                                  "incarnation", json_incarnation(incarnation), "outcome",
                                  courier_result_name(outcome->result), "reason", outcome->reason, "pages",
                                  (json_int_t)outcome->pages, "octets_acked",
                                  (json_int_t)outcome->octets_acked, "retry", outcome->may_retry),
                        &response);
}

int service_progress(struct service *service, struct id delivery, uint32_t epoch, const char *reason,
                     uint32_t pages)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[128], string[ID_STRING];

        id_format(delivery, string);
        snprintf(path, sizeof(path), "/v1/agent/deliveries/%s/progress", string);
        return ask_json(service, "POST", path,
                        json_pack("{s:I, s:[s*], s:I}", "epoch", (json_int_t)epoch, "reasons",
                                  reason[0] ? reason : NULL, "pages", (json_int_t)pages),
                        &response);
}

int service_pin(struct service *service, struct id printer, const struct courier_identity *seen)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        json_t *question = json_object();
        char path[128], string[ID_STRING];

        if (question && seen->uuid[0])
                json_object_set_new(question, "uuid", json_string(seen->uuid));
        if (question && seen->fingerprint[0])
                json_object_set_new(question, "spki", json_string(seen->fingerprint));
        id_format(printer, string);
        snprintf(path, sizeof(path), "/v1/agent/printers/%s/identity", string);
        return ask_json(service, "PUT", path, question, &response);
}
