// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/syslog-client.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/scope.h"

static const struct {
        const char *address;
        bool good;
} addresses[] = {
        { "tls://logs.example:6514", true },
        { "tcp://127.0.0.1:601", true },
        { "tls://[2001:db8::1]:6514", true },
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

struct collector {
        int listener;
        char taken[4096];
        size_t len;
};

static void *collect(void *context)
{
        struct collector *collector = context;
        int fd = accept(collector->listener, NULL, NULL);
        ssize_t n;

        assert(fd >= 0);
        while ((n = read(fd, collector->taken + collector->len, sizeof(collector->taken) - collector->len)) >
               0)
                collector->len += (size_t)n;
        close(fd);
        return NULL;
}

int main(void)
{
        struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
        const struct text messages[] = { TEXT("<109>1 one"), TEXT("<109>1 two words") };
        struct collector collector = { .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
        struct syslog_options options = { .timeout_ms = 5000 };
        socklen_t size = sizeof(name);
        char address[64];
        pthread_t thread;

        for (size_t i = 0; i < ARRAY_LENGTH(addresses); i++) {
                printf("%s\n", addresses[i].address ? addresses[i].address : "none");
                assert(syslog_address_is_valid(addresses[i].address) == addresses[i].good);
        }
        assert(bind(collector.listener, (struct sockaddr *)&name, sizeof(name)) == 0);
        assert(listen(collector.listener, 1) == 0);
        assert(getsockname(collector.listener, (struct sockaddr *)&name, &size) == 0);
        snprintf(address, sizeof(address), "tcp://127.0.0.1:%u", ntohs(name.sin_port));
        options.address = address;
        assert(pthread_create(&thread, NULL, collect, &collector) == 0);
        assert(syslog_send(&options, messages, 2) == 0);
        assert(pthread_join(thread, NULL) == 0);
        assert(text_equal(text_from_octets(collector.taken, collector.len),
                          TEXT_OF("10 <109>1 one16 <109>1 two words")));
        close(collector.listener);
        assert(syslog_send(&options, messages, 2) == SYSLOG_UNREACHABLE);
        return 0;
}
