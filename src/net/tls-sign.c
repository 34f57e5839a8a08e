// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <openssl/cms.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "net/tls.h"

static void cms_freep(CMS_ContentInfo **cms)
{
        CMS_ContentInfo_free(*cms);
}

static void bio_freep(BIO **bio)
{
        BIO_free(*bio);
}

static void ssl_freep(SSL **ssl)
{
        SSL_free(*ssl);
}

static void chain_freep(STACK_OF(X509) * *chain)
{
        sk_X509_free(*chain);
}

/* The chain without the certificate, which the signer brings. Borrowed. */
static int find_chain(SSL *ssl, STACK_OF(X509) * *ret)
{
        STACK_OF(X509) *chain = NULL;

        SSL_get0_chain_certs(ssl, &chain);
        *ret = chain ? sk_X509_dup(chain) : sk_X509_new_null();
        return *ret ? 0 : fault(-ENOMEM);
}

int tls_server_sign(struct tls_server *tls, struct text octets, struct buffer *to)
{
        SCOPED(chain_freep) STACK_OF(X509) *chain = NULL;
        SCOPED(cms_freep) CMS_ContentInfo *cms = NULL;
        SCOPED(ssl_freep) SSL *ssl = tls_server_accept(tls);
        SCOPED(bio_freep) BIO *in = BIO_new_mem_buf(octets.at, (int)octets.len);
        SCOPED(bio_freep) BIO *out = BIO_new(BIO_s_mem());
        char *made;
        long length;
        int r;

        if (!ssl || !in || !out)
                return fault(-ENOMEM);
        r = find_chain(ssl, &chain);
        if (r)
                return r;
        cms = CMS_sign(SSL_get_certificate(ssl), SSL_get_privatekey(ssl), chain, in, CMS_BINARY);
        if (!cms || i2d_CMS_bio(out, cms) != 1)
                return fault(-EIO);
        length = BIO_get_mem_data(out, &made);
        buffer_add(to, made, (size_t)length);
        return to->failure ? fault(to->failure) : 0;
}
