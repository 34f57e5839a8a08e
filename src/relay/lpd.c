// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Who may connect, and how many at once. */

#include "relay/lpd.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/network.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "outpost/thread.h"

#define BACKLOG      64
#define RESERVED_MAX 1023

void lpd_init(struct lpd *lpd)
{
        pthread_mutex_init(&lpd->lock, NULL);
        lpd->fd = -1;
}

/* Numeric; an IPv4 address in IPv6's clothes without them. */
static void name_peer(const struct sockaddr_storage *peer, socklen_t len, char ret[LPD_ADDRESS])
{
        char host[NI_MAXHOST];

        ret[0] = 0;
        if (getnameinfo((const struct sockaddr *)peer, len, host, sizeof(host), NULL, 0, NI_NUMERICHOST) == 0)
                (void)text_copy(text_from(strncmp(host, "::ffff:", 7) == 0 ? host + 7 : host), ret,
                                LPD_ADDRESS);
}

static unsigned int port_of(const struct sockaddr_storage *peer)
{
        if (peer->ss_family == AF_INET6)
                return ntohs(((const struct sockaddr_in6 *)peer)->sin6_port);
        return ntohs(((const struct sockaddr_in *)peer)->sin_port);
}

/* Once in a while is enough: whoever is refused mostly comes again at once. */
static void tell_refused(const char *address, const char *why)
{
        static _Atomic int64_t told_ms;
        int64_t now_ms = clock_monotonic_ms();

        if (told_ms && now_ms - told_ms < 1000)
                return;
        told_ms = now_ms;
        log_write(LOG_WARNING, "lpd-refused", "address", address, "why", why, NULL);
}

static bool may_come(struct lpd *lpd, const char *address, unsigned int port)
{
        const char *why = NULL;

        pthread_mutex_lock(&lpd->lock);
        if (!network_list_has(text_from(lpd->plan.networks), text_from(address)))
                why = "network";
        else if (lpd->plan.reserved_ports && port > RESERVED_MAX)
                why = "source-port";
        pthread_mutex_unlock(&lpd->lock);
        if (why)
                tell_refused(address, why);
        return !why;
}

/* False where there is no room for him, or nobody listens any more. */
static bool enlist(struct lpd *lpd, struct lpd_connection *connection)
{
        uint32_t of_address = 0;
        bool fits;

        pthread_mutex_lock(&lpd->lock);
        for (const struct lpd_connection *other = lpd->connected; other; other = other->next)
                of_address += strcmp(other->address, connection->address) == 0;
        fits = lpd->fd >= 0 && lpd->count < lpd->settings->connections &&
               of_address < lpd->settings->per_address;
        if (fits) {
                connection->next = lpd->connected;
                lpd->connected = connection;
                lpd->count++;
        }
        pthread_mutex_unlock(&lpd->lock);
        if (!fits)
                tell_refused(connection->address, "too-many-connections");
        return fits;
}

static void strike(struct lpd *lpd, struct lpd_connection *connection)
{
        struct lpd_connection **at = &lpd->connected;

        pthread_mutex_lock(&lpd->lock);
        while (*at != connection)
                at = &(*at)->next;
        *at = connection->next;
        lpd->count--;
        /* Under the lock: lpd_stop() must not hang up on a number that is somebody else's by then. */
        close(connection->fd);
        pthread_mutex_unlock(&lpd->lock);
}

static void *run_connection(void *context)
{
        struct lpd_connection *connection = context;

        lpd_serve(connection);
        strike(connection->lpd, connection);
        explicit_bzero(connection->octets, sizeof(connection->octets));
        free(connection);
        return NULL;
}

static void hang_up(struct lpd_connection *connection)
{
        close(connection->fd);
        free(connection);
}

static void begin(struct lpd *lpd, int fd, const char *address)
{
        struct lpd_connection *connection = calloc(1, sizeof(*connection));
        int on = 1;

        if (!connection) {
                close(fd);
                return;
        }
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        connection->lpd = lpd;
        connection->fd = fd;
        connection->until_ms = clock_monotonic_ms() + lpd->settings->longest_ms;
        (void)text_copy(text_from(address), connection->address, LPD_ADDRESS);
        if (!enlist(lpd, connection)) {
                hang_up(connection);
                return;
        }
        if (thread_start(run_connection, connection) != 0) {
                strike(lpd, connection);
                free(connection);
        }
}

/* False when nobody is to come any more. */
static bool accept_one(struct lpd *lpd, int listener)
{
        struct sockaddr_storage peer = { 0 };
        socklen_t len = sizeof(peer);
        int fd = accept4(listener, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
        char address[LPD_ADDRESS];

        if (fd < 0) {
                /* Out of descriptors: accept(2) would fail again at once. */
                if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                        (void)poll(NULL, 0, 100);
                return errno != EINVAL;
        }
        name_peer(&peer, len, address);
        if (may_come(lpd, address, port_of(&peer)))
                begin(lpd, fd, address);
        else
                close(fd);
        return true;
}

static void *run_listener(void *context)
{
        struct lpd *lpd = context;
        int listener = lpd->fd;

        while (accept_one(lpd, listener))
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
        if (bind(fd, at->ai_addr, at->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
                return errno == EADDRINUSE || errno == EACCES ? LPD_IN_USE : LPD_BAD_ADDRESS;
        *ret_fd = take_fd(&fd);
        return 0;
}

static int open_port(const struct lpd_settings *settings, uint16_t number, int *ret_fd)
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        char port[8];
        int r;

        snprintf(port, sizeof(port), "%u", number);
        if (getaddrinfo(settings->listen, port, &hints, &found) != 0)
                return LPD_BAD_ADDRESS;
        r = bind_to(found, ret_fd);
        freeaddrinfo(found);
        return r;
}

static void tell_opened(const struct lpd *lpd, int r)
{
        const char *why = r == LPD_IN_USE ? "the port is taken, or not ours to take"
                                          : "[lpd] listen is no address of this machine";
        char port[8];

        snprintf(port, sizeof(port), "%u", lpd->plan.port);
        if (r > 0)
                log_write(LOG_ERROR, "lpd-door-not-opened", "port", port, "why", why, NULL);
        else if (r == 0)
                log_write(LOG_NOTICE, "lpd-door-open", "port", port, NULL);
}

static int start(struct lpd *lpd)
{
        int r;

        r = open_port(lpd->settings, lpd->plan.port, &lpd->fd);
        tell_opened(lpd, r);
        if (r)
                return r;
        r = pthread_create(&lpd->thread, NULL, run_listener, lpd);
        if (r) {
                close(lpd->fd);
                lpd->fd = -1;
                return fault(-r);
        }
        return 0;
}

/* A thread that waits for a connection is woken by the end of its socket. */
static void stop(struct lpd *lpd)
{
        int fd = lpd->fd;

        pthread_mutex_lock(&lpd->lock);
        lpd->fd = -1;
        for (struct lpd_connection *connection = lpd->connected; connection; connection = connection->next)
                (void)shutdown(connection->fd, SHUT_RDWR);
        pthread_mutex_unlock(&lpd->lock);
        (void)shutdown(fd, SHUT_RDWR);
        pthread_join(lpd->thread, NULL);
        close(fd);
}

int lpd_apply(struct lpd *lpd, bool is_on, const json_t *member)
{
        struct lpd_plan plan = { 0 };
        int r = 0;

        if (member)
                r = lpd_plan_parse(member, &plan);
        if (r)
                return r < 0 ? r : LPD_MALFORMED;
        plan.enabled = plan.enabled && is_on;
        if (lpd->fd >= 0 && (!plan.enabled || plan.port != lpd->plan.port))
                stop(lpd);
        pthread_mutex_lock(&lpd->lock);
        lpd->plan = plan;
        pthread_mutex_unlock(&lpd->lock);
        return plan.enabled && lpd->fd < 0 ? start(lpd) : 0;
}

bool lpd_leads_to(struct lpd *lpd, struct text queue)
{
        bool leads;

        pthread_mutex_lock(&lpd->lock);
        leads = lpd_plan_has(&lpd->plan, queue);
        pthread_mutex_unlock(&lpd->lock);
        return leads;
}
