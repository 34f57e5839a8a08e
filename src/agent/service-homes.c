// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/service-homes.h"

#include <stdio.h>
#include <string.h>

#include "agent/homes.h"
#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "offline/snapshot-form.h"

#define DOCUMENT_IDLE_MS 15000
#define SNAPSHOT_MS      30000

static json_t *json_hex64(uint64_t number)
{
        return json_sprintf("%016llx", (unsigned long long)number);
}

static json_t *json_id(struct id id)
{
        char string[ID_STRING];

        id_format(id, string);
        return json_string(string);
}

int service_homes(struct service *service, uint64_t incarnation, json_t **ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = service_ask_json(service, "POST", "/homes",
                             json_pack("{s:o}", "incarnation", json_hex64(incarnation)), &response);
        if (r)
                return r;
        *ret = json_loadb(response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        return *ret ? 0 : SERVICE_CONFUSED;
}

void service_home_done(struct service_home *home)
{
        buffer_done(&home->offers);
}

static bool read_number(const json_t *json, const char *name, int64_t *ret)
{
        const json_t *value = json_object_get(json, name);

        *ret = json_integer_value(value);
        return json_is_integer(value) && *ret >= 0;
}

static bool read_box(const json_t *json, uint8_t ret[BOX_SEALED_OCTETS])
{
        size_t len;

        return base64_parse(text_from(json_string_value(json_object_get(json, "box"))), ret,
                            BOX_SEALED_OCTETS, &len) &&
               len == BOX_SEALED_OCTETS;
}

static bool read_offers(json_t *offers, struct service_home *home)
{
        SCOPED(freep) char *octets = NULL;
        int64_t sealed;
        json_t *all;

        if (!json_is_array(offers) || json_array_size(offers) == 0 ||
            !read_number(json_object_get(json_array_get(offers, 0), "document"), "sealed_size", &sealed))
                return false;
        home->sealed_octets = (uint64_t)sealed;
        all = json_pack("{s:O}", "deliveries", offers);
        octets = all ? json_dumps(all, JSON_COMPACT) : NULL;
        json_decref(all);
        if (octets)
                buffer_add_string(&home->offers, octets);
        return octets && !home->offers.failure;
}

static bool read_home(json_t *json, struct service_home *home)
{
        int64_t giving;

        if (!read_number(json, "giving", &giving) || !read_number(json, "created_ms", &home->created_ms) ||
            !read_number(json, "expires_ms", &home->expires_ms) ||
            !id_parse(text_from(json_string_value(json_object_get(json, "person"))), &home->person))
                return false;
        home->giving = (uint64_t)giving;
        return read_box(json, home->box) && read_offers(json_object_get(json, "offers"), home);
}

int service_home_take(struct service *service, uint64_t incarnation, uint64_t nonce,
                      struct service_home *home)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        json_t *json;
        bool good;
        int r;

        home->offers = (struct buffer)BUFFER(HOME_OFFERS_MAX - 64);
        r = service_ask_json(service, "POST", "/homes/take",
                             json_pack("{s:o, s:I, s:o, s:o}", "job", json_id(home->job), "giving",
                                       (json_int_t)home->giving, "incarnation", json_hex64(incarnation),
                                       "nonce", json_hex64(nonce)),
                             &response);
        if (r)
                return r;
        json = json_loadb(response.body.at, response.body.len, JSON_REJECT_DUPLICATES, NULL);
        good = json && read_home(json, home);
        json_decref(json);
        return good ? 0 : SERVICE_CONFUSED;
}

struct fetch {
        int (*give)(void *context, struct text octets);
        void *context;
        int failure;
};

static bool fetch_octets(void *context, struct text octets)
{
        struct fetch *fetch = context;

        fetch->failure = fetch->give(fetch->context, octets);
        return fetch->failure == 0;
}

int service_home_fetch(struct service *service, struct id job, uint64_t giving,
                       int (*give)(void *context, struct text octets), void *context)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        struct fetch fetch = { give, context, 0 };
        char path[160], id[ID_STRING];
        struct http_client_request request = {
                .path = path,
                .octets = fetch_octets,
                .context = &fetch,
                .idle_timeout_ms = DOCUMENT_IDLE_MS,
        };
        int r;

        id_format(job, id);
        snprintf(path, sizeof(path), "%s/homes/document?job=%s&giving=%llu", service_prefix(service), id,
                 (unsigned long long)giving);
        r = service_ask(service, &request, &response);
        return fetch.failure ? fetch.failure : r;
}

int service_home_back(struct service *service, struct id job, uint64_t giving, uint64_t incarnation,
                      bool is_lost)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return service_ask_json(service, "POST", "/homes/back",
                                json_pack("{s:o, s:I, s:o, s:b}", "job", json_id(job), "giving",
                                          (json_int_t)giving, "incarnation", json_hex64(incarnation), "lost",
                                          is_lost),
                                &response);
}

int service_home_released(struct service *service, const struct home_entry *entry, uint64_t incarnation)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct home_released *released = &entry->released;

        return service_ask_json(service, "POST", "/homes/released",
                                json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:I}", "job", json_id(entry->job),
                                          "giving", (json_int_t)entry->giving, "incarnation",
                                          json_hex64(incarnation), "delivery", json_id(released->delivery),
                                          "release", json_id(released->release), "printer",
                                          json_id(released->printer), "at_ms", (json_int_t)released->at_ms),
                                &response);
}

int service_snapshot(struct service *service, const char *revision, struct buffer *to)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        char path[160];
        struct http_client_request request = { .path = path,
                                               .timeout_ms = SNAPSHOT_MS,
                                               .response_max_octets = 2 * SNAPSHOT_OCTETS_MAX };
        int r;

        snprintf(path, sizeof(path), "%s/snapshot%s%s", service_prefix(service), revision ? "?revision=" : "",
                 revision ? revision : "");
        r = service_ask(service, &request, &response);
        /* Room for all of it before it grows: what a growing buffer leaves behind is not wiped. */
        if (r == 0 && buffer_extend(to, response.body.len)) {
                to->len = 0;
                buffer_add_text(to, buffer_text(&response.body));
        }
        if (response.body.at)
                explicit_bzero(response.body.at, response.body.len);
        return r ? r : to->failure;
}
