// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Requests and answers on the loopback, with clients that speak octet by octet. */

#include "net/test-http.h"

/* Requests, and what must be in the answer; each connection is closed by the server. */
static void test_exchanges(uint16_t port)
{
        static const struct {
                const char *name, *request, *first, *also;
        } rows[] = {
                { "no body", "POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 ",
                  "\r\n\r\n0 0\n" },
                { "length",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
                  "HTTP/1.1 200 ", "\r\n\r\n3 96354\n" },
                { "chunked with a trailer",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                  "1\r\na\r\n2;x=y\r\nbc\r\n0\r\nDigest: z\r\n\r\n",
                  "HTTP/1.1 200 ", "\r\n\r\n3 96354\n" },
                { "chunk that is none",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nab",
                  "HTTP/1.1 400 ", "problem+json" },
                { "HEAD", "HEAD /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 ",
                  "Connection: close\r\nContent-Length: 28\r\n\r\n" },
                { "HTTP/1.0", "GET /who HTTP/1.0\r\n\r\n", "HTTP/1.1 200 ", "Connection: close\r\n" },
                { "nothing there", "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "HTTP/1.1 404 ", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404," },
                { "fault", "GET /fault HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 500 ",
                  "{\"type\":\"about:blank\",\"title\":\"internal error\",\"status\":500}" },
                { "no answer is a fault", "GET /forget HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 500 ",
                  "Connection: close\r\n" },
                { "problem is escaped", "GET /refuse HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "HTTP/1.1 401 ", "\"detail\":\"say \\\"who\\\" you are\"}" },
                { "body where none is taken", "POST /who HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
                  "HTTP/1.1 413 ", "Connection: close\r\n" },
                { "body too large", "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n",
                  "HTTP/1.1 413 ", "Connection: close\r\n" },
                { "expectation met",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n",
                  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 ", "Connection: close\r\n" },
                { "expectation refused",
                  "POST /refuse HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
                  "HTTP/1.1 401 ", "Connection: close\r\n" },
                { "Content-Length twice",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                  "HTTP/1.1 400 ", "Connection: close\r\n" },
                { "length and chunked",
                  "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n0\r\n\r\nGET /who HTTP/1.1\r\nHost: a\r\n\r\n",
                  "HTTP/1.1 400 ", "Connection: close\r\n" },
                { "bare LF", "GET /who HTTP/1.1\nHost: a\n\n", "HTTP/1.1 400 ", "" },
                { "version", "GET /who HTTP/3.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 ", "" },
                { "dot segment", "GET /../who HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 400 ", "" },
                { "absolute form",
                  "GET http://b.example:80/who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                  "HTTP/1.1 200 ", " b.example:80 0 " },
        };

        for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
                char *answer = ask(port, rows[i].request);

                if (strncmp(answer, rows[i].first, strlen(rows[i].first)) != 0 ||
                    !strstr(answer, rows[i].also)) {
                        fprintf(stderr, "%s: %s\n", rows[i].name, answer);
                        abort();
                }
                /* Nothing smuggled behind a refused request was answered. */
                assert(occurrences(answer, "HTTP/1.1 200") <= 1);
        }
}

static void test_large_heads(uint16_t port)
{
        SCOPED(buffer_done) struct buffer request = BUFFER(1 << 20);

        buffer_add_string(&request, "GET /");
        for (int i = 0; i < 5000; i++)
                buffer_add_octet(&request, 'a');
        buffer_add_string(&request, " HTTP/1.1\r\nHost: a\r\n\r\n");
        assert(strstr(ask(port, buffer_string(&request)), "HTTP/1.1 414 "));

        buffer_clear(&request);
        buffer_add_string(&request, "GET /who HTTP/1.1\r\nHost: a\r\n");
        for (int i = 0; i < 110; i++)
                buffer_format(&request, "X-%d: y\r\n", i);
        buffer_add_string(&request, "\r\n");
        assert(strstr(ask(port, buffer_string(&request)), "HTTP/1.1 431 "));

        buffer_clear(&request);
        buffer_add_string(&request, "GET /who HTTP/1.1\r\nHost: a\r\nX: ");
        for (int i = 0; i < 20000; i++)
                buffer_add_octet(&request, 'a');
        assert(strstr(ask(port, buffer_string(&request)), "HTTP/1.1 431 "));
}

static void test_pipelining(uint16_t port)
{
        SCOPED(buffer_done) struct buffer request = BUFFER(1 << 20);
        char *answer;

        for (int i = 0; i < 150; i++)
                buffer_add_string(&request, i % 2 ? "GET /who HTTP/1.1\r\nHost: a\r\n\r\n"
                                                  : "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: "
                                                    "5\r\n\r\nHTTP/");
        buffer_add_string(&request, "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        answer = ask(port, buffer_string(&request));
        assert(occurrences(answer, "HTTP/1.1 200 OK\r\n") == 151 && occurrences(answer, "\r\n5 ") == 75);
}

/* One octet at a time is slow, but it is HTTP. */
static void test_octet_by_octet(uint16_t port)
{
        static const char request[] = "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                                      "Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        int fd = dial(port);

        for (const char *at = request; *at; at++)
                assert(send(fd, at, 1, MSG_NOSIGNAL) == 1);
        assert(strstr(hear_all(fd), "\r\n3 96354\n"));
}

static void test_early_answers(uint16_t port)
{
        int fd = dial(port);
        char *answer;

        /* The rest of the body is read past, and the connection kept. */
        say(fd, "POST /refuse-later HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
        assert(strstr(hear_until(fd, "\r\n\r\n"), "HTTP/1.1 403 "));
        say(fd, "defghiGET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert(strstr(hear_all(fd), "HTTP/1.1 200 "));

        /* More than is worth reading: the connection ends. */
        answer = ask(port, "POST /refuse-later HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nabc");
        assert(strstr(answer, "HTTP/1.1 403 ") && strstr(answer, "Connection: close\r\n"));
}

static void test_cut_body(uint16_t port)
{
        int cut = atomic_load(&seen.cut), fd = dial(port);

        while (sem_trywait(&seen.gone) == 0)
                ;
        say(fd, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nabc");
        close(fd);
        await(&seen.gone);
        assert(atomic_load(&seen.cut) == cut + 1);
}

static void test_streams(uint16_t port)
{
        SCOPED(http_client_freep) struct http_client *client = NULL;
        char base[64];

        snprintf(base, sizeof(base), "http://127.0.0.1:%u", port);
        assert(http_client_new(&(struct http_client_options){ .base = base }, &client) == 0);
        for (int i = 0; i < 4; i++) {
                static const char *const paths[] = { "/stream?size=3000000", "/stream?size=3000000&chunked",
                                                     "/stream?size=300000&breaks",
                                                     "/stream?size=300000&breaks&chunked" };
                struct http_client_request request = { .path = paths[i], .response_max_octets = 4 << 20 };
                struct http_client_response response;
                int r = http_client_request(client, &request, &response);

                assert(response.status == 200);
                assert(i < 2 ? r == 0 : r == HTTP_CLIENT_CUT);
                for (size_t at = 0; at < response.body.len; at++)
                        assert(response.body.at[at] == (char)('a' + at % 23));
                assert(i >= 2 || response.body.len == 3000000);
                http_client_response_done(&response);
                await(&seen.closed);
        }
}

static void test_slow_clients(void)
{
        struct http_limits limits = short_limits();
        struct http_server *server;
        char *answer;
        uint16_t port;
        int idle, head, body, drip, silent;

        limits.head_timeout_ms = limits.body_idle_timeout_ms = limits.keep_alive_timeout_ms = 600;
        limits.write_timeout_ms = 600;
        server = server_start(limits, NULL, &port);
        idle = dial(port);
        say(idle, "GET /who HTTP/1.1\r\nHost: a\r\n\r\n");
        head = dial(port);
        say(head, "GET /who HTTP/1.1\r\nHo");
        body = dial(port);
        say(body, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
        silent = dial(port);
        assert(strstr(hear_all(head), "HTTP/1.1 408 "));
        assert(strstr(hear_all(body), "HTTP/1.1 408 "));
        answer = hear_all(idle);
        assert(strstr(answer, "HTTP/1.1 200 ") && !strstr(answer, "408"));
        assert(hear_all(silent)[0] == 0);

        /* Each octet comes in time, and yet the whole would take for ever. */
        drip = dial(port);
        say(drip, "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
        for (;;) {
                struct pollfd one = { drip, POLLIN, 0 };

                if (poll(&one, 1, 30) > 0)
                        break;
                say(drip, "x");
        }
        assert(strstr(hear_all(drip), "HTTP/1.1 408 "));

        /* Who asks for much and reads nothing is left, too: its source is closed. */
        drip = dial(port);
        say(drip, "GET /stream?size=90000000 HTTP/1.1\r\nHost: a\r\n\r\n");
        await(&seen.closed);
        close(drip);
        http_server_free(server);
}

static void test_connection_limits(void)
{
        struct http_limits limits = short_limits();
        struct http_server *server;
        uint16_t port;
        int one, two;

        limits.connections_per_peer_max = 2;
        server = server_start(limits, NULL, &port);
        one = dial(port);
        say(one, "GET /who HTTP/1.1\r\nHost: a\r\n\r\n");
        hear_until(one, "\n");
        two = dial(port);
        say(two, "GET /who HTTP/1.1\r\nHost: a\r\n\r\n");
        hear_until(two, "\n");
        assert(strstr(hear_all(dial(port)), "HTTP/1.1 503 "));
        assert(http_server_count(server).connections_refused == 1);
        close(one);
        /* Once the first has gone there is room again. */
        while (http_server_count(server).connections_now > 1)
                sched_yield();
        one = dial(port);
        say(one, "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assert(strstr(hear_all(one), "HTTP/1.1 200 "));
        close(two);
        http_server_free(server);
}

/* A request under way is finished, and says that it is the last one; idle connections end at once. */
static void *stop_main(void *server)
{
        http_server_stop(server, 20000);
        return NULL;
}

static void test_stop_drains(void)
{
        struct http_server *server;
        uint16_t port;
        pthread_t stopper;
        int idle, busy;
        char *answer;

        server = server_start(short_limits(), NULL, &port);
        idle = dial(port);
        say(idle, "GET /who HTTP/1.1\r\nHost: a\r\n\r\n");
        hear_until(idle, "\n");
        busy = dial(port);
        say(busy, "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
        await(&seen.held);
        assert(pthread_create(&stopper, NULL, stop_main, server) == 0);
        hear_all(idle);
        sem_post(&seen.let_go);
        answer = hear_all(busy);
        assert(strstr(answer, "HTTP/1.1 200 ") && strstr(answer, "Connection: close") &&
               strstr(answer, "held"));
        pthread_join(stopper, NULL);
        assert(http_server_count(server).connections_now == 0);
        http_server_free(server);
}

int main(void)
{
        struct http_limits limits = short_limits();
        struct http_server *server;
        uint16_t port;

        tests_start();
        limits.body_idle_timeout_ms = 200;
        server = server_start(limits, NULL, &port);
        test_exchanges(port);
        http_server_free(server);

        server = server_start(short_limits(), NULL, &port);
        test_large_heads(port);
        test_pipelining(port);
        test_octet_by_octet(port);
        test_early_answers(port);
        test_cut_body(port);
        test_streams(port);
        http_server_free(server);
        test_slow_clients();
        test_connection_limits();
        test_stop_drains();
        paths_remove();
        return 0;
}
