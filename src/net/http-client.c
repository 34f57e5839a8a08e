// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-client.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define RESPONSE_MAX_OCTETS (1024 * 1024)
#define HEAD_MAX_OCTETS     (64 * 1024)
#define IDLE_TIMEOUT_MS     30000
#define CONNECT_TIMEOUT_MS  10000

struct http_client {
        CURL *easy;
        CURLM *multi; /* keeps the connections */
        struct curl_slist *headers;
        char *base, *ca_path, *certificate_path, *key_path, *alpn, *bearer, *user, *password;
        char *proxy, *proxy_user, *proxy_password;
        enum http_proxy_scheme proxy_scheme;
        uint32_t connect_timeout_ms;
        atomic_bool cancelled;
        char complaint[CURL_ERROR_SIZE];
};

/* One call under way. */
struct call {
        struct http_client *client;
        const struct http_client_request *request;
        struct http_client_response *response;
        int64_t sent_octets, received_octets;
        int64_t active_ms; /* when the last octet moved */
        bool has_begun;    /* a connection stood, and the request was let go; also if that one died */
        int refusal;       /* why a callback stopped curl */
        int fault;
};

static void curl_start(void)
{
        (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool keep(const char *string, char **ret)
{
        *ret = string ? strdup(string) : NULL;
        return !string || *ret;
}

static bool proxy_keep(const struct http_client_proxy *proxy, struct http_client *client)
{
        if (!proxy)
                return true;
        client->proxy_scheme = proxy->scheme;
        return keep(proxy->address, &client->proxy) && keep(proxy->user, &client->proxy_user) &&
               keep(proxy->password, &client->proxy_password);
}

static bool options_keep(const struct http_client_options *o, struct http_client *client)
{
        client->connect_timeout_ms = o->connect_timeout_ms ? o->connect_timeout_ms : CONNECT_TIMEOUT_MS;
        return keep(o->base, &client->base) && keep(o->ca_path, &client->ca_path) &&
               keep(o->certificate_path, &client->certificate_path) && keep(o->key_path, &client->key_path) &&
               keep(o->alpn, &client->alpn) && keep(o->bearer, &client->bearer) &&
               keep(o->user, &client->user) && keep(o->password, &client->password) &&
               proxy_keep(o->proxy, client);
}

int http_client_new(const struct http_client_options *options, struct http_client **ret)
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        SCOPED(http_client_freep) struct http_client *client = calloc(1, sizeof(*client));

        pthread_once(&once, curl_start);
        if (!client || !options_keep(options, client))
                return fault(-ENOMEM);
        client->easy = curl_easy_init();
        client->multi = curl_multi_init();
        if (!client->easy || !client->multi)
                return fault(-ENOMEM);
        *ret = take(client);
        return 0;
}

static void wipe(char *string)
{
        if (string)
                explicit_bzero(string, strlen(string));
        free(string);
}

void http_client_free(struct http_client *client)
{
        if (!client)
                return;
        if (client->easy)
                curl_easy_cleanup(client->easy);
        if (client->multi)
                curl_multi_cleanup(client->multi);
        curl_slist_free_all(client->headers);
        free(client->base);
        free(client->ca_path);
        free(client->certificate_path);
        free(client->key_path);
        free(client->alpn);
        wipe(client->bearer);
        free(client->user);
        wipe(client->password);
        free(client->proxy);
        free(client->proxy_user);
        wipe(client->proxy_password);
        free(client);
}

void http_client_freep(struct http_client **client)
{
        http_client_free(*client);
}

void http_client_cancel(struct http_client *client)
{
        atomic_store(&client->cancelled, true);
        (void)curl_multi_wakeup(client->multi);
}

const char *http_client_complaint(const struct http_client *client)
{
        return client->complaint;
}

const char *http_client_refusal_phrase(int refusal)
{
        switch (refusal) {
        case HTTP_CLIENT_UNREACHABLE: return "the server cannot be reached";
        case HTTP_CLIENT_UNTRUSTED: return "the server's certificate is not trusted";
        case HTTP_CLIENT_TLS: return "no secure connection could be made";
        case HTTP_CLIENT_TIMEOUT: return "the server did not answer in time";
        case HTTP_CLIENT_CUT: return "the connection ended before the answer did";
        case HTTP_CLIENT_TOO_LARGE: return "the answer is too large";
        case HTTP_CLIENT_CANCELLED: return "cancelled";
        case HTTP_CLIENT_BAD_ADDRESS: return "the server's address is none";
        case HTTP_CLIENT_PROXY: return "the proxy does not let us through";
        default: return "no complaint";
        }
}

/* The agents' protocol instead of HTTP/1.1, told to OpenSSL itself: curl knows only its own. */
static CURLcode alpn_set(CURL *easy, void *context, void *data)
{
        const struct http_client *client = data;
        unsigned char list[256];
        size_t len = strlen(client->alpn);

        if (len == 0 || len > 255)
                return CURLE_SSL_CONNECT_ERROR;
        list[0] = (unsigned char)len;
        memcpy(list + 1, client->alpn, len);
        /* Answers to agents carry keys: what was read is wiped from OpenSSL's buffers. */
        (void)SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
        return SSL_CTX_set_alpn_protos(context, list, (unsigned)len + 1) == 0 ? CURLE_OK
                                                                              : CURLE_SSL_CONNECT_ERROR;
}

static size_t call_stop(struct call *call, int refusal)
{
        if (!call->refusal)
                call->refusal = refusal;
        return 0;
}

static size_t body_take(struct call *call, struct text octets)
{
        struct buffer *body = &call->response->body;

        buffer_add_text(body, octets);
        if (body->failure == -EMSGSIZE)
                return call_stop(call, HTTP_CLIENT_TOO_LARGE);
        if (body->failure) {
                call->fault = body->failure;
                return 0;
        }
        return octets.len;
}

static size_t body_came(char *at, size_t one, size_t len, void *context)
{
        struct call *call = context;
        struct text octets = { at, one * len };
        long status = 0;

        call->active_ms = clock_monotonic_ms();
        curl_easy_getinfo(call->client->easy, CURLINFO_RESPONSE_CODE, &status);
        if (!call->request->octets || status < 200 || status > 299)
                return body_take(call, octets);
        return call->request->octets(call->request->context, octets) ? octets.len
                                                                     : call_stop(call, HTTP_CLIENT_CANCELLED);
}

/* A status line starts a new head: of interim answers only the final one's is kept. */
static size_t head_came(char *at, size_t one, size_t len, void *context)
{
        struct call *call = context;
        struct buffer *head = &call->response->head;
        struct text line = { at, one * len };
        long status = 0;

        call->active_ms = clock_monotonic_ms();
        if (text_starts_with(line, "HTTP/"))
                buffer_clear(head);
        buffer_add_text(head, line);
        if (head->failure)
                return call_stop(call, HTTP_CLIENT_TOO_LARGE);
        curl_easy_getinfo(call->client->easy, CURLINFO_RESPONSE_CODE, &status);
        if (status >= 200 && text_trim(line).len == 0) {
                call->response->began = true;
                call->response->status = (int)status;
        }
        return line.len;
}

static size_t body_wanted(char *to, size_t one, size_t len, void *context)
{
        struct call *call = context;
        size_t filled = 0;
        int r;

        call->active_ms = clock_monotonic_ms();
        r = call->request->source->pull(call->request->source->context, to, one * len, &filled);
        if (r) {
                call->fault = fold(r);
                return CURL_READFUNC_ABORT;
        }
        return filled;
}

static int progress(void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
        struct call *call = context;

        if (down != call->received_octets || up != call->sent_octets)
                call->active_ms = clock_monotonic_ms();
        call->received_octets = down;
        call->sent_octets = up;
        return 0;
}

static bool header_add(struct http_client *client, const char *line)
{
        struct curl_slist *list = curl_slist_append(client->headers, line);

        if (list)
                client->headers = list;
        return list;
}

static bool headers_set(struct http_client *client, const struct http_client_request *request)
{
        char line[512];

        curl_slist_free_all(client->headers);
        client->headers = NULL;
        if (request->content_type) {
                if (snprintf(line, sizeof(line), "Content-Type: %s", request->content_type) >=
                    (int)sizeof(line))
                        return false;
                if (!header_add(client, line))
                        return false;
        } else if (!header_add(client, "Content-Type:")) {
                return false;
        }
        if (!request->source && !header_add(client, "Expect:"))
                return false;
        for (const char *const *at = request->headers; at && *at; at++)
                if (!header_add(client, *at))
                        return false;
        curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, client->headers);
        return true;
}

static void trust_set(struct http_client *client)
{
        CURL *easy = client->easy;

        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        if (client->ca_path) {
                curl_easy_setopt(easy, CURLOPT_CAINFO, client->ca_path);
                curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        }
        if (client->certificate_path) {
                curl_easy_setopt(easy, CURLOPT_SSLCERT, client->certificate_path);
                curl_easy_setopt(easy, CURLOPT_SSLKEY, client->key_path);
        }
        if (client->alpn) {
                curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
                curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, client);
                curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, alpn_set);
        }
        if (client->bearer) {
                curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
                curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, client->bearer);
        } else if (client->user) {
                curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
                curl_easy_setopt(easy, CURLOPT_USERNAME, client->user);
                curl_easy_setopt(easy, CURLOPT_PASSWORD, client->password);
        }
}

/* Its own and no other: neither the machine's proxy nor the machine's exceptions from it. */
static void proxy_set(struct http_client *client)
{
        CURL *easy = client->easy;
        long schemes = client->proxy_scheme == HTTP_PROXY_DIGEST  ? CURLAUTH_DIGEST
                       : client->proxy_scheme == HTTP_PROXY_BASIC ? CURLAUTH_BASIC
                                                                  : CURLAUTH_DIGEST | CURLAUTH_BASIC;

        if (!client->proxy) {
                curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
                return;
        }
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
        curl_easy_setopt(easy, CURLOPT_PROXY, client->proxy);
        curl_easy_setopt(easy, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP);
        curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
        /* What the proxy answers is not the server's answer. */
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
        if (client->proxy_user) {
                curl_easy_setopt(easy, CURLOPT_PROXYAUTH, schemes);
                curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, client->proxy_user);
                curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, client->proxy_password);
        }
}

/* Of no use to a child that the program may start. */
static curl_socket_t socket_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void transport_set(struct http_client *client)
{
        CURL *easy = client->easy;
        bool plain = strncmp(client->base, "http://", 7) == 0;

        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
        curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
        curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_timeout_ms);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->complaint);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "imprimatur/" IMPRIMATUR_VERSION);
}

/* A source cannot be rewound, so curl is not let try it on a kept connection that may turn out to be dead. */
static void body_set(struct call *call)
{
        const struct http_client_request *request = call->request;
        CURL *easy = call->client->easy;

        if (request->source) {
                curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
                curl_easy_setopt(easy, CURLOPT_READFUNCTION, body_wanted);
                curl_easy_setopt(easy, CURLOPT_READDATA, call);
                curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->source_size);
                curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
                curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 131072L);
        } else if (request->body.len > 0 || (request->method && strcmp(request->method, "POST") == 0)) {
                curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.at ? request->body.at : "");
        }
        if (request->method && strcmp(request->method, "HEAD") == 0)
                curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        else
                curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method ? request->method : "GET");
}

/* On a kept connection that turns out to be dead curl begins anew, with another one: what left before has
 * left. */
static int request_begins(void *context, char *to, char *from, int port, int own_port)
{
        struct call *call = context;

        (void)to, (void)from, (void)port, (void)own_port;
        call->has_begun = true;
        return CURL_PREREQFUNC_OK;
}

static int call_prepare(struct call *call)
{
        SCOPED(buffer_done) struct buffer url = BUFFER(16384);
        struct http_client *client = call->client;
        CURL *easy = client->easy;

        curl_easy_reset(easy);
        client->complaint[0] = 0;
        buffer_format(&url, "%s%s", client->base, call->request->path);
        if (!buffer_string(&url))
                return HTTP_CLIENT_BAD_ADDRESS;
        if (curl_easy_setopt(easy, CURLOPT_URL, buffer_string(&url)) != CURLE_OK ||
            !headers_set(client, call->request))
                return fault(-ENOMEM);
        transport_set(client);
        proxy_set(client);
        trust_set(client);
        body_set(call);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_came);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, head_came);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, request_begins);
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, call);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, progress);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, call);
        return 0;
}

/* How long to wait for sockets, or a refusal where a time limit is over. */
static int time_left(const struct call *call, int64_t deadline_ms, int *ret_ms)
{
        int64_t idle = call->request->idle_timeout_ms ? call->request->idle_timeout_ms : IDLE_TIMEOUT_MS;
        int64_t now = clock_monotonic_ms(), end = call->active_ms + idle;

        end = deadline_ms < end ? deadline_ms : end;
        if (end <= now)
                return HTTP_CLIENT_TIMEOUT;
        *ret_ms = end - now < 1000 ? (int)(end - now) : 1000;
        return 0;
}

static bool is_finished(struct http_client *client, CURLcode *ret)
{
        CURLMsg *message;
        int queued;

        while ((message = curl_multi_info_read(client->multi, &queued)))
                if (message->msg == CURLMSG_DONE) {
                        *ret = message->data.result;
                        return true;
                }
        return false;
}

static int call_run(struct call *call, CURLcode *ret)
{
        struct http_client *client = call->client;
        int64_t deadline_ms = INT64_MAX;
        int running, wait_ms, r;

        call->active_ms = clock_monotonic_ms();
        if (call->request->timeout_ms)
                deadline_ms = call->active_ms + call->request->timeout_ms;
        for (;;) {
                if (curl_multi_perform(client->multi, &running) != CURLM_OK)
                        return fault(-ENOMEM);
                if (is_finished(client, ret))
                        return 0;
                if (atomic_load(&client->cancelled))
                        return HTTP_CLIENT_CANCELLED;
                r = time_left(call, deadline_ms, &wait_ms);
                if (r)
                        return r;
                if (curl_multi_poll(client->multi, NULL, 0, wait_ms, NULL) != CURLM_OK)
                        return fault(-ENOMEM);
        }
}

/* Whether it was the proxy that would not, which is then complained of. Nothing of the request has left. */
static bool is_of_proxy(const struct call *call, CURLcode code)
{
        struct http_client *client = call->client;
        char *to = client->complaint;
        long status = 0;

        if (!client->proxy || call->has_begun)
                return false;
        curl_easy_getinfo(client->easy, CURLINFO_HTTP_CONNECTCODE, &status);
        if (status == 407)
                snprintf(to, CURL_ERROR_SIZE, "the proxy %s %s", client->proxy,
                         client->proxy_user ? "does not take our user and password"
                                            : "asks for a user and a password");
        else if (status == 403)
                snprintf(to, CURL_ERROR_SIZE, "the proxy %s does not let us through to that server",
                         client->proxy);
        else if (status >= 300)
                snprintf(to, CURL_ERROR_SIZE, "the proxy %s cannot reach the server (HTTP status %ld)",
                         client->proxy, status);
        else if (code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT)
                snprintf(to, CURL_ERROR_SIZE, "the proxy %s cannot be reached", client->proxy);
        else if (code == CURLE_PROXY || status == 0)
                snprintf(to, CURL_ERROR_SIZE, "the proxy %s does not answer as one", client->proxy);
        else
                return false;
        return true;
}

static int refusal_of(struct call *call, CURLcode code)
{
        if (code != CURLE_OK && code != CURLE_OUT_OF_MEMORY && is_of_proxy(call, code))
                return HTTP_CLIENT_PROXY;
        switch (code) {
        case CURLE_OK: return 0;
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT: return call->has_begun ? HTTP_CLIENT_CUT : HTTP_CLIENT_UNREACHABLE;
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return HTTP_CLIENT_BAD_ADDRESS;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR: return call->has_begun ? HTTP_CLIENT_CUT : HTTP_CLIENT_UNTRUSTED;
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CONNECT_ERROR: return call->has_begun ? HTTP_CLIENT_CUT : HTTP_CLIENT_TLS;
        case CURLE_OPERATION_TIMEDOUT: return call->has_begun ? HTTP_CLIENT_TIMEOUT : HTTP_CLIENT_UNREACHABLE;
        case CURLE_OUT_OF_MEMORY: return fault(-ENOMEM);
        default: return HTTP_CLIENT_CUT;
        }
}

/* A time limit that ends while nothing stands yet means that nobody was reached. */
static int call_perform(struct call *call)
{
        struct http_client *client = call->client;
        CURLcode code = CURLE_OK;
        int r;

        r = call_prepare(call);
        if (r)
                return r;
        if (curl_multi_add_handle(client->multi, client->easy) != CURLM_OK)
                return fault(-ENOMEM);
        r = call_run(call, &code);
        if (r == HTTP_CLIENT_TIMEOUT && !call->has_begun)
                r = HTTP_CLIENT_UNREACHABLE;
        if (r == 0)
                r = refusal_of(call, code);
        curl_multi_remove_handle(client->multi, client->easy);
        if (r == HTTP_CLIENT_CANCELLED)
                atomic_store(&client->cancelled, false);
        if (call->fault)
                return fault(call->fault);
        return call->refusal ? call->refusal : r;
}

int http_client_request(struct http_client *client, const struct http_client_request *request,
                        struct http_client_response *ret)
{
        struct call call = { .client = client, .request = request, .response = ret };
        int r;

        *ret = (struct http_client_response){ 0 };
        buffer_init(&ret->body,
                    request->response_max_octets ? request->response_max_octets : RESPONSE_MAX_OCTETS);
        buffer_init(&ret->head, HEAD_MAX_OCTETS);
        r = call_perform(&call);
        if (r == 0 && !ret->began)
                return HTTP_CLIENT_CUT;
        if (r > 0 && !client->complaint[0])
                snprintf(client->complaint, sizeof(client->complaint), "%s", http_client_refusal_phrase(r));
        return r;
}

void http_client_response_done(struct http_client_response *response)
{
        buffer_done(&response->body);
        buffer_done(&response->head);
}

struct text http_client_header(const struct http_client_response *response, const char *name)
{
        struct text line, rest = buffer_text(&response->head), found = { NULL, 0 }, field, value;

        while (rest.len > 0) {
                (void)text_cut(rest, '\n', &line, &rest);
                if (text_cut(line, ':', &field, &value) && text_equal_nocase(field, text_from(name)))
                        found = text_trim(value);
        }
        return found;
}
