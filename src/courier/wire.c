// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "courier/wire.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

struct wire {
        int fd;
        SSL *ssl;         /* NULL without TLS */
        bool wants_write; /* what TLS waits for before it can go on */
        uint64_t written; /* without TLS */
};

static pthread_once_t context_once = PTHREAD_ONCE_INIT;
static SSL_CTX *context;

/*
 * Printers keep their keys for a decade: an RSA key of 1024 bits is better than the clear text that is the
 * alternative, and who is there is told by the pinned key, not by this.
 */
static void make_context(void)
{
        SSL_CTX *made = SSL_CTX_new(TLS_client_method());

        if (!made)
                return;
        SSL_CTX_set_security_level(made, 1);
        SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
        SSL_CTX_set_verify(made, SSL_VERIFY_NONE, NULL);
        SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                       SSL_MODE_RELEASE_BUFFERS);
        context = made;
}

static int wait_for(int fd, short events, int64_t deadline_ms)
{
        struct pollfd pollfd = { .fd = fd, .events = events };

        for (;;) {
                int64_t left = deadline_ms - clock_monotonic_ms();
                int r = poll(&pollfd, 1, left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left);

                if (r > 0)
                        return 0;
                if (r == 0)
                        return WIRE_TIMEOUT;
                if (errno != EINTR)
                        return fault(-errno);
        }
}

static int connect_to(const struct addrinfo *target, int64_t deadline_ms, int *ret_fd)
{
        SCOPED(closep) int fd = socket(target->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        socklen_t len = sizeof(int);
        int r, error = 0, on = 1;

        if (fd < 0)
                return fault(-errno);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
        if (connect(fd, target->ai_addr, target->ai_addrlen) < 0) {
                if (errno != EINPROGRESS)
                        return WIRE_REFUSED;
                r = wait_for(fd, POLLOUT, deadline_ms);
                if (r)
                        return r;
                if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
                        return fault(-errno);
                if (error)
                        return error == ETIMEDOUT ? WIRE_TIMEOUT : WIRE_REFUSED;
        }
        *ret_fd = take_fd(&fd);
        return 0;
}

static int connect_any(const struct courier_address *address, int64_t deadline_ms, int *ret_fd)
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
        struct addrinfo *found = NULL;
        char port[8];
        int r = WIRE_NO_ADDRESS;

        snprintf(port, sizeof(port), "%u", address->port);
        if (getaddrinfo(address->host, port, &hints, &found) != 0)
                return WIRE_NO_ADDRESS;
        for (const struct addrinfo *at = found; at; at = at->ai_next) {
                r = connect_to(at, deadline_ms, ret_fd);
                if (r == 0 || r == WIRE_TIMEOUT)
                        break;
        }
        freeaddrinfo(found);
        return r;
}

static int shake_hands(struct wire *wire, const struct courier_address *address, int64_t deadline_ms)
{
        int r;

        (void)pthread_once(&context_once, make_context);
        wire->ssl = context ? SSL_new(context) : NULL;
        if (!wire->ssl || SSL_set_fd(wire->ssl, wire->fd) != 1)
                return fault(-ENOMEM);
        (void)SSL_set_tlsext_host_name(wire->ssl, address->host);
        for (;;) {
                int error;

                ERR_clear_error();
                r = SSL_connect(wire->ssl);
                if (r == 1)
                        return 0;
                error = SSL_get_error(wire->ssl, r);
                if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
                        return WIRE_NO_TLS;
                r = wait_for(wire->fd, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline_ms);
                if (r)
                        return r;
        }
}

int wire_open(const struct courier_address *address, int64_t deadline_ms, struct wire **ret)
{
        SCOPED(wire_closep) struct wire *wire = calloc(1, sizeof(*wire));
        int r;

        if (!wire)
                return fault(-ENOMEM);
        wire->fd = -1;
        r = connect_any(address, deadline_ms, &wire->fd);
        if (r)
                return r;
        if (address->scheme == ADDRESS_IPPS) {
                r = shake_hands(wire, address, deadline_ms);
                if (r)
                        return r;
        }
        *ret = take(wire);
        return 0;
}

void wire_close(struct wire *wire)
{
        if (!wire)
                return;
        if (wire->ssl && SSL_is_init_finished(wire->ssl))
                (void)SSL_shutdown(wire->ssl);
        ERR_clear_error();
        SSL_free(wire->ssl);
        closep(&wire->fd);
        free(wire);
}

void wire_closep(struct wire **wire)
{
        wire_close(*wire);
}

void wire_abort(struct wire *wire)
{
        struct linger linger = { .l_onoff = 1, .l_linger = 0 };

        if (!wire)
                return;
        (void)setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
        if (wire->ssl)
                SSL_set_quiet_shutdown(wire->ssl, 1);
        wire_close(wire);
}

/* What a TLS call that did not succeed means: 0 for "not now". */
static int tls_outcome(struct wire *wire, int r)
{
        int error = SSL_get_error(wire->ssl, r);

        wire->wants_write = error == SSL_ERROR_WANT_WRITE;
        ERR_clear_error();
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
                return 0;
        return error == SSL_ERROR_ZERO_RETURN ? WIRE_CLOSED : WIRE_BROKEN;
}

static bool would_block(int error)
{
        return error == EAGAIN || error == EINTR;
}

int wire_write(struct wire *wire, const void *octets, size_t len, size_t *ret_written)
{
        ssize_t n;

        *ret_written = 0;
        if (wire->ssl) {
                int r;

                ERR_clear_error();
                r = SSL_write_ex(wire->ssl, octets, len, ret_written);
                return r == 1 ? 0 : tls_outcome(wire, r);
        }
        n = send(wire->fd, octets, len, MSG_NOSIGNAL);
        if (n < 0)
                return would_block(errno) ? 0 : WIRE_BROKEN;
        wire->written += (uint64_t)n;
        *ret_written = (size_t)n;
        return 0;
}

int wire_read(struct wire *wire, void *ret, size_t size, size_t *ret_read)
{
        ssize_t n;

        *ret_read = 0;
        if (wire->ssl) {
                int r;

                ERR_clear_error();
                r = SSL_read_ex(wire->ssl, ret, size, ret_read);
                return r == 1 ? 0 : tls_outcome(wire, r);
        }
        n = recv(wire->fd, ret, size, 0);
        if (n < 0)
                return would_block(errno) ? 0 : WIRE_BROKEN;
        *ret_read = (size_t)n;
        return n == 0 ? WIRE_CLOSED : 0;
}

int wire_wait(struct wire *wire, int events, int64_t timeout_ms)
{
        short wanted = 0;

        if ((events & WIRE_READABLE) && wire->ssl && SSL_pending(wire->ssl) > 0)
                return 0;
        if (events & WIRE_READABLE)
                wanted |= POLLIN;
        if (events & WIRE_WRITABLE)
                wanted |= POLLOUT;
        /* TLS may have to read before it can write, and the other way round. */
        if (wire->ssl)
                wanted |= wire->wants_write ? POLLOUT : POLLIN;
        return wait_for(wire->fd, wanted, clock_monotonic_ms() + timeout_ms);
}

void wire_finish(struct wire *wire)
{
        if (wire->ssl)
                (void)SSL_shutdown(wire->ssl);
        ERR_clear_error();
        (void)shutdown(wire->fd, SHUT_WR);
}

uint64_t wire_octets_written(const struct wire *wire)
{
        return wire->ssl ? BIO_number_written(SSL_get_wbio(wire->ssl)) : wire->written;
}

uint64_t wire_octets_acked(const struct wire *wire)
{
        struct tcp_info info = { 0 };
        socklen_t len = sizeof(info);

        if (getsockopt(wire->fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 || info.tcpi_bytes_acked == 0)
                return 0;
        return info.tcpi_bytes_acked - 1; /* our SYN counts as one */
}

bool wire_fingerprint(const struct wire *wire, uint8_t ret[WIRE_FINGERPRINT_OCTETS])
{
        X509 *certificate = wire->ssl ? SSL_get0_peer_certificate(wire->ssl) : NULL;
        uint8_t *der = NULL;
        bool good;
        int len;

        if (!certificate)
                return false;
        len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
        good = len > 0 && EVP_Digest(der, (size_t)len, ret, NULL, EVP_sha256(), NULL) == 1;
        OPENSSL_free(der);
        return good;
}
