// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/dialler.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "agent/appliances.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/scope.h"
#include "crypt/random.h"
#include "outpost/thread.h"

#define CONNECT_MS 5000
#define FIRST_MS   1000
#define MOST_MS    60000
#define LASTED_MS  10000 /* a connection that lasted so long was a good one */

/* One reader that we dial; frees itself after it was told to end. */
struct dial {
        struct swipes *swipes;
        struct reader_binding reader;
        bool is_over;
        struct dial *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct dial *dials;

static void init(void)
{
        pthread_condattr_t attributes;

        pthread_condattr_init(&attributes);
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        pthread_cond_init(&changed, &attributes);
        pthread_condattr_destroy(&attributes);
}

static bool is_over(struct dial *dial)
{
        bool over;

        pthread_mutex_lock(&lock);
        over = dial->is_over;
        pthread_mutex_unlock(&lock);
        return over;
}

/* Until then, or until it is over. */
static void wait_ms(struct dial *dial, int64_t ms)
{
        struct timespec until;

        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += (time_t)(ms / 1000);
        until.tv_nsec += (long)(ms % 1000) * 1000000;
        if (until.tv_nsec >= 1000000000) {
                until.tv_sec++;
                until.tv_nsec -= 1000000000;
        }
        pthread_mutex_lock(&lock);
        while (!dial->is_over && pthread_cond_timedwait(&changed, &lock, &until) != ETIMEDOUT)
                ;
        pthread_mutex_unlock(&lock);
}

static int64_t about(int64_t ms)
{
        uint8_t octet;

        random_octets(&octet, sizeof(octet));
        return ms + ms / 4 * ((int64_t)octet - 128) / 128;
}

static bool connect_to(int fd, const struct addrinfo *at)
{
        struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
        int failure = 0;
        socklen_t len = sizeof(failure);

        if (connect(fd, at->ai_addr, at->ai_addrlen) == 0)
                return true;
        return errno == EINPROGRESS && poll(&pollfd, 1, CONNECT_MS) == 1 &&
               getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &len) == 0 && failure == 0;
}

/* The numeric address in ret_address; -1 where nobody is there. */
static int open_to(const struct addrinfo *found, char ret_address[READER_ADDRESS])
{
        for (const struct addrinfo *at = found; at; at = at->ai_next) {
                SCOPED(closep) int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

                if (fd < 0 || !connect_to(fd, at) || fcntl(fd, F_SETFL, 0) < 0)
                        continue;
                if (getnameinfo(at->ai_addr, at->ai_addrlen, ret_address, READER_ADDRESS, NULL, 0,
                                NI_NUMERICHOST))
                        ret_address[0] = 0;
                return take_fd(&fd);
        }
        return -1;
}

static int dial_once(const struct reader_binding *reader, char ret_address[READER_ADDRESS])
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        char port[8];
        int fd;

        snprintf(port, sizeof(port), "%u", reader->dial_port);
        if (getaddrinfo(reader->address, port, &hints, &found) != 0)
                return -1;
        fd = open_to(found, ret_address);
        freeaddrinfo(found);
        return fd;
}

/* True where it was a connection worth the name. */
static bool serve(struct dial *dial, bool *is_away)
{
        char address[READER_ADDRESS] = "", id[ID_STRING];
        struct appliance_call call = { .swipes = dial->swipes,
                                       .peer = { dial->reader.model, address, dial->reader.id } };
        int64_t began_ms;

        id_format(dial->reader.id, id);
        call.fd = dial_once(&dial->reader, address);
        if (call.fd < 0) {
                /* Said once, and not as often as it is dialled. */
                if (!*is_away)
                        log_write(LOG_WARNING, "reader-away", "reader", id, NULL);
                *is_away = true;
                return false;
        }
        *is_away = false;
        log_write(LOG_NOTICE, "reader-connected", "reader", id, NULL);
        began_ms = clock_monotonic_ms();
        if (is_over(dial))
                close(call.fd);
        else
                appliances_serve(&call);
        return clock_monotonic_ms() - began_ms >= LASTED_MS;
}

static void *run(void *context)
{
        struct dial *dial = context;
        int64_t pause_ms = FIRST_MS;
        bool is_away = false;

        while (!is_over(dial)) {
                if (serve(dial, &is_away))
                        pause_ms = FIRST_MS;
                wait_ms(dial, about(pause_ms));
                pause_ms = pause_ms * 2 > MOST_MS ? MOST_MS : pause_ms * 2;
        }
        free(dial);
        return NULL;
}

/* What matters of a reader for the connection to it; the rest is looked up with each swipe. */
static bool is_same(const struct reader_binding *a, const struct reader_binding *b)
{
        return id_equal(a->id, b->id) && a->model == b->model && a->dial_port == b->dial_port &&
               a->feedback == b->feedback && strcmp(a->address, b->address) == 0;
}

static bool is_reader(const void *context, const struct reader_peer *peer)
{
        return id_equal(peer->dialled, *(const struct id *)context);
}

/* Under the lock. */
static void end_dials(const struct reader_binding *wanted, size_t count)
{
        for (struct dial **link = &dials; *link;) {
                struct dial *dial = *link;
                bool stays = false;

                for (size_t i = 0; i < count && !stays; i++)
                        stays = is_same(&wanted[i], &dial->reader);
                if (stays) {
                        link = &dial->next;
                        continue;
                }
                *link = dial->next;
                dial->is_over = true;
                appliances_hang_up(is_reader, &dial->reader.id);
        }
        pthread_cond_broadcast(&changed);
}

static void begin_dial(struct swipes *swipes, const struct reader_binding *reader)
{
        struct dial *dial;

        for (dial = dials; dial; dial = dial->next)
                if (is_same(&dial->reader, reader))
                        return;
        dial = calloc(1, sizeof(*dial));
        if (!dial)
                return;
        *dial = (struct dial){ .swipes = swipes, .reader = *reader, .next = dials };
        if (thread_start(run, dial) == 0)
                dials = dial;
        else
                free(dial);
}

void dialler_apply(struct swipes *swipes, bool is_on)
{
        SCOPED(freep) struct reader_binding *wanted = calloc(READERS_MAX, sizeof(*wanted));
        size_t count = is_on && wanted ? readers_dialled(swipes->readers, wanted) : 0;

        pthread_once(&once, init);
        pthread_mutex_lock(&lock);
        end_dials(wanted, count);
        for (size_t i = 0; i < count; i++)
                begin_dial(swipes, &wanted[i]);
        pthread_mutex_unlock(&lock);
}

unsigned dialler_count(void)
{
        unsigned found = 0;

        pthread_mutex_lock(&lock);
        for (struct dial *dial = dials; dial; dial = dial->next)
                found++;
        pthread_mutex_unlock(&lock);
        return found;
}
