// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "net/names.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/scope.h"
#include "os/child.h"

/* A port that was free a moment ago, for both of UDP and TCP. */
static unsigned int free_port(void)
{
        for (;;) {
                struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
                SCOPED(closep) int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
                SCOPED(closep) int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
                socklen_t len = sizeof(any);

                assert(udp >= 0 && tcp >= 0 && bind(udp, (struct sockaddr *)&any, len) == 0);
                assert(getsockname(udp, (struct sockaddr *)&any, &len) == 0);
                if (bind(tcp, (struct sockaddr *)&any, len) == 0)
                        return ntohs(any.sin_port);
        }
}

/* The real dnsmasq, of this test alone. False where this machine has none. */
static bool start_dnsmasq(struct child *child, unsigned int port)
{
        char port_option[32];
        const char *argv[] = {
                "dnsmasq",
                "--no-daemon",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--user=",
                "--group=",
                "--pid-file=",
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--local=/example/",
                "--txt-record=one.example,hello",
                "--txt-record=joined.example,part one and ,part two",
                "--txt-record=many.example,first",
                "--txt-record=many.example,second",
                "--host-record=address.example,192.0.2.1",
                port_option,
                NULL,
        };
        struct child_options options = {
                .path = "/usr/sbin/dnsmasq", .argv = argv, .input = -1, .output = -1, .errors = -1
        };

        snprintf(port_option, sizeof(port_option), "--port=%u", port);
        return access(options.path, X_OK) == 0 && child_start(child, &options) == 0;
}

/* Until it answers. */
static void wait_ready(const struct names_settings *settings)
{
        int64_t deadline_ms = clock_monotonic_ms() + 20000;

        while (names_check_txt(settings, "one.example", TEXT_OF("hello")) != 0)
                assert(clock_monotonic_ms() < deadline_ms);
}

static void test_answers(const struct names_settings *settings)
{
        SCOPED(buffer_done) struct buffer records = BUFFER(1024);
        SCOPED(buffer_done) struct buffer small = BUFFER(8);

        assert(names_check_txt(settings, "one.example", TEXT_OF("hello")) == 0);
        assert(names_check_txt(settings, "one.example", TEXT_OF("hell")) == NAMES_NONE);
        assert(names_check_txt(settings, "joined.example", TEXT_OF("part one and part two")) == 0);
        assert(names_check_txt(settings, "many.example", TEXT_OF("first")) == 0);
        assert(names_check_txt(settings, "many.example", TEXT_OF("second")) == 0);
        assert(names_check_txt(settings, "no-such.example", TEXT_OF("hello")) == NAMES_NONE);
        assert(names_check_txt(settings, "address.example", TEXT_OF("192.0.2.1")) == NAMES_NONE);

        assert(names_find_txt(settings, "many.example", &records) == 0);
        assert(records.len == sizeof("first") + sizeof("second"));
        assert(names_find_txt(settings, "many.example", &small) == 0 && small.len <= 8);
}

static void test_refusals(const struct names_settings *settings, unsigned int deaf_port)
{
        char servers[32], longest[400];
        struct names_settings nobody = { servers, 300 }, wrong = { "not an address", 300 };
        int64_t from_ms = clock_monotonic_ms();

        memset(longest, 'a', sizeof(longest) - 1);
        longest[sizeof(longest) - 1] = '\0';
        assert(names_check_txt(settings, "", TEXT_OF("x")) == NAMES_BAD);
        assert(names_check_txt(settings, longest, TEXT_OF("x")) == NAMES_BAD);
        assert(names_check_txt(settings, "a..example", TEXT_OF("x")) == NAMES_BAD);
        assert(names_check_txt(&wrong, "one.example", TEXT_OF("x")) == NAMES_BAD);
        snprintf(servers, sizeof(servers), "127.0.0.1:%u", deaf_port);
        assert(names_check_txt(&nobody, "one.example", TEXT_OF("x")) == NAMES_UNREACHABLE);
        assert(clock_monotonic_ms() - from_ms < 10000);
}

/* Bound, and never answers. */
static int deaf_socket(unsigned int *ret_port)
{
        struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        socklen_t len = sizeof(any);

        assert(fd >= 0 && bind(fd, (struct sockaddr *)&any, len) == 0);
        assert(getsockname(fd, (struct sockaddr *)&any, &len) == 0);
        *ret_port = ntohs(any.sin_port);
        return fd;
}

int main(void)
{
        SCOPED(child_done) struct child dnsmasq = { .pidfd = -1 };
        SCOPED(closep) int deaf = -1;
        unsigned int port = free_port(), deaf_port;
        char servers[32];
        struct names_settings settings = { servers, 2000 };

        snprintf(servers, sizeof(servers), "127.0.0.1:%u", port);
        if (!start_dnsmasq(&dnsmasq, port)) {
                printf("there is no dnsmasq here\n");
                return 77;
        }
        wait_ready(&settings);
        test_answers(&settings);
        deaf = deaf_socket(&deaf_port);
        test_refusals(&settings, deaf_port);
        return 0;
}
