// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* The server on the loopback, with clients that speak octet by octet, and with those of curl and OpenSSL. */

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/address.h"
#include "net/http-client.h"
#include "net/http-server.h"
#include "net/tls.h"

#define STREAMS 100

static char folder[] = "/tmp/imprimatur-http-XXXXXX";
static char certificate_path[128], key_path[128], agent_certificate[128], agent_key[128];

/* What the handlers saw; every exchange that had a handler is counted when it has gone. */
static struct {
        sem_t gone;
        sem_t closed;
        sem_t held;    /* a handler waits ... */
        sem_t let_go;  /* ... until told */
        sem_t streams; /* an event stream stands */
        atomic_int complete, cut;
        pthread_mutex_t lock;
        struct http_events events[STREAMS];
        int events_count;
} seen;

static void await(sem_t *semaphore)
{
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += 30;
        assert(sem_timedwait(semaphore, &until) == 0);
}

struct upload {
        uint64_t octets;
        uint32_t sum;
};

static int upload_begin(struct http_exchange *x)
{
        x->user = calloc(1, sizeof(struct upload));
        return x->user ? 0 : fault(-ENOMEM);
}

static int upload_octets(struct http_exchange *x, struct text octets)
{
        struct upload *upload = x->user;

        assert(octets.len > 0);
        upload->octets += octets.len;
        for (size_t i = 0; i < octets.len; i++)
                upload->sum = upload->sum * 31 + (uint8_t)octets.at[i];
        return 0;
}

static int upload_end(struct http_exchange *x)
{
        struct upload *upload = x->user;
        char *answer = arena_format(x->arena, "%llu %u\n", (unsigned long long)upload->octets, upload->sum);

        return http_respond(x, 200, "text/plain", text_from(answer));
}

static void count_gone(struct http_exchange *x)
{
        atomic_fetch_add(x->complete ? &seen.complete : &seen.cut, 1);
        free(x->user);
        x->user = NULL;
        sem_post(&seen.gone);
}

static int refuse_begin(struct http_exchange *x)
{
        int r = http_add_header(x, "WWW-Authenticate", "Basic realm=\"x\"");

        return r ? r : http_respond_problem(x, 401, NULL, "say \"who\" you are");
}

static int refuse_octets(struct http_exchange *x, struct text octets)
{
        return http_respond(x, 403, NULL, TEXT_OF(""));
}

static int fault_end(struct http_exchange *x)
{
        return fault(-EIO);
}

static int forget_end(struct http_exchange *x)
{
        return 0;
}

static int hold_end(struct http_exchange *x)
{
        sem_post(&seen.held);
        await(&seen.let_go);
        return http_respond(x, 200, "text/plain", TEXT_OF("held\n"));
}

static int who_end(struct http_exchange *x)
{
        char *answer = arena_format(x->arena, "%s %s %.*s %d %02x%02x%02x%02x\n", x->scheme, x->peer,
                                    TEXT_ARGS(x->host), x->is_agent, x->fingerprint[0], x->fingerprint[1],
                                    x->fingerprint[2], x->fingerprint[3]);

        return http_respond(x, 200, "text/plain", text_from(answer));
}

struct pattern {
        uint64_t left, at;
        bool breaks;
};

static int pattern_pull(void *context, char *to, size_t size, size_t *ret_length)
{
        struct pattern *pattern = context;

        if (pattern->breaks && pattern->at > 100000)
                return fault(-EIO);
        for (*ret_length = 0; *ret_length < size && pattern->left > 0; ++*ret_length, pattern->left--)
                to[*ret_length] = (char)('a' + pattern->at++ % 23);
        return 0;
}

static void pattern_close(void *context)
{
        free(context);
        sem_post(&seen.closed);
}

static int stream_end(struct http_exchange *x)
{
        struct pattern *pattern = calloc(1, sizeof(*pattern));
        struct http_source source = { pattern_pull, pattern_close, pattern };
        struct text value;
        uint64_t size = 0;

        assert(pattern && http_query(x, "size", &value) && text_number(value, UINT32_MAX, &size));
        pattern->left = size;
        pattern->breaks = http_query(x, "breaks", &value);
        return http_respond_stream(x, 200, "application/octet-stream",
                                   http_query(x, "chunked", &value) ? -1 : (int64_t)size, &source);
}

static void events_closed(void *context, struct http_events events)
{
        sem_post(&seen.closed);
}

static int events_end(struct http_exchange *x)
{
        struct http_events events;
        int r = http_respond_events(x, events_closed, NULL, &events);

        if (r)
                return r;
        pthread_mutex_lock(&seen.lock);
        seen.events[seen.events_count++ % STREAMS] = events;
        pthread_mutex_unlock(&seen.lock);
        sem_post(&seen.streams);
        return 0;
}

static const struct {
        const char *name;
        struct http_handler handler;
} routes[] = {
        { "upload", { upload_begin, upload_octets, upload_end, count_gone } },
        { "refuse", { refuse_begin, upload_octets, upload_end, count_gone } },
        { "refuse-later", { NULL, refuse_octets, upload_end, count_gone } },
        { "fault", { NULL, NULL, fault_end, count_gone } },
        { "forget", { NULL, NULL, forget_end, count_gone } },
        { "hold", { NULL, NULL, hold_end, count_gone } },
        { "who", { NULL, NULL, who_end, count_gone } },
        { "stream", { NULL, NULL, stream_end, count_gone } },
        { "events", { NULL, NULL, events_end, count_gone } },
};

static const struct http_handler *route(void *context, struct http_exchange *x)
{
        for (size_t i = 0; i < ARRAY_LENGTH(routes); i++)
                if (x->segment_count == 1 && text_equal_string(x->segments[0], routes[i].name))
                        return &routes[i].handler;
        return NULL;
}

static struct http_limits short_limits(void)
{
        struct http_limits limits = http_limits_default();

        limits.connections_max = 512;
        limits.body_max_octets = 1 << 20;
        limits.discard_max_octets = 65536;
        return limits;
}

static struct http_server *server_start(struct http_limits limits, struct tls_server *tls, uint16_t *ret_port)
{
        struct http_server_options options = { .limits = limits, .threads = 4, .tls = tls, .route = route };
        struct http_server *server;

        assert(http_server_new(&options, &server) == 0);
        assert(http_server_listen(server, "127.0.0.1:0", ret_port) == 0);
        assert(http_server_start(server) == 0);
        return server;
}

/* A client on the socket itself. */
static int dial(uint16_t port)
{
        int fd;

        assert(address_connect("127.0.0.1", port, clock_monotonic_ms() + 10000, &fd) == 0);
        return fd;
}

static void say(int fd, const char *octets)
{
        size_t len = strlen(octets);

        assert(send(fd, octets, len, MSG_NOSIGNAL) == (ssize_t)len);
}

/* Everything up to the server's end of the connection. */
static char *hear_all(int fd)
{
        static char answer[1 << 16];
        size_t len = 0;
        ssize_t r;

        while ((r = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0)
                len += (size_t)r;
        answer[len] = 0;
        close(fd);
        return answer;
}

/* Up to and including the given octets. */
static char *hear_until(int fd, const char *last)
{
        static char answer[1 << 16];
        size_t len = 0;

        for (answer[0] = 0; !strstr(answer, last); answer[len] = 0) {
                ssize_t r = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);

                assert(r > 0);
                len += (size_t)r;
        }
        return answer;
}

static int occurrences(const char *text, const char *what)
{
        int count = 0;

        for (; (text = strstr(text, what)); text++)
                count++;
        return count;
}

static char *ask(uint16_t port, const char *octets)
{
        int fd = dial(port);

        say(fd, octets);
        return hear_all(fd);
}

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

        limits.head_timeout_ms = limits.body_idle_timeout_ms = limits.keep_alive_timeout_ms = 300;
        limits.write_timeout_ms = 300;
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

static void streams_forget(void)
{
        pthread_mutex_lock(&seen.lock);
        seen.events_count = 0;
        pthread_mutex_unlock(&seen.lock);
        while (sem_trywait(&seen.closed) == 0)
                ;
}

static void test_events(uint16_t port, struct http_server *server)
{
        struct http_events first;
        int fds[STREAMS];

        streams_forget();
        for (int i = 0; i < STREAMS; i++) {
                fds[i] = dial(port);
                say(fds[i], "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
                await(&seen.streams);
        }
        for (int i = 0; i < STREAMS; i++)
                assert(http_events_send(server, seen.events[i], "wake", TEXT_OF("one\ntwo")) == 0);
        for (int i = 0; i < STREAMS; i++)
                hear_until(fds[i], "event: wake\ndata: one\ndata: two\n\n");

        /* Half of them are closed by us, half by the client; both are told once. */
        first = seen.events[0];
        for (int i = 0; i < STREAMS; i++) {
                if (i % 2)
                        close(fds[i]);
                else
                        http_events_close(server, seen.events[i]);
        }
        for (int i = 0; i < STREAMS; i++)
                await(&seen.closed);
        assert(http_server_count(server).events_now == 0);
        for (int i = 0; i < STREAMS; i += 2)
                hear_all(fds[i]);

        /* The slot is used again, by others; the old handle names none of them. */
        fds[0] = dial(port);
        say(fds[0], "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        await(&seen.streams);
        assert(http_events_send(server, first, "wake", TEXT_OF("lost")) == HTTP_EVENTS_GONE);
        http_events_close(server, first);
        assert(http_events_send(server, seen.events[STREAMS % STREAMS], "wake", TEXT_OF("new")) == 0);
        assert(!strstr(hear_until(fds[0], "data: new\n\n"), "lost"));
        close(fds[0]);
        await(&seen.closed);
}

/* A client that does not read is closed when its queue is full, and nobody waits for it. */
static void test_slow_events(uint16_t port, struct http_server *server)
{
        char line[1000];
        int fd = dial(port), r;

        streams_forget();
        memset(line, 'x', sizeof(line));
        say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        await(&seen.streams);
        do
                r = http_events_send(server, seen.events[0], NULL, (struct text){ line, sizeof(line) });
        while (r == 0);
        assert(r == HTTP_EVENTS_GONE);
        await(&seen.closed);
        assert(http_server_count(server).events_dropped >= 1);
        close(fd);
}

/* Threads send without end while clients come and go. */
struct storm {
        struct http_server *server;
        atomic_bool over;
};

static void *storm_main(void *context)
{
        struct storm *storm = context;

        while (!atomic_load(&storm->over))
                for (int i = 0; i < 8; i++) {
                        struct http_events events;

                        pthread_mutex_lock(&seen.lock);
                        events = seen.events[i];
                        pthread_mutex_unlock(&seen.lock);
                        (void)http_events_send(storm->server, events, "storm", TEXT_OF("{}"));
                        if (i == 3)
                                http_events_close(storm->server, events);
                }
        return NULL;
}

static void test_streams_gone_while_sending(uint16_t port, struct http_server *server)
{
        struct storm storm = { server, false };
        pthread_t threads[3];

        streams_forget();
        for (int i = 0; i < 3; i++)
                assert(pthread_create(&threads[i], NULL, storm_main, &storm) == 0);
        for (int round = 0; round < 200; round++) {
                int fd = dial(port);

                say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
                await(&seen.streams);
                if (round % 3 == 0)
                        hear_until(fd, "text/event-stream");
                close(fd);
                await(&seen.closed);
                pthread_mutex_lock(&seen.lock);
                seen.events_count %= 8;
                pthread_mutex_unlock(&seen.lock);
        }
        atomic_store(&storm.over, true);
        for (int i = 0; i < 3; i++)
                pthread_join(threads[i], NULL);
        assert(http_server_count(server).events_now == 0);
}

static void test_comments(void)
{
        struct http_limits limits = short_limits();
        struct http_server *server;
        uint16_t port;
        int fd;

        limits.events_comment_ms = 50;
        server = server_start(limits, NULL, &port);
        streams_forget();
        fd = dial(port);
        say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
        hear_until(fd, ":\n\n:\n\n:\n\n");
        http_server_stop(server, 10000);
        await(&seen.closed);
        await(&seen.streams);
        hear_all(fd);
        http_server_free(server);
}

/* TLS. */
static struct http_client *client_of(uint16_t port, const char *alpn, bool with_certificate)
{
        struct http_client *client;
        char base[64];

        snprintf(base, sizeof(base), "https://localhost:%u", port);
        assert(http_client_new(
                       &(struct http_client_options){
                               .base = base,
                               .ca_path = certificate_path,
                               .certificate_path = with_certificate ? agent_certificate : NULL,
                               .key_path = with_certificate ? agent_key : NULL,
                               .alpn = alpn,
                       },
                       &client) == 0);
        return client;
}

static int who(struct http_client *client, char *ret, size_t size)
{
        struct http_client_request request = { .path = "/who" };
        struct http_client_response response;
        int r = http_client_request(client, &request, &response);

        ret[0] = 0;
        if (r == 0)
                assert(response.status == 200 && text_copy(buffer_text(&response.body), ret, size));
        http_client_response_done(&response);
        return r;
}

static X509 *certificate_read(const char *path)
{
        FILE *file = fopen(path, "r");
        X509 *certificate;

        assert(file);
        certificate = PEM_read_X509(file, NULL, NULL, NULL);
        assert(certificate);
        fclose(file);
        return certificate;
}

static void test_agents(uint16_t port)
{
        struct http_client *person = client_of(port, NULL, true),
                           *agent = client_of(port, TLS_ALPN_AGENT, true),
                           *nobody = client_of(port, TLS_ALPN_AGENT, false);
        X509 *certificate = certificate_read(agent_certificate);
        uint8_t fingerprint[TLS_FINGERPRINT_OCTETS];
        char answer[256], expected[256];
        int r;

        assert(tls_fingerprint(certificate, fingerprint) == 0);
        X509_free(certificate);
        for (int i = 0; i < 3; i++) {
                snprintf(expected, sizeof(expected), "https 127.0.0.1 localhost:%u 1 %02x%02x%02x%02x\n",
                         port, fingerprint[0], fingerprint[1], fingerprint[2], fingerprint[3]);
                assert(who(agent, answer, sizeof(answer)) == 0 && strcmp(answer, expected) == 0);
        }
        snprintf(expected, sizeof(expected), "https 127.0.0.1 localhost:%u 0 00000000\n", port);
        assert(who(person, answer, sizeof(answer)) == 0 && strcmp(answer, expected) == 0);
        r = who(nobody, answer, sizeof(answer));
        assert(r == HTTP_CLIENT_TLS || r == HTTP_CLIENT_CUT);
        http_client_free(person);
        http_client_free(agent);
        http_client_free(nobody);
}

/* A handshake by OpenSSL itself; the session's version or 0 where the server refused. */
static int handshake(uint16_t port, int version, const char *alpn, const char *ciphers, SSL_SESSION **session,
                     bool *ret_resumed, char *ret_answer, size_t size)
{
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        SSL *ssl;
        int fd = dial(port), got = 0, r;
        size_t len = 0;

        assert(SSL_CTX_set_min_proto_version(context, version) &&
               SSL_CTX_set_max_proto_version(context, version));
        SSL_CTX_set_security_level(context, 0);
        if (ciphers)
                assert(SSL_CTX_set_cipher_list(context, ciphers));
        ssl = SSL_new(context);
        if (alpn)
                assert(SSL_set_alpn_protos(ssl, (const unsigned char *)alpn, (unsigned)strlen(alpn)) == 0);
        if (session && *session)
                SSL_set_session(ssl, *session);
        SSL_set_fd(ssl, fd);
        if (SSL_connect(ssl) == 1) {
                static const char request[] = "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

                got = SSL_version(ssl);
                assert(SSL_write(ssl, request, sizeof(request) - 1) > 0);
                while ((r = SSL_read(ssl, ret_answer + len, (int)(size - len - 1))) > 0)
                        len += (size_t)r;
                *ret_resumed = SSL_session_reused(ssl);
                if (session) {
                        SSL_SESSION_free(*session);
                        *session = SSL_get1_session(ssl);
                }
        }
        ret_answer[len] = 0;
        SSL_shutdown(ssl);
        SSL_free(ssl);
        SSL_CTX_free(context);
        ERR_clear_error();
        close(fd);
        return got;
}

static void test_versions(uint16_t port)
{
        SSL_SESSION *session = NULL;
        char answer[1024];
        bool resumed;

        assert(handshake(port, TLS1_3_VERSION, NULL, NULL, NULL, &resumed, answer, sizeof(answer)) ==
               TLS1_3_VERSION);
        assert(strstr(answer, "200 OK"));
        assert(handshake(port, TLS1_1_VERSION, NULL, NULL, NULL, &resumed, answer, sizeof(answer)) == 0);
        assert(handshake(port, TLS1_2_VERSION, NULL, "ECDHE-ECDSA-AES128-SHA", NULL, &resumed, answer,
                         sizeof(answer)) == 0);
        assert(handshake(port, TLS1_3_VERSION, "\2h2", NULL, NULL, &resumed, answer, sizeof(answer)) == 0);

        /* TLS 1.2 resumes; and a person's session does not become an agent's. */
        assert(handshake(port, TLS1_2_VERSION, NULL, NULL, &session, &resumed, answer, sizeof(answer)) ==
               TLS1_2_VERSION);
        assert(!resumed);
        assert(handshake(port, TLS1_2_VERSION, NULL, NULL, &session, &resumed, answer, sizeof(answer)) ==
               TLS1_2_VERSION);
        assert(resumed && strstr(answer, "200 OK"));
        if (handshake(port, TLS1_2_VERSION, "\20imprimatur-agent", NULL, &session, &resumed, answer,
                      sizeof(answer)))
                assert(strstr(answer, " 0 00000000") || !answer[0]);
        SSL_SESSION_free(session);
}

/* A ClientHello that comes octet by octet is one all the same; other first octets end the connection. */
static void test_hellos(uint16_t port, struct http_server *server)
{
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        BIO *out = BIO_new(BIO_s_mem());
        SSL *ssl = SSL_new(context);
        struct pollfd answer;
        char octet, *hello;
        int fd = dial(port);
        long len;

        SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
        assert(SSL_connect(ssl) < 0);
        len = BIO_get_mem_data(out, &hello);
        assert(len > 100);
        for (long i = 0; i < len; i++)
                assert(send(fd, hello + i, 1, MSG_NOSIGNAL) == 1);
        assert(recv(fd, &octet, 1, 0) == 1 && octet == 22);
        close(fd);
        SSL_free(ssl);
        SSL_CTX_free(context);

        fd = dial(port);
        say(fd, "GET / HTTP/1.1\r\n");
        assert(hear_all(fd)[0] == 0);
        /* Nothing more will come, and nobody waits for it. */
        fd = dial(port);
        assert(send(fd, "\26\3\1", 3, MSG_NOSIGNAL) == 3 && shutdown(fd, SHUT_WR) == 0);
        answer = (struct pollfd){ fd, POLLIN, 0 };
        assert(poll(&answer, 1, 5000) == 1);
        assert(hear_all(fd)[0] == 0);
        while (http_server_count(server).connections_now > 0)
                sched_yield();
}

static void copy_file(const char *from, const char *to)
{
        char octets[8192];
        FILE *in = fopen(from, "r"), *out = fopen(to, "w");
        size_t len;

        assert(in && out);
        len = fread(octets, 1, sizeof(octets), in);
        assert(fwrite(octets, 1, len, out) == len);
        fclose(in);
        fclose(out);
}

/* A new certificate is used by new connections, a broken one by none, and old connections live on. */
static void test_reload(uint16_t port, struct tls_server *tls)
{
        struct http_client *old = client_of(port, NULL, false), *new;
        char answer[256], saved[160];
        bool changed;

        assert(who(old, answer, sizeof(answer)) == 0);
        snprintf(saved, sizeof(saved), "%s.saved", certificate_path);
        copy_file(certificate_path, saved);

        assert(tls_server_reload_if_changed(tls, &changed) == 0 && !changed);
        copy_file(agent_certificate, certificate_path);
        assert(tls_server_reload_if_changed(tls, &changed) == TLS_BAD_KEY && changed);
        assert(tls_server_reload_if_changed(tls, &changed) == 0 && !changed);

        assert(unlink(certificate_path) == 0 && unlink(key_path) == 0);
        assert(tls_certificate_make(certificate_path, key_path, "localhost,127.0.0.1", &changed) == 0 &&
               changed);
        assert(tls_server_reload(tls) == 0);
        assert(who(old, answer, sizeof(answer)) == 0);
        new = client_of(port, NULL, false);
        assert(who(new, answer, sizeof(answer)) == 0);
        http_client_free(new);
        http_client_free(old);
        copy_file(saved, certificate_path);
        old = client_of(port, NULL, false);
        assert(who(old, answer, sizeof(answer)) == HTTP_CLIENT_UNTRUSTED);
        http_client_free(old);
        unlink(saved);
}

static void test_certificate_files(void)
{
        struct stat st;
        bool made;

        assert(stat(key_path, &st) == 0 && (st.st_mode & 0777) == 0600);
        assert(tls_certificate_make(certificate_path, key_path, "localhost", &made) == 0 && !made);
        assert(tls_certificate_make("/tmp/none-such/c", "/tmp/none-such/k", "bad name", &made) ==
               TLS_BAD_CERTIFICATE);
        assert(tls_certificate_make("/tmp/none-such/c", "/tmp/none-such/k", "good", &made) == -ENOENT);
        assert(tls_certificate_make(certificate_path, "/tmp/none-such/k", "good", &made) == TLS_BAD_KEY);
        /* The key of a start that crashed before it had its certificate is used. */
        assert(unlink(certificate_path) == 0);
        assert(tls_certificate_make(certificate_path, key_path, "localhost,127.0.0.1,::1", &made) == 0 &&
               made);
}

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

static void paths_make(void)
{
        bool made;

        assert(mkdtemp(folder));
        snprintf(certificate_path, sizeof(certificate_path), "%s/server.pem", folder);
        snprintf(key_path, sizeof(key_path), "%s/server.key", folder);
        snprintf(agent_certificate, sizeof(agent_certificate), "%s/agent.pem", folder);
        snprintf(agent_key, sizeof(agent_key), "%s/agent.key", folder);
        assert(tls_certificate_make(certificate_path, key_path, "localhost,127.0.0.1,::1", &made) == 0 &&
               made);
        assert(tls_certificate_make(agent_certificate, agent_key, "agent", &made) == 0 && made);
}

static void paths_remove(void)
{
        unlink(certificate_path);
        unlink(key_path);
        unlink(agent_certificate);
        unlink(agent_key);
        assert(rmdir(folder) == 0);
}

static void test_plain(void)
{
        struct http_limits limits = short_limits();
        struct http_server *server;
        uint16_t port;

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
        test_events(port, server);
        test_slow_events(port, server);
        test_streams_gone_while_sending(port, server);
        http_server_free(server);
        test_slow_clients();
        test_connection_limits();
        test_stop_drains();
        test_comments();
}

static void test_tls(void)
{
        struct http_server *server;
        struct tls_server *tls;
        uint16_t port;

        assert(tls_server_new(certificate_path, key_path, &tls) == 0);
        server = server_start(short_limits(), tls, &port);
        test_hellos(port, server);
        test_agents(port);
        test_versions(port);
        test_client_events(port, server);
        test_client_uploads(port);
        test_reload(port, tls);
        http_server_free(server);
        tls_server_free(tls);
}

int main(void)
{
        signal(SIGPIPE, SIG_IGN);
        alarm(100);
        pthread_mutex_init(&seen.lock, NULL);
        sem_init(&seen.gone, 0, 0);
        sem_init(&seen.closed, 0, 0);
        sem_init(&seen.held, 0, 0);
        sem_init(&seen.let_go, 0, 0);
        sem_init(&seen.streams, 0, 0);
        paths_make();
        test_certificate_files();
        test_plain();
        test_tls();
        paths_remove();
        return 0;
}
