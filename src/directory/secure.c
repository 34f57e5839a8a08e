// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "directory/secure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/scope.h"

/* Forward secrecy and authenticated encryption. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL"

static void context_freep(SSL_CTX **context)
{
        SSL_CTX_free(*context);
}

static void ssl_freep(SSL **ssl)
{
        SSL_free(*ssl);
}

static void bio_freep(BIO **bio)
{
        BIO_free(*bio);
}

/* Every certificate of the PEM text; false where there is none. */
static bool add_authorities(SSL_CTX *context, const char *pem)
{
        SCOPED(bio_freep) BIO *bio = BIO_new_mem_buf(pem, -1);
        X509_STORE *store = SSL_CTX_get_cert_store(context);
        X509 *certificate;
        size_t count = 0;

        while (bio && count < 64 && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
                if (X509_STORE_add_cert(store, certificate) == 1)
                        count++;
                X509_free(certificate);
        }
        ERR_clear_error();
        return count > 0;
}

static int make_context(const struct secure_options *options, SSL_CTX **ret)
{
        SCOPED(context_freep) SSL_CTX *context = SSL_CTX_new(TLS_client_method());

        if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
            SSL_CTX_set_cipher_list(context, CIPHERS) != 1)
                return fault(-ENOMEM);
        if (options->ca[0] ? !add_authorities(context, options->ca)
                           : SSL_CTX_set_default_verify_paths(context) != 1)
                return SECURE_BAD_AUTHORITIES;
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        *ret = take(context);
        return 0;
}

/* The name that must stand in the certificate, and where it is no address, is told to the server. */
static bool expect_host(SSL *ssl, const char *host)
{
        X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
        struct in6_addr address;

        X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        /* An intermediate authority that the administrator names is enough. */
        if (X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) != 1)
                return false;
        if (inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1)
                return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
        return X509_VERIFY_PARAM_set1_host(param, host, 0) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static int wait_for(int fd, short events, int64_t deadline_ms)
{
        struct pollfd pollfd = { .fd = fd, .events = events };
        int64_t left = deadline_ms - clock_monotonic_ms();
        int r = left > 0 ? poll(&pollfd, 1, (int)left) : 0;

        if (r < 0 && errno != EINTR)
                return fault(-errno);
        return r == 0 ? SECURE_SILENT : 0;
}

static void explain(SSL *ssl, char *ret_words, size_t size)
{
        long verified = SSL_get_verify_result(ssl);
        unsigned long error = ERR_peek_last_error();
        const char *reason = error ? ERR_reason_error_string(error) : NULL;

        if (verified != X509_V_OK)
                snprintf(ret_words, size, "the certificate: %s", X509_verify_cert_error_string(verified));
        else
                snprintf(ret_words, size, "no TLS: %s", reason ? reason : "the server hung up");
        ERR_clear_error();
}

static int shake_hands(SSL *ssl, int fd, const struct secure_options *options, char *ret_words, size_t size)
{
        for (;;) {
                int r = SSL_connect(ssl);

                if (r == 1)
                        return 0;
                switch (SSL_get_error(ssl, r)) {
                case SSL_ERROR_WANT_READ: r = wait_for(fd, POLLIN, options->deadline_ms); break;
                case SSL_ERROR_WANT_WRITE: r = wait_for(fd, POLLOUT, options->deadline_ms); break;
                default: explain(ssl, ret_words, size); return SECURE_REFUSED;
                }
                if (r)
                        return r;
        }
}

/* ---- what the library calls ---- */

static int io_setup(Sockbuf_IO_Desc *io, void *ssl)
{
        io->sbiod_pvt = ssl;
        return 0;
}

static int io_remove(Sockbuf_IO_Desc *io)
{
        SSL_free(io->sbiod_pvt);
        io->sbiod_pvt = NULL;
        return 0;
}

static int io_ctrl(Sockbuf_IO_Desc *io, int option, void *argument)
{
        if (option == LBER_SB_OPT_DATA_READY && SSL_pending(io->sbiod_pvt) > 0)
                return 1;
        return LBER_SBIOD_CTRL_NEXT(io, option, argument);
}

/* The number of octets, 0 at the end, -1 with errno. */
static ber_slen_t io_result(Sockbuf_IO_Desc *io, int r)
{
        int error = r > 0 ? SSL_ERROR_NONE : SSL_get_error(io->sbiod_pvt, r);

        if (r > 0)
                return r;
        ERR_clear_error();
        if (error == SSL_ERROR_ZERO_RETURN)
                return 0;
        errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
        return -1;
}

static ber_slen_t io_read(Sockbuf_IO_Desc *io, void *to, ber_len_t length)
{
        return io_result(io, SSL_read(io->sbiod_pvt, to, length > INT32_MAX ? INT32_MAX : (int)length));
}

static ber_slen_t io_write(Sockbuf_IO_Desc *io, void *from, ber_len_t length)
{
        return io_result(io, SSL_write(io->sbiod_pvt, from, length > INT32_MAX ? INT32_MAX : (int)length));
}

static int io_close(Sockbuf_IO_Desc *io)
{
        (void)SSL_shutdown(io->sbiod_pvt);
        ERR_clear_error();
        return 0;
}

static Sockbuf_IO secure_io = { io_setup, io_remove, io_ctrl, io_read, io_write, io_close };

int secure_start(Sockbuf *socket, int fd, const struct secure_options *options, char *ret_words, size_t size)
{
        SCOPED(context_freep) SSL_CTX *context = NULL;
        SCOPED(ssl_freep) SSL *ssl = NULL;
        int r;

        r = make_context(options, &context);
        if (r == SECURE_BAD_AUTHORITIES)
                snprintf(ret_words, size, "the certificates in \"ca\" cannot be read");
        if (r)
                return r;
        ssl = SSL_new(context);
        if (!ssl || !expect_host(ssl, options->host) || SSL_set_fd(ssl, fd) != 1)
                return fault(-ENOMEM);
        r = shake_hands(ssl, fd, options, ret_words, size);
        if (r)
                return r;
        if (ber_sockbuf_add_io(socket, &secure_io, LBER_SBIOD_LEVEL_TRANSPORT, ssl) != 0)
                return fault(-ENOMEM);
        ssl = NULL;
        return 0;
}
