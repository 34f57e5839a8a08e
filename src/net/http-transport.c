// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "net/http-connection.h"
#include "net/tls.h"

#define RECORD_OCTETS      16384
#define RECORD_HEAD_OCTETS 5
#define RECORD_HANDSHAKE   22

/* What OpenSSL wants before it can go on. */
static int tls_outcome(struct http_connection *c, int r)
{
        switch (SSL_get_error(c->ssl, r)) {
        case SSL_ERROR_WANT_READ: c->wants_read = true; return HTTP_STEP_WAIT;
        case SSL_ERROR_WANT_WRITE: c->wants_write = true; return HTTP_STEP_WAIT;
        case SSL_ERROR_ZERO_RETURN: return HTTP_STEP_CLOSE;
        default: c->broken = true; return HTTP_STEP_CLOSE;
        }
}

static bool low_water_set(struct http_connection *c, int octets)
{
        return setsockopt(c->slot->fd, SOL_SOCKET, SO_RCVLOWAT, &octets, sizeof(octets)) == 0;
}

/* To be woken before that many octets are there means that no more will come. */
static int hello_await(struct http_connection *c, uint32_t octets)
{
        if (c->hello_octets == octets || !low_water_set(c, (int)octets))
                return HTTP_STEP_CLOSE;
        c->hello_octets = octets;
        return HTTP_STEP_WAIT;
}

/*
 * A handshake under way costs some forty kilobytes. Whoever drips the octets of his first record one by one
 * shall cost the kernel's few hundred only, so we look at the record's length where it lies, and let the
 * kernel wake us when all of it is there.
 */
int http_transport_hello(struct http_connection *c)
{
        uint8_t head[RECORD_HEAD_OCTETS];
        ssize_t r = recv(c->slot->fd, head, sizeof(head), MSG_PEEK);
        int whole, there;

        c->wants_read = true;
        c->wants_write = false;
        if (r == 0 || (r < 0 && errno != EAGAIN && errno != EINTR))
                return HTTP_STEP_CLOSE;
        if (r < RECORD_HEAD_OCTETS)
                return hello_await(c, RECORD_HEAD_OCTETS);
        if (head[0] != RECORD_HANDSHAKE && c->server->options.plain_too)
                return low_water_set(c, 1) ? 0 : HTTP_STEP_CLOSE;
        whole = RECORD_HEAD_OCTETS + (head[3] << 8 | head[4]);
        if (head[0] != RECORD_HANDSHAKE || whole == RECORD_HEAD_OCTETS ||
            whole > RECORD_HEAD_OCTETS + RECORD_OCTETS)
                return HTTP_STEP_CLOSE;
        if (ioctl(c->slot->fd, FIONREAD, &there) < 0)
                return HTTP_STEP_CLOSE;
        if (there < whole)
                return hello_await(c, (uint32_t)whole);
        c->ssl = tls_server_accept(c->server->options.tls);
        if (!c->ssl || SSL_set_fd(c->ssl, c->slot->fd) != 1 || !low_water_set(c, 1))
                return HTTP_STEP_CLOSE;
        return 0;
}

int http_transport_handshake(struct http_connection *c)
{
        int r;

        c->wants_read = c->wants_write = false;
        ERR_clear_error();
        r = SSL_accept(c->ssl);
        if (r == 1) {
                c->is_agent = tls_is_agent(c->ssl, c->fingerprint);
                c->has_key = !c->is_agent && tls_has_key(c->ssl, c->fingerprint);
                return 0;
        }
        return tls_outcome(c, r);
}

static int plain_outcome(struct http_connection *c, bool reading)
{
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
                c->wants_read = c->wants_read || reading;
                c->wants_write = c->wants_write || !reading;
                return HTTP_STEP_WAIT;
        }
        c->broken = true;
        return HTTP_STEP_CLOSE;
}

static int octets_read(struct http_connection *c, char *to, size_t size, size_t *ret_length)
{
        ssize_t r;

        c->wants_read = c->wants_write = false;
        if (c->ssl) {
                ERR_clear_error();
                r = SSL_read(c->ssl, to, (int)size);
                if (r <= 0)
                        return tls_outcome(c, (int)r);
        } else {
                r = recv(c->slot->fd, to, size, 0);
                if (r < 0)
                        return plain_outcome(c, true);
                if (r == 0)
                        return HTTP_STEP_CLOSE;
        }
        *ret_length = (size_t)r;
        return 0;
}

/* Reads as long as there is something and room, so that a handler gets large pieces. */
int http_transport_fill(struct http_connection *c, struct http_worker *worker)
{
        size_t before, len = 0;
        int r = 0;

        if (worker->start > 0) {
                memmove(worker->octets, worker->octets + worker->start, http_input_length(worker));
                worker->end -= worker->start;
                worker->start = 0;
        }
        before = worker->end;
        if (worker->dry) {
                worker->dry = false;
                c->wants_read = true;
                c->wants_write = false;
                return HTTP_STEP_WAIT;
        }
        while (worker->size - worker->end >= RECORD_OCTETS) {
                r = octets_read(c, worker->octets + worker->end, worker->size - worker->end, &len);
                if (r)
                        break;
                worker->end += len;
                http_input_reached(worker, worker->end);
        }
        if (worker->end == before)
                return r ? r : HTTP_STEP_CLOSE;
        /* The end of the connection is met again by the next call; that nothing more is there, remembered. */
        worker->dry = r == HTTP_STEP_WAIT && c->wants_read;
        return 0;
}

int http_transport_write(struct http_connection *c, struct text octets, size_t *ret_sent)
{
        *ret_sent = 0;
        c->wants_read = c->wants_write = false;
        while (*ret_sent < octets.len) {
                size_t left = octets.len - *ret_sent;
                ssize_t r;
                int outcome;

                if (c->ssl) {
                        ERR_clear_error();
                        r = SSL_write(c->ssl, octets.at + *ret_sent,
                                      left < INT32_MAX ? (int)left : INT32_MAX);
                        outcome = r > 0 ? 0 : tls_outcome(c, (int)r);
                } else {
                        r = send(c->slot->fd, octets.at + *ret_sent, left, MSG_NOSIGNAL);
                        outcome = r >= 0 ? 0 : plain_outcome(c, false);
                }
                if (outcome)
                        return outcome;
                *ret_sent += (size_t)r;
        }
        return 0;
}

/* What waits to be written; its memory goes with its last octet. */
int http_transport_flush(struct http_connection *c)
{
        struct text left;
        size_t sent;
        int r;

        if (c->out.len == c->out_sent)
                return 0;
        left = (struct text){ c->out.at + c->out_sent, c->out.len - c->out_sent };
        r = http_transport_write(c, left, &sent);
        c->out_sent += sent;
        if (c->work)
                c->work->pace.octets += sent;
        if (c->out_sent == c->out.len) {
                buffer_done(&c->out);
                c->out_sent = 0;
        }
        return r;
}

void http_transport_shutdown(struct http_connection *c)
{
        if (c->ssl && !c->broken && SSL_is_init_finished(c->ssl)) {
                ERR_clear_error();
                (void)SSL_shutdown(c->ssl);
        }
        (void)shutdown(c->slot->fd, SHUT_WR);
}
