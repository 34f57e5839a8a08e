// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/* Event streams: many, slow ones, and such that go while others send to them. */

#include "net/test-http.h"

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
                char octet;

                say(fd, "GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
                await(&seen.streams);
                /* Its first octet, or that the storm has closed it already. */
                if (round % 3 == 0)
                        (void)!recv(fd, &octet, 1, 0);
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

int main(void)
{
        struct http_server *server;
        uint16_t port;

        tests_start();
        server = server_start(short_limits(), NULL, &port);
        test_events(port, server);
        test_slow_events(port, server);
        test_streams_gone_while_sending(port, server);
        http_server_free(server);
        test_comments();
        paths_remove();
        return 0;
}
