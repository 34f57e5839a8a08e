// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* For tests: a listener on a free port of this machine, served by one thread, one connection after the other.
 */

#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/scope.h"
#include "courier/delivery.h"

struct fake_printer {
        int listener;
        uint16_t port;
        pthread_t thread;
        void (*serve)(struct fake_printer *fake, int fd);
        int behaviour;
        int connections;
        char got[1 << 20]; /* what a test's serve() keeps */
        size_t got_len;
};

static void *fake_run(void *context)
{
        struct fake_printer *fake = context;

        for (;;) {
                int fd = accept(fake->listener, NULL, NULL);

                if (fd < 0)
                        return NULL;
                fake->connections++;
                fake->serve(fake, fd);
                close(fd);
        }
}

static void fake_start(struct fake_printer *fake, void (*serve)(struct fake_printer *, int), int behaviour)
{
        struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t len = sizeof(at);

        fake->serve = serve;
        fake->behaviour = behaviour;
        fake->connections = 0;
        fake->got_len = 0;
        fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert(fake->listener >= 0 && bind(fake->listener, (struct sockaddr *)&at, sizeof(at)) == 0);
        assert(listen(fake->listener, 8) == 0);
        assert(getsockname(fake->listener, (struct sockaddr *)&at, &len) == 0);
        fake->port = ntohs(at.sin_port);
        assert(pthread_create(&fake->thread, NULL, fake_run, fake) == 0);
}

static void fake_stop(struct fake_printer *fake)
{
        shutdown(fake->listener, SHUT_RDWR);
        pthread_join(fake->thread, NULL);
        close(fake->listener);
}

static inline void fake_reset(int fd)
{
        struct linger linger = { 1, 0 };

        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/* Up to len more octets into got; false at the end. */
static inline bool fake_take(struct fake_printer *fake, int fd, size_t len)
{
        size_t room = sizeof(fake->got) - fake->got_len;
        ssize_t n = read(fd, fake->got + fake->got_len, len < room ? len : room);

        if (n > 0)
                fake->got_len += (size_t)n;
        return n > 0;
}

static inline bool fake_got(const struct fake_printer *fake, const char *octets)
{
        return memmem(fake->got, fake->got_len, octets, strlen(octets));
}

static inline void fake_say(int fd, const char *words)
{
        assert(write(fd, words, strlen(words)) == (ssize_t)strlen(words));
}

/* A document of pieces, and a witness of what the courier told its observer. */
struct fake_document {
        const char *piece;
        int pieces;
        int given;
        int fails_at; /* 0: never */
        bool grant_expired;
        int begun;
        int32_t job_id;
        int sent;
};

static int fake_pull(void *context, struct text *ret)
{
        struct fake_document *document = context;

        if (document->fails_at && document->given + 1 == document->fails_at)
                return -1;
        *ret = document->given < document->pieces ? text_from(document->piece) : (struct text){ "", 0 };
        document->given++;
        return 0;
}

static int fake_rewind(void *context)
{
        ((struct fake_document *)context)->given = 0;
        return 0;
}

static int fake_begin(void *context, const struct courier_address *address)
{
        struct fake_document *document = context;

        document->begun++;
        return document->grant_expired ? -1 : 0;
}

static int fake_note_job(void *context, const struct courier_address *address, int32_t job_id)
{
        ((struct fake_document *)context)->job_id = job_id;
        return 0;
}

static void fake_note_sent(void *context)
{
        ((struct fake_document *)context)->sent++;
}

static struct courier_order fake_order(void)
{
        struct courier_order order = {
                .name = "imprimatur 1",
                .format = "application/pdf",
                .limits = { .connect_ms = 2000, .answer_ms = 2000, .stall_ms = 300, .echo_ms = 30 },
        };

        return order;
}

static void fake_add_address(struct courier_order *order, const char *scheme, uint16_t port, const char *rest)
{
        char uri[128];

        snprintf(uri, sizeof(uri), "%s://127.0.0.1:%u%s", scheme, port, rest);
        assert(courier_address_parse(text_from(uri), &order->addresses[order->address_count++]) == 0);
}

static void fake_deliver(const struct courier_order *order, struct fake_document *document,
                         struct courier_outcome *ret)
{
        struct courier_source source = { fake_pull, fake_rewind, document };
        struct courier_observer observer = { fake_begin, fake_note_job, fake_note_sent, NULL, document };

        courier_deliver(order, &source, &observer, ret);
}
