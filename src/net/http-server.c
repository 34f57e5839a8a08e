// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/http-server.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "net/http-connection.h"

#define THREADS_DEFAULT 32
#define STACK_OCTETS    (1024 * 1024) /* a parser of nested JSON may go down two thousand levels */
#define BACKLOG         1024

static int quit_watch(struct http_server *server)
{
        struct epoll_event event = { .events = EPOLLIN };

        server->quit = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (server->quit < 0)
                return fault(-errno);
        event.data.u64 = HTTP_HANDLE_QUIT;
        return epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->quit, &event) < 0 ? fault(-errno) : 0;
}

static unsigned threads_wanted(const struct http_server *server)
{
        return server->options.threads ? server->options.threads : THREADS_DEFAULT;
}

int http_server_new(const struct http_server_options *options, struct http_server **ret)
{
        SCOPED(http_server_freep) struct http_server *server = calloc(1, sizeof(*server));
        int r;

        if (!server)
                return fault(-ENOMEM);
        server->epoll = server->quit = -1;
        server->options = *options;
        server->limits = options->limits;
        http_limits_fit_descriptors(&server->limits);
        pthread_mutex_init(&server->lock, NULL);
        crew_init(&server->crew, threads_wanted(server));
        pthread_cond_init(&server->emptied, NULL);
        server->epoll = epoll_create1(EPOLL_CLOEXEC);
        if (server->epoll < 0)
                return fault(-errno);
        r = http_slots_init(&server->slots, server->limits.connections_max, server->epoll);
        if (r)
                return r;
        r = http_peers_init(&server->peers, server->limits.connections_max);
        if (r)
                return r;
        r = quit_watch(server);
        if (r)
                return r;
        *ret = take(server);
        return 0;
}

/* Accepted sockets inherit the options. */
static void listener_tune(int fd)
{
        int on = 1;

        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
}

int http_server_listen(struct http_server *server, const char *address, uint16_t *ret_port)
{
        int r;

        if (server->listener_count == HTTP_LISTENERS)
                return fault(-ENOSPC);
        r = address_listen(address, BACKLOG, &server->listeners[server->listener_count], ret_port);
        if (r > 0)
                return fault(-EINVAL);
        if (r < 0)
                return r;
        listener_tune(server->listeners[server->listener_count++]);
        return 0;
}

static int thread_start(pthread_t *thread, void *(*main)(void *), struct http_server *server)
{
        sigset_t all, before;
        pthread_attr_t attributes;
        int r;

        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, STACK_OCTETS);
        /* Signals are the main thread's; and a write to a closed socket shall be an error, not SIGPIPE. */
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before);
        r = pthread_create(thread, &attributes, main, server);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
        return r ? fault(-r) : 0;
}

int http_server_start(struct http_server *server)
{
        unsigned wanted = threads_wanted(server);
        int r;

        server->threads = calloc(wanted, sizeof(*server->threads));
        if (!server->threads)
                return fault(-ENOMEM);
        while (server->thread_count < wanted) {
                r = thread_start(&server->threads[server->thread_count], http_worker_main, server);
                if (r)
                        return r;
                server->thread_count++;
        }
        r = thread_start(&server->timer, http_timer_main, server);
        if (r)
                return r;
        server->has_timer = true;
        for (unsigned i = 0; i < server->listener_count; i++)
                http_listener_watch(server, i, EPOLL_CTL_ADD);
        return 0;
}

/* True once no connection is left. */
static bool await_empty(struct http_server *server, uint32_t wait_ms)
{
        struct timespec until;
        bool empty;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += wait_ms / 1000;
        until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
        if (until.tv_nsec >= 1000000000) {
                until.tv_sec++;
                until.tv_nsec -= 1000000000;
        }
        pthread_mutex_lock(&server->lock);
        while (!(empty = atomic_load(&server->counters.connections_now) == 0))
                if (pthread_cond_timedwait(&server->emptied, &server->lock, &until) == ETIMEDOUT)
                        break;
        empty = atomic_load(&server->counters.connections_now) == 0;
        pthread_mutex_unlock(&server->lock);
        return empty;
}

static void threads_end(struct http_server *server)
{
        uint64_t one = 1;

        if (write(server->quit, &one, sizeof(one)) != sizeof(one))
                return;
        for (unsigned i = 0; i < server->thread_count; i++)
                pthread_join(server->threads[i], NULL);
        if (server->has_timer)
                pthread_join(server->timer, NULL);
        server->thread_count = 0;
        server->has_timer = false;
}

void http_server_stop(struct http_server *server, uint32_t drain_ms)
{
        if (server->is_stopped)
                return;
        server->is_stopped = true;
        atomic_store(&server->draining, true);
        /* Nobody can connect from here on; closed later, for a worker may be about to accept. */
        for (unsigned i = 0; i < server->listener_count; i++)
                (void)shutdown(server->listeners[i], SHUT_RDWR);
        if (server->thread_count > 0) {
                http_slots_wish(&server->slots, HTTP_WISH_DRAIN);
                /* A handler that runs is waited for, however long: it may be about to commit. */
                while (!await_empty(server, drain_ms)) {
                        http_slots_wish(&server->slots, HTTP_WISH_CUT);
                        drain_ms = 100;
                }
        }
        threads_end(server);
        for (unsigned i = 0; i < server->listener_count; i++)
                close(server->listeners[i]);
}

void http_server_free(struct http_server *server)
{
        if (!server)
                return;
        http_server_stop(server, 0);
        http_slots_done(&server->slots);
        http_peers_done(&server->peers);
        closep(&server->epoll);
        closep(&server->quit);
        pthread_mutex_destroy(&server->lock);
        crew_done(&server->crew);
        pthread_cond_destroy(&server->emptied);
        free(server->threads);
        free(server);
}

void http_server_freep(struct http_server **server)
{
        http_server_free(*server);
}

struct http_counters http_server_count(struct http_server *server)
{
        return (struct http_counters){
                .connections_now = atomic_load(&server->counters.connections_now),
                .connections = atomic_load(&server->counters.connections),
                .connections_refused = atomic_load(&server->counters.connections_refused),
                .handshakes_failed = atomic_load(&server->counters.handshakes_failed),
                .requests = atomic_load(&server->counters.requests),
                .requests_refused = atomic_load(&server->counters.requests_refused),
                .events_now = atomic_load(&server->counters.events_now),
                .events_dropped = atomic_load(&server->counters.events_dropped),
        };
}
