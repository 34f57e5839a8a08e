// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/syslog-client.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define TIMEOUT_MS  10000
#define ADDRESS_MAX 512
#define MESSAGE_MAX 65536

static void curl_freep(CURL **curl)
{
        curl_easy_cleanup(*curl);
}

/* libcurl knows neither scheme, but both connections. False where the address is none of ours. */
static bool make_url(const char *address, char ret[ADDRESS_MAX])
{
        struct text text = text_from(address), host, port;
        const char *scheme = text_starts_with(text, "tls://")   ? "https://"
                             : text_starts_with(text, "tcp://") ? "http://"
                                                                : NULL;
        const char *colon = address ? strrchr(address, ':') : NULL;
        uint64_t number;

        if (!scheme || colon < address + strlen("tls://x"))
                return false;
        host = text_from_octets(address + strlen("tls://"), (size_t)(colon - address) - strlen("tls://"));
        port = text_from(colon + 1);
        if (!text_number(port, 65535, &number) || number == 0 || memchr(host.at, '/', host.len) ||
            memchr(host.at, '@', host.len) || memchr(host.at, '?', host.len) ||
            memchr(host.at, '#', host.len))
                return false;
        return (size_t)snprintf(ret, ADDRESS_MAX, "%s%.*s:%.*s/", scheme, TEXT_ARGS(host), TEXT_ARGS(port)) <
               ADDRESS_MAX;
}

bool syslog_address_is_valid(const char *address)
{
        char url[ADDRESS_MAX];

        return make_url(address, url);
}

static int connect_to(const struct syslog_options *options, CURL *curl)
{
        long timeout_ms = (long)(options->timeout_ms ? options->timeout_ms : TIMEOUT_MS);
        char url[ADDRESS_MAX];
        CURLcode code;

        if (!make_url(options->address, url))
                return fault(-EINVAL);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        curl_easy_setopt(curl, CURLOPT_SSL_ENABLE_ALPN, 0L);
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
        if (options->ca_path)
                curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_path);
        code = curl_easy_perform(curl);
        switch (code) {
        case CURLE_OK: return 0;
        case CURLE_OUT_OF_MEMORY: return fault(-ENOMEM);
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_OPERATION_TIMEDOUT: return SYSLOG_UNREACHABLE;
        default: return SYSLOG_UNTRUSTED;
        }
}

static bool wait_writable(CURL *curl, int64_t until_ms)
{
        curl_socket_t fd = CURL_SOCKET_BAD;
        int64_t left_ms = until_ms - clock_monotonic_ms();
        struct pollfd polled = { .events = POLLOUT };

        if (left_ms <= 0 || curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &fd) || fd == CURL_SOCKET_BAD)
                return false;
        polled.fd = fd;
        return poll(&polled, 1, (int)left_ms) > 0;
}

static int send_all(CURL *curl, struct text octets, uint32_t timeout_ms)
{
        int64_t until_ms = clock_monotonic_ms() + (timeout_ms ? timeout_ms : TIMEOUT_MS);

        while (octets.len) {
                size_t sent = 0;
                CURLcode code = curl_easy_send(curl, octets.at, octets.len, &sent);

                if (code == CURLE_AGAIN && wait_writable(curl, until_ms))
                        continue;
                if (code)
                        return SYSLOG_CUT;
                octets.at += sent;
                octets.len -= sent;
        }
        return 0;
}

/* MSG-LEN SP SYSLOG-MSG (RFC 5425, section 4.3). */
static int send_message(CURL *curl, struct text message, uint32_t timeout_ms)
{
        SCOPED(buffer_done) struct buffer frame = BUFFER(MESSAGE_MAX);

        buffer_format(&frame, "%zu ", message.len);
        buffer_add_text(&frame, message);
        return frame.failure ? fault(frame.failure) : send_all(curl, buffer_text(&frame), timeout_ms);
}

int syslog_send(const struct syslog_options *options, const struct text *messages, size_t count)
{
        SCOPED(curl_freep) CURL *curl = curl_easy_init();
        int r;

        if (!curl)
                return fault(-ENOMEM);
        r = connect_to(options, curl);
        for (size_t i = 0; r == 0 && i < count; i++)
                r = send_message(curl, messages[i], options->timeout_ms);
        return r;
}
