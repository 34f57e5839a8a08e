// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#pragma once

/* What this folder's files need of OpenSSL alike: ends of scopes (base/scope.h), and its faults. */

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static inline void bio_freep(BIO **bio)
{
        BIO_free(*bio);
}

static inline void key_freep(EVP_PKEY **key)
{
        EVP_PKEY_free(*key);
}

static inline void x509_freep(X509 **x509)
{
        X509_free(*x509);
}

static inline void extension_freep(X509_EXTENSION **extension)
{
        X509_EXTENSION_free(*extension);
}

/* OpenSSL's own reasons are of no use to anybody who meets this fault; the birthplace is. */
static inline int openssl_failed(void)
{
        ERR_clear_error();
        return -EIO;
}
