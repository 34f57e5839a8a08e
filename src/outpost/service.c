// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "outpost/service.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "net/tls.h"
#include "os/file.h"

#define KEPT_MAX    64
#define WARM_MAX    4
#define ANSWER_MS   15000
#define PATH_OCTETS 256

struct kept {
        struct http_client *client;
        uint64_t generation;
};

struct service {
        pthread_mutex_t lock;
        char *url, *ca_path, *identity_path;
        char *proxy_address, *proxy_credentials_path; /* NULL: none */
        enum http_proxy_scheme proxy_scheme;
        const char *prefix;
        uint64_t generation; /* of the identity, and of the line */
        bool is_between;
        bool is_away;
        struct kept kept[KEPT_MAX];
        size_t kept_count;
};

static _Thread_local char complaint[512];

const char *service_complaint(void)
{
        return complaint;
}

static bool keep_proxy(struct service *service, const struct service_proxy *proxy)
{
        if (!proxy)
                return true;
        service->proxy_scheme = proxy->scheme;
        service->proxy_address = strdup(proxy->address);
        if (proxy->credentials_path)
                service->proxy_credentials_path = strdup(proxy->credentials_path);
        return service->proxy_address && (!proxy->credentials_path || service->proxy_credentials_path);
}

int service_new(const struct service_options *options, struct service **ret)
{
        SCOPED(service_freep) struct service *service = calloc(1, sizeof(*service));

        if (!service)
                return fault(-ENOMEM);
        pthread_mutex_init(&service->lock, NULL);
        service->prefix = options->prefix;
        service->url = strdup(options->url);
        service->ca_path = options->ca_path ? strdup(options->ca_path) : NULL;
        service->identity_path = strdup(options->identity_path);
        if (!service->url || !service->identity_path || (options->ca_path && !service->ca_path) ||
            !keep_proxy(service, options->proxy))
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
        free(service->proxy_address);
        free(service->proxy_credentials_path);
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
        service->is_between = false;
        pthread_mutex_unlock(&service->lock);
}

void service_is_between(struct service *service, bool is_between)
{
        pthread_mutex_lock(&service->lock);
        service->is_between = is_between;
        pthread_mutex_unlock(&service->lock);
}

const char *service_prefix(const struct service *service)
{
        return service->prefix;
}

bool service_proxy_credentials(const char *path, char ret[SERVICE_PROXY_CREDENTIALS],
                               const char **ret_password)
{
        SCOPED(buffer_wipe) struct buffer octets = BUFFER(SERVICE_PROXY_CREDENTIALS - 1);
        struct text line, rest, user, password;

        if (file_read(path, octets.max, &octets) != 0)
                return false;
        (void)text_cut(buffer_text(&octets), '\n', &line, &rest);
        if (line.len > 0 && line.at[line.len - 1] == '\r')
                line.len--;
        if (text_trim(rest).len > 0 || !text_cut(line, ':', &user, &password) || user.len == 0 ||
            memchr(line.at, 0, line.len))
                return false;
        memcpy(ret, line.at, line.len);
        ret[user.len] = ret[line.len] = 0;
        *ret_password = ret + user.len + 1;
        return true;
}

static void wipe_credentials(char (*credentials)[SERVICE_PROXY_CREDENTIALS])
{
        explicit_bzero(credentials, sizeof(*credentials));
}

int service_client(struct service *service, struct http_client **ret)
{
        SCOPED(wipe_credentials) char credentials[SERVICE_PROXY_CREDENTIALS];
        struct http_client_proxy proxy = { .address = service->proxy_address,
                                           .scheme = service->proxy_scheme };
        struct http_client_options options = {
                .proxy = service->proxy_address ? &proxy : NULL,
                .base = service->url,
                .ca_path = service->ca_path,
                .certificate_path = service->identity_path,
                .key_path = service->identity_path,
                .alpn = TLS_ALPN_AGENT,
        };

        if (service->proxy_credentials_path) {
                proxy.user = credentials;
                if (!service_proxy_credentials(service->proxy_credentials_path, credentials,
                                               &proxy.password)) {
                        snprintf(complaint, sizeof(complaint),
                                 "the user and password for the proxy cannot be read from %s",
                                 service->proxy_credentials_path);
                        return SERVICE_UNREACHABLE;
                }
        }
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
                return SERVICE_UNKNOWN_US;
        return status == 404 || status == 409 || status == 410 ? SERVICE_STALE : SERVICE_CONFUSED;
}

static int refusal_of_client(int refusal)
{
        switch (refusal) {
        case HTTP_CLIENT_UNREACHABLE:
        case HTTP_CLIENT_UNTRUSTED:
        case HTTP_CLIENT_TLS:
        case HTTP_CLIENT_PROXY:
        case HTTP_CLIENT_BAD_ADDRESS: return SERVICE_UNREACHABLE;
        case HTTP_CLIENT_TOO_LARGE: return SERVICE_CONFUSED;
        default: return SERVICE_SILENT;
        }
}

static bool is_said_to_people(const char *string)
{
        for (; string && *string; string++)
                if ((unsigned char)*string < ' ')
                        return false;
        return string;
}

/* A problem says what is wrong and what to do (RFC 9457). */
static void complain_of(const struct http_client_response *response)
{
        struct text octets = buffer_text(&response->body);
        json_t *json = json_loadb(octets.at, octets.len, JSON_REJECT_DUPLICATES, NULL);
        const char *title = json_string_value(json_object_get(json, "title"));
        const char *detail = json_string_value(json_object_get(json, "detail"));

        if (is_said_to_people(title) && is_said_to_people(detail))
                snprintf(complaint, sizeof(complaint), "%s. %s", title, detail);
        else
                snprintf(complaint, sizeof(complaint), "HTTP status %d", response->status);
        json_decref(json);
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
                complain_of(ret);
        /* A client that failed may sit on a connection that is no good. */
        if (r)
                http_client_free(kept.client);
        else
                give_client(service, kept);
        if (r)
                return r > 0 ? refusal_of_client(r) : r;
        return refusal_of_status(ret->status);
}

/* Whether the key has changed since, or will. */
static bool is_changing(struct service *service, uint64_t *generation, bool *ret_is_between)
{
        bool changed;

        pthread_mutex_lock(&service->lock);
        changed = service->generation != *generation;
        *generation = service->generation;
        *ret_is_between = service->is_between;
        pthread_mutex_unlock(&service->lock);
        return changed;
}

int service_ask(struct service *service, const struct http_client_request *request,
                struct http_client_response *ret)
{
        uint64_t generation = 0;
        bool is_between;
        int r;

        r = ask_once(service, request, ret, &generation);
        if (r == SERVICE_UNKNOWN_US && is_changing(service, &generation, &is_between)) {
                http_client_response_done(ret);
                r = ask_once(service, request, ret, &generation);
        }
        if (r == SERVICE_UNKNOWN_US) {
                (void)is_changing(service, &generation, &is_between);
                if (is_between) {
                        snprintf(complaint, sizeof(complaint), "our key is being renewed");
                        r = SERVICE_BUSY;
                }
        }
        return r;
}

bool service_set_away(struct service *service, bool is_away)
{
        bool is_new;

        pthread_mutex_lock(&service->lock);
        is_new = service->is_away != is_away;
        service->is_away = is_away;
        if (is_new && is_away)
                service->generation++;
        pthread_mutex_unlock(&service->lock);
        return is_new;
}

bool service_is_away(struct service *service)
{
        bool is_away;

        pthread_mutex_lock(&service->lock);
        is_away = service->is_away;
        pthread_mutex_unlock(&service->lock);
        return is_away;
}

int service_reach(struct service *service, uint32_t timeout_ms)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        const struct http_client_request request = { .path = "/healthz", .timeout_ms = timeout_ms };
        int r = service_ask(service, &request, &response);

        return r == SERVICE_UNREACHABLE || r == SERVICE_SILENT || r < 0 ? r : 0;
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

int service_ask_json(struct service *service, const char *method, const char *path, json_t *question,
                     struct http_client_response *ret)
{
        SCOPED(freep) char *body = question ? json_dumps(question, JSON_COMPACT) : NULL;
        char whole[PATH_OCTETS];
        struct http_client_request request = {
                .method = method,
                .path = whole,
                .content_type = question ? "application/json" : NULL,
                .body = text_from(body),
                .timeout_ms = ANSWER_MS,
        };

        json_decref(question);
        *ret = (struct http_client_response){ 0 };
        if (question && !body)
                return fault(-ENOMEM);
        if (snprintf(whole, sizeof(whole), "%s%s", service->prefix, path) >= (int)sizeof(whole))
                return fault(-ENAMETOOLONG);
        return service_ask(service, &request, ret);
}

int service_enrol(struct service *service, struct text code, const char *name, struct buffer *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = service_ask_json(service, "POST", "/enrolment",
                             json_pack("{s:s%, s:s}", "code", code.at, code.len, "name", name), &response);
        if (r == 0)
                buffer_add_text(ret, buffer_text(&response.body));
        return r;
}

int service_announce_key(struct service *service, const char *fingerprint)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };

        return service_ask_json(service, "POST", "/renewal", json_pack("{s:s}", "fingerprint", fingerprint),
                                &response);
}

int service_configuration(struct service *service, struct buffer *ret)
{
        SCOPED(http_client_response_done) struct http_client_response response = { 0 };
        int r;

        r = service_ask_json(service, "GET", "/configuration", NULL, &response);
        if (r == 0)
                buffer_add_text(ret, buffer_text(&response.body));
        return r;
}
