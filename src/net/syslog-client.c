// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/syslog-client.h"

#include <curl/curl.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

#define TIMEOUT_MS  10000
#define ADDRESS_MAX 512
#define MESSAGE_MAX 65536

#define LOST_AFTER_MS \
        30000 /* what the other side's kernel does not acknowledge for so long ends a connection */
#define UNIX_PREFIX "unix:"

struct syslog_client {
        CURL *curl;
        curl_socket_t fd;
        uint32_t timeout_ms; /* of each message */
};

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

/* The path of a socket of this machine, or NULL. */
static const char *unix_path(const char *address)
{
        const char *path = address + strlen(UNIX_PREFIX);

        if (!address || !text_starts_with(text_from(address), UNIX_PREFIX))
                return NULL;
        return path[0] == '/' && strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path) ? path : NULL;
}

bool syslog_address_is_valid(const char *address)
{
        char url[ADDRESS_MAX];

        return unix_path(address) || make_url(address, url);
}

static int connect_to(const struct syslog_options *options, CURL *curl)
{
        long timeout_ms = (long)(options->timeout_ms ? options->timeout_ms : TIMEOUT_MS);
        const char *path = unix_path(options->address);
        char url[ADDRESS_MAX] = "http://localhost/";
        CURLcode code;

        if (!path && !make_url(options->address, url))
                return fault(-EINVAL);
        if (path)
                curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, path);
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

/* Without this a machine that has vanished would be believed for a quarter of an hour. No socket but TCP's
 * has it. */
static void give_up_early(curl_socket_t fd)
{
        unsigned int ms = LOST_AFTER_MS;

        setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

int syslog_client_open(const struct syslog_options *options, struct syslog_client **ret)
{
        SCOPED(syslog_client_closep) struct syslog_client *client = calloc(1, sizeof(*client));
        int r;

        if (!client)
                return fault(-ENOMEM);
        client->timeout_ms = options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
        client->curl = curl_easy_init();
        if (!client->curl)
                return fault(-ENOMEM);
        r = connect_to(options, client->curl);
        if (r)
                return r;
        if (curl_easy_getinfo(client->curl, CURLINFO_ACTIVESOCKET, &client->fd) ||
            client->fd == CURL_SOCKET_BAD)
                return SYSLOG_UNREACHABLE;
        give_up_early(client->fd);
        *ret = take(client);
        return 0;
}

/* What a collector says (tickets of TLS, nothing else) is read and dropped. SYSLOG_CUT. */
static int drain(struct syslog_client *client)
{
        char octets[512];
        size_t n;

        for (;;) {
                CURLcode code = curl_easy_recv(client->curl, octets, sizeof(octets), &n);

                if (code == CURLE_AGAIN)
                        return 0;
                if (code || n == 0)
                        return SYSLOG_CUT;
        }
}

/* What is unread when a socket is closed makes a reset of the close, and the other side would lose what it
 * has not read. */
void syslog_client_close(struct syslog_client *client)
{
        if (!client)
                return;
        if (client->fd > 0)
                drain(client);
        curl_easy_cleanup(client->curl);
        free(client);
}

void syslog_client_closep(struct syslog_client **client)
{
        syslog_client_close(*client);
        *client = NULL;
}

static bool wait_writable(struct syslog_client *client, int64_t until_ms)
{
        int64_t left_ms = until_ms - clock_monotonic_ms();
        struct pollfd polled = { .fd = client->fd, .events = POLLOUT };

        return left_ms > 0 && poll(&polled, 1, (int)left_ms) > 0;
}

static int send_all(struct syslog_client *client, struct text octets)
{
        int64_t until_ms = clock_monotonic_ms() + client->timeout_ms;

        while (octets.len) {
                size_t sent = 0;
                CURLcode code = curl_easy_send(client->curl, octets.at, octets.len, &sent);

                if (code == CURLE_AGAIN && wait_writable(client, until_ms))
                        continue;
                if (code)
                        return SYSLOG_CUT;
                octets.at += sent;
                octets.len -= sent;
        }
        return 0;
}

/* MSG-LEN SP SYSLOG-MSG (RFC 5425, section 4.3). */
static int send_message(struct syslog_client *client, struct text message)
{
        SCOPED(buffer_done) struct buffer frame = BUFFER(MESSAGE_MAX);

        buffer_format(&frame, "%zu ", message.len);
        buffer_add_text(&frame, message);
        return frame.failure ? fault(frame.failure) : send_all(client, buffer_text(&frame));
}

int syslog_client_send(struct syslog_client *client, const struct text *messages, size_t count)
{
        int r = drain(client);

        for (size_t i = 0; r == 0 && i < count; i++)
                r = send_message(client, messages[i]);
        return r;
}

int syslog_client_look(struct syslog_client *client, bool *ret_is_quiet)
{
        int waiting = 0, r = drain(client);

        *ret_is_quiet = r == 0 && ioctl(client->fd, SIOCOUTQ, &waiting) == 0 && waiting == 0;
        return r;
}
