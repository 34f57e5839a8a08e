// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/crew.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/address.h"
#include "net/fetch-resolve.h"

#define OCTETS_MAX    (256 * 1024)
#define HEAD_MAX      (32 * 1024)
#define ADDRESSES_MAX 8
#define AT_ONCE_MAX   64
#define RESTING_MAX   64

struct fetcher {
        struct fetch_policy policy;
        struct fetch_settings settings;
        char *ca_path;

        pthread_mutex_t lock;
        pthread_cond_t free;
        char running[AT_ONCE_MAX][FETCH_HOST]; /* the hosts of calls under way; "": a free place */
        uint32_t waiting_count;
        struct resting {
                char host[FETCH_HOST];
                int64_t until_ms;
        } resting[RESTING_MAX]; /* who let somebody wait in vain */
};

/* One call under way. */
struct call {
        struct fetcher *fetcher;
        const struct fetch_request *request;
        struct fetch_answer *answer;
        struct fetch_url url;
        struct in6_addr to[ADDRESSES_MAX]; /* tested ones */
        size_t to_count;
        int64_t deadline_ms;
        size_t head_octets;
        bool is_too_large, is_denied;
        char words[CURL_ERROR_SIZE];
};

struct fetch_settings fetch_settings_default(void)
{
        return (struct fetch_settings){
                .allow = "", .ports = "443", .ca_path = "", .timeout_ms = 8000, .at_once = 8, .waiting = 8
        };
}

struct fetch_settings fetch_settings_read(struct config *config)
{
        struct fetch_settings s = fetch_settings_default();

        s.allow = config_string(config, "fetch", "allow", s.allow);
        s.ports = config_string(config, "fetch", "ports", s.ports);
        s.ca_path = config_string(config, "fetch", "ca_file", s.ca_path);
        s.timeout_ms = (uint32_t)config_duration_ms(config, "fetch", "timeout", s.timeout_ms, 100, 60000);
        s.at_once = (uint32_t)config_number(config, "fetch", "at_once", s.at_once, 1, AT_ONCE_MAX);
        s.waiting = (uint32_t)config_number(config, "fetch", "waiting", s.waiting, 0, 1024);
        return s;
}

static void curl_start(void)
{
        (void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

int fetcher_new(const struct fetch_settings *settings, struct fetcher **ret)
{
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        SCOPED(fetcher_freep) struct fetcher *fetcher = calloc(1, sizeof(*fetcher));
        pthread_condattr_t attributes;

        pthread_once(&once, curl_start);
        if (!fetcher)
                return fault(-ENOMEM);
        pthread_mutex_init(&fetcher->lock, NULL);
        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&fetcher->free, &attributes);
        pthread_condattr_destroy(&attributes);
        fetcher->settings = *settings;
        if (fetcher->settings.at_once > AT_ONCE_MAX)
                fetcher->settings.at_once = AT_ONCE_MAX;
        if (!fetch_policy_parse(text_from(settings->allow), text_from(settings->ports), &fetcher->policy))
                return FETCH_BAD_URL;
        if (settings->ca_path && settings->ca_path[0]) {
                fetcher->ca_path = strdup(settings->ca_path);
                if (!fetcher->ca_path)
                        return fault(-ENOMEM);
        }
        *ret = take(fetcher);
        return 0;
}

void fetcher_free(struct fetcher *fetcher)
{
        if (!fetcher)
                return;
        pthread_cond_destroy(&fetcher->free);
        pthread_mutex_destroy(&fetcher->lock);
        free(fetcher->ca_path);
        free(fetcher);
}

void fetcher_freep(struct fetcher **fetcher)
{
        fetcher_free(*fetcher);
}

void fetch_answer_done(struct fetch_answer *answer)
{
        /* It may have been a token. */
        if (answer->body.at)
                explicit_bzero(answer->body.at, answer->body.size);
        buffer_done(&answer->body);
}

/* A place among the running ones, or -1. */
static int place_for(struct fetcher *fetcher, const char *host)
{
        uint32_t same = 0;
        int place = -1;

        for (uint32_t i = 0; i < fetcher->settings.at_once; i++) {
                if (!fetcher->running[i][0])
                        place = (int)i;
                else if (strcmp(fetcher->running[i], host) == 0)
                        same++;
        }
        return same < (fetcher->settings.at_once + 1) / 2 ? place : -1;
}

static bool is_resting(const struct fetcher *fetcher, const char *host, int64_t now_ms)
{
        for (size_t i = 0; i < RESTING_MAX; i++)
                if (fetcher->resting[i].until_ms > now_ms && strcmp(fetcher->resting[i].host, host) == 0)
                        return true;
        return false;
}

/* In the place of the one whose rest is over first. */
static void let_rest(struct fetcher *fetcher, const char *host)
{
        struct resting *place = &fetcher->resting[0];

        pthread_mutex_lock(&fetcher->lock);
        for (size_t i = 1; i < RESTING_MAX; i++)
                if (fetcher->resting[i].until_ms < place->until_ms)
                        place = &fetcher->resting[i];
        snprintf(place->host, sizeof(place->host), "%s", host);
        place->until_ms = clock_monotonic_ms() + FETCH_REST_MS;
        pthread_mutex_unlock(&fetcher->lock);
}

/* FETCH_BUSY where too many wait already, or the time is over; FETCH_UNREACHABLE where the host rests. */
static int gate_enter(struct fetcher *fetcher, const char *host, int64_t deadline_ms, int *ret_place)
{
        struct timespec until = { deadline_ms / 1000, deadline_ms % 1000 * 1000000 };
        int place, r = 0;

        pthread_mutex_lock(&fetcher->lock);
        if (is_resting(fetcher, host, clock_monotonic_ms())) {
                pthread_mutex_unlock(&fetcher->lock);
                return FETCH_UNREACHABLE;
        }
        place = place_for(fetcher, host);
        if (place < 0 && fetcher->waiting_count < fetcher->settings.waiting) {
                fetcher->waiting_count++;
                while (place < 0 && r == 0) {
                        r = pthread_cond_timedwait(&fetcher->free, &fetcher->lock, &until);
                        place = place_for(fetcher, host);
                }
                fetcher->waiting_count--;
        }
        if (place >= 0)
                snprintf(fetcher->running[place], sizeof(fetcher->running[0]), "%s", host);
        pthread_mutex_unlock(&fetcher->lock);
        *ret_place = place;
        return place < 0 ? FETCH_BUSY : 0;
}

static void gate_leave(struct fetcher *fetcher, int place)
{
        pthread_mutex_lock(&fetcher->lock);
        fetcher->running[place][0] = 0;
        pthread_cond_broadcast(&fetcher->free);
        pthread_mutex_unlock(&fetcher->lock);
}

/* Fills call->to with what may be connected to: FETCH_UNKNOWN_HOST, FETCH_DENIED. One address that is denied
 * is enough to deny the name, for an honest one has none. */
static int find_addresses(struct call *call)
{
        struct fetcher *fetcher = call->fetcher;

        if (call->url.is_address) {
                call->to[0] = call->url.address;
                call->to_count = 1;
        } else if (fetcher->settings.resolve) {
                call->to_count = fetcher->settings.resolve(fetcher->settings.context, call->url.host,
                                                           call->to, ADDRESSES_MAX);
        } else {
                call->to_count = fetch_resolve(call->url.host, call->deadline_ms, call->to, ADDRESSES_MAX);
        }
        if (call->to_count == 0)
                return FETCH_UNKNOWN_HOST;
        for (size_t i = 0; i < call->to_count; i++)
                if (!fetch_policy_allows(&fetcher->policy, &call->url, &call->to[i]))
                        return FETCH_DENIED;
        return 0;
}

/* The second wall: whatever curl is about to connect to is one of the tested addresses. */
static curl_socket_t socket_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
        struct call *call = context;
        struct sockaddr_storage to = { 0 };
        struct in6_addr found;

        memcpy(&to, &address->addr, address->addrlen < sizeof(to) ? address->addrlen : sizeof(to));
        found = address_from(&to);
        for (size_t i = 0; i < call->to_count; i++)
                if (memcmp(&call->to[i], &found, sizeof(found)) == 0)
                        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        call->is_denied = true;
        return CURL_SOCKET_BAD;
}

static size_t body_came(char *at, size_t one, size_t len, void *context)
{
        struct call *call = context;

        buffer_add(&call->answer->body, at, one * len);
        call->is_too_large |= call->answer->body.failure == -EMSGSIZE;
        return call->answer->body.failure ? 0 : one * len;
}

/* RFC 9111, section 5.2: no-store and no-cache are no time at all. */
static int64_t freshness(struct text value)
{
        struct text part, name, number, rest = value;
        int64_t fresh_s = -1;
        uint64_t seconds;

        while (rest.len > 0) {
                (void)text_cut(rest, ',', &part, &rest);
                part = text_trim(part);
                if (text_equal_nocase(part, TEXT_OF("no-store")) ||
                    text_equal_nocase(part, TEXT_OF("no-cache")))
                        return 0;
                if (text_cut(part, '=', &name, &number) && text_equal_nocase(name, TEXT_OF("max-age")) &&
                    text_number(number, INT32_MAX, &seconds))
                        fresh_s = (int64_t)seconds;
        }
        return fresh_s;
}

static size_t head_came(char *at, size_t one, size_t len, void *context)
{
        struct call *call = context;
        struct text line = { at, one * len }, name, value;

        call->head_octets += line.len;
        if (call->head_octets > HEAD_MAX) {
                call->is_too_large = true;
                return 0;
        }
        if (text_cut(line, ':', &name, &value)) {
                value = text_trim(value);
                if (text_equal_nocase(name, TEXT_OF("Cache-Control")))
                        call->answer->fresh_s = freshness(value);
                if (text_equal_nocase(name, TEXT_OF("Content-Type")) &&
                    !text_copy(value, call->answer->content_type, sizeof(call->answer->content_type)))
                        call->answer->content_type[0] = 0;
        }
        return line.len;
}

static bool add_line(struct curl_slist **list, const char *name, const char *value)
{
        char line[256];
        struct curl_slist *longer;

        if (snprintf(line, sizeof(line), "%s: %s", name, value) >= (int)sizeof(line))
                return false;
        longer = curl_slist_append(*list, line);
        if (longer)
                *list = longer;
        return longer;
}

/* curl is told where the name leads: "host:port:address,address". */
static bool pin(const struct call *call, struct curl_slist **ret)
{
        SCOPED(buffer_done) struct buffer line = BUFFER(1024);
        char address[ADDRESS_STRING];

        buffer_format(&line, "%s:%u:", call->url.host, call->url.port);
        for (size_t i = 0; i < call->to_count; i++) {
                address_format(&call->to[i], address);
                buffer_format(&line, strchr(address, ':') ? "%s[%s]" : "%s%s", i ? "," : "", address);
        }
        if (!buffer_string(&line))
                return false;
        *ret = curl_slist_append(NULL, buffer_string(&line));
        return *ret;
}

static void set_transport(CURL *easy, struct call *call, int64_t left_ms)
{
        const struct fetcher *fetcher = call->fetcher;

        curl_easy_setopt(easy, CURLOPT_URL, call->request->url);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, call->url.plain ? "http" : "https");
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
        if (fetcher->ca_path) {
                curl_easy_setopt(easy, CURLOPT_CAINFO, fetcher->ca_path);
                curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
        }
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)left_ms);
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "imprimatur/" IMPRIMATUR_VERSION);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->words);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_came);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, head_came);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
}

static bool set_request(CURL *easy, const struct fetch_request *request, struct curl_slist **headers)
{
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method ? request->method : "GET");
        if (request->body.len > 0 || (request->method && strcmp(request->method, "POST") == 0)) {
                curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.at ? request->body.at : "");
        }
        if (request->bearer) {
                curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
                curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, request->bearer);
        } else if (request->user) {
                curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
                curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
                curl_easy_setopt(easy, CURLOPT_PASSWORD, request->password ? request->password : "");
        }
        return add_line(headers, "Accept", request->accept ? request->accept : "application/json") &&
               (!request->content_type || add_line(headers, "Content-Type", request->content_type)) &&
               (!request->header || add_line(headers, request->header, request->header_value));
}

static int refusal_of(const struct call *call, CURLcode code)
{
        if (call->is_denied)
                return FETCH_DENIED;
        if (call->is_too_large)
                return FETCH_TOO_LARGE;
        if (call->answer->body.failure)
                return fault(call->answer->body.failure);
        switch (code) {
        case CURLE_OK: return 0;
        case CURLE_COULDNT_RESOLVE_HOST: return FETCH_UNKNOWN_HOST;
        case CURLE_COULDNT_CONNECT: return FETCH_UNREACHABLE;
        case CURLE_URL_MALFORMAT: return FETCH_BAD_URL;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CONNECT_ERROR: return FETCH_UNTRUSTED;
        case CURLE_OPERATION_TIMEDOUT: return FETCH_TIMEOUT;
        case CURLE_OUT_OF_MEMORY: return fault(-ENOMEM);
        default: return FETCH_CUT;
        }
}

static void easy_cleanup(CURL **easy)
{
        if (*easy)
                curl_easy_cleanup(*easy);
}

static void slist_freep(struct curl_slist **list)
{
        curl_slist_free_all(*list);
}

static int perform(struct call *call)
{
        SCOPED(slist_freep) struct curl_slist *headers = NULL;
        SCOPED(slist_freep) struct curl_slist *pins = NULL;
        SCOPED(easy_cleanup) CURL *easy = curl_easy_init();
        int64_t left_ms = call->deadline_ms - clock_monotonic_ms();
        long status = 0;
        CURLcode code;

        if (left_ms <= 0)
                return FETCH_TIMEOUT;
        if (!easy || !set_request(easy, call->request, &headers) ||
            (!call->url.is_address && !pin(call, &pins)))
                return fault(-ENOMEM);
        set_transport(easy, call, left_ms);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        if (pins)
                curl_easy_setopt(easy, CURLOPT_RESOLVE, pins);
        code = curl_easy_perform(easy);
        if (code == CURLE_OK) {
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
                call->answer->status = (int)status;
        }
        return refusal_of(call, code);
}

static int fetch(struct call *call)
{
        int place, r;

        if (!fetch_url_parse(&call->fetcher->policy, call->request->url, &call->url))
                return FETCH_BAD_URL;
        r = gate_enter(call->fetcher, call->url.host, call->deadline_ms, &place);
        if (r)
                return r;
        r = find_addresses(call);
        if (r == 0)
                r = perform(call);
        gate_leave(call->fetcher, place);
        /* Whoever refuses at once keeps nobody; whoever is silent, or whose name is, keeps a thread of ours.
         */
        if (r > 0 && clock_monotonic_ms() + call->fetcher->settings.timeout_ms / 2 > call->deadline_ms)
                let_rest(call->fetcher, call->url.host);
        return r;
}

int fetcher_fetch(struct fetcher *fetcher, const struct fetch_request *request, struct fetch_answer *ret,
                  char words[256])
{
        struct call call = { .fetcher = fetcher,
                             .request = request,
                             .answer = ret,
                             .deadline_ms = clock_monotonic_ms() + fetcher->settings.timeout_ms };
        int r;

        *ret = (struct fetch_answer){ .fresh_s = -1 };
        buffer_init(&ret->body, request->octets_max ? request->octets_max : OCTETS_MAX);
        r = FETCH_BUSY;
        if (crew_wait_begin(CREW_PROVIDERS)) {
                r = fetch(&call);
                crew_wait_end(CREW_PROVIDERS);
        }
        if (words && r > 0)
                snprintf(words, 256, "%s%s%.150s", fetch_refusal_phrase(r), call.words[0] ? ": " : "",
                         call.words);
        else if (words)
                words[0] = 0;
        return r;
}

int fetcher_check_url(const struct fetcher *fetcher, const char *url)
{
        struct fetch_url parsed;

        if (!fetch_url_parse(&fetcher->policy, url, &parsed))
                return FETCH_BAD_URL;
        if (parsed.is_address && !fetch_policy_allows(&fetcher->policy, &parsed, &parsed.address))
                return FETCH_DENIED;
        return 0;
}

const char *fetch_refusal_phrase(int refusal)
{
        switch (refusal) {
        case FETCH_BAD_URL: return "the address is not one of the form https://host/path";
        case FETCH_DENIED:
                return "the address leads to where this service does not go; its operator can allow it ([fetch] allow)";
        case FETCH_UNKNOWN_HOST: return "the host has no address";
        case FETCH_UNREACHABLE: return "the host cannot be reached";
        case FETCH_UNTRUSTED: return "the host's certificate is not trusted";
        case FETCH_TIMEOUT: return "the host did not answer in time";
        case FETCH_CUT: return "the host gave no whole answer";
        case FETCH_TOO_LARGE: return "the answer is too large";
        case FETCH_BUSY: return "too many questions to other hosts are under way";
        default: return "no complaint";
        }
}
