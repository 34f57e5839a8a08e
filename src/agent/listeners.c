// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/listeners.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/appliances.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "outpost/thread.h"

#define TRY_AGAIN_MS 5000

struct listener {
        struct swipes *swipes;
        enum reader_model model;
        uint16_t wanted; /* 0: none */
        uint16_t port;   /* that is open; 0: none */
        int fd;
        pthread_t thread;
};

/* The lock is held while ports are opened and closed, and for nothing that waits for anybody else. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listener listeners[READER_MODELS];
static bool tries_again;

/* Numeric; an IPv4 address in IPv6's clothes without them. */
static void name_peer(const struct sockaddr_storage *peer, socklen_t len, char ret[READER_ADDRESS])
{
        char host[NI_MAXHOST];

        ret[0] = 0;
        if (getnameinfo((const struct sockaddr *)peer, len, host, sizeof(host), NULL, 0, NI_NUMERICHOST) == 0)
                (void)text_copy(text_from(strncmp(host, "::ffff:", 7) == 0 ? host + 7 : host), ret,
                                READER_ADDRESS);
}

/* False where the listener was closed. */
static bool accept_appliance(struct listener *listener)
{
        struct sockaddr_storage peer = { 0 };
        struct appliance_call call = { .swipes = listener->swipes, .peer.model = listener->model };
        char address[READER_ADDRESS];
        socklen_t len = sizeof(peer);

        call.fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
        if (call.fd < 0) {
                /* Out of descriptors: accept(2) would fail again at once. */
                if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                        (void)poll(NULL, 0, 100);
                return errno != EINVAL;
        }
        name_peer(&peer, len, address);
        call.peer.address = address;
        appliances_take(&call);
        return true;
}

static void *run_listener(void *context)
{
        while (accept_appliance(context))
                ;
        return NULL;
}

static int bind_to(const struct addrinfo *at, int *ret_fd)
{
        SCOPED(closep) int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int on = 1;

        if (fd < 0)
                return fault(-errno);
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (bind(fd, at->ai_addr, at->ai_addrlen) < 0 || listen(fd, 64) < 0)
                return errno == EADDRINUSE || errno == EACCES ? SWIPES_IN_USE : SWIPES_BAD_ADDRESS;
        *ret_fd = take_fd(&fd);
        return 0;
}

static int open_port(const char *address, uint16_t port, int *ret_fd)
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        char string[8];
        int r;

        snprintf(string, sizeof(string), "%u", port);
        if (getaddrinfo(address, string, &hints, &found) != 0)
                return SWIPES_BAD_ADDRESS;
        r = bind_to(found, ret_fd);
        freeaddrinfo(found);
        return r;
}

/* Under the lock, as all below. */
static int open_listener(struct listener *listener)
{
        int r = open_port(listener->swipes->settings->listen, listener->wanted, &listener->fd);

        if (r)
                return r;
        r = pthread_create(&listener->thread, NULL, run_listener, listener);
        if (r) {
                close(listener->fd);
                return fault(-r);
        }
        listener->port = listener->wanted;
        return 0;
}

static bool is_of_model(const void *context, const struct reader_peer *peer)
{
        return peer->model == *(const enum reader_model *)context && id_is_zero(peer->dialled);
}

/* A thread that waits for a connection is woken by the end of its socket. */
static void close_listener(struct listener *listener)
{
        (void)shutdown(listener->fd, SHUT_RDWR);
        pthread_join(listener->thread, NULL);
        close(listener->fd);
        listener->port = 0;
        appliances_hang_up(is_of_model, &listener->model);
}

/* Closes first, for a port may go from one model to another. */
static int reconcile(uint16_t *ret_port)
{
        int first = 0;

        for (int i = 0; i < READER_MODELS; i++)
                if (listeners[i].port && listeners[i].port != listeners[i].wanted)
                        close_listener(&listeners[i]);
        for (int i = 0; i < READER_MODELS; i++) {
                int r = listeners[i].port == listeners[i].wanted ? 0 : open_listener(&listeners[i]);

                if (r && !first) {
                        first = r;
                        *ret_port = listeners[i].wanted;
                }
        }
        return first;
}

static void *run_again(void *context)
{
        uint16_t port;

        (void)context;
        for (;;) {
                (void)poll(NULL, 0, TRY_AGAIN_MS);
                pthread_mutex_lock(&lock);
                (void)reconcile(&port);
                pthread_mutex_unlock(&lock);
        }
        return NULL;
}

static void want(struct swipes *swipes, bool is_on)
{
        struct reader_model_switch models[READER_MODELS];

        readers_models(swipes->readers, models);
        for (int i = 0; i < READER_MODELS; i++) {
                listeners[i].swipes = swipes;
                listeners[i].model = (enum reader_model)i;
                /* 0 in the settings of this machine is never, whatever the service says. */
                if (!is_on || !models[i].is_on || swipes->settings->ports[i] == 0)
                        listeners[i].wanted = 0;
                else
                        listeners[i].wanted = models[i].port ? models[i].port : swipes->settings->ports[i];
        }
}

int listeners_apply(struct swipes *swipes, bool is_on, uint16_t *ret_port)
{
        char port[8];
        int r;

        pthread_mutex_lock(&lock);
        want(swipes, is_on);
        r = reconcile(ret_port);
        if (!tries_again)
                tries_again = thread_start(run_again, NULL) == 0;
        pthread_mutex_unlock(&lock);
        if (r > 0) {
                snprintf(port, sizeof(port), "%u", *ret_port);
                log_write(LOG_ERROR, "reader-port-not-open", "port", port, NULL);
        }
        return r;
}

void listeners_ports(uint16_t ret[READER_MODELS])
{
        pthread_mutex_lock(&lock);
        for (int i = 0; i < READER_MODELS; i++)
                ret[i] = listeners[i].port;
        pthread_mutex_unlock(&lock);
}
