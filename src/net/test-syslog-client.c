// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/syslog-client.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/scope.h"

static const struct {
        const char *address;
        bool good;
} addresses[] = {
        { "tls://logs.example:6514", true },
        { "tcp://127.0.0.1:601", true },
        { "tls://[2001:db8::1]:6514", true },
        { "unix:/run/collector.sock", true },
        { "unix:collector.sock", false },
        { "unix:", false },
        { "tls://logs.example", false },
        { "udp://logs.example:514", false },
        { "tls://:6514", false },
        { "tls://logs.example:0", false },
        { "tls://logs.example:65536", false },
        { "tls://logs.example:65 ", false },
        { "tls://a@logs.example:6514", false },
        { "tls://logs.example/x:6514", false },
        { "https://logs.example:443", false },
        { "", false },
        { NULL, false },
};

/* Takes so many octets, and ends the connection. */
struct collector {
        int listener;
        size_t most;
        char taken[4096];
        size_t len;
};

static void *collect(void *context)
{
        struct collector *collector = context;
        int fd = accept(collector->listener, NULL, NULL);
        ssize_t n;

        assert(fd >= 0);
        while (collector->len < collector->most &&
               (n = read(fd, collector->taken + collector->len, collector->most - collector->len)) > 0)
                collector->len += (size_t)n;
        close(fd);
        return NULL;
}

static const struct text messages[] = { TEXT("<109>1 one"), TEXT("<109>1 two words") };
#define FRAMED "10 <109>1 one16 <109>1 two words"

static void tell_and_be_cut_off(const struct sockaddr *name, socklen_t size, const char *address)
{
        struct syslog_options options = { .address = address, .timeout_ms = 5000 };
        struct collector collector = { .listener = socket(name->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0),
                                       .most = strlen(FRAMED) };
        struct syslog_client *client;
        bool is_quiet = false;
        pthread_t thread;

        assert(bind(collector.listener, name, size) == 0);
        assert(listen(collector.listener, 1) == 0);
        assert(pthread_create(&thread, NULL, collect, &collector) == 0);
        assert(syslog_client_open(&options, &client) == 0);
        assert(syslog_client_look(client, &is_quiet) == 0 && is_quiet);
        assert(syslog_client_send(client, messages, 2) == 0);
        assert(pthread_join(thread, NULL) == 0);
        assert(text_equal(text_from_octets(collector.taken, collector.len), TEXT_OF(FRAMED)));
        /* It has ended the connection. */
        assert(syslog_client_look(client, &is_quiet) == SYSLOG_CUT && !is_quiet);
        assert(syslog_client_send(client, messages, 2) == SYSLOG_CUT);
        syslog_client_close(client);
        close(collector.listener);
        assert(syslog_client_open(&options, &client) == SYSLOG_UNREACHABLE);
}

/* A port that nobody has. */
static in_port_t free_port(void)
{
        struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
        socklen_t size = sizeof(name);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        assert(bind(fd, (struct sockaddr *)&name, size) == 0);
        assert(getsockname(fd, (struct sockaddr *)&name, &size) == 0);
        close(fd);
        return name.sin_port;
}

int main(void)
{
        struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
        struct sockaddr_un local = { .sun_family = AF_UNIX };
        char address[128], folder[] = "/tmp/test-syslog-XXXXXX";

        for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++) {
                printf("%s\n", addresses[i].address ? addresses[i].address : "none");
                assert(syslog_address_is_valid(addresses[i].address) == addresses[i].good);
        }
        name.sin_port = free_port();
        snprintf(address, sizeof(address), "tcp://127.0.0.1:%u", ntohs(name.sin_port));
        tell_and_be_cut_off((struct sockaddr *)&name, sizeof(name), address);
        assert(mkdtemp(folder));
        snprintf(local.sun_path, sizeof(local.sun_path), "%s/socket", folder);
        snprintf(address, sizeof(address), "unix:%s", local.sun_path);
        tell_and_be_cut_off((struct sockaddr *)&local, sizeof(local), address);
        unlink(local.sun_path);
        rmdir(folder);
        return 0;
}
