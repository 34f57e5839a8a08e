// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The client, against the server. */

#include "net/test-http.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

struct received {
        struct http_client *client;
        int count;
};

static bool event_came(void *context, struct text name, struct text data)
{
        struct received *received = context;

        assert(text_equal_string(name, "wake") && text_equal_string(data, "one\ntwo"));
        return ++received->count < 3;
}

static void *send_three(void *context)
{
        await(&seen.streams);
        for (int i = 0; i < 3; i++)
                assert(http_events_send(context, seen.events[0], "wake", TEXT_OF("one\ntwo")) == 0);
        return NULL;
}

static void *cancel_soon(void *context)
{
        struct received *received = context;

        await(&seen.streams);
        http_client_cancel(received->client);
        return NULL;
}

static void test_client_events(uint16_t port, struct http_server *server)
{
        struct received received = { client_of(port, TLS_ALPN_AGENT, true), 0 };
        struct http_client_events events = { .path = "/events", .event = event_came, .context = &received };
        pthread_t sender;
        int status;

        streams_forget();
        assert(pthread_create(&sender, NULL, send_three, server) == 0);
        assert(http_client_events(received.client, &events, &status) == HTTP_CLIENT_CANCELLED);
        assert(received.count == 3 && status == 200);
        pthread_join(sender, NULL);
        await(&seen.closed);

        streams_forget();
        assert(pthread_create(&sender, NULL, cancel_soon, &received) == 0);
        assert(http_client_events(received.client, &events, &status) == HTTP_CLIENT_CANCELLED);
        pthread_join(sender, NULL);
        await(&seen.closed);

        events.path = "/none";
        assert(http_client_events(received.client, &events, &status) == 0 && status == 404);
        http_client_free(received.client);
}

static void test_client_uploads(uint16_t port)
{
        struct http_client *client = client_of(port, NULL, false);
        struct pattern pattern = { 900000, 0, false };
        struct http_source source = { pattern_pull, NULL, &pattern };
        struct http_client_request request = {
                .method = "POST", .path = "/upload", .source = &source, .source_size = 900000
        };
        struct http_client_response response;

        assert(http_client_request(client, &request, &response) == 0);
        assert(text_starts_with(buffer_text(&response.body), "900000 "));
        http_client_response_done(&response);
        pattern = (struct pattern){ 900000, 0, false };
        request.source_size = -1;
        assert(http_client_request(client, &request, &response) == 0);
        assert(text_starts_with(buffer_text(&response.body), "900000 "));
        assert(text_equal_string(http_client_header(&response, "content-type"), "text/plain"));
        http_client_response_done(&response);
        request.response_max_octets = 3;
        pattern = (struct pattern){ 9, 0, false };
        assert(http_client_request(client, &request, &response) == HTTP_CLIENT_TOO_LARGE);
        http_client_response_done(&response);
        http_client_free(client);

        assert(http_client_new(&(struct http_client_options){ .base = "http://127.0.0.1:1" }, &client) == 0);
        request.source = NULL;
        assert(http_client_request(client, &request, &response) == HTTP_CLIENT_UNREACHABLE);
        assert(http_client_complaint(client)[0]);
        http_client_response_done(&response);
        http_client_free(client);
}

/* A server that answers once, listens no more, and ends in the midst of the second request. */
static void *answer_once(void *context)
{
        static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        char room[4096];
        int listener = *(int *)context, fd = accept(listener, NULL, NULL);

        assert(fd >= 0 && recv(fd, room, sizeof(room), 0) > 0);
        assert(send(fd, answer, sizeof(answer) - 1, 0) == sizeof(answer) - 1);
        close(listener);
        assert(recv(fd, room, sizeof(room), 0) > 0);
        close(fd);
        return NULL;
}

/* Its second request left, whatever became of the second connection: nobody may take it for unsent. */
static void test_a_request_on_a_kept_connection_has_left(void)
{
        struct http_client_request request = { .method = "POST", .path = "/x", .body = TEXT("body") };
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t len = sizeof(address);
        struct http_client_options options = { 0 };
        struct http_client_response response;
        struct http_client *client;
        pthread_t server;
        char base[64];
        int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        assert(bind(listener, (struct sockaddr *)&address, len) == 0 && listen(listener, 1) == 0);
        assert(getsockname(listener, (struct sockaddr *)&address, &len) == 0);
        snprintf(base, sizeof(base), "http://127.0.0.1:%u", ntohs(address.sin_port));
        options.base = base;
        assert(pthread_create(&server, NULL, answer_once, &listener) == 0);
        assert(http_client_new(&options, &client) == 0);
        assert(http_client_request(client, &request, &response) == 0);
        http_client_response_done(&response);
        assert(http_client_request(client, &request, &response) == HTTP_CLIENT_CUT);
        http_client_response_done(&response);
        pthread_join(server, NULL);
        assert(http_client_request(client, &request, &response) == HTTP_CLIENT_UNREACHABLE);
        http_client_response_done(&response);
        http_client_free(client);
}

int main(void)
{
        struct http_server *server;
        struct tls_server *tls;
        uint16_t port;

        tests_start();
        assert(tls_server_new(certificate_path, key_path, &tls) == 0);
        server = server_start(short_limits(), tls, &port);
        test_client_events(port, server);
        test_client_uploads(port);
        test_a_request_on_a_kept_connection_has_left();
        http_server_free(server);
        tls_server_free(tls);
        paths_remove();
        return 0;
}
