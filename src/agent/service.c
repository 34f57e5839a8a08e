// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/service.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"

#define AGENT_API        "/v1/agent"
#define DOCUMENT_IDLE_MS 15000
#define PART_TAKEN_MS    45000 /* the service writes down what it was told before it answers */

static json_t *json_incarnation(uint64_t incarnation)
{
        return json_sprintf("%016llx", (unsigned long long)incarnation);
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

        return service_ask_json(service, "POST", "/incarnation",
                                json_pack("{s:o, s:I, s:o*}", "incarnation", json_incarnation(incarnation),
                                          "starts", (json_int_t)starts, "journal",
                                          journal ? json_ids(journal, journal_count) : NULL),
                                &response);
}

int service_alive(struct service *service, uint64_t incarnation)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return service_ask_json(service, "POST", "/alive",
                                json_pack("{s:o}", "incarnation", json_incarnation(incarnation)), &response);
}

int service_update(struct service *service, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r = service_ask_json(service, "GET", "/update", NULL, &response);

        if (r == 0)
                buffer_add_text(to, buffer_text(&response.body));
        return r ? r : to->failure == -EMSGSIZE ? SERVICE_CONFUSED : to->failure;
}

int service_health(struct service *service, json_t *health, int64_t *ret_unix_ms)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        json_t *json, *clock;
        int r;

        r = service_ask_json(service, "POST", "/health", health, &response);
        if (r)
                return r;
        json = json_loadb((const char *)response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        clock = json_object_get(json, "unix_ms");
        if (json_is_integer(clock))
                *ret_unix_ms = json_integer_value(clock);
        else
                r = SERVICE_CONFUSED;
        json_decref(json);
        return r;
}

int service_lease(struct service *service, uint64_t incarnation, size_t max, struct offer *ret,
                  size_t *ret_count)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        *ret_count = 0;
        r = service_ask_json(
                service, "POST", "/leases",
                json_pack("{s:o, s:I}", "incarnation", json_incarnation(incarnation), "max", (json_int_t)max),
                &response);
        if (r)
                return r;
        return offers_parse(buffer_text(&response.body), ret, max, ret_count) ? SERVICE_CONFUSED : 0;
}

static int read_swipe(struct text answer, enum swipe_result *ret)
{
        static const char *const names[] = { "released", "nothing-held", "unknown-badge", "enrol",
                                             "bound",    "panel",        "pin-wanted",    "refused" };
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
        r = service_ask_json(service, "POST", "/swipes",
                             json_pack("{s:s, s:s, s:s, s:o, s:I}", "reader", reader, "badge", swipe->badge,
                                       "swipe", id, "incarnation", json_incarnation(incarnation), "max",
                                       (json_int_t)max),
                             &response);
        if (r == 0)
                r = read_swipe(buffer_text(&response.body), ret);
        if (r == 0)
                (void)offers_parse(buffer_text(&response.body), ret_offers, max, ret_count);
        return r;
}

int service_appliance(struct service *service, const char *model, const char *address)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return service_ask_json(service, "POST", "/appliances",
                                json_pack("{s:s, s:s}", "model", model, "address", address), &response);
}

int service_directory_questions(struct service *service, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = service_ask_json(service, "POST", "/directory/questions", NULL, &response);
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
                .path = AGENT_API "/directory/answers",
                .content_type = "application/json",
                .body = answer,
                .timeout_ms = PART_TAKEN_MS,
        };

        return service_ask(service, &request, &response);
}

int service_discovery(struct service *service, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct http_client_request request = { .path = "/v1/agent/discovery",
                                               .response_max_octets = (size_t)4 << 20 };
        int r;

        r = service_ask(service, &request, &response);
        if (r == 0)
                buffer_add_text(to, buffer_text(&response.body));
        buffer_wipe(&response.body);
        return r ? r : to->failure;
}

static int ask_questions(struct service *service, const char *path, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = service_ask_json(service, "POST", path, NULL, &response);
        if (r == 0)
                buffer_add_text(to, buffer_text(&response.body));
        return r ? r : to->failure;
}

/* what is taken over. */
static int tell_of_printer(struct service *service, struct id printer, const char *suffix, json_t *what)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[sizeof("/printers//configuration") + ID_STRING], id[ID_STRING];

        id_format(printer, id);
        snprintf(path, sizeof(path), "/printers/%s/%s", id, suffix);
        return service_ask_json(service, "PUT", path, what, &response);
}

int service_printer_questions(struct service *service, struct buffer *to)
{
        return ask_questions(service, "/printers/questions", to);
}

int service_printer_state(struct service *service, struct id printer, json_t *state)
{
        return tell_of_printer(service, printer, "state", state);
}

int service_readiness_questions(struct service *service, struct buffer *to)
{
        return ask_questions(service, "/readiness/questions", to);
}

int service_readiness(struct service *service, struct id printer, json_t *checks)
{
        return tell_of_printer(service, printer, "readiness", checks);
}

int service_device_configurations(struct service *service, struct buffer *to)
{
        return ask_questions(service, "/configurations/questions", to);
}

int service_device_configured(struct service *service, struct id printer, json_t *what)
{
        return tell_of_printer(service, printer, "configuration", what);
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
        snprintf(path, sizeof(path), AGENT_API "/deliveries/%s/document?epoch=%u", delivery, offer->epoch);
        snprintf(range, sizeof(range), "Range: bytes=%llu-", (unsigned long long)offset);
        r = service_ask(service, &request, &response);
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

int service_arm(struct service *service, const struct offer *offer, uint64_t incarnation, struct secret *ret,
                char ret_password[COURIER_JOB_PASSWORD])
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        SCOPED(secret_done) struct secret key = { { 0 } };
        char path[128], delivery[ID_STRING], nonce[ID_STRING];
        size_t length;
        int r;

        id_format(offer->delivery, delivery);
        id_format(id_new(), nonce);
        snprintf(path, sizeof(path), "/deliveries/%s/arm", delivery);
        r = service_ask_json(service, "POST", path,
                             json_pack("{s:I, s:o, s:s}", "epoch", (json_int_t)offer->epoch, "incarnation",
                                       json_incarnation(incarnation), "nonce", nonce),
                             &response);
        if (r == 0 && (!text_equal_string(member_of(buffer_text(&response.body), "\"nonce\""), nonce) ||
                       !base64_parse(member_of(buffer_text(&response.body), "\"key\""), key.octets,
                                     sizeof(key.octets), &length) ||
                       length != sizeof(key.octets)))
                r = SERVICE_CONFUSED;
        if (r == 0 && !text_copy(member_of(buffer_text(&response.body), "\"job_password\""), ret_password,
                                 COURIER_JOB_PASSWORD))
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
        snprintf(path, sizeof(path), "/deliveries/%s/outcome", string);
        return service_ask_json(service, "POST", path,
                                json_pack("{s:I, s:o, s:s, s:s, s:I, s:I, s:b, s:s*}", "epoch",
                                          (json_int_t)epoch, "incarnation", json_incarnation(incarnation),
                                          "outcome", courier_result_name(outcome->result), "reason",
                                          outcome->reason, "pages", (json_int_t)outcome->pages,
                                          "octets_acked", (json_int_t)outcome->octets_acked, "retry",
                                          outcome->may_retry, "by", outcome->by[0] ? outcome->by : NULL),
                                &response);
}

int service_progress(struct service *service, struct id delivery, uint32_t epoch, const char *reason,
                     uint32_t pages)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[128], string[ID_STRING];

        id_format(delivery, string);
        snprintf(path, sizeof(path), "/deliveries/%s/progress", string);
        return service_ask_json(service, "POST", path,
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
        snprintf(path, sizeof(path), "/printers/%s/identity", string);
        return service_ask_json(service, "PUT", path, question, &response);
}
