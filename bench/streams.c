// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

/*
 * streams: many open pages, each with one event stream on which nothing happens.
 *
 *      streams https://HOST:PORT/v1/live COUNT < token
 *
 * The token stands on standard input. Prints "open N" when all streams stand, and keeps them until a signal
 * comes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "wire.h"

#define STREAMS_MAX 20000

static int open_stream(SSL_CTX *context, const struct wire_address *address, const char *token)
{
        struct wire *wire = malloc(sizeof(*wire));
        char text[2048];
        int status, len;

        wire_open(wire, context, address);
        len = snprintf(text, sizeof(text),
                       "GET %s HTTP/1.1\r\nHost: %s:%s\r\nAuthorization: Bearer %s\r\n"
                       "Accept: text/event-stream\r\n\r\n",
                       address->path, address->host, address->port, token);
        wire_write(wire, text, (size_t)len);
        status = wire_read_head(wire);
        /* The socket stays open; what comes on it is never read. */
        SSL_set_quiet_shutdown(wire->ssl, 1);
        SSL_free(wire->ssl);
        free(wire);
        if (status == 200)
                return 0;
        fprintf(stderr, "bench: event stream refused: %d\n", status);
        return 1;
}

int main(int argc, char **argv)
{
        struct rlimit files = { STREAMS_MAX, STREAMS_MAX };
        struct wire_address address;
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        char token[256];
        int wanted = argc == 3 ? atoi(argv[2]) : 0;

        if (wanted < 1 || wanted > STREAMS_MAX || !wire_address_parse(argv[1], &address) ||
            !fgets(token, sizeof(token), stdin)) {
                fprintf(stderr, "usage: streams https://HOST:PORT/v1/live COUNT < token\n");
                return 2;
        }
        token[strcspn(token, "\n")] = 0;
        setrlimit(RLIMIT_NOFILE, &files);
        for (int count = 0; count < wanted; count++)
                if (open_stream(context, &address, token))
                        return 1;
        printf("open %d\n", wanted);
        fflush(stdout);
        pause();
        return 0;
}
