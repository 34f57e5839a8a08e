// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "wire.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
        fprintf(stderr, "bench: %s\n", what);
        ERR_print_errors_fp(stderr);
        exit(1);
}

double wire_now(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool wire_address_parse(const char *url, struct wire_address *ret)
{
        ret->path[0] = 0;
        return sscanf(url, "https://%255[^:/]:%7[0-9]%1023s", ret->host, ret->port, ret->path) >= 2;
}

void wire_open(struct wire *wire, SSL_CTX *context, const struct wire_address *address)
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;

        memset(wire, 0, sizeof(*wire));
        wire->fd = -1;
        if (getaddrinfo(address->host, address->port, &hints, &found))
                die("the host has no address");
        for (struct addrinfo *at = found; at && wire->fd < 0; at = at->ai_next) {
                wire->fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
                if (wire->fd >= 0 && connect(wire->fd, at->ai_addr, at->ai_addrlen)) {
                        close(wire->fd);
                        wire->fd = -1;
                }
        }
        freeaddrinfo(found);
        if (wire->fd < 0)
                die("nobody listens at the address");
        setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
        wire->ssl = SSL_new(context);
        SSL_set_fd(wire->ssl, wire->fd);
        SSL_set_tlsext_host_name(wire->ssl, address->host);
        if (SSL_connect(wire->ssl) != 1)
                die("the TLS handshake failed");
}

void wire_close(struct wire *wire)
{
        SSL_free(wire->ssl);
        close(wire->fd);
}

void wire_write(struct wire *wire, const void *octets, size_t len)
{
        const char *at = octets;

        while (len > 0) {
                size_t written;

                if (SSL_write_ex(wire->ssl, at, len, &written) != 1)
                        die("the server closed the connection while it was written to");
                at += written;
                len -= written;
        }
}

static bool fill(struct wire *wire)
{
        if (wire->in_at > 0) {
                memmove(wire->in, wire->in + wire->in_at, wire->in_len - wire->in_at);
                wire->in_len -= wire->in_at;
                wire->in_at = 0;
        }
        size_t got;

        if (SSL_read_ex(wire->ssl, wire->in + wire->in_len, sizeof(wire->in) - 1 - wire->in_len, &got) != 1)
                return false;
        wire->in_len += got;
        wire->in[wire->in_len] = 0;
        return true;
}

/* The end of the head, or NULL where it is not all here. */
static char *find_head_end(struct wire *wire)
{
        char *end = wire->in_len > wire->in_at ? strstr(wire->in + wire->in_at, "\r\n\r\n") : NULL;

        return end ? end + 4 : NULL;
}

static int read_head(struct wire *wire, size_t *ret_length, bool *ret_chunked)
{
        char *end;
        int status;

        for (;;) {
                char *at;

                while (!(end = find_head_end(wire)))
                        if (!fill(wire))
                                die("the server closed the connection instead of answering");
                end[-2] = 0;
                at = wire->in + wire->in_at;
                status = atoi(at + 9);
                *ret_length = 0;
                *ret_chunked = strcasestr(at, "\r\nTransfer-Encoding: chunked") != NULL;
                wire->is_closing = strcasestr(at, "\r\nConnection: close") != NULL;
                at = strcasestr(at, "\r\nContent-Length:");
                if (at)
                        *ret_length = strtoul(at + 17, NULL, 10);
                wire->in_at = (size_t)(end - wire->in);
                if (status != 100)
                        return status;
        }
}

static void take_body(struct wire *wire, size_t length, char *body, size_t size, size_t *kept)
{
        while (length > 0) {
                size_t here = wire->in_len - wire->in_at;

                if (here > length)
                        here = length;
                if (*kept < size) {
                        size_t keep = here < size - *kept ? here : size - *kept;

                        memcpy(body + *kept, wire->in + wire->in_at, keep);
                        *kept += keep;
                }
                wire->in_at += here;
                length -= here;
                if (length > 0 && !fill(wire))
                        die("the answer was cut");
        }
}

static void take_chunks(struct wire *wire, char *body, size_t size, size_t *kept)
{
        for (;;) {
                size_t length;
                char *end;

                while (!(end = memmem(wire->in + wire->in_at, wire->in_len - wire->in_at, "\r\n", 2)))
                        if (!fill(wire))
                                die("the answer was cut");
                length = strtoul(wire->in + wire->in_at, NULL, 16);
                wire->in_at = (size_t)(end + 2 - wire->in);
                take_body(wire, length, body, size, kept);
                take_body(wire, 2, NULL, 0, &(size_t){ 0 });
                if (length == 0)
                        return;
        }
}

int wire_read_answer(struct wire *wire, char *body, size_t size, size_t *ret_length)
{
        size_t length;
        bool chunked;
        int status = read_head(wire, &length, &chunked);

        *ret_length = 0;
        if (chunked)
                take_chunks(wire, body, size, ret_length);
        else
                take_body(wire, length, body, size, ret_length);
        return status;
}

int wire_read_head(struct wire *wire)
{
        size_t length;
        bool chunked;

        return read_head(wire, &length, &chunked);
}
