// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/*
 * What the tests of the HTTP server share: handlers that remember what they saw, and clients that speak octet
 * by octet. Included by test programs alone, each of which uses some of it.
 */

#pragma GCC diagnostic ignored "-Wunused-function"

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

static void streams_forget(void)
{
        pthread_mutex_lock(&seen.lock);
        seen.events_count = 0;
        pthread_mutex_unlock(&seen.lock);
        while (sem_trywait(&seen.closed) == 0)
                ;
}

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

static void tests_start(void)
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
}
