// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * The HTTP server with one handler, that takes any body and prints what it was asked: one line "METHOD PATH"
 * a request. The first line it prints is its port. It ends with its standard input.
 */
#include <stdio.h>
#include <unistd.h>

#include "net/http-server.h"

static int body_take(struct http_exchange *x, struct text octets)
{
        return 0;
}

static int end(struct http_exchange *x)
{
        char line[512];
        int len = snprintf(line, sizeof(line), "%.*s %.*s\n", TEXT_ARGS(x->method), TEXT_ARGS(x->path));

        if (len < 0 || write(STDOUT_FILENO, line, (size_t)len) != len)
                return -1;
        return http_respond(x, 200, "text/plain", x->path);
}

static const struct http_handler handler = { NULL, body_take, end, NULL };

static const struct http_handler *route(void *context, struct http_exchange *x)
{
        return &handler;
}

int main(void)
{
        struct http_server_options options = { .limits = http_limits_default(),
                                               .threads = 4,
                                               .route = route };
        struct http_server *server;
        uint16_t port;
        char octet;

        options.limits.head_timeout_ms = options.limits.body_idle_timeout_ms = 2000;
        if (http_server_new(&options, &server) || http_server_listen(server, "127.0.0.1:0", &port) ||
            http_server_start(server))
                return 1;
        dprintf(STDOUT_FILENO, "%u\n", port);
        while (read(STDIN_FILENO, &octet, 1) > 0)
                ;
        http_server_free(server);
        return 0;
}
