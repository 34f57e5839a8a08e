// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/scope.h"
#include "net/http-connection.h"
#include "net/tls.h"

#define TICK_MS          100
#define SELDOM_MS        10000
#define COMPLAIN_MS      10000
#define TRIM_CONNECTIONS 1000

void http_listener_watch(struct http_server *server, unsigned index, int operation)
{
        struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT };

        event.data.u64 = index;
        (void)epoll_ctl(server->epoll, operation, server->listeners[index], &event);
}

/* At most one line in ten seconds: an attack shall not fill the log as well. */
static void complain(struct http_server *server, const char *reason)
{
        long long now = clock_monotonic_ms(), before = atomic_load(&server->complained_ms);

        if (before && now - before < COMPLAIN_MS)
                return;
        if (atomic_compare_exchange_strong(&server->complained_ms, &before, now))
                log_write(LOG_WARNING, "http-connection-refused", "reason", reason, NULL);
}

static void connection_refuse(struct http_server *server, int fd, const char *reason)
{
        static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\n"
                                   "Content-Length: 0\r\nConnection: close\r\n\r\n";

        atomic_fetch_add(&server->counters.connections_refused, 1);
        complain(server, reason);
        /* Whoever speaks TLS would need a handshake to be told, which is what we cannot afford now. */
        if (!server->options.tls)
                (void)send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        close(fd);
}

static void connection_admit(struct http_worker *worker, int fd, const struct sockaddr_storage *from)
{
        struct http_server *server = worker->server;
        struct in6_addr peer = address_from(from);
        struct http_connection *c;

        if (!http_peers_add(&server->peers, &peer, server->limits.connections_per_peer_max)) {
                connection_refuse(server, fd, "too many from one address");
                return;
        }
        c = http_connection_new(server, &peer);
        if (!c) {
                http_peers_remove(&server->peers, &peer);
                connection_refuse(server, fd, "out of memory");
                return;
        }
        c->slot = http_slot_take(&server->slots, fd, c);
        if (!c->slot) {
                http_peers_remove(&server->peers, &peer);
                connection_refuse(server, fd, "too many");
                free(c);
                return;
        }
        atomic_fetch_add(&server->counters.connections, 1);
        atomic_fetch_add(&server->counters.connections_now, 1);
        http_connection_serve(worker, c->slot);
}

/* One connection; the listener is watched again before it is served, so that others take the next ones. */
static void listener_accept(struct http_worker *worker, unsigned index)
{
        struct http_server *server = worker->server;
        struct sockaddr_storage from = { 0 };
        socklen_t len = sizeof(from);
        int fd;

        if (atomic_load(&server->draining))
                return;
        fd = accept4(server->listeners[index], (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
                /* Trying again at once would only spin; the timer watches it again. */
                complain(server, "no descriptors are left");
                atomic_store(&server->accept_paused, true);
                return;
        }
        http_listener_watch(server, index, EPOLL_CTL_MOD);
        if (fd >= 0)
                connection_admit(worker, fd, &from);
}

static void worker_done(struct http_worker *worker)
{
        free(worker->octets);
        free(worker->pull);
        free(worker->fields);
}

static bool worker_init(struct http_worker *worker, struct http_server *server)
{
        *worker = (struct http_worker){ .server = server };
        worker->size = server->limits.head_max_octets + HTTP_PIECE_OCTETS;
        worker->octets = malloc(worker->size);
        worker->pull = malloc(HTTP_PIECE_OCTETS + 32);
        worker->fields = calloc(server->limits.headers_max, sizeof(*worker->fields));
        return worker->octets && worker->pull && worker->fields;
}

void *http_worker_main(void *context)
{
        struct http_server *server = context;
        SCOPED(worker_done) struct http_worker worker;
        struct epoll_event event;
        struct http_slot *slot;

        if (!worker_init(&worker, server)) {
                log_write(LOG_ERROR, "http-worker-without-memory", NULL);
                return NULL;
        }
        crew_join(&server->crew);
        for (;;) {
                if (epoll_wait(server->epoll, &event, 1, -1) != 1)
                        continue;
                if (event.data.u64 == HTTP_HANDLE_QUIT)
                        return NULL;
                if (event.data.u64 < HTTP_LISTENERS) {
                        listener_accept(&worker, (unsigned)event.data.u64);
                        continue;
                }
                slot = http_slot_run(&server->slots, event.data.u64);
                if (slot)
                        http_connection_serve(&worker, slot);
        }
}

static void certificate_check(struct http_server *server)
{
        bool changed = false;
        int r = tls_server_reload_if_changed(server->options.tls, &changed);

        if (r < 0)
                log_fault("tls-certificate-not-loaded", r);
        else if (r > 0)
                log_write(LOG_ERROR, "tls-certificate-not-loaded", "reason",
                          r == TLS_BAD_KEY ? "the key is none, or another certificate's"
                                           : "the certificate is none",
                          NULL);
        else if (changed)
                log_write(LOG_NOTICE, "tls-certificate-loaded", NULL);
}

static void accept_resume(struct http_server *server)
{
        if (!atomic_exchange(&server->accept_paused, false) || atomic_load(&server->draining))
                return;
        for (unsigned i = 0; i < server->listener_count; i++)
                http_listener_watch(server, i, EPOLL_CTL_MOD);
}

/* The heap keeps what a crowd needed; once it has gone, the system gets it back. */
static void memory_trim(struct http_server *server, unsigned long long *most)
{
        unsigned long long now = atomic_load(&server->counters.connections_now);

        if (now > *most) {
                *most = now;
        } else if (*most - now > TRIM_CONNECTIONS) {
                (void)malloc_trim(0);
                *most = now;
        }
}

void *http_timer_main(void *context)
{
        struct http_server *server = context;
        struct pollfd quit = { server->quit, POLLIN, 0 };
        int64_t now, checked = clock_monotonic_ms();
        unsigned long long most = 0;

        while (poll(&quit, 1, TICK_MS) <= 0) {
                now = clock_monotonic_ms();
                http_slots_expire(&server->slots, now, server->limits.write_timeout_ms);
                accept_resume(server);
                if (now - checked < SELDOM_MS)
                        continue;
                checked = now;
                memory_trim(server, &most);
                if (server->options.tls)
                        certificate_check(server);
        }
        return NULL;
}
