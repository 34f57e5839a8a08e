// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "agent/swipes.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "outpost/thread.h"
#include "badge/card.h"
#include "badge/frame.h"
#include "badge/profile.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/outcome.h"
#include "base/scope.h"

#define CONFIGURATION_MS 5000
#define TRIES_MS         4000 /* a person waits at the reader */
#define TRY_AGAIN_MS     100
#define OFFERS_MAX       64

struct listener {
        struct swipes *swipes;
        enum reader_model model;
        int fd; /* -1: not open */
        pthread_t thread;
};

/* One appliance, connected. */
struct appliance {
        struct swipes *swipes;
        enum reader_model model;
        int fd;
        char address[READER_ADDRESS];
        struct badge_splitter splitter;
        int64_t second;  /* in which frames are counted */
        uint32_t frames; /* in it */
        struct appliance *next, **link;
        struct offer offers[OFFERS_MAX];
};

static atomic_uint connections;

/* Who listens, and who is connected: one lock for both, so that nobody is let in by a listener that closes.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listener listeners[READER_MODELS];
static bool listening;
static struct appliance *connected;

static bool is_listening(void)
{
        bool is;

        pthread_mutex_lock(&lock);
        is = listening;
        pthread_mutex_unlock(&lock);
        return is;
}

static void answer(const struct appliance *appliance, enum reader_feedback feedback, enum reader_sign sign)
{
        struct text octets = reader_sign_format(feedback, sign);

        /* One that does not read is not waited for. */
        if (octets.len > 0)
                (void)send(appliance->fd, octets.at, octets.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/*
 * Asks until the service answers, for as long as a person waits at the reader, and not longer: what is
 * released after he has gone lies in the tray for everybody. Tried again it is the same swipe, which is
 * released once.
 */
static int ask(struct appliance *appliance, const struct swipe *swipe, enum swipe_result *ret,
               size_t *ret_count)
{
        struct swipes *swipes = appliance->swipes;
        int64_t until_ms = clock_monotonic_ms() + TRIES_MS;
        int r;

        for (;;) {
                size_t room = carrier_room(swipes->carrier);

                r = service_swipe(swipes->service, journal_incarnation(swipes->journal), swipe, ret,
                                  appliance->offers, room < OFFERS_MAX ? room : OFFERS_MAX, ret_count);
                if ((r != SERVICE_UNREACHABLE && r != SERVICE_SILENT && r != SERVICE_BUSY) ||
                    clock_monotonic_ms() >= until_ms)
                        return r;
                (void)poll(NULL, 0, TRY_AGAIN_MS);
        }
}

static void release(struct appliance *appliance, const struct reader_binding *reader, const char *number)
{
        static const char *const events[] = { "swipe-released", "swipe-nothing-held", "swipe-unknown-badge",
                                              "swipe-enrol",    "swipe-bound",        "swipe-refused" };
        static const enum reader_sign signs[] = { READER_ACCEPTED, READER_REFUSED,  READER_UNKNOWN,
                                                  READER_UNKNOWN,  READER_ACCEPTED, READER_REFUSED };
        struct swipe swipe = { .id = id_new(), .reader = reader->id, .badge = number };
        enum swipe_result result = SWIPE_REFUSED;
        char id[ID_STRING];
        size_t count = 0;
        int r;

        printers_refresh(appliance->swipes->printers, reader->printer);
        r = ask(appliance, &swipe, &result, &count);
        if (r == 0)
                carrier_carry(appliance->swipes->carrier, appliance->offers, count);
        answer(appliance, reader->feedback, r == 0 ? signs[result] : READER_REFUSED);
        /* Released, but nothing that we could carry at once: converted first, or behind another. */
        if (r == 0 && result == SWIPE_RELEASED && count == 0)
                carrier_wake(appliance->swipes->carrier);
        id_format(reader->id, id);
        if (r == 0)
                log_write(LOG_NOTICE, events[result], "reader", id, NULL);
        else if (r > 0)
                log_write(LOG_WARNING, "swipe-not-answered", "reader", id, "why", service_complaint(), NULL);
        else
                log_fault("swipe-failed", r);
}

static void on_frame(struct appliance *appliance, struct text frame)
{
        static const struct card_profile profile;
        struct swipes *swipes = appliance->swipes;
        struct reader_binding reader;
        struct card card;
        int r;

        r = card_parse(frame, &profile, &card);
        if (r == CARD_IS_TALK || r == CARD_IS_ABSENT)
                return;
        if (readers_find(swipes->readers, appliance->model, appliance->address, CONFIGURATION_MS, &reader)) {
                log_write(LOG_WARNING, "reader-unknown", "model", reader_model_name(appliance->model),
                          "address", appliance->address, NULL);
                answer(appliance, reader_model_feedback(appliance->model, false), READER_UNKNOWN);
        } else if (r) {
                log_write(LOG_WARNING, "card-malformed", "model", reader_model_name(appliance->model), NULL);
                answer(appliance, reader.feedback, READER_UNKNOWN);
        } else if (!readers_is_repeated(swipes->readers, appliance->model, appliance->address, card.number,
                                        swipes->settings->repeat_ms)) {
                release(appliance, &reader, card.number);
        }
        explicit_bzero(&card, sizeof(card));
}

/* False where an appliance sends more frames a second than any could. */
static bool count_frame(struct appliance *appliance)
{
        int64_t second = clock_monotonic_ms() / 1000;

        if (second != appliance->second)
                appliance->frames = 0;
        appliance->second = second;
        return ++appliance->frames <= appliance->swipes->settings->rate;
}

/* Whether the connection goes on. */
static bool take_octets(struct appliance *appliance, struct text octets)
{
        struct text frame;

        while (badge_splitter_next(&appliance->splitter, &octets, &frame)) {
                if (!count_frame(appliance))
                        return false;
                on_frame(appliance, frame);
        }
        return true;
}

static void listen_to_appliance(struct appliance *appliance)
{
        struct pollfd pollfd = { .fd = appliance->fd, .events = POLLIN };
        char octets[1024];
        struct text frame;

        for (;;) {
                bool open = badge_splitter_is_open(&appliance->splitter);
                int r = poll(&pollfd, 1, open ? (int)appliance->swipes->settings->pause_ms : -1);
                ssize_t n;

                if (r < 0 && errno != EINTR)
                        return;
                if (r == 0 && badge_splitter_flush(&appliance->splitter, &frame))
                        on_frame(appliance, frame);
                if (r <= 0)
                        continue;
                n = recv(appliance->fd, octets, sizeof(octets), 0);
                if (n <= 0)
                        break;
                if (!take_octets(appliance, (struct text){ octets, (size_t)n })) {
                        log_write(LOG_WARNING, "reader-too-fast", "address", appliance->address, NULL);
                        break;
                }
                explicit_bzero(octets, (size_t)n);
        }
        /* What came before it hung up is a swipe as well; not where it is we who hung up. */
        if (is_listening() && badge_splitter_flush(&appliance->splitter, &frame))
                on_frame(appliance, frame);
        explicit_bzero(octets, sizeof(octets));
}

static void *run_appliance(void *context)
{
        struct appliance *appliance = context;

        badge_splitter_init(&appliance->splitter);
        listen_to_appliance(appliance);
        badge_splitter_done(&appliance->splitter);
        pthread_mutex_lock(&lock);
        *appliance->link = appliance->next;
        if (appliance->next)
                appliance->next->link = appliance->link;
        pthread_mutex_unlock(&lock);
        close(appliance->fd);
        free(appliance);
        atomic_fetch_sub(&connections, 1);
        return NULL;
}

/* An appliance that was switched off does not hang up: the kernel finds out. */
static void watch(int fd)
{
        int on = 1, idle_s = 60, every_s = 20, count = 3;

        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every_s, sizeof(every_s));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Numeric; an IPv4 address in IPv6's clothes without them. */
static void name_peer(const struct sockaddr_storage *peer, socklen_t len, char ret[READER_ADDRESS])
{
        char host[NI_MAXHOST];

        ret[0] = 0;
        if (getnameinfo((const struct sockaddr *)peer, len, host, sizeof(host), NULL, 0, NI_NUMERICHOST) == 0)
                (void)text_copy(text_from(strncmp(host, "::ffff:", 7) == 0 ? host + 7 : host), ret,
                                READER_ADDRESS);
}

/* A thread of its own for it, unless nobody listens any more. */
static bool begin(struct appliance *appliance)
{
        bool begun;

        pthread_mutex_lock(&lock);
        begun = listening && thread_start(run_appliance, appliance) == 0;
        if (begun) {
                appliance->link = &connected;
                appliance->next = connected;
                if (connected)
                        connected->link = &appliance->next;
                connected = appliance;
        }
        pthread_mutex_unlock(&lock);
        return begun;
}

/* False where the listener was closed. */
static bool accept_appliance(struct listener *listener)
{
        struct sockaddr_storage peer = { 0 };
        socklen_t len = sizeof(peer);
        int fd = accept4(listener->fd, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);
        struct appliance *appliance;

        if (fd < 0) {
                /* Out of descriptors: accept(2) would fail again at once. */
                if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                        (void)poll(NULL, 0, 100);
                return errno != EINVAL;
        }
        if (atomic_fetch_add(&connections, 1) >= listener->swipes->settings->connections) {
                log_write(LOG_WARNING, "too-many-readers", NULL);
                atomic_fetch_sub(&connections, 1);
                close(fd);
                return true;
        }
        watch(fd);
        appliance = calloc(1, sizeof(*appliance));
        if (appliance) {
                appliance->swipes = listener->swipes;
                appliance->model = listener->model;
                appliance->fd = fd;
                name_peer(&peer, len, appliance->address);
        }
        if (!appliance || !begin(appliance)) {
                atomic_fetch_sub(&connections, 1);
                close(fd);
                free(appliance);
        }
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

static int start_listener(struct swipes *swipes, enum reader_model model)
{
        struct listener *listener = &listeners[model];
        int r;

        *listener = (struct listener){ swipes, model, -1, 0 };
        r = open_port(swipes->settings->listen, swipes->settings->ports[model], &listener->fd);
        if (r)
                return r;
        r = pthread_create(&listener->thread, NULL, run_listener, listener);
        if (r) {
                close(listener->fd);
                listener->fd = -1;
                return fault(-r);
        }
        return 0;
}

/* Those before model. A thread that waits for a connection is woken by the end of its socket. */
static void stop_listeners(int model)
{
        pthread_mutex_lock(&lock);
        listening = false;
        for (struct appliance *appliance = connected; appliance; appliance = appliance->next)
                (void)shutdown(appliance->fd, SHUT_RDWR);
        pthread_mutex_unlock(&lock);
        while (model-- > 0) {
                struct listener *listener = &listeners[model];

                if (listener->fd < 0)
                        continue;
                (void)shutdown(listener->fd, SHUT_RDWR);
                pthread_join(listener->thread, NULL);
                close(listener->fd);
                listener->fd = -1;
        }
}

int swipes_start(struct swipes *swipes, uint16_t *ret_port)
{
        *ret_port = 0;
        if (is_listening())
                return 0;
        pthread_mutex_lock(&lock);
        listening = true;
        pthread_mutex_unlock(&lock);
        for (int model = 0; model < READER_MODELS; model++) {
                int r = 0;

                listeners[model].fd = -1;
                *ret_port = swipes->settings->ports[model];
                if (*ret_port != 0)
                        r = start_listener(swipes, (enum reader_model)model);
                if (r) {
                        stop_listeners(model);
                        return r;
                }
        }
        return 0;
}

void swipes_stop(struct swipes *swipes)
{
        (void)swipes;
        if (is_listening())
                stop_listeners(READER_MODELS);
}
