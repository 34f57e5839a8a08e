// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "crypt/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/outcome.h"
#include "base/scope.h"
#include "crypt/openssl.h"
#include "crypt/random.h"

#define NAME_MAX_OCTETS  64 /* ub-common-name of RFC 5280 */
#define ALTERNATIVES_MAX 2048

static int set_subject(X509 *x509, const char *common_name)
{
        X509_NAME *name = X509_get_subject_name(x509);

        if (!X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1, -1,
                                        0) ||
            !X509_set_issuer_name(x509, name))
                return fault(openssl_failed());
        return 0;
}

/* Positive and of 127 bits, so that it cannot be guessed nor met twice. */
static int set_serial(X509 *x509)
{
        uint8_t octets[16];
        BIGNUM *number;
        int r = 0;

        random_octets(octets, sizeof(octets));
        octets[0] = (uint8_t)((octets[0] & 0x7f) | 0x40);
        number = BN_bin2bn(octets, sizeof(octets), NULL);
        if (!number || !BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)))
                r = fault(openssl_failed());
        BN_free(number);
        return r;
}

static int add_extension(X509 *x509, int nid, const char *value)
{
        SCOPED(extension_freep) X509_EXTENSION *extension = NULL;
        X509V3_CTX context;

        X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
        extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
        if (!extension || !X509_add_ext(x509, extension, -1))
                return fault(openssl_failed());
        return 0;
}

static bool is_address(const char *name)
{
        uint8_t octets[16];

        return inet_pton(AF_INET, name, octets) == 1 || inet_pton(AF_INET6, name, octets) == 1;
}

/* The value is written in OpenSSL's own small language, whose signs must not come from a name. */
static bool name_is_plain(const char *name)
{
        static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:*";

        return *name && strspn(name, plain) == strlen(name) && (!strchr(name, ':') || is_address(name));
}

static int add_alternatives(X509 *x509, const char *const *names)
{
        struct buffer value = BUFFER(ALTERNATIVES_MAX);
        const char *string;
        int r = 0;

        for (; names && *names && r == 0; names++) {
                if (!name_is_plain(*names))
                        r = CERTIFICATE_BAD_NAME;
                buffer_format(&value, "%s%s:%s", value.len ? "," : "", is_address(*names) ? "IP" : "DNS",
                              *names);
        }
        if (r == 0 && value.len) {
                string = buffer_string(&value);
                r = string ? add_extension(x509, NID_subject_alt_name, string) : value.failure;
        }
        buffer_done(&value);
        return r;
}

static int add_extensions(X509 *x509, const struct certificate_options *options)
{
        int r;

        r = add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
        if (r == 0)
                r = add_extension(x509, NID_key_usage, "critical,digitalSignature");
        if (r == 0)
                r = add_extension(x509, NID_ext_key_usage, options->for_server ? "serverAuth" : "clientAuth");
        if (r == 0)
                r = add_extension(x509, NID_subject_key_identifier, "hash");
        if (r == 0)
                r = add_alternatives(x509, options->alternative_names);
        return r;
}

/* An hour back, since the other side's clock may be slow. */
static int set_times(X509 *x509, unsigned int days)
{
        if (!X509_gmtime_adj(X509_getm_notBefore(x509), -3600) ||
            !X509_time_adj_ex(X509_getm_notAfter(x509), (int)days, 0, NULL))
                return fault(openssl_failed());
        return 0;
}

static int make(const struct certificate_options *options, EVP_PKEY *key, X509 *x509)
{
        int r;

        if (!X509_set_version(x509, X509_VERSION_3) || !X509_set_pubkey(x509, key))
                return fault(openssl_failed());
        r = set_serial(x509);
        if (r == 0)
                r = set_times(x509, options->days);
        if (r == 0)
                r = set_subject(x509, options->common_name);
        if (r == 0)
                r = add_extensions(x509, options);
        if (r == 0 && !X509_sign(x509, key, EVP_sha256()))
                r = fault(openssl_failed());
        return r;
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

static EVP_PKEY *read_key(struct text pem)
{
        SCOPED(bio_freep) BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);

        /* "" is no pass phrase: nobody is asked for one. */
        return bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"") : NULL;
}

int certificate_make(const struct certificate_options *options, struct buffer *ret_key,
                     struct buffer *ret_certificate)
{
        SCOPED(key_freep) EVP_PKEY *key = options->key.len ? read_key(options->key) : EVP_EC_gen("P-256");
        SCOPED(x509_freep) X509 *x509 = X509_new();
        /* Secure memory wipes itself when it is freed. */
        SCOPED(bio_freep) BIO *key_pem = BIO_new(BIO_s_secmem());
        SCOPED(bio_freep) BIO *pem = BIO_new(BIO_s_mem());
        size_t len = strlen(options->common_name);
        int r;

        if (len == 0 || len > NAME_MAX_OCTETS || !text_is_printable(text_from(options->common_name)))
                return CERTIFICATE_BAD_NAME;
        if (!key && options->key.len) {
                ERR_clear_error();
                return CERTIFICATE_BAD_KEY;
        }
        if (!key || !x509 || !key_pem || !pem)
                return fault(-ENOMEM);
        r = make(options, key, x509);
        if (r)
                return r;
        r = add_pem(key_pem, PEM_write_bio_PKCS8PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL), ret_key);
        if (r < 0)
                return r;
        return add_pem(pem, PEM_write_bio_X509(pem, x509), ret_certificate);
}

static X509 *parse(struct text certificate)
{
        const unsigned char *at = (const unsigned char *)certificate.at;
        SCOPED(bio_freep) BIO *bio = NULL;
        X509 *x509;

        if (certificate.len == 0 || certificate.len > INT32_MAX)
                return NULL;
        x509 = d2i_X509(NULL, &at, (long)certificate.len);
        if (x509)
                return x509;
        bio = BIO_new_mem_buf(certificate.at, (int)certificate.len);
        return bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
}

int certificate_fingerprint(struct text certificate, uint8_t ret[CERTIFICATE_FINGERPRINT_OCTETS])
{
        SCOPED(x509_freep) X509 *x509 = parse(certificate);
        unsigned char *der = NULL;
        int len, ok;

        ERR_clear_error();
        if (!x509)
                return CERTIFICATE_DAMAGED;
        len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
        if (len <= 0)
                return CERTIFICATE_DAMAGED;
        ok = EVP_Digest(der, (size_t)len, ret, NULL, EVP_sha256(), NULL);
        OPENSSL_free(der);
        return ok ? 0 : fault(openssl_failed());
}

static bool ms_of(const ASN1_TIME *time, int64_t *ret)
{
        struct tm broken;

        if (!ASN1_TIME_to_tm(time, &broken))
                return false;
        *ret = (int64_t)timegm(&broken) * 1000;
        return true;
}

int certificate_look(struct text certificate, struct certificate_facts *ret)
{
        SCOPED(x509_freep) X509 *x509 = parse(certificate);
        bool good = x509 && ms_of(X509_get0_notBefore(x509), &ret->from_ms) &&
                    ms_of(X509_get0_notAfter(x509), &ret->until_ms);

        if (good)
                ret->is_self_signed =
                        X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
        ERR_clear_error();
        return good ? 0 : CERTIFICATE_DAMAGED;
}

int certificate_expires(struct text certificate, int64_t *ret_unix_ms)
{
        struct certificate_facts facts;
        int r = certificate_look(certificate, &facts);

        if (r == 0)
                *ret_unix_ms = facts.until_ms;
        return r;
}
