// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/certificate-request.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/encoding.h"
#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/openssl.h"

static void request_freep(X509_REQ **request)
{
        X509_REQ_free(*request);
}

static bool is_curve(const EVP_PKEY *key)
{
        char group[64];

        return EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
               (strcmp(group, "prime256v1") == 0 || strcmp(group, "secp384r1") == 0);
}

/* A check by an exponent of thousands of bits is what somebody would send to keep us busy. */
static bool is_common_exponent(const EVP_PKEY *key)
{
        BIGNUM *e = NULL;
        bool good = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 && BN_num_bits(e) <= 33 &&
                    BN_is_odd(e) && !BN_is_one(e);

        BN_free(e);
        return good;
}

bool certificate_key_is_good(const EVP_PKEY *key)
{
        if (!key)
                return false;
        switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_EC: return is_curve(key);
        case EVP_PKEY_RSA:
                return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 4096 &&
                       is_common_exponent(key);
        default: return false;
        }
}

static X509_REQ *read_der(struct text der)
{
        const unsigned char *at = (const unsigned char *)der.at;

        return d2i_X509_REQ(NULL, &at, (long)der.len);
}

static X509_REQ *read_pem(struct text pem)
{
        SCOPED(bio_freep) BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);

        /* "" is no pass phrase: nobody is asked for one. */
        return bio ? PEM_read_bio_X509_REQ(bio, NULL, NULL, (void *)"") : NULL;
}

/* With line breaks wherever the client put them. */
static X509_REQ *read_base64(struct text base64)
{
        SCOPED(buffer_done) struct buffer plain = BUFFER(CERTIFICATE_REQUEST_MAX);
        uint8_t der[CERTIFICATE_REQUEST_MAX];
        size_t len;

        for (size_t i = 0; i < base64.len; i++)
                if (!memchr(" \t\r\n", base64.at[i], 4))
                        buffer_add_octet(&plain, (uint8_t)base64.at[i]);
        if (plain.failure || !base64_parse(buffer_text(&plain), der, sizeof(der), &len))
                return NULL;
        return read_der(text_from_octets(der, len));
}

int certificate_request_read(struct text octets, struct buffer *ret_key_info)
{
        SCOPED(request_freep) X509_REQ *request = NULL;
        EVP_PKEY *key; /* of the request */
        unsigned char *der = NULL;
        int len;

        if (octets.len == 0 || octets.len > CERTIFICATE_REQUEST_MAX)
                return CERTIFICATE_REQUEST_DAMAGED;
        if (octets.at[0] == 0x30)
                request = read_der(octets);
        if (!request)
                request =
                        text_starts_with(text_trim(octets), "-----") ? read_pem(octets) : read_base64(octets);
        ERR_clear_error();
        if (!request)
                return CERTIFICATE_REQUEST_DAMAGED;
        key = X509_REQ_get0_pubkey(request);
        if (!certificate_key_is_good(key))
                return ERR_clear_error(), CERTIFICATE_REQUEST_BAD_KEY;
        if (X509_REQ_verify(request, key) != 1)
                return ERR_clear_error(), CERTIFICATE_REQUEST_UNSIGNED;
        len = i2d_PUBKEY(key, &der);
        if (len <= 0)
                return fault(openssl_failed());
        buffer_add(ret_key_info, der, (size_t)len);
        OPENSSL_free(der);
        return ret_key_info->failure;
}

static int add_pem(BIO *bio, int written, struct buffer *to)
{
        char *octets;
        long len = BIO_get_mem_data(bio, &octets);

        if (!written || len <= 0)
                return fault(openssl_failed());
        buffer_add(to, octets, (size_t)len);
        return to->failure;
}

int certificate_request_make(struct text key_pem, struct buffer *ret_key, struct buffer *ret)
{
        SCOPED(bio_freep) BIO *in = key_pem.len ? BIO_new_mem_buf(key_pem.at, (int)key_pem.len) : NULL;
        SCOPED(key_freep)
        EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, (void *)"") : EVP_EC_gen("P-256");
        SCOPED(request_freep) X509_REQ *request = X509_REQ_new();
        /* Secure memory wipes itself when it is freed. */
        SCOPED(bio_freep) BIO *key_out = BIO_new(BIO_s_secmem());
        SCOPED(bio_freep) BIO *out = BIO_new(BIO_s_mem());
        int r;

        if (!key && in)
                return ERR_clear_error(), CERTIFICATE_REQUEST_BAD_KEY;
        if (!key || !request || !key_out || !out)
                return fault(-ENOMEM);
        if (!X509_REQ_set_pubkey(request, key) || !X509_REQ_sign(request, key, EVP_sha256()))
                return fault(openssl_failed());
        r = add_pem(key_out, PEM_write_bio_PKCS8PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL), ret_key);
        return r ? r : add_pem(out, PEM_write_bio_X509_REQ(out, request), ret);
}
